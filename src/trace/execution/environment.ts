import { BLOCK_FIELDS, blockValue } from '../../statement/execution-terms.js';
import type { Frame } from './machine.js';

/** The opcodes whose word the frame's ENV table supplies. */
export const ENV_FIELDS = [0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x4a] as const;

/** Whether L1's BLOCK table supplies what this opcode reads, and not the frame's ENV. */
export function isBlockField(op: number): op is (typeof BLOCK_FIELDS)[number] {
  return (BLOCK_FIELDS as readonly number[]).includes(op);
}

/** The word that ENV has under an opcode of {@link ENV_FIELDS}. */
export function envValue(frame: Frame, op: (typeof ENV_FIELDS)[number]): bigint {
  const values: Record<(typeof ENV_FIELDS)[number], bigint> = {
    48: BigInt(frame.address),
    // one frame: whoever calls has also signed
    50: BigInt(frame.caller),
    51: BigInt(frame.caller),
    52: frame.value,
    54: BigInt(frame.data.length),
    56: BigInt(frame.code.length),
    58: frame.price,
    // nothing was called, so nothing was returned; no blobs, so their fee is the least there is
    61: 0n,
    74: 1n,
  };
  return values[op];
}

/** The word that an opcode of chip `env` pushes. */
export function environmentWord(frame: Frame, op: number): bigint {
  return isBlockField(op) ? blockValue(frame.header, op) : envValue(frame, op as (typeof ENV_FIELDS)[number]);
}
