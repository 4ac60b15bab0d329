import type { ParsedTx } from '../../batch/types.js';
import type { TupleFields } from '../../bus/tuple.js';
import type { BatchMachine, NumberedCode } from './batch-machine.js';
import type { Begun } from './frame-rows.js';
import type { FrameMachine } from './machine.js';

/**
 * Where whoever has the rows made may leave the truth; all that comes after goes on from there. For tests: rows made with hooks are not
 * compared with the replay, and a prover needs none.
 */
export interface Hooks {
  /** The storage keys of a transaction's access list. */
  readonly keys?: (tx: ParsedTx, T: bigint) => ParsedTx['keys'];
  /** What runs, in place of the recipient's code. */
  readonly code?: (batch: BatchMachine) => NumberedCode;
  /** A transaction has begun, and its keys are warm. */
  readonly begun?: (begun: Begun, batch: BatchMachine) => void;
  /** Makes the rows of an opcode in place of the honest builder; not true: the honest one does. */
  readonly step?: (machine: FrameMachine, op: number) => boolean | undefined;
  /** Takes a failed frame's changes back, in place of the honest rows. */
  readonly undo?: (machine: FrameMachine, jrn: bigint) => void;
  /** What a transaction's end takes for the end of its frame. */
  readonly end?: (end: TupleFields<'END'>, tx: bigint) => TupleFields<'END'>;
}
