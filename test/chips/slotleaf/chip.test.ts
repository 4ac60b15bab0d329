import { slotleaf } from '../../../src/chips/slotleaf.js';
import { poseidon } from '../../../src/engine/poseidon.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { pathOf, randomPlace, weight } from '../../helpers/trie/samples.js';

describeChip(slotleaf, {
  constraints: 310,
  rows: (random) =>
    [0, 61].map((len) => {
      const [head, tail, hi, lo] = [pathOf(random, len), random.bits(8), random.bits(128), random.bits(128)];
      const X = poseidon([head, tail, hi, lo]);
      return { ...randomPlace(random, 62 - len), X, head, tail, hi, lo, s: weight(random), e: 1n };
    }),
});
