import { inverse, mod } from '../bus/field.js';
import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { copyTerms } from './copyword.js';
import { atSplit, byteTerms, HALF_BYTES, lowBytes, SPLITS, valueOfBytes } from './lib/bytes.js';
import { memoryTerms } from './lib/memory.js';
import { LIMBS_128, rangeTerms, valueOfLimbs } from './lib/range.js';

/** 1 / 2^128. */
const SHRINK = inverse(1n << 128n);

/** A word of a hash's input at any place, or its last bytes (`circuits/chips/copybytes.circom`). */
export const copybytes = defineChip({
  name: 'copybytes',
  template: 'CopyBytes()',
  columns: {
    en: 1,
    last: 1,
    two: 1,
    ts: 1,
    call: 1,
    id: 1,
    left: 1,
    i: 1,
    word: 1,
    second: 1,
    shift: SPLITS,
    z0: HALF_BYTES,
    z1: HALF_BYTES,
    z2: HALF_BYTES,
    other: 1,
    ages: 6,
    cut: 1,
    M: 1,
    kept: LIMBS_128,
    gone: LIMBS_128,
    short: LIMBS_128,
    slack: 1,
  },
  padding: { M: 1n },
  terms: (row) => {
    const { en, last, two, ts, call, id, left, i, word, second, shift, z0, z1, z2, other, ages, cut, M } = row;
    const P = atSplit(shift, (c) => 256n ** BigInt(c));
    const v0 = P * (lowBytes(shift, z0, true) + (valueOfBytes(z1) - lowBytes(shift, z1, true)) * SHRINK);
    const head = valueOfLimbs(row.kept) * M;
    const [hi, lo] = [cut * v0 + head - cut * head, cut * head];
    const kept = last * (left - 32n) + 32n;
    const z = [valueOfBytes(z0), valueOfBytes(z1), valueOfBytes(z2), other];
    const half = (k: number) => mod(z[k]! + second * (z[(k + 3) % 4]! - z[k]!));
    const offset = 32n * word + 16n * second + atSplit(shift, BigInt);
    return [
      ...[z0, z1, z2].flatMap((bytes) => byteTerms(en, bytes)),
      term(-en, 'POW2', { s: 8n * (16n - kept + 16n * cut), p: M }),
      ...copyTerms(en, last, { ts, call, id, left, i, offset }),
      term(-en, 'KWORD', { word: i, id, hi, lo }),
      ...memoryTerms({ en, ts, call, word, old: [half(0), half(1)], gap: ages.slice(0, 3) }),
      ...memoryTerms({ en: two, ts, call, word: word + 1n, old: [half(2), half(3)], gap: ages.slice(3) }),
      ...rangeTerms(en, [...row.kept, ...row.gone, ...row.short, row.slack]),
    ];
  },
});
