import type { ENV_FIELDS } from '../../chips/frame.js';
import { OP } from '../../evm/opcodes.js';
import { BLOCK_FIELDS, blockValue } from '../../statement/execution-terms.js';
import type { Frame } from './machine.js';

/** Whether L1's BLOCK table supplies what this opcode reads, and not the frame's ENV. */
export function isBlockField(op: number): op is (typeof BLOCK_FIELDS)[number] {
  return (BLOCK_FIELDS as readonly number[]).includes(op);
}

/** The word that ENV has under an opcode of {@link ENV_FIELDS}. */
export function envValue(frame: Frame, op: (typeof ENV_FIELDS)[number]): bigint {
  const values: Record<(typeof ENV_FIELDS)[number], bigint> = {
    [OP.ADDRESS]: BigInt(frame.address),
    // one frame: whoever calls has also signed
    [OP.ORIGIN]: BigInt(frame.caller),
    [OP.CALLER]: BigInt(frame.caller),
    [OP.CALLVALUE]: frame.value,
    [OP.CALLDATASIZE]: BigInt(frame.data.length),
    [OP.CODESIZE]: BigInt(frame.code.length),
    [OP.GASPRICE]: frame.price,
    // nothing was called, so nothing was returned; no blobs, so their fee is the least there is
    [OP.RETURNDATASIZE]: 0n,
    [OP.BLOBBASEFEE]: 1n,
  };
  return values[op];
}

/** The word that an opcode of chip `env` pushes. */
export function environmentWord(frame: Frame, op: number): bigint {
  return isBlockField(op) ? blockValue(frame.header, op) : envValue(frame, op as (typeof ENV_FIELDS)[number]);
}
