import { mod } from '../bus/field.js';
import { type Term, term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { grownBy, growTerms, INV32 } from './lib/expand.js';
import { memoryTerms } from './lib/memory.js';
import { rangeTerms, valueOfLimbs } from './lib/range.js';
import {
  effectOf,
  execOf,
  POP,
  popTerms,
  pushTerm,
  STEP_COLUMNS,
  type StepCells,
  type StepEffect,
  stepTerms,
} from './lib/step.js';

const MLOAD = effectOf('MLOAD');

/** What MLOAD (store = 0) and MSTORE (store = 1) do, beside the expansion of memory. */
export function memoryEffect(store: bigint): StepEffect {
  return { ...MLOAD, op: MLOAD.op + store, dsp: MLOAD.dsp - 2n * store };
}

/** The item that MLOAD pushes in place of the offset, or the second one, which MSTORE pops; its age is looked up in both. */
export function itemTerms(row: StepCells, store: bigint, [hi, lo, ...gap]: readonly bigint[]): Term[] {
  const { ts, call, sp } = execOf(row);
  return [
    pushTerm({ ...row, en: row.en - store }, 1n, [hi!, lo!]),
    term(-store, 'STACK', { ts: ts - 1n - valueOfLimbs(gap), call, idx: sp - 2n, hi: hi!, lo: lo! }),
    ...rangeTerms(row.en, gap),
  ];
}

/** MLOAD and MSTORE of an offset divisible by 32 (`circuits/chips/memory.circom`). */
export const memory = defineChip({
  name: 'memory',
  template: 'MemoryChip()',
  columns: { ...STEP_COLUMNS, store: 1, grow: 1, cost: 1, offset: POP - 1, value: POP, old: 2, gap: 3 },
  terms: (row) => {
    const { en, store, grow, cost, offset, value, old, gap } = row;
    const { ts, call, mem } = execOf(row);
    const word = mod(offset[0]! * INV32);
    const growth = { grow, cost, delta: grow * (word + 1n - mem) };
    return [
      ...stepTerms(row, { ...memoryEffect(store), more: grownBy(growth) }),
      ...popTerms(row, 1n, [0n, ...offset]),
      ...itemTerms(row, store, value),
      ...memoryTerms({ en, ts, call, word, old: [old[0]!, old[1]!], new: [value[0]!, value[1]!], gap }),
      ...growTerms(row, growth),
    ];
  },
});
