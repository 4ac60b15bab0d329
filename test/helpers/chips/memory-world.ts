import { keccak256, toBytes } from 'viem';
import { RULES_V2 } from '../../../src/batch/rules.js';
import { type Imbalance, imbalances } from '../../../src/bus/balance.js';
import { fromLimbs } from '../../../src/bus/field.js';
import { keyOf, type Term, type Tuple, term } from '../../../src/bus/tuple.js';
import type { Columns, RowOf, TraceRow } from '../../../src/chips/chip.js';
import { limbsOf } from '../../../src/chips/lib/range.js';
import type { Exec } from '../../../src/chips/lib/step.js';
import { keccakTerms } from '../../../src/statement/code-terms.js';
import { FrameMachine } from '../../../src/trace/execution/machine.js';
import { type Accessed, Memory, type MemoryWord } from '../../../src/trace/execution/memory.js';
import { memoryRows } from '../../../src/trace/execution/memory-rows.js';
import { STEPS } from '../../../src/trace/steps/index.js';
import { address, headerOf } from '../execution.js';
import { termsOf } from '../execution-bus.js';
import { Draft, namedOf } from '../execution-forger.js';
import { halves, isInTable } from './true-tables.js';

/** What a forger pretends while rows are built: they are honest about that other world. */
export interface Pretence {
  /** Whose builder makes them. */
  readonly op?: number;
  /** Items, topmost first. */
  readonly args?: readonly bigint[];
  /** The machine; the row's `exec` is set right afterwards. */
  readonly exec?: Partial<Exec>;
}

/** Edits rows, by number. */
export type EditRows = (row: Draft, i: number) => unknown;

/** A memory whose words are what the rows' tuples say, not what whoever built them meant. */
class FollowedMemory extends Memory {
  readonly #words = new Map<bigint, MemoryWord>();
  /** Accesses of the row that is being built. */
  readonly #meant = new Map<bigint, MemoryWord>();

  override at(word: bigint): MemoryWord {
    return this.#meant.get(word) ?? this.#words.get(word) ?? super.at(word);
  }

  override access(word: bigint, ts: bigint, value?: bigint): Accessed {
    const { ts: before, value: old } = this.at(word);
    this.#meant.set(word, { ts, value: value ?? old });
    return { old, gap: limbsOf(ts - before - 1n, 3) };
  }

  /** The row is finished, and sent these words. */
  follow(sent: readonly (readonly [word: bigint, left: MemoryWord])[]): void {
    this.#meant.clear();
    for (const [word, left] of sent) this.#words.set(word, left);
  }
}

/**
 * A frame that executes opcodes with memory, in a world that gives them their items and takes what they leave. A forger may edit rows; all
 * that comes after goes on from what they send, and every table is true. What stays open on the bus is the lie itself.
 */
export class MemoryWorld {
  readonly rows: TraceRow[] = [];
  readonly machine: FrameMachine;
  readonly memory = new FollowedMemory();
  readonly #terms: Term[] = [];
  readonly #code = new Map<bigint, number>();

  constructor(exec: Partial<Exec> = {}) {
    const start = {
      ts: 1_000n,
      call: 77n,
      code: 3n,
      pc: 0n,
      sp: 0n,
      gas: 1n << 30n,
      work: 1n << 44n,
      mem: 0n,
      jrn: 5n,
      refund: 6n,
    };
    this.machine = new FrameMachine({ ...start, ...exec }, FRAME);
    Object.assign(this.machine, { memory: this.memory });
    this.#terms.push(term(1n, 'EXEC', this.machine.exec));
  }

  /** Executes `op` on these items, topmost first, then edits its rows. */
  do(op: number, args: readonly bigint[], edit: EditRows = () => {}, pretence: Pretence = {}): this {
    const { machine } = this;
    const below = machine.stack.length;
    this.#push(args);
    const before = machine.exec;
    this.#code.set(before.pc, op);
    if (pretence.args !== undefined) {
      machine.stack.length = below;
      for (const value of [...pretence.args].reverse()) machine.stack.push({ ts: before.ts - 1n, value });
    }
    machine.exec = { ...before, ...pretence.exec };
    const from = machine.rows.length;
    const builder = pretence.op ?? op;
    STEPS[builder]!(machine, builder);
    if (machine.rows.length === from) throw new Error(`opcode 0x${op.toString(16)} made no row`);
    const made = machine.rows.slice(from).map((row, i) => {
      const draft = new Draft(row.row);
      if (i === 0 && pretence.exec !== undefined)
        draft.set(
          'exec',
          (draft.columns.exec as bigint[]).map((_, k) => Object.values(before)[k]!),
        );
      edit(draft, i);
      return { ...row, row: draft.columns as RowOf<Columns> };
    });
    // What the row pushes is taken from its tuples.
    machine.stack.length = below;
    this.rows.push(...made);
    this.#follow(made.flatMap(termsOf).filter(({ weight }) => weight === 1n));
    return this;
  }

