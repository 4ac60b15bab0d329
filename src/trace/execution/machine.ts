import type { Address } from 'viem';
import type { Header } from '../../batch/types.js';
import { toLimbs } from '../../bus/field.js';
import type { TupleFields } from '../../bus/tuple.js';
import type { Chip, Columns, RowOf, TraceRow } from '../../chips/chip.js';
import { limbsOf } from '../../chips/lib/range.js';
import { type Exec, execAfter, type StepCells, type StepEffect, stepCells } from '../../chips/lib/step.js';
import type { RowSink } from '../sink.js';
import { Journal } from './journal.js';
import { KeccakTable } from './keccak-table.js';
import { Memory } from './memory.js';
import { SlotCells } from './slot-cells.js';

/** A stack item between two accesses. */
export interface WordCell {
  /** Time of the last access. */
  readonly ts: bigint;
  /** 256 bits. */
  readonly value: bigint;
}

/** An item that was popped: its value and the cells of `Pop()`. */
export interface Popped {
  readonly value: bigint;
  readonly cells: readonly bigint[];
}

/** What does not change while a frame runs. */
export interface Frame {
  /** Number of the transaction in its batch, from 1. */
  readonly tx: bigint;
  readonly address: Address;
  readonly caller: Address;
  /** Wei. */
  readonly value: bigint;
  /** Wei per gas. */
  readonly price: bigint;
  /** Calldata. */
  readonly data: Uint8Array;
  readonly code: Uint8Array;
  readonly header: Header;
}

/** What the frames of a batch share. */
export interface BatchState {
  readonly slots: SlotCells;
  readonly journal: Journal;
  readonly keccaks: KeccakTable;
}

/** One frame while its rows are made: a machine that executes opcodes by itself, so that VM and rows check each other. */
export class FrameMachine implements BatchState {
  /** The rows made, where no sink takes them. */
  readonly rows: TraceRow[] = [];
  readonly stack: WordCell[] = [];
  /** Its size is `exec.mem` between two steps. */
  readonly memory = new Memory();

  /** What the frame left when it ended, undefined while it runs. */
  end: TupleFields<'END'> | undefined;
  readonly slots: SlotCells;
  readonly journal: Journal;
  readonly keccaks: KeccakTable;
  readonly #sink: RowSink;

  constructor(
    public exec: Exec,
    readonly frame: Frame,
    { slots = new SlotCells(), journal = new Journal(), keccaks = new KeccakTable() }: Partial<BatchState> = {},
    sink?: RowSink,
  ) {
    this.slots = slots;
    this.journal = journal;
    this.keccaks = keccaks;
    this.#sink = sink ?? this.rows;
  }

  /** The columns that every step's row has. */
  head(): StepCells {
    return stepCells(this.exec);
  }

  /** Takes the topmost item, at the time of the row. The caller has checked the stack's height. */
  pop(): Popped {
    const { ts, value } = this.stack.pop()!;
    return { value, cells: [...toLimbs(value), ...limbsOf(this.exec.ts - ts - 1n, 3)] };
  }

  /** Takes the n-th item from the top (n = 1: the topmost) and puts it back, at the time of the row. */
  touch(n: number): Popped {
    const at = this.stack.length - n;
    const { ts, value } = this.stack[at]!;
    this.stack[at] = { ts: this.exec.ts, value };
    return { value, cells: [...toLimbs(value), ...limbsOf(this.exec.ts - ts - 1n, 3)] };
  }

  /** Puts an item on top, at the time of the row or later within it. */
  push(value: bigint, ts: bigint = this.exec.ts): void {
    this.stack.push({ ts, value });
  }

  /** Adds a row of this transaction; `what` names it for people, e.g. `ADD`. */
  emit<C extends Columns>(chip: Chip<C>, row: RowOf<C>, what: string): void {
    const origin = `transaction ${this.frame.tx}, pc ${this.exec.pc}, ${what}`;
    this.#sink.push({ chip: chip.name, row: row as unknown as TraceRow['row'], origin });
  }

  /** Adds the row of a step and moves on to the state after it. */
  step<C extends Columns>(chip: Chip<C>, row: RowOf<C>, effect: StepEffect, what: string): void {
    this.emit(chip, row, what);
    this.exec = execAfter(this.exec, effect);
  }

  /** Adds the row of a step that ends the frame: a halt (`haltEnd`), STOP, RETURN or REVERT. */
  finish<C extends Columns>(chip: Chip<C>, row: RowOf<C>, end: TupleFields<'END'>, what: string): void {
    this.emit(chip, row, what);
    this.end = end;
  }
}

/**
 * Makes the row of one executed opcode and moves the machine on. The machine's stack is deep enough and has room, and its gas
 * covers the constant part of the cost: whoever calls has checked it (else the row is `halt`'s).
 */
export type StepBuilder = (machine: FrameMachine, op: number) => void;
