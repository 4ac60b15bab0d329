import { mod } from '../bus/field.js';
import { term } from '../bus/tuple.js';
import { PRICES } from '../evm/gas.js';
import { WORK } from '../evm/work.js';
import { defineChip } from './chip.js';
import { grownBy, growTerms, INV32 } from './lib/expand.js';
import { memoryTerms } from './lib/memory.js';
import { rangeTerms } from './lib/range.js';
import { effectOf, execOf, POP, popTerms, pushTerm, STEP_COLUMNS, type StepEffect, stepTerms } from './lib/step.js';

const KECCAK256 = effectOf('KECCAK256');

/** What KECCAK256 of two words does, beside the expansion of memory. */
export const KECCAK64_EFFECT: StepEffect = {
  ...KECCAK256,
  cost: KECCAK256.cost + 2n * BigInt(PRICES.keccakWord),
  work: KECCAK256.work + 2 * WORK.keccakWord,
};

/** KECCAK256 of two words of memory (`circuits/chips/keccak64.circom`). */
export const keccak64 = defineChip({
  name: 'keccak64',
  template: 'Keccak64()',
  columns: {
    ...STEP_COLUMNS,
    grow: 1,
    cost: 1,
    offset: POP - 1,
    lengthAge: 3,
    a: 2,
    b: 2,
    ages: 6,
    hi: 1,
    lo: 1,
    spare: 4,
  },
  terms: (row) => {
    const { en, grow, cost, offset, lengthAge, ages, hi, lo, spare } = row;
    const [a, b] = [row.a as [bigint, bigint], row.b as [bigint, bigint]];
    const { ts, call, mem } = execOf(row);
    const word = mod(offset[0]! * INV32);
    const growth = { grow, cost, delta: grow * (word + 2n - mem) };
    return [
      ...stepTerms(row, { ...KECCAK64_EFFECT, more: grownBy(growth) }),
      ...popTerms(row, 1n, [0n, ...offset]),
      ...popTerms(row, 2n, [0n, 64n, ...lengthAge]),
      ...memoryTerms({ en, ts, call, word, old: a, gap: ages.slice(0, 3) }),
      ...memoryTerms({ en, ts, call, word: word + 1n, old: b, gap: ages.slice(3) }),
      pushTerm(row, 2n, [hi, lo]),
      term(-en, 'KECCAK64', { aHi: a[0], aLo: a[1], bHi: b[0], bLo: b[1], hi, lo }),
      ...growTerms(row, growth),
      ...rangeTerms(en, spare),
    ];
  },
});
