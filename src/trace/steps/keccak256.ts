import { type Hex, hexToBytes, keccak256 as keccakOf, toHex } from 'viem';
import { toLimbs } from '../../bus/field.js';
import { copybytes } from '../../chips/copybytes.js';
import { copyword } from '../../chips/copyword.js';
import { KECCAK64_EFFECT, keccak64 } from '../../chips/keccak64.js';
import { keccak256, keccak256Effect } from '../../chips/keccak256.js';
import { bytesOf, splitAt } from '../../chips/lib/bytes.js';
import { expandCells, expansionFor, grownBy, WORD } from '../../chips/lib/expand.js';
import { limbsOf } from '../../chips/lib/range.js';
import { type Exec, execAfter } from '../../chips/lib/step.js';
import { WORK } from '../../evm/work.js';
import type { FrameMachine, Popped, StepBuilder } from '../execution/machine.js';
import type { Accessed } from '../execution/memory.js';
import { memoryHalt } from './memhalt.js';

const PAIR = 64n;
const WHAT = 'KECCAK256';

/** KECCAK256. */
export const keccak256Step: StepBuilder = (machine, op) => {
  if (memoryHalt(machine, op)) return;
  const head = machine.head();
  const [offset, length] = [machine.pop(), machine.pop()];
  if (length.value === PAIR && offset.value % WORD === 0n) twoWords(machine, head, offset, length);
  else anyBytes(machine, head, offset, length);
};

type Head = ReturnType<FrameMachine['head']>;

/** KECCAK256 of two whole words of memory. */
function twoWords(machine: FrameMachine, head: Head, offset: Popped, length: Popped): void {
  const { ts, mem } = machine.exec;
  const expansion = expansionFor(mem, offset.value, PAIR);
  const effect = { ...KECCAK64_EFFECT, more: grownBy(expansion) };
  machine.memory.expand(expansion.to, ts);
  const word = offset.value / WORD;
  const [a, b] = [machine.memory.access(word, ts), machine.memory.access(word + 1n, ts)];
  machine.keccaks.pair(a.old, b.old);
  const digest = digestOf(toHex((a.old << 256n) | b.old, { size: Number(PAIR) }));
  machine.push(digest);
  const [hi, lo] = toLimbs(digest);
  const row = {
    grow: expansion.grow,
    cost: expansion.cost,
    offset: offset.cells.slice(1),
    lengthAge: length.cells.slice(2),
    a: toLimbs(a.old),
    b: toLimbs(b.old),
    ages: [...a.gap, ...b.gap],
    hi,
    lo,
    spare: spareWork(execAfter(machine.exec, effect)),
  };
  machine.step(keccak64, { ...head, ...row }, effect, WHAT);
}

/** KECCAK256 of any bytes: the row of the opcode, then one for each word of the input. */
function anyBytes(machine: FrameMachine, head: Head, offset: Popped, length: Popped): void {
  const { ts, mem, call } = machine.exec;
  const expansion = expansionFor(mem, offset.value, length.value);
  const words = (length.value + WORD - 1n) / WORD;
  const effect = keccak256Effect(words, expansion);
  machine.memory.expand(expansion.to, ts);
  const input = machine.memory.bytes(offset.value, Number(length.value));
  const id = machine.keccaks.general(input);
  const digest = digestOf(toHex(input));
  machine.push(digest);
  const [hi, lo] = toLimbs(digest);
  const row = {
    offset: offset.cells,
    length: length.cells.slice(1),
    expand: expandCells(machine.exec, offset.value, length.value),
    id,
    words,
    hi,
    lo,
    spare: spareWork(execAfter(machine.exec, effect)),
  };
  machine.emit(keccak256, { ...head, ...row }, WHAT);
  for (let i = 0n; i < words; i++) {
    const walk = { ts: ts + 1n + i, call, id, left: length.value - WORD * i, i };
    hashWord(machine, walk, offset.value + WORD * i);
  }
  machine.exec = execAfter(machine.exec, effect);
}

/** Where the walk through an input is. */
interface Walk {
  readonly ts: bigint;
  readonly call: bigint;
  readonly id: bigint;
  readonly left: bigint;
  readonly i: bigint;
}

/** The row of one word of the input, at byte `offset` of memory. */
function hashWord(machine: FrameMachine, walk: Walk, offset: bigint): void {
  const { ts, left } = walk;
  const [word, start] = [offset / WORD, offset % WORD];
  const last = left <= WORD ? 1n : 0n;
  const what = `${WHAT}, word ${walk.i} of its input`;
  const first = machine.memory.access(word, ts);
  if (start === 0n && left >= WORD) {
    const [hi, lo] = toLimbs(first.old);
    machine.emit(copyword, { en: 1n, last, ...walk, word, hi, lo, age: first.gap }, what);
    return;
  }
  const kept = last === 1n ? left : WORD;
  const two = start + kept > WORD;
  const next: Accessed = two ? machine.memory.access(word + 1n, ts) : { old: 0n, gap: [0n, 0n, 0n] };
  const halves = [...toLimbs(first.old), ...toLimbs(next.old)];
  const second = Number(start / 16n);
  const both = (first.old << 256n) | next.old;
  const [v0, v1] = toLimbs(BigInt.asUintN(256, both >> (256n - 8n * start)));
  const cut = kept > 16n;
  const M = 1n << (8n * ((cut ? WORD : 16n) - kept));
  const half = cut ? v1 : v0;
  const row = {
    second: BigInt(second),
    shift: splitAt(Number(start % 16n)),
    z0: bytesOf(halves[second]!),
    z1: bytesOf(halves[second + 1]!),
    z2: bytesOf(halves[second + 2]!),
    other: halves[3 - 3 * second]!,
    ages: [...first.gap, ...next.gap],
    cut: cut ? 1n : 0n,
    M,
    kept: limbsOf(half / M, 11),
    gone: limbsOf(half % M, 11),
    short: limbsOf(M - 1n - (half % M), 11),
    slack: two ? 0n : WORD - start - kept,
  };
  machine.emit(copybytes, { en: 1n, last, two: two ? 1n : 0n, ...walk, word, ...row }, what);
}

/** Limbs of the work that is left beyond what the gas left may cost. */
function spareWork({ work, gas }: Exec): bigint[] {
  return limbsOf(work - BigInt(WORK.gas) * gas, 4);
}

function digestOf(input: Hex): bigint {
  return BigInt(keccakOf(hexToBytes(input), 'hex'));
}
