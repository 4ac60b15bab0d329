import { term } from '../bus/tuple.js';
import { PRICES } from '../evm/gas.js';
import { WORK } from '../evm/work.js';
import { defineChip } from './chip.js';
import { copyOf } from './copyword.js';
import { EXPAND, expandTerms, type Growth, grownBy, growthOf } from './lib/expand.js';
import { rangeTerms } from './lib/range.js';
import { effectOf, execOf, POP, popTerms, pushTerm, STEP_COLUMNS, type StepEffect, stepTerms } from './lib/step.js';

const KECCAK256 = effectOf('KECCAK256');

/** What KECCAK256 of an input of so many words does, with the expansion of memory. */
export function keccak256Effect(words: bigint, growth: Growth): StepEffect {
  const grown = grownBy(growth);
  const more = { ...grown, work: grown.work - BigInt(WORK.keccakWord) * words };
  return { ...KECCAK256, dts: 1n + words, cost: KECCAK256.cost + BigInt(PRICES.keccakWord) * words, more };
}

/** KECCAK256 of any input (`circuits/chips/keccak256.circom`). */
export const keccak256 = defineChip({
  name: 'keccak256',
  template: 'Keccak256()',
  columns: { ...STEP_COLUMNS, offset: POP, length: POP - 1, expand: EXPAND, id: 1, words: 1, hi: 1, lo: 1, spare: 4 },
  terms: (row) => {
    const { en, offset, length, expand, id, words, hi, lo, spare } = row;
    const { ts, call } = execOf(row);
    const [len, offLo] = [length[0]!, offset[1]!];
    const effect = keccak256Effect(words, growthOf(row, offLo, len, expand));
    const pad = 32n * words - len;
    return [
      ...stepTerms(row, effect),
      ...popTerms(row, 1n, offset),
      ...popTerms(row, 2n, [0n, ...length]),
      ...expandTerms(row, offLo, len, expand),
      pushTerm(row, 2n, [hi, lo]),
      term(-en, 'KECCAK', { id, len, hi, lo }),
      term(expand[0]!, 'COPY', copyOf({ ts: ts + 1n, call, id, left: len, i: 0n, offset: offLo })),
      ...rangeTerms(en, [2048n - words, pad, 128n * pad, ...spare]),
    ];
  },
});
