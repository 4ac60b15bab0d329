import { OP, OPCODES } from './opcodes.js';

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
