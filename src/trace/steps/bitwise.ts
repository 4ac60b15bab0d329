import { toLimbs } from '../../bus/field.js';
import { bitwise, bitwiseEffect } from '../../chips/bitwise.js';
import { limbsOf } from '../../chips/lib/range.js';
import { ADDRESS_MASK, mask } from '../../chips/mask.js';
import { NOT_EFFECT, not } from '../../chips/not.js';
import { OPCODES } from '../../evm/opcodes.js';
import type { Machine, StepBuilder } from '../execution/machine.js';

const AND = 0x16;
const OR = 0x17;
const XOR = 0x18;

/** AND, OR, XOR. */
export const bitwiseStep: StepBuilder = (machine, op) => {
  const tops = machine.stack.slice(-2);
  if (op === AND && tops.some(({ value }) => value === ADDRESS_MASK)) return maskStep(machine);
  const head = machine.head();
  const [a, b] = [machine.pop(), machine.pop()];
  const [or, xor] = [op === OR ? 1n : 0n, op === XOR ? 1n : 0n];
  const both = a.value & b.value;
  machine.push(op === AND ? both : op === OR ? a.value | b.value : a.value ^ b.value);
  const row = {
    ...head,
    or,
    xor,
    a: a.cells,
    b: b.cells,
    aNibbles: toLimbs(a.value).flatMap((half) => nibbles(half).slice(1)),
    bNibbles: toLimbs(b.value).flatMap((half) => nibbles(half).slice(1)),
    cNibbles: toLimbs(both).flatMap(nibbles),
  };
  machine.step(bitwise, row, bitwiseEffect(or, xor), OPCODES[op]!.name);
};

/** NOT. */
export function notStep(machine: Machine): void {
  const head = machine.head();
  const a = machine.pop();
  machine.push(BigInt.asUintN(256, ~a.value));
  machine.step(not, { ...head, a: a.cells }, NOT_EFFECT, 'NOT');
}

function maskStep(machine: Machine): void {
  const head = machine.head();
  const [top, next] = [machine.pop(), machine.pop()];
  const second = next.value === ADDRESS_MASK ? 1n : 0n;
  const [a, other] = second === 1n ? [top, next] : [next, top];
  machine.push(a.value & ADDRESS_MASK);
  const hi = toLimbs(a.value)[0];
  const [kept, cut] = [limbsOf(hi & 0xffffffffn, 3), limbsOf(hi >> 32n, 8)];
  const row = { ...head, second, a: a.cells, gap: other.cells.slice(2), kept, cut };
  machine.step(mask, row, bitwiseEffect(0n, 0n), 'AND with the mask of an address');
}

/** The 32 nibbles of a half, lower ones first. */
function nibbles(half: bigint): bigint[] {
  return Array.from({ length: 32 }, (_, i) => (half >> BigInt(4 * i)) & 15n);
}
