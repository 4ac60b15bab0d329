// Child process of test/state: opens the store in argv[2] and applies wide batches until it is killed, or, told to
// `hold`, only keeps the store open. Writes one line before and after each batch.
import { writeSync } from 'node:fs';
import { FlatState } from '../../src/state/flat-state.js';
import { plainGenesis, wideBatch } from './state-batches.js';

const [path, count, mode] = [process.argv[2]!, Number(process.argv[3]), process.argv[4]];
const state = await FlatState.open(path, { genesis: plainGenesis(count) });
writeSync(1, 'open 0\n');
if (mode === 'hold') await new Promise(() => setInterval(() => {}, 60_000));
for (;;) {
  const number = state.head + 1n;
  const batch = wideBatch(number, await state.batchHash(state.head), count);
  writeSync(1, `start ${number}\n`);
  await state.applyBatch(batch);
  writeSync(1, `done ${number}\n`);
}
