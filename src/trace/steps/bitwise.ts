import { toLimbs } from '../../bus/field.js';
import { bitwise, bitwiseEffect } from '../../chips/bitwise.js';
import { limbsOf } from '../../chips/lib/range.js';
import { ADDRESS_MASK, mask } from '../../chips/mask.js';
import { OP, opcodeName } from '../../evm/opcodes.js';
import type { FrameMachine, StepBuilder } from '../execution/machine.js';

/** AND, OR, XOR. */
export const bitwiseStep: StepBuilder = (machine, op) => {
  const tops = machine.stack.slice(-2);
  if (op === OP.AND && tops.some(({ value }) => value === ADDRESS_MASK)) return maskStep(machine);
  const head = machine.head();
  const [a, b] = [machine.pop(), machine.pop()];
  const [or, xor] = [op === OP.OR ? 1n : 0n, op === OP.XOR ? 1n : 0n];
  const both = a.value & b.value;
  machine.push(op === OP.AND ? both : op === OP.OR ? a.value | b.value : a.value ^ b.value);
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
  machine.step(bitwise, row, bitwiseEffect(or, xor), opcodeName(op));
};

function maskStep(machine: FrameMachine): void {
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
