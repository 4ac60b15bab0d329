import { voidBeside } from '../../../src/chips/void.js';
import { poseidon } from '../../../src/engine/poseidon.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { pathColumns, randomPlace, weight } from '../../helpers/trie/samples.js';

describeChip(voidBeside, {
  constraints: 804,
  mutations: 100,
  rows: (random) =>
    [1, 61].map((len) => {
      const columns = pathColumns(random, len);
      const C = random.field();
      const X = poseidon([columns.path, C]);
      return { ...randomPlace(random), X, ...columns, path2: columns.path ^ 5n, C, e: 1n, m: weight(random) };
    }),
});
