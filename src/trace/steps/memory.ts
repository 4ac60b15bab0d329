import { toLimbs } from '../../bus/field.js';
import { bytesOf, splitAt } from '../../chips/lib/bytes.js';
import { grownBy, WORD } from '../../chips/lib/expand.js';
import { memory, memoryEffect } from '../../chips/memory.js';
import { unaligned } from '../../chips/unaligned.js';
import { OP } from '../../evm/opcodes.js';
import type { FrameMachine, Popped, StepBuilder } from '../execution/machine.js';
import { memoryHalt } from './memhalt.js';
import { type Reached, reached } from './reached.js';

const BITS = 256n;

/** MLOAD, MSTORE. */
export const memoryStep: StepBuilder = (machine, op) => {
  if (memoryHalt(machine, op)) return;
  const reach = reached(machine, WORD);
  const value = op === OP.MSTORE ? machine.pop() : undefined;
  const step = reach.offset % WORD === 0n ? wholeWord : twoWords;
  step(machine, reach, value);
};

/** An aligned MLOAD (no value popped) or MSTORE. */
function wholeWord(machine: FrameMachine, { common, expansion, offset }: Reached, popped?: Popped): void {
  const store = popped === undefined ? 0n : 1n;
  const { old, gap } = machine.memory.access(offset / WORD, machine.exec.ts, popped?.value);
  if (popped === undefined) machine.push(old);
  const value = popped?.cells ?? [...toLimbs(old), 0n, 0n, 0n];
  const effect = { ...memoryEffect(store), more: grownBy(expansion) };
  machine.step(memory, { ...common, store, value, old: toLimbs(old), gap }, effect, nameOf(store));
}

/** An MLOAD or MSTORE over the border of two words. */
function twoWords(machine: FrameMachine, { common, expansion, offset }: Reached, popped?: Popped): void {
  const store = popped === undefined ? 0n : 1n;
  const [word, start] = [offset / WORD, offset % WORD];
  const { ts } = machine.exec;
  const both = (machine.memory.at(word).value << BITS) | machine.memory.at(word + 1n).value;
  const behind = BITS - 8n * start;
  const value = popped?.value ?? BigInt.asUintN(256, both >> behind);
  const kept = both & ~(((1n << BITS) - 1n) << behind);
  const after = kept | (value << behind);
  const [a, b] = [
    machine.memory.access(word, ts, after >> BITS),
    machine.memory.access(word + 1n, ts, BigInt.asUintN(256, after)),
  ];
  if (popped === undefined) machine.push(value);
  const halves = [...toLimbs(a.old), ...toLimbs(b.old)];
  const second = Number(start / 16n);
  const [hi, lo] = toLimbs(value);
  const row = {
    store,
    second: BigInt(second),
    shift: splitAt(Number(start % 16n)),
    v0: bytesOf(hi),
    v1: bytesOf(lo),
    gap: popped?.cells.slice(2) ?? [0n, 0n, 0n],
    first: bytesOf(halves[second]!),
    middle: halves[second + 1]!,
    last: bytesOf(halves[second + 2]!),
    other: halves[3 - 3 * second]!,
    ages: [...a.gap, ...b.gap],
  };
  const effect = { ...memoryEffect(store), more: grownBy(expansion) };
  machine.step(unaligned, { ...common, ...row }, effect, nameOf(store));
}

function nameOf(store: bigint): string {
  return store === 1n ? 'MSTORE' : 'MLOAD';
}
