import { keccak256 } from 'viem';
import { RULES_V1 } from '../../src/batch/rules.js';
import { type Imbalance, imbalances } from '../../src/bus/balance.js';
import { fromLimbs, toLimbs } from '../../src/bus/field.js';
import { fieldsOf, type TupleName } from '../../src/bus/layout.js';
import { type Term, type Tuple, type TupleFields, term } from '../../src/bus/tuple.js';
import type { Columns, RowOf, TraceRow } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { memoryCost } from '../../src/chips/lib/expand.js';
import type { Exec } from '../../src/chips/lib/step.js';
import { keccakTerms } from '../../src/l1/code-terms.js';
import { Machine } from '../../src/trace/machine.js';
import { Memory, type MemoryWord } from '../../src/trace/memory.js';
import { memoryRows } from '../../src/trace/memory-rows.js';
import { STEPS } from '../../src/trace/steps/index.js';
import { address, headerOf } from './execution.js';
import { Draft, type Edit } from './execution-forger.js';

/** What a forger pretends while a row is built; the row is honest about that other world, and its `exec` is set right afterwards. */
export interface Pretence {
  /** Items, topmost first. */
  readonly args?: readonly bigint[];
  readonly exec?: Partial<Exec>;
}

/** A memory whose words can be what a forged row left. */
class FollowedMemory extends Memory {
  readonly #left = new Map<bigint, MemoryWord>();

  follow(word: bigint, left: MemoryWord): void {
    this.#left.set(word, left);
  }

  override at(word: bigint): MemoryWord {
    return this.#left.get(word) ?? super.at(word);
  }

  override access(word: bigint, ts: bigint, value?: bigint): ReturnType<Memory['access']> {
    const accessed = super.access(word, ts, value);
    this.#left.delete(word);
    return accessed;
  }
}

/**
 * A frame that executes opcodes with memory, in a world that gives them their items and takes what they leave. A forger may edit rows; all
 * that comes after goes on from what they send, and every table is true. What stays open on the bus is the lie itself.
 */
