import { inverse, mod } from '../bus/field.js';
import { defineChip, type RowOf } from './chip.js';
import { atSplit, byteTerms, HALF_BYTES, lowBytes, SPLITS, valueOfBytes } from './lib/bytes.js';
import { grownBy, growTerms, INV32 } from './lib/expand.js';
import { memoryTerms } from './lib/memory.js';
import { execOf, POP, popTerms, STEP_COLUMNS, stepTerms } from './lib/step.js';
import { itemTerms, memoryEffect } from './memory.js';

/** 1 / 2^128: Q times it is 1 / P. */
const SHRINK = inverse(1n << 128n);

const COLUMNS = {
  ...STEP_COLUMNS,
  store: 1,
  second: 1,
  grow: 1,
  cost: 1,
  offset: POP - 1,
  shift: SPLITS,
  v0: HALF_BYTES,
  v1: HALF_BYTES,
  gap: 3,
  first: HALF_BYTES,
  middle: 1,
  last: HALF_BYTES,
  other: 1,
  ages: 6,
} as const;

/** MLOAD and MSTORE of an offset that 32 does not divide (`circuits/chips/unaligned.circom`). */
export const unaligned = defineChip({
  name: 'unaligned',
  template: 'Unaligned()',
  columns: COLUMNS,
  padding: { second: 1n },
  terms: (row) => {
    const { en, store, second, grow, cost, offset, shift, v0, v1, gap, first, last, ages } = row;
    const { ts, call, mem } = execOf(row);
    const word = mod((offset[0]! - 16n * second - atSplit(shift, BigInt)) * INV32);
    const growth = { grow, cost, delta: grow * (word + 2n - mem) };
    const [was, is] = halvesOf(row);
    const access = (k: number) =>
      memoryTerms({
        en,
        ts,
        call,
        word: word + BigInt(k),
        old: [was[2 * k]!, was[2 * k + 1]!],
        new: [is[2 * k]!, is[2 * k + 1]!],
        gap: ages.slice(3 * k, 3 * k + 3),
      });
    return [
      ...stepTerms(row, { ...memoryEffect(store), more: grownBy(growth) }),
      ...popTerms(row, 1n, [0n, ...offset]),
      ...[v0, v1, first, last].flatMap((bytes) => byteTerms(en, bytes)),
      ...itemTerms(row, store, [valueOfBytes(v0), valueOfBytes(v1), ...gap]),
      ...access(0),
      ...access(1),
      ...growTerms(row, growth),
    ];
  },
});

/** The four halves of the two words, before and after, as the circuit computes them from any cells. */
function halvesOf({ second, shift, v0, v1, first, middle, last, other }: RowOf<typeof COLUMNS>): [bigint[], bigint[]] {
  const Q = atSplit(shift, (c) => 256n ** BigInt(HALF_BYTES - c));
  const shrink = mod(Q * SHRINK);
  const [y0, y1] = [lowBytes(shift, v0), lowBytes(shift, v1)];
  const [x0, x1] = [(valueOfBytes(v0) - y0) * shrink, (valueOfBytes(v1) - y1) * shrink];
  const was = [valueOfBytes(first), middle, valueOfBytes(last), other];
  const is = [was[0]! - lowBytes(shift, first, true) + x0, y0 * Q + x1, lowBytes(shift, last, true) + y1 * Q, other];
  const placed = (halves: readonly bigint[]) =>
    halves.map((half, j) => mod(half + second * (halves[(j + 3) % 4]! - half)));
  return [placed(was), placed(is)];
}
