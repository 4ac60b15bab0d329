import { inverse } from '../bus/field.js';
import { type Term, term } from '../bus/tuple.js';
import { OP } from '../evm/opcodes.js';
import { defineChip, type RowOf } from './chip.js';
import { LIMBS_128, range128Terms, rangeTerms, valueOfLimbs } from './lib/range.js';
import { effectOf, execOf, POP, STEP_COLUMNS, unaryTerms } from './lib/step.js';

/** What CALLDATALOAD does. */
export const CALLDATALOAD_EFFECT = effectOf('CALLDATALOAD');

/** Limbs of what a half loses by a shift of at most 15 bytes. */
export const CUT_LIMBS = 10;

const COLUMNS = {
  ...STEP_COLUMNS,
  a: POP,
  addr: 1,
  tx: 1,
  dataLen: 1,
  beyond: 1,
  last: 1,
  upper: 1,
  shift: 1,
  pow: 1,
  word: 4,
  high: LIMBS_128,
  low: LIMBS_128,
  rest: LIMBS_128,
  cut: 3 * CUT_LIMBS,
} as const;

/** CALLDATALOAD (`circuits/chips/calldataload.circom`). */
export const calldataload = defineChip({
  name: 'calldataload',
  template: 'Calldataload()',
  columns: COLUMNS,
  terms: (row) => {
    const { en, addr, tx, dataLen, shift, pow } = row;
    const { call } = execOf(row);
    return [
      ...unaryTerms(row, CALLDATALOAD_EFFECT, [valueOfLimbs(row.high), valueOfLimbs(row.low)]),
      term(-en, 'FRAME', { birth: 0n, call, addr, tx }),
      term(-en, 'ENV', { op: BigInt(OP.CALLDATASIZE), call, hi: 0n, lo: dataLen }),
      ...wordTerms(row),
      term(-en, 'POW2', { s: 8n * shift, p: pow }),
      ...[row.high, row.low, row.rest].flatMap((half) => range128Terms(en, half)),
      ...rangeTerms(en, row.cut),
    ];
  },
});

/** The word where the offset lies, the next one, and the check that there is none. */
function wordTerms({ en, a, tx, dataLen, beyond, last, upper, shift, word }: RowOf<typeof COLUMNS>): Term[] {
  const start = a[1]! - 16n * upper - shift;
  const k = start * inverse(32n);
  const [hi0, lo0, hi1, lo1] = word as [bigint, bigint, bigint, bigint];
  return [
    term(beyond - en, 'TXDATA', { word: k, hi: hi0, lo: lo0, tx }),
    term(beyond + last - en, 'TXDATA', { word: k + 1n, hi: hi1, lo: lo1, tx }),
    ...rangeTerms(last, [start + 32n - dataLen]),
  ];
}
