import { toLimbs } from '../../bus/field.js';
import { div, divEffect } from '../../chips/div.js';
import { limbsOf } from '../../chips/lib/range.js';
import { CARRY_LIMBS } from '../../chips/mul.js';
import { opcodeName } from '../../evm/opcodes.js';
import type { StepBuilder } from '../execution/machine.js';
import { halvesOf, type Parts, partsOf, productOf, wideLimbs } from './parts.js';

const ONES = (1n << 256n) - 1n;

/** DIV, SDIV, MOD, SMOD. */
export const divStep: StepBuilder = (machine, op) => {
  const head = machine.head();
  const [sgn, mod] = [BigInt(op & 1), BigInt((op >> 1) & 1)];
  const [a, b] = [machine.pop(), machine.pop()];
  const [x, y] = [magnitude(a.value, sgn), magnitude(b.value, sgn)];
  const zero = b.value === 0n ? 1n : 0n;
  // Division by 0 is division by 1 whose remainder, 0, is the result.
  const divisor = y.complement + y.top + zero;
  const dividend = x.complement + x.top;
  const [q, r] = [dividend / divisor, dividend % divisor];
  const v = mod === 1n || zero === 1n ? r : q;
  const isNegative = (mod === 1n ? x.top : x.top ^ y.top) === 1n;
  const c = BigInt.asUintN(256, isNegative ? -v : v);
  machine.push(c);

  // The circuit counts what makes the complement a number in its lowest part.
  const [d0, ...others] = partsOf(y.complement);
  const d: Parts = [d0 + y.top + zero, ...others];
  const [rHi, rLo] = toLimbs(r);
  const [low] = productOf(partsOf(q), d);
  const carry = ((low + rLo - toLimbs(x.complement)[1] - x.top) >> 128n) + x.top;
  const dHi = toLimbs(y.complement)[0];
  const dLo = toLimbs(y.complement)[1] + y.top + zero;
  const same = dHi === rHi ? 1n : 0n;
  const slack = (same === 1n ? dLo - rLo : dHi - rHi) - 1n;
  const [[bHi, bLo], [qHi, qLo], [cHi, cLo]] = [halvesOf(y.complement), halvesOf(q), halvesOf(c)];
  const borrow = isNegative ? [toLimbs(v)[1], v].map((part) => (part === 0n ? 0n : 1n)) : [0n, 0n];
  const row = {
    sgn,
    mod,
    a: a.cells,
    b: b.cells,
    aTop: x.top,
    bTop: y.top,
    zero,
    aHigh: wideLimbs(toLimbs(x.complement)[0] << (5n * sgn)),
    bHi,
    bLo,
    qHi,
    qLo,
    rHi: halvesOf(r)[0],
    rLo: halvesOf(r)[1],
    carry: limbsOf(carry, CARRY_LIMBS),
    same,
    slack: wideLimbs(slack),
    cHi,
    cLo,
    borrow,
  };
  machine.step(div, { ...head, ...row }, divEffect(row), opcodeName(op));
};

/** The sign bit when it counts, and the word or, when it is negative, its complement: the absolute value is their sum. */
function magnitude(value: bigint, sgn: bigint): { readonly top: bigint; readonly complement: bigint } {
  const top = sgn * (value >> 255n);
  return { top, complement: top === 1n ? ONES - value : value };
}
