import { type Address, numberToHex } from 'viem';
import type { Replay } from '../batch/types.js';
import { fieldsOf } from '../bus/layout.js';
import type { Term, Tuple } from '../bus/tuple.js';
import type { TraceRow } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import { execOf, type StepCells } from '../chips/lib/step.js';
import { transactionText } from '../execution/outcome-text.js';
import { hex } from './execution/account-cells.js';

/** What a field of the state is called: `balance`, `nonce`, `codeHash`, or a slot's key. */
export type Field = string;

/** One row that changes one field of the state. */
export interface Change {
  readonly address: Address;
  readonly field: Field;
  readonly from: bigint;
  readonly to: bigint;
  /** The row in words: transaction, pc and opcode, or what the transaction does at its begin or end. */
  readonly origin: string;
  readonly chip: string;
  /** Number of its transaction in the batch, from 1. */
  readonly tx: number;
  /** Of a row of an opcode. */
  readonly pc?: number;
}

/**
 * Who changed what: read off the rows' own tuples. A row that touches an account or a slot receives its cell and sends it again;
 * where the two differ, the row changed it. In the order of time.
 */
export function changesOf(rows: readonly TraceRow[]): Change[] {
  return rows.flatMap((row) => {
    const terms = CHIPS[row.chip]!.terms(row.row).filter(({ tuple }) => tuple.name === 'ACCT' || tuple.name === 'SLOT');
    return pairs(terms).flatMap(([before, after]) => changesIn(row, before, after));
  });
}

/** Cells that a row receives and sends, each with the one that follows it in time. */
function pairs(terms: readonly Term[]): [before: Named, after: Named][] {
  const received = terms.filter(({ weight }) => isReceived(weight)).map(({ tuple }) => named(tuple));
  const sent = terms.filter(({ weight }) => !isReceived(weight) && weight !== 0n).map(({ tuple }) => named(tuple));
  // Both lists are in the order of the row's accesses, so the k-th received is the k-th sent.
  return received.flatMap((before, k): [Named, Named][] => (sent[k] === undefined ? [] : [[before, sent[k]]]));
}

/** A cell's fields by name. */
type Named = Readonly<Record<string, bigint>>;

function named({ name, values }: Tuple): Named {
  return Object.fromEntries(fieldsOf(name).map((field, i) => [field, values[i]!]));
}

function isReceived(weight: bigint): boolean {
  return weight < 0n || weight > 1n;
}

function changesIn({ origin, chip, row }: TraceRow, before: Named, after: Named): Change[] {
  const address = hex(before.addr!);
  const word = (cell: Named, name: string) => (cell[`${name}Hi`]! << 128n) + cell[`${name}Lo`]!;
  const fields: [Field, bigint, bigint][] =
    before.keyHi === undefined
      ? [
          ['nonce', before.nonce!, after.nonce!],
          ['balance', word(before, 'bal'), word(after, 'bal')],
          ['codeHash', word(before, 'code'), word(after, 'code')],
        ]
      : [[numberToHex(word(before, 'key'), { size: 32 }), word(before, 'cur'), word(after, 'cur')]];
  const pc = 'exec' in row ? { pc: Number(execOf(row as unknown as StepCells).pc) } : {};
  return fields
    .filter(([, from, to]) => from !== to)
    .map(([field, from, to]) => ({ address, field, from, to, origin, chip, tx: Number(after.tx), ...pc }));
}

/** A field whose value after the batch is not what is claimed. */
export interface Wrong {
  readonly address: Address;
  readonly field: Field;
  readonly claimed: bigint;
  readonly truth: bigint;
  /** Every row that changed it, in order; empty: nothing in the batch does. */
  readonly changes: readonly Change[];
}

/** Where a wrong claim leaves the truth. */
export interface Departure {
  /** The row that the claim contradicts. */
  readonly at: Change;
  /** How many changes the claim leaves out, from that row on; 0: the claim is no value that the field ever has. */
  readonly leftOut: number;
}

/** Undefined when nothing in the batch changes the field. */
export function departureOf({ claimed, changes }: Pick<Wrong, 'claimed' | 'changes'>): Departure | undefined {
  const stopped = changes.findLastIndex(({ from }) => from === claimed);
  const at = changes.at(stopped);
  return at && { at, leftOut: stopped < 0 ? 0 : changes.length - stopped };
}

/**
 * A wrong field in plain words, one sentence a line: claim and truth, the rows that change it, the transaction where the claim departs.
 * @param most rows shown, the one where the claim departs among them
 */
export function explain(wrong: Wrong, replay: Pick<Replay, 'batch' | 'outcomes' | 'accessList'>, most = 8): string[] {
  const { address, field, claimed, truth, changes } = wrong;
  const value = (of: bigint) => valueText(field, of);
  const head = `${fieldText(address, field)} is claimed to be ${value(claimed)}, and is ${value(truth)} after the batch.`;
  const departure = departureOf(wrong);
  if (departure === undefined) return [head, ...whyUnchanged(address, replay).map((line) => `  ${line}`)];
  const { at, leftOut } = departure;
  const end = Math.min(changes.length, changes.indexOf(at) + Math.ceil(most / 2));
  const shown = changes.slice(Math.max(0, end - most), end);
  const others = changes.length - shown.length;
  const name = transactionText(replay, at.tx);
  const rest = leftOut > 1 ? `, and ${count(leftOut - 1, 'change')} after it` : '';
  const verdict =
    leftOut > 0
      ? `The claimed value is the one before that row of ${name}: the claim leaves it out${rest}.`
      : `No row makes it ${value(claimed)}. The last one is of ${name}.`;
  return [
    head,
    ...shown.map(
      (change) =>
        `  ${changeText(change)} (a row of ${change.chip})${change === at && shown.length > 1 ? ' <- here' : ''}`,
    ),
    `  ${verdict}${others > 0 ? ` (${count(others, 'more row')}, not shown.)` : ''}`,
  ];
}

/** `transaction 4, pc 1123, SSTORE: 3 -> 9`. */
export function changeText({ origin, field, from, to }: Change): string {
  return `${origin}: ${valueText(field, from)} -> ${valueText(field, to)}`;
}

/** `slot 0x.. of 0x..`, `the balance of 0x..`. */
export function fieldText(address: Address, field: Field): string {
  return field.startsWith('0x') ? `slot ${field} of ${address}` : `the ${field} of ${address}`;
}

function valueText(field: Field, value: bigint): string {
  return field === 'codeHash' ? numberToHex(value, { size: 32 }) : value.toString();
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

/** Items that name the account and were skipped are what a wrong claim may have executed. */
function whyUnchanged(address: Address, replay: Pick<Replay, 'batch' | 'outcomes' | 'accessList'>): string[] {
  const touched = replay.accessList.some((access) => access.address === address);
  const skipped = replay.outcomes.flatMap((outcome, i) =>
    outcome.kind === 'skipped' && [outcome.tx.sender, outcome.tx.to].includes(address) ? [i + 1] : [],
  );
  return [
    `Nothing in the batch changes it${touched ? '' : ', which does not touch this account'}.`,
    ...skipped.map((item) => `It is named by ${transactionText(replay, item)}.`),
  ];
}
