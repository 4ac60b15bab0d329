import { open2, open4, open8 } from '../../../src/chips/open.js';
import { poseidon } from '../../../src/engine/poseidon.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import type { Random } from '../../helpers/chips/random.js';
import { pathColumns, randomPlace, weight } from '../../helpers/trie/samples.js';

/** A leaf or extension of `more.length` + 2 inputs whose path has `len` nibbles after the first one is taken off. */
function row(random: Random, len: number, more: readonly bigint[]) {
  const n = random.bits(4);
  const { path, w } = pathColumns(random, len);
  const second = random.field();
  const X = poseidon([path + (15n + n) * w, second, ...more]);
  const Y = poseidon([path, second, ...more]);
  return { ...randomPlace(random), n, X, Y, path, w, second, s: weight(random) };
}

describeChip(open2, {
  constraints: 800,
  mutations: 100,
  rows: (random) => [1, 61].map((len) => row(random, len, [])),
});

describeChip(open4, {
  constraints: 915,
  mutations: 100,
  rows: (random) =>
    [0, 61].map((len) => {
      const more = [random.bits(128), random.bits(128)];
      return { ...row(random, len, more), more };
    }),
});

describeChip(open8, {
  constraints: 1125,
  mutations: 100,
  rows: (random) =>
    [0, 61].map((len) => {
      const more = Array.from({ length: 6 }, () => random.bits(128));
      return { ...row(random, len, more), more };
    }),
});
