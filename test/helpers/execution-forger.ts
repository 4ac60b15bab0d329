import type { Address } from 'viem';
import {
  type Account,
  EMPTY_ACCOUNT,
  type Header,
  type ParsedTx,
  type Rules,
  type SkipReason,
} from '../../src/batch/types.js';
import { mod, toLimbs } from '../../src/bus/field.js';
import { fieldsOf, type TupleName } from '../../src/bus/layout.js';
import { type Term, type TupleFields, term } from '../../src/bus/tuple.js';
import type { Columns, RowOf, TraceRow } from '../../src/chips/chip.js';
import { type AccountCell, initialCell, refreshed } from '../../src/chips/lib/account.js';
import { limbsOf, valueOfLimbs } from '../../src/chips/lib/range.js';
import { BLOCK_FIELDS } from '../../src/statement/execution-terms.js';
import { AccountCells } from '../../src/trace/execution/account-cells.js';
import { skipRow } from '../../src/trace/execution/skip-rows.js';
import { type Between, badRow, cellEndRow, endOf, transferRow } from '../../src/trace/execution/transaction-rows.js';
import { reasonOf } from '../../src/trace/execution/validity.js';
import type { Item } from './execution.js';
import { type ExecutionBundle, termsOf } from './execution-bus.js';

/** A row while a forger edits it, column by column. */
export class Draft {
  readonly columns: Record<string, bigint | readonly bigint[]>;

  constructor(row: RowOf<Columns>) {
    this.columns = { ...row };
  }

  /** A column of one element. */
  get(name: string): bigint {
    return this.columns[name] as bigint;
  }

  /** The value of a column of limbs. */
  value(name: string): bigint {
    return valueOfLimbs(this.columns[name] as readonly bigint[]);
  }

  /** Replaces a column: an element, or a list. */
  set(name: string, value: bigint | readonly bigint[]): this {
    const old = this.columns[name];
    if (old === undefined || Array.isArray(old) !== Array.isArray(value)) throw new Error(`no such column: ${name}`);
    this.columns[name] = value;
    return this;
  }

  /** Replaces elements of a list by their number. */
  put(name: string, elements: Readonly<Record<number, bigint>>): this {
    return this.set(
      name,
      (this.columns[name] as readonly bigint[]).map((old, i) => elements[i] ?? old),
    );
  }

  /** Lets limbs stand for `value`, in range when that is possible, else all of it in the lowest one. */
  limbs(name: string, value: bigint): this {
    const count = (this.columns[name] as readonly bigint[]).length;
    const fits = value >= 0n && value < 1n << BigInt(12 * count);
    return this.set(name, fits ? limbsOf(value, count) : [mod(value), ...Array<bigint>(count - 1).fill(0n)]);
  }

  /** Adds to what limbs stand for. */
  add(name: string, amount: bigint): this {
    return this.limbs(name, this.value(name) + amount);
  }
}

/** Changes a row in place. */
export type Edit = (row: Draft) => unknown;

/** What a forger pretends while a row is built; the row is honest about that other world. */
export interface Pretence {
  readonly between?: Partial<Between>;
  readonly block?: Partial<Pick<Header, 'feeRecipient' | 'gasLimit'>>;
  /** Cells as the row is to see them. */
  readonly sees?: Readonly<Record<Address, Partial<AccountCell>>>;
}

/**
 * A prover that lies in one place and is consistent everywhere else: whatever a row sends after it was edited, the rows
 * after it, the claimed post state and the tables go on from. What remains open on the bus is the lie itself.
 */
export class Forger {
  readonly rows: TraceRow[] = [];
  /** L1's tuples beside those of FORMATS.md. */
  readonly extra: Term[] = [];
  between: Between;
  readonly cells: AccountCells;
  readonly #touched: Set<Address>;
  /** The tuple that each account's last access sent, limb by limb as it was sent. */
  readonly #last = new Map<bigint, TupleFields<'ACCT'>>();

  constructor(
    readonly rules: Rules,
    readonly header: Header,
    readonly items: readonly Item[],
    readonly state: ReadonlyMap<Address, Account>,
    listed: readonly Address[],
  ) {
    this.between = { ts: 0n, tx: 1n, gasUsed: 0n, work: rules.workBudget, jrn: 0n };
    this.#touched = new Set(listed);
    const parties = items.flatMap((item) => (item.kind === 'tx' ? [item.sender, item.to] : []));
    const known = [...new Set([...state.keys(), ...listed, ...parties, header.feeRecipient])];
    this.cells = new AccountCells(known.map((address) => ({ address, pre: state.get(address) ?? EMPTY_ACCOUNT })));
  }

  /** Lets L1 hand over a cell that only a later version can have (destroyed, created in a transaction). */
  inherit(address: Address, patch: Partial<AccountCell>): this {
    const addr = BigInt(address);
    const old = initialCell(this.state.get(address) ?? EMPTY_ACCOUNT);
    this.cells.set(addr, { ...old, ...patch });
    this.extra.push(term(-1n, 'ACCT', cellTuple(addr, old)), term(1n, 'ACCT', cellTuple(addr, { ...old, ...patch })));
    return this;
  }

  /** Executes `tx`, then edits the row. */
  transfer(tx: ParsedTx, edit: Edit = () => {}, pretence: Pretence = {}): this {
    return this.add('transfer', pretence, edit, (between, block) => transferRow(tx, between, block, this.cells).row);
  }

