import { branch } from '../../../src/chips/branch.js';
import { poseidon } from '../../../src/engine/poseidon.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { randomPlace, weight } from '../../helpers/trie/samples.js';

describeChip(branch, {
  constraints: 659,
  mutations: 100,
  rows: (random) =>
    // All children at the deepest place, two of them at the root.
    [16, 2].map((children, i) => {
      const c = Array.from({ length: 16 }, (_, n) => (n < children ? random.field() : 0n));
      return {
        ...randomPlace(random, [62, 0][i]!),
        X: poseidon(c),
        c,
        s: i === 0 ? 1n : weight(random),
        m: weight(random),
        e: 1n,
        a: Array.from({ length: 16 }, () => weight(random)),
      };
    }),
});
