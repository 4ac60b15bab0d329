import { toLimbs } from '../../bus/field.js';
import { expandCells, expansionFor, growthWork, NO_EXPAND, WORD } from '../../chips/lib/expand.js';
import { limbsOf } from '../../chips/lib/range.js';
import { type Exec, haltEnd } from '../../chips/lib/step.js';
import { memhalt, WORDS_LIMBS } from '../../chips/memhalt.js';
import { FAR, MEMORY_OPCODES } from '../../evm/opcode-tables.js';
import { OPCODES } from '../../evm/opcodes.js';
import { WORK } from '../../evm/work.js';
import type { FrameMachine } from '../execution/machine.js';

type Line = (typeof MEMORY_OPCODES)[number];

/** What an opcode with memory asks for. */
interface Request {
  readonly line: Line;
  readonly offset: bigint;
  readonly length: bigint;
}

/**
 * Why an opcode cannot be executed: `exact` it costs more than the gas left, `late` the hash needs more work than is left for it, `far` no
 * frame can pay for what it touches, or the input of the hash is too long.
 */
type Reason = 'exact' | 'late' | 'far';

/**
 * Ends the frame when `op`, an opcode with memory, cannot be executed; whether it did. The machine's items are still on its stack, and there
 * are enough of them.
 */
export function memoryHalt(machine: FrameMachine, op: number): boolean {
  const { stack, exec } = machine;
  const item = (k: bigint) => stack.at(-Number(k))!.value;
  for (const line of MEMORY_OPCODES) {
    if (line.op !== BigInt(op)) continue;
    const length = line.sized === 1n ? item(line.lengthAt) : line.bytes;
    const request = { line, offset: item(line.offset), length };
    const reason = reasonToHalt(exec, request);
    if (reason === undefined) continue;
    emitHalt(machine, request, reason);
    return true;
  }
  return false;
}

/** Gas of an opcode with memory, and the work that it checks. Offset and length are not far. */
function costOf({ mem }: Pick<Exec, 'mem'>, { line, offset, length }: Request): { gas: bigint; work: bigint } {
  const words = wordsOf(length);
  const expansion = expansionFor(mem, offset, length);
  return {
    gas: line.gas + line.perByte * length + line.perWord * words + expansion.cost,
    work: line.use + line.wordUse * words + growthWork(expansion),
  };
}

function wordsOf(length: bigint): bigint {
  return (length + WORD - 1n) / WORD;
}

function reasonToHalt(exec: Exec, request: Request): Reason | undefined {
  const { line, offset, length } = request;
  if (length >= line.far || (length > 0n && offset >= FAR)) return 'far';
  const { gas, work } = costOf(exec, request);
  if (gas > exec.gas) return 'exact';
  if (line.use > 0n && exec.work - work < BigInt(WORK.gas) * (exec.gas - gas)) return 'late';
  return undefined;
}

function emitHalt(machine: FrameMachine, { line, offset, length }: Request, reason: Reason): void {
  const { exec } = machine;
  const head = machine.head();
  const items = Array.from({ length: Number(line.sized === 1n ? line.lengthAt : line.offset) }, () => machine.pop());
  const far = reason === 'far';
  const byLength = far && length >= line.far;
  const [xHi, xLo] = toLimbs(byLength ? length : offset);
  const cost = far ? { gas: 0n, work: 0n } : costOf(exec, { line, offset, length });
  const margin = {
    far: xHi > 0n ? xHi - 1n : xLo - (byLength ? line.far : FAR),
    exact: cost.gas - exec.gas - 1n,
    late: BigInt(WORK.gas) * (exec.gas - cost.gas) - (exec.work - cost.work) - 1n,
  };
  const words = far ? 0n : wordsOf(length);
  const { op, gas: least, sized, offset: offsetAt, lengthAt, perByte, perWord, use, wordUse } = line;
  const row = {
    ...{ op, least, sized, offsetAt, lengthAt, perByte, perWord, far: line.far, use, wordUse },
    offset: items[Number(offsetAt) - 1]!.cells,
    length: sized === 1n ? items[Number(lengthAt) - 1]!.cells : [0n, length, 0n, 0n, 0n],
    exact: far ? 0n : 1n,
    late: reason === 'late' ? 1n : 0n,
    byLength: byLength ? 1n : 0n,
    high: far && xHi > 0n ? 1n : 0n,
    expand: far ? NO_EXPAND : expandCells(exec, offset, length),
    words: limbsOf(words, WORDS_LIMBS),
    pad: words === 0n ? 0n : words * WORD - length,
    left: limbsOf(exec.gas, 6),
    margin: limbsOf(margin[reason], 11),
  };
  machine.finish(memhalt, { ...head, ...row }, haltEnd(exec), `${OPCODES[Number(op)]!.name} halts`);
}
