import { fromLimbs, toLimbs } from '../../bus/field.js';
import { limbsOf } from '../../chips/lib/range.js';
import { CARRY_LIMBS, MUL_EFFECT, mul } from '../../chips/mul.js';
import type { StepBuilder } from '../execution/machine.js';
import { halvesOf, partsOf, productOf } from './parts.js';

/** MUL. */
export const mulStep: StepBuilder = (machine) => {
  const head = machine.head();
  const [a, b] = [machine.pop(), machine.pop()];
  const [low, high] = productOf(partsOf(a.value), partsOf(b.value));
  const [carry0, lo] = toLimbs(low);
  const [carry1, hi] = toLimbs(high + carry0);
  machine.push(fromLimbs(hi, lo));
  const [[aHi, aLo], [bHi, bLo], [cHi, cLo]] = [halvesOf(a.value), halvesOf(b.value), halvesOf(fromLimbs(hi, lo))];
  const carries = { carry0: limbsOf(carry0, CARRY_LIMBS), carry1: limbsOf(carry1, CARRY_LIMBS) };
  const row = { a: a.cells, b: b.cells, aHi, aLo, bHi, bLo, cHi, cLo, ...carries };
  machine.step(mul, { ...head, ...row }, MUL_EFFECT, 'MUL');
};
