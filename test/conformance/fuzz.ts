/**
 * `npm run fuzz -- [--seed n] [--programs n] [--batch n] [--rows n]`: random programs, two a batch, in the VM, in the rows' machine and in an
 * ordinary VM; of every chip `rows` rows a batch in its circuit (0: none). `--batch` runs one batch alone. Prints what the programs did; exit
 * code 1 when anything differs.
 */
import { parseArgs } from 'node:util';
import { testSeed } from '../helpers/chips/random.js';
import { FuzzCount } from './fuzz/count.js';
import { FuzzFailure, fuzzBatch } from './fuzz/run.js';
import { PROGRAMS } from './fuzz/world.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    programs: { type: 'string', default: '1000' },
    batch: { type: 'string' },
    rows: { type: 'string', default: '1' },
  },
});
const seed = values.seed === undefined ? testSeed() : Number(values.seed);
const batches = Math.ceil(Number(values.programs) / PROGRAMS);
const indices = values.batch === undefined ? Array.from({ length: batches }, (_, i) => i) : [Number(values.batch)];
console.log(`seed ${seed}`);

const count = new FuzzCount();
let failed = 0;
for (const [done, index] of indices.entries()) {
  try {
    count.add(await fuzzBatch(seed, index, Number(values.rows)));
  } catch (cause) {
    if (!(cause instanceof FuzzFailure)) throw cause;
    failed++;
    console.error(`failed: ${cause.message}\n`);
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${done + 1} of ${indices.length} batches, ${failed} failed `);
}
console.log(count.lines().join('\n'));
console.log(`${indices.length * PROGRAMS} programs in ${indices.length} batches, ${failed} batches failed`);
process.exit(failed > 0 ? 1 : 0);
