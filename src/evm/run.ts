import type { Address, Hex } from 'viem';
import type { StepLog } from './step-log.js';

/** A storage slot of an account; the key has 32 bytes. */
export interface SlotKey {
  readonly address: Address;
  readonly key: Hex;
}

/**
 * Why a frame can halt. The first three are rules of this rollup's version (FORMATS.md, "Execution of code"): an opcode without
 * a chip; a hash of more than 64 KiB; a hash that the work left does not suffice for. The others are Ethereum's.
 */
export const HALT_REASONS = [
  'uncovered',
  'hashLength',
  'hashWork',
  'invalid',
  'outOfGas',
  'badJump',
  'stackUnderflow',
  'stackOverflow',
] as const;

/** One of {@link HALT_REASONS}. */
export type HaltReason = (typeof HALT_REASONS)[number];

/** The opcode that halted a frame. */
export interface Halt {
  readonly reason: HaltReason;
  readonly pc: number;
  readonly op: number;
}

/** What the code that an executed transaction called did. */
export interface CodeRun {
  readonly codeHash: Hex;
  /** `ok`: STOP, RETURN, or the end of the code. */
  readonly end: 'ok' | 'revert' | 'halt';
  /** Only where `end` is `halt`. */
  readonly halt?: Halt;
  /** Every opcode, the one that ends the frame included; an end of the code without STOP is no step. */
  readonly steps: StepLog;
  /** Gas at the frame's end, 0 after a halt. */
  readonly gasLeft: bigint;
  /** Refund counter at the frame's end, before its limit of a fifth; 0 unless `ok`. */
  readonly refund: bigint;
  /** Work left of the batch before the first step (EXEC's field) and after the last. */
  readonly workBefore: bigint;
  readonly workAfter: bigint;
  /** What RETURN or REVERT gave back. */
  readonly output: Hex;
  readonly logs: readonly Log[];
}

/** An event. Logs are not part of the state and not proven. */
export interface Log {
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}
