import { term } from '../bus/tuple.js';
import { PRICES } from '../evm/gas.js';
import { defineChip, type RowOf } from './chip.js';
import { limbsOf, rangeTerms, valueOfLimbs } from './lib/range.js';

/** w^2 of a size in words costs the part of it. */
const SQUARES = BigInt(PRICES.memoryQuotient);

/** Limbs of a size in words, and of w^2 / 512. */
const SIZE = 4;
const QUOTIENT = 7;

/** What an expansion of memory costs, for whoever looks it up (`circuits/chips/expansion.circom`). */
export const expansion = defineChip({
  name: 'expansion',
  template: 'ExpansionChip()',
  columns: { en: 1, m: 1, from: SIZE, gap: SIZE, fromQ: QUOTIENT, toQ: QUOTIENT, fromR: 1, toR: 1 },
  padding: { toR: 1n },
  terms: ({ en, m, from, gap, fromQ, toQ, fromR, toR }) => {
    const low = valueOfLimbs(from);
    const more = valueOfLimbs(gap) + 1n;
    const cost = BigInt(PRICES.memoryWord) * more + valueOfLimbs(toQ) - valueOfLimbs(fromQ);
    const small = [32n * from[SIZE - 1]!, 32n * gap[SIZE - 1]!, 8n * fromR, 8n * toR];
    return [
      term(m, 'EXPANSION', { cost, from: low, to: low + more }),
      ...rangeTerms(en, [...from, ...gap, ...fromQ, ...toQ, fromR, toR, ...small]),
    ];
  },
});

/** The row for memory that grows from `from` to `to` words, looked up `m` times. */
export function expansionRow(from: bigint, to: bigint, m = 0n): RowOf<typeof expansion.columns> {
  return {
    en: 1n,
    m,
    from: limbsOf(from, SIZE),
    gap: limbsOf(to - from - 1n, SIZE),
    fromQ: limbsOf((from * from) / SQUARES, QUOTIENT),
    toQ: limbsOf((to * to) / SQUARES, QUOTIENT),
    fromR: (from * from) % SQUARES,
    toR: (to * to) % SQUARES,
  };
}
