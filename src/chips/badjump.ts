import { type Term, term } from '../bus/tuple.js';
import { OP } from '../evm/opcodes.js';
import { defineChip } from './chip.js';
import { GAS_LIMBS } from './halt.js';
import { LIMBS_128, rangeTerms, valueOfLimbs } from './lib/range.js';
import {
  execOf,
  haltEnd,
  NO_POP,
  NO_STEP,
  POP,
  popTerms,
  receivedTerm,
  STEP_COLUMNS,
  type StepCells,
} from './lib/step.js';

const REASON_COLUMNS = { far: 1, beyond: 1, past: LIMBS_128 } as const;
const NO_REASON = { far: 0n, beyond: 0n, past: Array<bigint>(LIMBS_128).fill(0n) } as const;
const NO_GAS = Array<bigint>(GAS_LIMBS).fill(0n);

interface BadJumpRow extends StepCells {
  readonly left: readonly bigint[];
  readonly a: readonly bigint[];
  readonly far: bigint;
  readonly beyond: bigint;
  readonly past: readonly bigint[];
}

function terms(row: BadJumpRow, op: bigint): Term[] {
  const { en, left, a, far, beyond, past } = row;
  const exec = execOf(row);
  const { code, pc } = exec;
  return [
    receivedTerm(row),
    term(en, 'END', haltEnd(exec)),
    term(-en, 'CODE', { op, code, pc }),
    ...rangeTerms(en, [...left, ...past]),
    ...popTerms(row, 1n, a),
    term(-beyond, 'CODELEN', { len: a[1]! - valueOfLimbs(past), code }),
    term(far + beyond - en, 'DEST', { valid: 0n, code, pc: a[1]! }),
  ];
}

/** JUMP to where none may go (`circuits/chips/badjump.circom`). */
export const badjump = defineChip({
  name: 'badjump',
  file: 'badjump',
  template: 'BadJump(0)',
  outputs: 26,
  columns: { ...STEP_COLUMNS, left: GAS_LIMBS, a: POP, ...REASON_COLUMNS },
  padding: { ...NO_STEP, left: NO_GAS, a: NO_POP, ...NO_REASON },
  terms: (row) => terms(row, BigInt(OP.JUMP)),
});

/** JUMPI, with a condition other than 0, to where none may go. */
export const badjumpi = defineChip({
  name: 'badjumpi',
  file: 'badjump',
  template: 'BadJump(1)',
  outputs: 30,
  columns: { ...STEP_COLUMNS, left: GAS_LIMBS, a: POP, b: POP, ...REASON_COLUMNS },
  padding: { ...NO_STEP, left: NO_GAS, a: NO_POP, b: [0n, 1n, 0n, 0n, 0n], ...NO_REASON },
  terms: (row) => [...terms(row, BigInt(OP.JUMPI)), ...popTerms(row, 2n, row.b)],
});