  /** Skips `tx` for `reason`, then edits the row. */
  skip(tx: ParsedTx, reason: SkipReason, edit: Edit = () => {}, pretence: Pretence = {}): this {
    return this.add(
      'txskip',
      pretence,
      edit,
      (between, block) => skipRow(tx, reason, between, { ...this.header, ...block }, this.cells).row,
    );
  }

  /** Skips a bad item, then edits the row. */
  bad(use: bigint, edit: Edit = () => {}): this {
    return this.add('txbad', {}, edit, (between) => badRow({ kind: 'bad', reason: '', use }, between).row);
  }

  /** Leaves an account out of what L1 lists. */
  unlist(address: Address): void {
    this.#touched.delete(address);
  }

  /** Does what is still to be done, as it should be. */
  rest(): this {
    for (const item of this.items.slice(Number(this.between.tx) - 1)) {
      const { gasUsed, work, tx } = this.between;
      if (item.kind === 'bad') this.bad(item.use);
      else {
        const sender = refreshed(this.cells.at(BigInt(item.sender)), tx);
        const left = { gasLeft: this.header.gasLimit - gasUsed, workLeft: work - item.use };
        const reason = reasonOf({ tx: item, sender, ...left });
        if (reason === undefined) this.executes(item);
        else this.skip(item, reason);
      }
    }
    return this;
  }

  /** A valid transaction. */
  protected executes(tx: ParsedTx): void {
    this.transfer(tx);
  }

  /** Lets an account's end take another cell than its last one. */
  lies(address: Address, patch: Partial<AccountCell>): this {
    this.#last.delete(BigInt(address));
    this.cells.set(BigInt(address), { ...this.cells.at(BigInt(address)), ...patch });
    return this;
  }

  /** Cells' ends, claimed post state and tables that fit the rows. */
  finish(): ExecutionBundle {
    const accessList = [...this.#touched].sort().map((address) => {
      const cell = this.cells.at(BigInt(address));
      const last = this.#last.get(BigInt(address));
      const row = last === undefined ? cellEndRow(BigInt(address), cell) : { en: 1n, ...last };
      this.rows.push({ chip: 'cellend', row, origin: `end of ${address}` });
      const { nonce, balance, code } = endOf(cell);
      const post = { nonce, balance, codeHash: `0x${code.toString(16).padStart(64, '0')}` as const };
      return { address, pre: this.state.get(address) ?? EMPTY_ACCOUNT, post };
    });
    const lookups = this.rows.flatMap(termsOf).filter(({ tuple }) => tuple.name === 'BLOCK');
    const uses = (field: number) =>
      lookups
        .filter(({ tuple }) => namedOf<'BLOCK'>(tuple).field === BigInt(field))
        .reduce((sum, { weight }) => sum - weight, 0n);
    const { rules, header, items, rows, between } = this;
    return { rules, header, items, rows, accessList, end: between, blockUses: BLOCK_FIELDS.map(uses) };
  }

  /** Builds an honest row of another world, edits it, and goes on from what it sends. */
  protected add(
    chip: string,
    { between, block, sees = {} }: Pretence,
    edit: Edit,
    build: (between: Between, block: Pick<Header, 'feeRecipient' | 'gasLimit'>) => RowOf<Columns>,
  ): this {
    for (const [address, cell] of Object.entries(sees)) {
      this.cells.set(BigInt(address), { ...this.cells.at(BigInt(address)), ...cell });
    }
    const honest = build({ ...this.between, ...between }, { ...this.header, ...block });
    const row = edited(honest, edit);
    const traceRow = { chip, row, origin: `transaction ${this.between.tx} (forged ${chip})` };
    this.rows.push(traceRow);
    this.follow(termsOf(traceRow));
    return this;
  }

  /** Goes on from what a row sends. */
  protected follow(terms: readonly Term[]): void {
    for (const { weight, tuple } of terms) {
      if (mod(weight) !== 1n) continue;
      if (tuple.name === 'BETWEEN') this.between = namedOf<'BETWEEN'>(tuple);
      if (tuple.name !== 'ACCT') continue;
      const sent = namedOf<'ACCT'>(tuple);
      this.cells.set(sent.addr, cellOf(sent));
      this.#last.set(sent.addr, sent);
    }
  }
}

/** A row after an edit. */
export function edited(row: RowOf<Columns>, edit: Edit = () => {}): RowOf<Columns> {
  const draft = new Draft(row);
  edit(draft);
  return draft.columns as RowOf<Columns>;
}

function cellOf({ addr: _, balHi, balLo, codeHi, codeLo, ...rest }: TupleFields<'ACCT'>): AccountCell {
  return { ...rest, balance: mod((balHi << 128n) + balLo), code: (codeHi << 128n) + codeLo };
}

function cellTuple(addr: bigint, { balance, code, ...rest }: AccountCell): TupleFields<'ACCT'> {
  const [balHi, balLo] = toLimbs(balance);
  const [codeHi, codeLo] = toLimbs(code);
  return { addr, balHi, balLo, codeHi, codeLo, ...rest };
}

/** The fields of a tuple by name. */
export function namedOf<N extends TupleName>({ name, values }: Term['tuple']): TupleFields<N> {
  return Object.fromEntries(fieldsOf(name).map((field, i) => [field, values[i]])) as TupleFields<N>;
}
