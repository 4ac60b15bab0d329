import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { LIMBS_128, range128Terms, rangeTerms, valueOfLimbs } from './lib/range.js';
import { binaryTerms, effectOf, POP, STEP_COLUMNS, type StepEffect } from './lib/step.js';
import { CARRY_LIMBS } from './mul.js';

const DIV = effectOf('DIV');

/** The low bits of an opcode from DIV to SMOD. */
export interface Division {
  readonly sgn: bigint;
  readonly mod: bigint;
}

/** What a division does. */
export function divEffect({ sgn, mod }: Division): StepEffect {
  return { ...DIV, op: DIV.op + sgn + 2n * mod };
}

/** DIV, SDIV, MOD, SMOD (`circuits/chips/div.circom`). */
export const div = defineChip({
  name: 'div',
  template: 'Div()',
  columns: {
    ...STEP_COLUMNS,
    sgn: 1,
    mod: 1,
    a: POP,
    b: POP,
    aTop: 1,
    bTop: 1,
    zero: 1,
    aHigh: LIMBS_128,
    bHi: LIMBS_128,
    bLo: LIMBS_128,
    qHi: LIMBS_128,
    qLo: LIMBS_128,
    rHi: LIMBS_128,
    rLo: LIMBS_128,
    carry: CARRY_LIMBS,
    same: 1,
    slack: LIMBS_128,
    cHi: LIMBS_128,
    cLo: LIMBS_128,
    borrow: 2,
  },
  padding: { zero: 1n, same: 1n },
  terms: (row) => {
    const { en, sgn, aHigh, bHi, bLo, qHi, qLo, rHi, rLo, slack, carry, cHi, cLo } = row;
    return [
      ...binaryTerms(row, divEffect(row), [row.a, row.b], [valueOfLimbs(cHi), valueOfLimbs(cLo)]),
      term(-en, 'RANGE12', { x: 32n * sgn * bHi[LIMBS_128 - 1]! }),
      ...[cHi, cLo, rLo].flatMap((half) => range128Terms(en, half)),
      ...rangeTerms(en, [...aHigh, ...bHi, ...bLo, ...qHi, ...qLo, ...rHi, ...slack, ...carry]),
    ];
  },
});
