// Child process of test/node: a node in argv[2] applies the announced batches of the file argv[3] until it is killed, and writes a line behind
// each. With `gate` (argv[4]) it stops when a batch is executed and its root made, before anything of it is stored.
import { readFileSync, writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { L2Node } from '../../prover/node/node.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Batch } from '../../src/batch/types.js';
import { ANNOUNCER, type Announced } from './root-world.js';

const [path, file, mode] = process.argv.slice(2);
const batches: Announced[] = JSON.parse(readFileSync(file!, 'utf8'), (_key, value) =>
  typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
);
const node = await L2Node.open({
  path: path!,
  rules: RULES_V2,
  announcer: ANNOUNCER.address.toLowerCase() as `0x${string}`,
  merkle: { mode: 'optimistic', workers: 1, checkpointEvery: 2n },
  ...(mode === 'gate'
    ? {
        tamper: async () => {
          await setTimeout(500); // the root is made meanwhile
          writeSync(1, 'gate\n');
          return new Promise(() => setInterval(() => {}, 60_000));
        },
      }
    : {}),
});
writeSync(1, 'open\n');
for (const { batch, announcement } of batches) {
  if (batch.header.number <= node.head) continue;
  await node.apply(batch as Batch, announcement);
  writeSync(1, `applied ${batch.header.number}\n`);
}
await node.close();
