// Child process of test/merkle: stores states of the random line of seed argv[3] in the folder argv[2], from its head on, until it is
// killed. Writes one line before and after each.
import { writeSync } from 'node:fs';
import { NodeStore } from '../../../src/merkle/node-store.js';
import { randomLine } from './line.js';
import { sequentialUpdater } from './sequential.js';

const store = await NodeStore.open(process.argv[2]!);
const line = randomLine(Number(process.argv[3]), 'writer', 60);
let state = line.next().value;
while (state.name !== store.head!.name) state = line.next().value;
for (;;) {
  state = line.next().value;
  const update = await sequentialUpdater.update(store.at(store.head!.name), state.diff);
  writeSync(1, `start ${state.name}\n`);
  await store.commit(update, state.name);
  writeSync(1, `done ${state.name}\n`);
}
