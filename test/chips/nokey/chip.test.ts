import { nokey4, nokey8 } from '../../../src/chips/nokey.js';
import { poseidon } from '../../../src/engine/poseidon.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import type { Random } from '../../helpers/chips/random.js';
import { pathOf, randomPlace } from '../../helpers/trie/samples.js';

/** A leaf that differs from the absent key in the head or (`onlyTail`) in the tail alone. */
function row(random: Random, v: readonly bigint[], onlyTail: boolean) {
  const place = randomPlace(random);
  const len = 62 - Number(place.d);
  const head = pathOf(random, len);
  const tail = random.bits(7);
  const head2 = onlyTail || len === 0 ? head : head ^ 1n;
  return { ...place, X: poseidon([head, tail, ...v]), head, tail, head2, tail2: tail + 1n, e: 1n };
}

describeChip(nokey4, {
  constraints: 306,
  rows: (random) =>
    [true, false].map((onlyTail) => {
      const v = [random.bits(128), random.bits(128)];
      return { ...row(random, v, onlyTail), v };
    }),
});

describeChip(nokey8, {
  constraints: 411,
  rows: (random) =>
    [true, false].map((onlyTail) => {
      const v = Array.from({ length: 6 }, () => random.bits(128));
      return { ...row(random, v, onlyTail), v };
    }),
});
