import { toLimbs } from '../../bus/field.js';
import { add, addEffect } from '../../chips/add.js';
import { limbs128 } from '../../chips/lib/range.js';
import { OP, opcodeName } from '../../evm/opcodes.js';
import type { StepBuilder } from '../execution/machine.js';

/** ADD, SUB. */
export const addStep: StepBuilder = (machine, op) => {
  const head = machine.head();
  const [a, b] = [machine.pop(), machine.pop()];
  const c = BigInt.asUintN(256, op === OP.SUB ? a.value - b.value : a.value + b.value);
  machine.push(c);
  // c + b = a, or a + b = c: what is carried out of each half.
  const [x, y, z] = op === OP.SUB ? [c, b.value, a.value] : [a.value, b.value, c];
  const carry0 = toLimbs(x)[1] + toLimbs(y)[1] === toLimbs(z)[1] ? 0n : 1n;
  const carry1 = x + y === z ? 0n : 1n;
  const [hi, lo] = toLimbs(c);
  const row = { sub: op === OP.SUB ? 1n : 0n, a: a.cells, b: b.cells, cHi: limbs128(hi), cLo: limbs128(lo) };
  machine.step(add, { ...head, ...row, carry: [carry0, carry1] }, addEffect(row.sub), opcodeName(op));
};