export class MemoryWorld {
  readonly rows: TraceRow[] = [];
  readonly machine: Machine;
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
    this.machine = new Machine({ ...start, ...exec }, FRAME);
    Object.assign(this.machine, { memory: this.memory });
    this.#terms.push(term(1n, 'EXEC', this.machine.exec));
  }

  /** Executes `op` on these items, topmost first, then edits its row; of several rows row number `at`. */
  do(op: number, args: readonly bigint[], edit: Edit = () => {}, at = 0, pretence: Pretence = {}): this {
    const { machine } = this;
    this.#push(args);
    const before = machine.exec;
    this.#code.set(before.pc, op);
    if (pretence.args !== undefined) {
      machine.stack.length -= args.length;
      for (const value of [...pretence.args].reverse()) machine.stack.push({ ts: before.ts - 1n, value });
    }
    machine.exec = { ...before, ...pretence.exec };
    const from = machine.rows.length;
    const results = machine.stack.length - args.length;
    STEPS[op]!(machine, op);
    if (machine.rows.length === from) throw new Error(`opcode 0x${op.toString(16)} made no row`);
    const made = machine.rows.slice(from).map((row, i) => {
      const draft = new Draft(row.row);
      if (i === 0 && pretence.exec !== undefined)
        draft.set(
          'exec',
          (draft.columns.exec as bigint[]).map((_, k) => Object.values(before)[k]!),
        );
      if (i === at) edit(draft);
      return { ...row, row: draft.columns as RowOf<Columns> };
    });
    // What the row pushes is taken from its tuples; a halt leaves items where they are.
    if (machine.end === undefined) machine.stack.length = results;
    this.rows.push(...made);
    for (const one of made.flatMap(termsOf)) this.#follow(one);
    return this;
  }

  /** Edits the last row of a chip, after the fact. */
  amend(chip: string, edit: Edit): this {
    const at = this.rows.findLastIndex((row) => row.chip === chip);
    const draft = new Draft(this.rows[at]!.row);
    edit(draft);
    this.rows[at] = { ...this.rows[at]!, row: draft.columns as RowOf<Columns> };
    return this;
  }

  /** Adds a row of the forger's own. */
  add(chip: string, row: object): this {
    this.rows.push({ chip, row: row as TraceRow['row'], origin: `forged ${chip}` });
    return this;
  }

  /** Lets `memcell` rows give birth to the words that rows expanded to, and take their ends. */
  finish(edit: (row: Draft, i: number) => unknown = () => {}): this {
    const expansions = this.rows.flatMap(termsOf).flatMap(({ weight, tuple }) => {
      const { call, ...words } = named<'MEMNEW'>(tuple);
      return tuple.name === 'MEMNEW' && weight === 1n && call === this.machine.exec.call ? [words] : [];
    });
    this.memory.expansions.splice(0, Infinity, ...expansions);
    memoryRows(this.memory, this.machine.exec.call, 'end').forEach((row, i) => {
      const draft = new Draft(row.row);
      edit(draft, i);
      this.rows.push({ ...row, row: draft.columns as RowOf<Columns> });
    });
    return this;
  }

  /** What does not balance: lookups of what is true, all tables being filled, are left out. */
  open(): Imbalance[] {
    const { exec, end, keccaks } = this.machine;
    const left = this.machine.stack.map(({ ts, value }, idx) =>
      term(-1n, 'STACK', { ts, call: exec.call, idx: BigInt(idx), ...halves(value) }),
    );
    const rest = end === undefined ? term(-1n, 'EXEC', exec) : term(-1n, 'END', end);
    const rows = this.rows.map((row) => ({ origin: row.origin, terms: termsOf(row) }));
    const true_ = new Set(keccakTerms(keccaks.entries).flatMap(({ terms }) => terms.map(({ tuple }) => keyOf(tuple))));
    return imbalances([...rows, { origin: 'world', terms: [...this.#terms, ...left, rest] }]).filter(
      ({ tuple, surplus }) => surplus > 0n || !(true_.has(keyOf(tuple)) || this.#isTrue(tuple)),
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

  /** Goes on from what a row sends. */
  #follow({ weight, tuple }: Term): void {
    if (weight !== 1n) return;
    const { machine } = this;
    if (tuple.name === 'EXEC') machine.exec = named<'EXEC'>(tuple);
    if (tuple.name === 'END') machine.end = named<'END'>(tuple);
    if (tuple.name === 'STACK') {
      const { ts, hi, lo } = named<'STACK'>(tuple);
      machine.stack.push({ ts, value: fromLimbs(hi, lo) });
    }
    if (tuple.name === 'MEM') {
      const { word, ts, hi, lo } = named<'MEM'>(tuple);
      this.memory.follow(word, { ts, value: fromLimbs(hi, lo) });
    }
  }

  /** Whether a table holds this tuple. */
  #isTrue(tuple: Tuple): boolean {
    const [x, y, z] = tuple.values as [bigint, bigint, bigint];
    const tables: Partial<Record<TupleName, () => boolean>> = {
      RANGE12: () => x < 4096n,
      BYTE: () => x < 256n,
      POW2: () => x < 128n && y === 1n << x,
      EXPANSION: () => y < z && z <= 1n << 44n && x === memoryCost(z) - memoryCost(y),
      CODE: () => y === this.machine.exec.code && this.#code.get(z) === Number(x),
    };
    return tables[tuple.name]?.() ?? false;
  }
}

const FRAME = {
  tx: 2n,
  address: address(1n),
  caller: address(2n),
  value: 0n,
  price: 1n,
  data: new Uint8Array(),
  code: new Uint8Array(),
  header: headerOf(RULES_V1, address(3n)),
};

/** keccak-256 of a word or two, as a word. */
export function hashOf(...words: readonly bigint[]): bigint {
  return BigInt(keccak256(`0x${words.map((word) => word.toString(16).padStart(64, '0')).join('')}`));
}

function termsOf({ chip, row }: TraceRow): Term[] {
  return CHIPS[chip]!.terms(row);
}

function halves(value: bigint): { hi: bigint; lo: bigint } {
  const [hi, lo] = toLimbs(value);
  return { hi, lo };
}

function keyOf({ name, values }: Tuple): string {
  return `${name} ${values.join()}`;
}

function named<N extends TupleName>({ name, values }: Tuple): TupleFields<N> {
  return Object.fromEntries(fieldsOf(name).map((field, i) => [field, values[i]])) as unknown as TupleFields<N>;
}
