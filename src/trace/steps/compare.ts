import { toLimbs } from '../../bus/field.js';
import { compare, compareEffect } from '../../chips/compare.js';
import { NO_POP } from '../../chips/lib/step.js';
import { OP, opcodeName } from '../../evm/opcodes.js';
import type { StepBuilder } from '../execution/machine.js';
import { wideLimbs } from './parts.js';

/** LT, GT, SLT, SGT, EQ, ISZERO. */
export const compareStep: StepBuilder = (machine, op) => {
  const head = machine.head();
  const bit = (i: number) => BigInt((op >> i) & 1);
  const [gt, sgn, eq] = [bit(0), bit(1), bit(2)];
  const a = machine.pop();
  const b = op === OP.ISZERO ? { value: 0n, cells: NO_POP } : machine.pop();
  const [x, y] = [compared(a.value, sgn), compared(b.value, sgn)];
  const same = x.hi === y.hi ? 1n : 0n;
  const distance = same === 1n ? x.lo - y.lo : x.hi - y.hi;
  const less = distance < 0n ? 1n : 0n;
  const equal = distance === 0n ? 1n : 0n;
  const slack = equal === 1n ? 0n : (distance < 0n ? -distance : distance) - 1n;
  machine.push(eq === 1n ? equal : gt === 1n ? 1n - less - equal : less);
  const row = {
    gt,
    sgn,
    eq,
    a: a.cells,
    b: b.cells,
    less,
    equal,
    same,
    slack: wideLimbs(slack),
    aTop: x.top,
    aHigh: wideLimbs(16n * x.hi),
    bTop: y.top,
    bHigh: wideLimbs(16n * y.hi),
  };
  machine.step(compare, { ...head, ...row }, compareEffect(row), opcodeName(op));
};

/** The halves of a word whose unsigned order is the one asked for, and whether it is negative. */
function compared(value: bigint, sgn: bigint): { readonly hi: bigint; readonly lo: bigint; readonly top: bigint } {
  const [hi, lo] = toLimbs(value);
  const top = sgn * (hi >> 127n);
  return { hi: hi + (sgn << 127n) - (top << 128n), lo, top };
}
