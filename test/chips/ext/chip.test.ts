import { ext } from '../../../src/chips/ext.js';
import { poseidon } from '../../../src/engine/poseidon.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { pathColumns, randomPlace, weight } from '../../helpers/trie/samples.js';

describeChip(ext, {
  constraints: 564,
  mutations: 100,
  rows: (random) =>
    // Updated and read at once; read only (no lookup).
    [1, 61].map((len, i) => {
      const columns = pathColumns(random, len);
      const C = random.field();
      const X = poseidon([columns.path, C]);
      const use = i === 1 ? { s: 0n, en: 0n } : { s: weight(random), en: 1n };
      return { ...randomPlace(random), X, ...columns, C, ...use, e: 1n, m: weight(random) };
    }),
});
