import { keccak256 } from 'viem';
import type { ParsedTx } from '../../src/batch/types.js';
import { fromLimbs, mod, toLimbs } from '../../src/bus/field.js';
import { describe, type Term, type TupleFields, term } from '../../src/bus/tuple.js';
import type { Columns, RowOf, TraceRow } from '../../src/chips/chip.js';
import { frame as frameChip } from '../../src/chips/frame.js';
import { refreshed } from '../../src/chips/lib/account.js';
import { memoryCost } from '../../src/chips/lib/expand.js';
import type { NumberedCode } from '../../src/trace/execution/batch-machine.js';
import { beginRow, endRow } from '../../src/trace/execution/frame-rows.js';
import type { FrameMachine } from '../../src/trace/execution/machine.js';
import { runFrame } from '../../src/trace/execution/run-frame.js';
import { isInTable } from './chips/true-tables.js';
import { type ExecutionBundle, termsOf } from './execution-bus.js';
import { type Edit, edited, Forger, namedOf, type Pretence } from './execution-forger.js';

/** Zero bytes behind a code that CODE has. */
const ZEROS = 33;
const asIs: Edit = () => {};

type FrameRow = RowOf<typeof frameChip.columns>;

/** What a forger pretends beside the state: what the machine was, or what was saved. */
export interface EndPretence extends Pretence {
  readonly end?: Partial<TupleFields<'END'>>;
  readonly saved?: Partial<TupleFields<'SAVED'>>;
}

/**
 * A forger of transactions that run code: chips txbegin, frame, txend, txskip and the steps are real rows, whatever other chips
 * do in between is played by their tuples. Tables hold what is true of L1's codes and items, and what the frame rows supply.
 */
export class FrameForger extends Forger {
  machine!: FrameMachine;
  saved!: TupleFields<'SAVED'>;
  end!: TupleFields<'END'>;
  #entered!: TupleFields<'NEWFRAME'>;
  #frameRow!: FrameRow;
  /** How far the call is that has begun. */
  #stage: 'none' | 'begun' | 'entered' | 'ended' = 'none';

  /** The codes that L1 lists. */
  codes: readonly NumberedCode[] = [];

  /** Lists codes. */
  lists(...codes: readonly NumberedCode[]): this {
    this.codes = codes;
    return this;
  }

  /** Begins `tx`, which runs `code`, then edits the row. */
  begin(tx: ParsedTx, code: NumberedCode, edit: Edit = asIs, pretence: Pretence = {}): this {
    return this.add('txbegin', pretence, edit, (between, block) => {
      const begun = beginRow(tx, between, { ...this.header, ...block }, { accounts: this.cells }, code);
      this.machine = begun.machine;
      this.#frameRow = begun.frame;
      this.#stage = 'begun';
      return begun.begin as unknown as RowOf<Columns>;
    });
  }

