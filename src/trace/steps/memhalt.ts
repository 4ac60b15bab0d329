import { toLimbs } from '../../bus/field.js';
import { expandCells, expansionFor, FAR, growthWork, NO_EXPAND, WORD } from '../../chips/lib/expand.js';
import { limbsOf } from '../../chips/lib/range.js';
import { type Exec, haltEnd } from '../../chips/lib/step.js';
import { hashWork, LONGEST_HASH, MEMORY_KINDS, memhalt } from '../../chips/memhalt.js';
import { PRICES } from '../../evm/gas.js';
import { OP, OPCODES } from '../../evm/opcodes.js';
import { WORK } from '../../evm/work.js';
import type { Machine } from '../execution/machine.js';

/** Bytes that MLOAD, MSTORE and MSTORE8 touch. */
const TOUCHED: Readonly<Partial<Record<number, bigint>>> = {
  [OP.MLOAD]: WORD,
  [OP.MSTORE]: WORD,
  [OP.MSTORE8]: 1n,
};

/** What an opcode with memory asks for. */
interface Request {
  readonly op: number;
  readonly offset: bigint;
  readonly length: bigint;
}

/**
 * Why `op` cannot be executed: `exact` it costs more than the gas left, `late` the hash needs more work than is left for it, `far` no
 * frame can pay for what it touches, or the input of the hash is too long.
 */
type Reason = 'exact' | 'late' | 'far';

/**
 * Ends the frame when `op`, an opcode with memory, cannot be executed; whether it did. The machine's items are still on its stack, and there
 * are enough of them.
 */
export function memoryHalt(machine: Machine, op: number): boolean {
  const { stack, exec } = machine;
  const request = { op, offset: stack.at(-1)!.value, length: TOUCHED[op] ?? stack.at(-2)!.value };
  const reason = reasonToHalt(exec, request);
  if (reason === undefined) return false;
  emitHalt(machine, request, reason);
  return true;
}

/** Gas of an opcode with memory; its work, of KECCAK256 alone. Offset and length are not far. */
function memoryCost({ mem }: Pick<Exec, 'mem'>, { op, offset, length }: Request): { gas: bigint; work: bigint } {
  const words = op === OP.KECCAK256 ? (length + WORD - 1n) / WORD : 0n;
  const bytes = isLog(op) ? BigInt(PRICES.logByte) * length : 0n;
  const expansion = expansionFor(mem, offset, length);
  return {
    gas: BigInt(OPCODES[op]!.gas) + bytes + BigInt(PRICES.keccakWord) * words + expansion.cost,
    work: hashWork(words) + growthWork(expansion),
  };
}

function reasonToHalt(exec: Exec, request: Request): Reason | undefined {
  const { op, offset, length } = request;
  if (length > longest(op) || (length > 0n && offset >= FAR)) return 'far';
  const { gas, work } = memoryCost(exec, request);
  if (gas > exec.gas) return 'exact';
  if (op === OP.KECCAK256 && exec.work - work < BigInt(WORK.gas) * (exec.gas - gas)) return 'late';
  return undefined;
}

function longest(op: number): bigint {
  return op === OP.KECCAK256 ? LONGEST_HASH : FAR - 1n;
}

function isLog(op: number): boolean {
  return op >= OP.LOG0 && op <= OP.LOG4;
}

function emitHalt(machine: Machine, request: Request, reason: Reason): void {
  const { op, offset, length } = request;
  const { exec } = machine;
  const head = machine.head();
  const at = machine.pop();
  const sized = TOUCHED[op] === undefined;
  const size = sized ? machine.pop().cells : [0n, length, 0n, 0n, 0n];
  const far = reason === 'far';
  const byLength = far && length > longest(op);
  const [xHi, xLo] = toLimbs(byLength ? length : offset);
  const cost = far ? { gas: 0n, work: 0n } : memoryCost(exec, request);
  const margin = {
    far: xHi > 0n ? xHi - 1n : xLo - (byLength ? longest(op) + 1n : FAR),
    exact: cost.gas - exec.gas - 1n,
    late: BigInt(WORK.gas) * (exec.gas - cost.gas) - (exec.work - cost.work) - 1n,
  };
  const words = !far && op === OP.KECCAK256 ? (length + WORD - 1n) / WORD : 0n;
  const row = {
    sized: sized ? 1n : 0n,
    kind: MEMORY_KINDS.map((one) => (one === (isLog(op) ? OP.LOG0 : op) ? 1n : 0n)),
    topics: isLog(op) ? BigInt(op - OP.LOG0) : 0n,
    offset: at.cells,
    length: size,
    exact: far ? 0n : 1n,
    late: reason === 'late' ? 1n : 0n,
    byLength: byLength ? 1n : 0n,
    high: far && xHi > 0n ? 1n : 0n,
    expand: far ? NO_EXPAND : expandCells(exec, offset, length),
    words,
    pad: words === 0n ? 0n : words * WORD - length,
    left: limbsOf(exec.gas, 6),
    margin: limbsOf(margin[reason], 11),
  };
  machine.finish(memhalt, { ...head, ...row }, haltEnd(exec), `${OPCODES[op]!.name} halts`);
}