  /** Adds a row of the forger's own. */
  add(chip: string, row: object): this {
    this.rows.push({ chip, row: row as TraceRow['row'], origin: `forged ${chip}` });
    return this;
  }

  /** Lets `memcell` rows give birth to the words that rows expanded to, and take their ends. */
  finish(edit: EditRows = () => {}): this {
    const expansions = this.rows.flatMap(termsOf).flatMap(({ weight, tuple }) => {
      const { call, ...words } = namedOf<'MEMNEW'>(tuple);
      const own = tuple.name === 'MEMNEW' && weight === 1n && call === this.machine.exec.call;
      // A walk that cannot be made leaves its MEMNEW on the bus.
      return own && words.from < words.to && words.to < LONGEST ? [words] : [];
    });
    this.memory.expansions.splice(0, Infinity, ...expansions);
    memoryRows(this.memory, this.machine.exec.call, 'end').forEach((row, i) => {
      const draft = new Draft(row.row);
      edit(draft, i);
      this.rows.push({ ...row, row: draft.columns as RowOf<Columns> });
    });
    return this;
  }

  /** What does not balance: without lookups of what is true, as all tables are filled, and items left on the stack, which are drained. */
  open(): Imbalance[] {
    const { exec, end, keccaks } = this.machine;
    const rest = end === undefined ? term(-1n, 'EXEC', exec) : term(-1n, 'END', end);
    const rows = this.rows.map((row) => ({ origin: row.origin, terms: termsOf(row) }));
    const hashes = new Set(keccakTerms(keccaks.entries).flatMap(({ terms }) => terms.map(({ tuple }) => keyOf(tuple))));
    const isHeld = (tuple: Tuple) => hashes.has(keyOf(tuple)) || this.#isTrue(tuple);
    return imbalances([...rows, { origin: 'world', terms: [...this.#terms, rest] }]).filter(({ tuple, surplus }) =>
      surplus > 0n ? tuple.name !== 'STACK' : !isHeld(tuple),
    );
  }

  /** A row of the world that pushes items, topmost first. */
  #push(args: readonly bigint[]): void {
    const { machine } = this;
    const { ts, call, sp, pc } = machine.exec;
    const next = { ...machine.exec, ts: ts + 1n, pc: pc + 1n, sp: sp + BigInt(args.length) };
    this.#terms.push(term(-1n, 'EXEC', machine.exec), term(1n, 'EXEC', next));
    [...args].reverse().forEach((value, i) => {
      this.#terms.push(term(1n, 'STACK', { ts, call, idx: sp + BigInt(i), ...halves(value) }));
      machine.stack.push({ ts, value });
    });
    machine.exec = next;
  }

  /** Goes on from what rows send. */
  #follow(sent: readonly Term[]): void {
    const { machine } = this;
    for (const { tuple } of sent) {
      if (tuple.name === 'EXEC') machine.exec = namedOf<'EXEC'>(tuple);
      if (tuple.name === 'END') machine.end = namedOf<'END'>(tuple);
      if (tuple.name !== 'STACK') continue;
      const { ts, hi, lo } = namedOf<'STACK'>(tuple);
      machine.stack.push({ ts, value: fromLimbs(hi, lo) });
    }
    const words = sent.filter(({ tuple }) => tuple.name === 'MEM').map(({ tuple }) => namedOf<'MEM'>(tuple));
    const own = words.filter(({ call }) => call === machine.exec.call);
    this.memory.follow(own.map(({ word, ts, hi, lo }) => [word, { ts, value: fromLimbs(hi, lo) }]));
  }

  /** Whether a table holds this tuple. */
  #isTrue(tuple: Tuple): boolean {
    if (tuple.name !== 'CODE') return isInTable(tuple);
    const [op, code, pc] = tuple.values as [bigint, bigint, bigint];
    return code === this.machine.exec.code && this.#code.get(pc) === Number(op);
  }
}

/** Words that a forger has rows for. */
const LONGEST = 1n << 16n;

const FRAME = {
  tx: 2n,
  address: address(1n),
  caller: address(2n),
  value: 0n,
  price: 1n,
  data: new Uint8Array(),
  code: new Uint8Array(),
  header: headerOf(RULES_V2, address(3n)),
};

/** Words as bytes. */
export function bytesOfWords(...words: readonly bigint[]): Uint8Array {
  return Uint8Array.from(words.flatMap((word) => [...toBytes(word, { size: 32 })]));
}

/** keccak-256 as a word. */
export function digestOf(bytes: Uint8Array): bigint {
  return BigInt(keccak256(bytes));
}