  /** The frame's row: what was entered, then edited. */
  frame(edit: Edit = asIs): this {
    const { call, tx, dataLen, codeLen, valueHi, valueLo, priceHi, priceLo } = this.#entered;
    this.#stage = 'entered';
    const row = { ...this.#frameRow, call, tx, dataLen, codeLen, valueHi, valueLo, priceHi, priceLo };
    return this.push('frame', edited(row as unknown as RowOf<Columns>, edit));
  }

  /** Rows of other chips take the machine somewhere. */
  passes(patch: Partial<TupleFields<'EXEC'>> = {}): this {
    const { exec } = this.machine;
    const next = { ...exec, ts: exec.ts + 1n, ...patch };
    this.extra.push(term(-1n, 'EXEC', exec), term(1n, 'EXEC', next));
    this.machine.exec = next;
    return this;
  }

  /** Rows of other chips put a word on the stack. */
  puts(value: bigint): this {
    const { exec, stack } = this.machine;
    const [hi, lo] = toLimbs(value);
    this.extra.push(term(1n, 'STACK', { ts: exec.ts, call: exec.call, idx: exec.sp, hi, lo }));
    stack.push({ ts: exec.ts, value });
    return this.passes({ sp: exec.sp + 1n });
  }

  /** A row of another chip looks something up. */
  reads(op: bigint, hi: bigint, lo: bigint, call = this.#entered.call): this {
    this.extra.push(term(-1n, 'ENV', { op, call, hi, lo }));
    return this;
  }

  /** Executes the code from where it stands until the frame ends; the last row is edited. */
  run(edit: Edit = asIs): this {
    const { machine } = this;
    this.#stage = 'ended';
    runFrame(machine);
    const last = machine.rows.pop()!;
    for (const { chip, row } of machine.rows) this.push(chip, row);
    return this.push(last.chip, edited(last.row, edit));
  }

  /** Undo rows take the failed frame's journal back. */
  undone(): this {
    const next = { ...this.end, ts: this.end.ts + 1n, jrn: this.saved.jrn };
    this.extra.push(term(-1n, 'END', this.end), term(1n, 'END', next));
    this.end = next;
    return this;
  }

  /** Ends the transaction, then edits the row. */
  ends(edit: Edit = asIs, pretence: EndPretence = {}): this {
    this.#stage = 'none';
    const [end, saved] = [
      { ...this.end, ...pretence.end },
      { ...this.saved, ...pretence.saved },
    ];
    return this.add('txend', pretence, edit, (_, block) => {
      return endRow(end, saved, { ...this.header, ...block }, this.cells).row as unknown as RowOf<Columns>;
    });
  }

  /** Does what is left of the call that has begun, as it should be. */
  completes(): this {
    if (this.#stage === 'begun') this.frame();
    if (this.#stage === 'entered') this.run();
    if (this.end.ok === 0n && this.end.jrn !== this.saved.jrn) this.undone();
    return this.ends();
  }

  override rest(): this {
    if (this.#stage !== 'none') this.completes();
    return super.rest();
  }

  protected override executes(tx: ParsedTx): void {
    const { ts, tx: T } = this.between;
    const hash = refreshed(this.cells.at(BigInt(tx.to)), T).code;
    const code = this.codes.find(({ bytes }) => BigInt(keccak256(bytes)) === hash);
    if (code === undefined) {
      super.executes(tx);
      return;
    }
    // Rows of `warm` walk over the keys.
    const [first, count] = [ts + 3n, BigInt(tx.keys.length)];
    this.extra.push(term(-1n, 'WARMING', { ts: first, n: 1n, tx: T }));
    this.extra.push(term(1n, 'WARMING', { ts: first + count, n: count + 1n, tx: T }));
    this.begin(tx, code).completes();
  }

  /** Adds a row. */
  push(chip: string, row: RowOf<Columns>): this {
    const traceRow: TraceRow = { chip, row, origin: `transaction ${this.between.tx} (${chip})` };
    this.rows.push(traceRow);
    this.follow(termsOf(traceRow));
    return this;
  }

  /** The bundle, with the tables that serve what is true. */
  override finish(): ExecutionBundle {
    const bundle = super.finish();
    const others = [...this.extra];
    const rows = bundle.rows.map((row) => this.#counted(row, others));
    for (const { weight, tuple } of rows.flatMap(termsOf))
      if (mod(-weight) === 1n && this.#holds(tuple)) this.extra.push({ weight: 1n, tuple });
    return { ...bundle, rows };
  }

  protected override follow(terms: readonly Term[]): void {
    super.follow(terms);
    for (const { weight, tuple } of terms) {
      if (mod(weight) !== 1n) continue;
      if (tuple.name === 'EXEC') this.machine.exec = namedOf<'EXEC'>(tuple);
      if (tuple.name === 'SAVED') this.saved = namedOf<'SAVED'>(tuple);
      if (tuple.name === 'NEWFRAME') this.#entered = namedOf<'NEWFRAME'>(tuple);
      if (tuple.name === 'END') this.end = namedOf<'END'>(tuple);
    }
  }

  /** A frame row that was given no multiplicities supplies what is looked up in it. */
  #counted(traceRow: TraceRow, others: readonly Term[]): TraceRow {
    const { chip, row } = traceRow;
    if (chip !== 'frame' || (row.m as readonly bigint[]).some((m) => m !== 0n)) return traceRow;
    const one = { ...(row as unknown as FrameRow), m: Array<bigint>(frameChip.columns.m).fill(1n) };
    const m = frameChip
      .terms(one)
      .slice(1, 1 + one.m.length)
      .map(({ tuple }) => others.filter((other) => describe(other.tuple) === describe(tuple)).length);
    return { ...traceRow, row: { ...row, m: m.map(BigInt) } };
  }

  /** Whether L1, or the chip `code`, supplies a tuple. */
  #holds({ name, values }: Term['tuple']): boolean {
    const tuple = { name, values };
    switch (name) {
      case 'CODE': {
        const { code, pc, op } = namedOf<'CODE'>(tuple);
        const bytes = this.codes.find(({ id }) => id === code)?.bytes;
        return bytes !== undefined && pc < BigInt(bytes.length + ZEROS) && BigInt(bytes[Number(pc)] ?? 0) === op;
      }
      case 'CODEBLOB': {
        const { code, len, hashHi, hashLo } = namedOf<'CODEBLOB'>(tuple);
        const bytes = this.codes.find(({ id }) => id === code)?.bytes;
        if (bytes === undefined) return false;
        return BigInt(bytes.length) === len && BigInt(keccak256(bytes)) === fromLimbs(hashHi, hashLo);
      }
      case 'KEYS': {
        const { tx, count } = namedOf<'KEYS'>(tuple);
        const item = this.items[Number(tx) - 1];
        return item?.kind === 'tx' && BigInt(item.keys.length) === count;
      }
      case 'EXPANSION': {
        const { from, to, cost } = namedOf<'EXPANSION'>(tuple);
        return from < to && to < 1n << 44n && memoryCost(to) - memoryCost(from) === cost;
      }
      case 'MEMOP':
        return isInTable(tuple);
      case 'OPINFO':
        return true;
      default:
        return false;
    }
  }
}
