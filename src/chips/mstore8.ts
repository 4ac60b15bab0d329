import { mod } from '../bus/field.js';
import { defineChip } from './chip.js';
import { atSplit, byteTerms, HALF_BYTES, SPLITS, valueOfBytes } from './lib/bytes.js';
import { grownBy, growTerms, INV32 } from './lib/expand.js';
import { memoryTerms } from './lib/memory.js';
import { rangeTerms, valueOfLimbs } from './lib/range.js';
import { effectOf, execOf, POP, popTerms, STEP_COLUMNS, stepTerms } from './lib/step.js';

/** Limbs of a half without its lowest byte. */
export const REST_LIMBS = 10;

/** What MSTORE8 does, beside the expansion of memory. */
export const MSTORE8_EFFECT = effectOf('MSTORE8');

/** MSTORE8 (`circuits/chips/mstore8.circom`). */
export const mstore8 = defineChip({
  name: 'mstore8',
  template: 'MStore8()',
  columns: {
    ...STEP_COLUMNS,
    second: 1,
    grow: 1,
    cost: 1,
    offset: POP - 1,
    valueHi: 1,
    rest: REST_LIMBS,
    new: 1,
    gap: 3,
    shift: SPLITS,
    bytes: HALF_BYTES,
    other: 1,
    age: 3,
  },
  terms: (row) => {
    const { en, second, grow, cost, offset, valueHi, rest, new: byte, gap, shift, bytes, other, age } = row;
    const { ts, call, mem } = execOf(row);
    const word = mod((offset[0]! - 16n * second - atSplit(shift, BigInt)) * INV32);
    const growth = { grow, cost, delta: grow * (word + 1n - mem) };
    const half = valueOfBytes(bytes);
    const change = (byte - atSplit(shift, (c) => bytes[15 - c]!)) * atSplit(shift, (c) => 256n ** BigInt(15 - c));
    const [hi, lo] = [half + second * (other - half), other + second * (half - other)];
    return [
      ...stepTerms(row, { ...MSTORE8_EFFECT, more: grownBy(growth) }),
      ...popTerms(row, 1n, [0n, ...offset]),
      ...popTerms(row, 2n, [valueHi, 256n * valueOfLimbs(rest) + byte, ...gap]),
      ...rangeTerms(en, rest),
      ...byteTerms(en, [...bytes, byte]),
      ...memoryTerms({
        en,
        ts,
        call,
        word,
        old: [hi, lo],
        new: [hi + (1n - second) * change, lo + second * change],
        gap: age,
      }),
      ...growTerms(row, growth),
    ];
  },
});
