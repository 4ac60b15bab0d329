import { toLimbs } from '../../bus/field.js';
import { limbs128 } from '../../chips/lib/range.js';
import { pow2 } from '../../chips/pow2.js';
import { shift, shiftEffect } from '../../chips/shift.js';
import { OP, opcodeName } from '../../evm/opcodes.js';
import type { FrameMachine, StepBuilder } from '../execution/machine.js';

const BITS = 256n;
const ONES = (1n << BITS) - 1n;

/** SHL, SHR, SAR. */
export const shiftStep: StepBuilder = (machine, op) => {
  const [x, s] = machine.stack.slice(-2);
  if (op === OP.SHL && x!.value === 1n && s!.value < BITS) return pow2Step(machine);
  return generalStep(machine, op);
};

function pow2Step(machine: FrameMachine): void {
  const head = machine.head();
  const [s, one] = [machine.pop(), machine.pop()];
  machine.push(1n << s.value);
  const [upper, low] = [s.value / 128n, s.value % 128n];
  const ages = { gap: s.cells.slice(2), oneGap: one.cells.slice(2) };
  machine.step(pow2, { ...head, upper, low, pow: 1n << low, ...ages }, shiftEffect(0n, 0n), 'SHL of 1');
}

function generalStep(machine: FrameMachine, op: number): void {
  const head = machine.head();
  const [s, x] = [machine.pop(), machine.pop()];
  const [right, arith] = [op === OP.SHL ? 0n : 1n, op === OP.SAR ? 1n : 0n];
  const negative = arith === 1n && x.value >> (BITS - 1n) === 1n ? 1n : 0n;
  const value = negative === 1n ? ONES - x.value : x.value;
  const amount = amountOf(s.value, right);
  const [hi, lo] = toLimbs(value);
  // When far, pow = 0 and the excess takes the product's place: the same equations say that it is not negative.
  const factor = amount.pow * (1n + right);
  const [lowCarry, low] = toLimbs(lo * factor + excessOf(s.value));
  const [highCarry, high] = toLimbs(hi * factor + lowCarry);
  machine.push(negative === 1n ? ONES - shifted(value, s.value, right) : shifted(value, s.value, right));
  const row = {
    ...head,
    right,
    arith,
    s: s.cells,
    x: x.cells,
    ...amount,
    negative,
    magnitude: limbs128(arith * hi),
    low: limbs128(low),
    high: limbs128(high),
    lowCarry: limbs128(lowCarry),
    highCarry: limbs128(highCarry),
  };
  machine.step(shift, row, shiftEffect(right, arith), opcodeName(op));
}

function shifted(value: bigint, s: bigint, right: bigint): bigint {
  if (s >= BITS) return 0n;
  return right === 1n ? value >> s : BigInt.asUintN(256, value << s);
}

/** By how much s is too large, as the rows measure it: the high half counts 256 times. */
function excessOf(s: bigint): bigint {
  const [hi, lo] = toLimbs(s);
  return s >= BITS ? 256n * hi + lo - 256n : 0n;
}

/** The columns that say by how much to shift. */
function amountOf(s: bigint, right: bigint) {
  if (s >= BITS) return { far: 1n, upper: 1n, down: 1n, steep: 0n, t: 0n, pow: 0n };
  const t = right === 1n ? 127n - (s % 128n) : s % 128n;
  return { far: 0n, upper: s / 128n, down: right, steep: t >= 120n ? 1n : 0n, t, pow: 1n << t };
}
