import { OP, OPCODES } from './opcodes.js';
import { WORK } from './work.js';

/** Added to `grows`, so that no opcode's is negative. */
const GROWS_OFFSET = 16n;

/** Every byte's number. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte);

/** Bytes of data after an opcode in the code: 1 to 32 for PUSH1 to PUSH32, else 0. */
export function pushBytes(op: number): number {
  return op > OP.PUSH0 && op <= OP.PUSH32 ? op - OP.PUSH0 : 0;
}

/**
 * The table BYTE: what a byte of code can be. 0 to 255 as opcodes (`move` = 1 + push data, `dest` = 1 for JUMPDEST), then the same
 * as push data or any other byte (0, 0).
 */
export const BYTES_OF_CODE = [
  ...BYTES.map((op) => ({ x: BigInt(op), move: BigInt(1 + pushBytes(op)), dest: op === OP.JUMPDEST ? 1n : 0n })),
  ...BYTES.map((op) => ({ x: BigInt(op), move: 0n, dest: 0n })),
];

/** The table OPINFO: what `halt` has to know of an opcode; of one that this version does not cover, that it does not. */
export const OPCODE_INFO = BYTES.map((op) => {
  const { gas, pops, pushes } = OPCODES[op] ?? { gas: 0, pops: 0, pushes: 0 };
  const grows = GROWS_OFFSET + BigInt(pushes - pops);
  return { op: BigInt(op), gas: BigInt(gas), pops: BigInt(pops), grows, covered: op in OPCODES ? 1n : 0n };
});

/** An offset or a length from here on costs more than any frame's gas: at least 2^75. */
export const FAR = 1n << 47n;

/** Opcodes that check the work of what they read, where gas does not reserve it, and read less than {@link FAR} at once. */
const CHECKED: Readonly<Record<string, { readonly least: bigint; readonly use: number; readonly wordUse: number }>> = {
  KECCAK256: { least: (1n << 16n) + 1n, use: WORK.keccak256, wordUse: WORK.keccakWord },
};

/**
 * The table MEMOP: what `memhalt` has to know of an opcode with memory. `offset`, `lengthAt`: items of the stack, 1 the topmost; the length is
 * an item when `sized` is 1, else `bytes`; `far`: the least length that no frame may read; `use`, `wordUse`: work that the opcode checks. An
 * opcode that touches two ranges at once pays for the farther one: a line for each.
 */
export const MEMORY_OPCODES = Object.entries(OPCODES).flatMap(([op, opcode]) => {
  const { name, gas, memory } = opcode!;
  if (memory === undefined) return [];
  const { offset, length, perWord = 0, perByte = 0 } = memory;
  const { least, use, wordUse } = CHECKED[name] ?? { least: FAR, use: 0, wordUse: 0 };
  const [sized, bytes, lengthAt] = 'item' in length ? [1, 0, length.item] : [0, length.bytes, 0];
  const line = { gas, bytes, sized, offset, lengthAt, perByte, perWord, use, wordUse };
  return [{ op: BigInt(op), ...inBigints(line), far: least }];
});

function inBigints<K extends string>(line: Readonly<Record<K, number>>): Readonly<Record<K, bigint>> {
  return Object.fromEntries(Object.entries<number>(line).map(([name, x]) => [name, BigInt(x)])) as Record<K, bigint>;
}
