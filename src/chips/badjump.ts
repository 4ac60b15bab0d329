import { type Term, term } from '../bus/tuple.js';
import { OP } from '../evm/opcodes.js';
import { defineChip } from './chip.js';
import { GAS_LIMBS } from './halt.js';
import { LIMBS_128, rangeTerms, valueOfLimbs } from './lib/range.js';
import { execOf, haltEnd, POP, popTerms, receivedTerm, STEP_COLUMNS, type StepCells } from './lib/step.js';

const REASON_COLUMNS = { far: 1, beyond: 1, past: LIMBS_128 } as const;

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
  template: 'BadJump(0)',
  columns: { ...STEP_COLUMNS, left: GAS_LIMBS, a: POP, ...REASON_COLUMNS },
  terms: (row) => terms(row, BigInt(OP.JUMP)),
});

/** JUMPI, with a condition other than 0, to where none may go. */
export const badjumpi = defineChip({
  name: 'badjumpi',
  file: 'badjump',
  template: 'BadJump(1)',
  columns: { ...STEP_COLUMNS, left: GAS_LIMBS, a: POP, b: POP, ...REASON_COLUMNS },
  padding: { b: [0n, 1n, 0n, 0n, 0n] },
  terms: (row) => [...terms(row, BigInt(OP.JUMPI)), ...popTerms(row, 2n, row.b)],
});
