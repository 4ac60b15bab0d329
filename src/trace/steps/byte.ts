import { toLimbs } from '../../bus/field.js';
import { ABOVE_LIMBS, byte, byteEffect } from '../../chips/byte.js';
import { LIMBS_128, limbsOf } from '../../chips/lib/range.js';
import { OP, opcodeName } from '../../evm/opcodes.js';
import type { StepBuilder } from '../execution/machine.js';

const BYTES = 32n;

/** BYTE, SIGNEXTEND. */
export const byteStep: StepBuilder = (machine, op) => {
  const head = machine.head();
  const [i, x] = [machine.pop(), machine.pop()];
  const extend = op === OP.SIGNEXTEND ? 1n : 0n;
  const digits = i.value < BYTES ? near(i.value, x.value, extend) : far(i.value);
  machine.push(resultOf(i.value, x.value, extend));
  machine.step(byte, { ...head, extend, i: i.cells, x: x.cells, ...digits }, byteEffect(extend), opcodeName(op));
};

function resultOf(i: bigint, x: bigint, extend: bigint): bigint {
  if (extend === 0n) return i < BYTES ? (x >> (8n * (BYTES - 1n - i))) & 0xffn : 0n;
  return i < BYTES ? BigInt.asUintN(256, BigInt.asIntN(8 * Number(i + 1n), x)) : x;
}

/** The columns that take a half of x apart at the byte. */
function near(i: bigint, x: bigint, extend: bigint) {
  const place = extend === 1n ? i : BYTES - 1n - i;
  const [upper, at] = [place / 16n, place % 16n];
  const pow = 1n << (8n * at);
  const half = toLimbs(x)[upper === 1n ? 0 : 1];
  const [value, below] = [(half / pow) & 0xffn, half % pow];
  return {
    far: 0n,
    upper,
    at,
    sign: value >> 7n,
    rest: value & 0x7fn,
    above: limbsOf(half / (256n * pow), ABOVE_LIMBS),
    below: limbsOf(below, LIMBS_128),
    room: limbsOf(pow - 1n - below, LIMBS_128),
  };
}

/** The columns that say that i is too large. */
function far(i: bigint) {
  const [hi, lo] = toLimbs(i);
  const excess = limbsOf(32n * hi + lo - 32n, LIMBS_128 + 1);
  return {
    far: 1n,
    upper: 1n,
    at: 0n,
    sign: 0n,
    rest: 0n,
    above: limbsOf(0n, ABOVE_LIMBS),
    below: excess.slice(0, LIMBS_128),
    room: limbsOf(excess[LIMBS_128]!, LIMBS_128),
  };
}
