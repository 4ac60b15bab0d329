import { type Address, numberToHex } from 'viem';
import { fieldsOf } from '../bus/layout.js';
import type { Term, Tuple } from '../bus/tuple.js';
import type { TraceRow } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import { hex } from './account-cells.js';

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

function changesIn({ origin, chip }: TraceRow, before: Named, after: Named): Change[] {
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
  return fields
    .filter(([, from, to]) => from !== to)
    .map(([field, from, to]) => ({ address, field, from, to, origin, chip }));
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

/** A wrong field in plain words, one sentence a line. */
export function explain({ address, field, claimed, truth, changes }: Wrong): string[] {
  const what = field.startsWith('0x') ? `slot ${field} of ${address}` : `the ${field} of ${address}`;
  const last = changes.at(-1);
  const head = `${what} is claimed to be ${claimed}, and is ${truth} after the batch.`;
  if (last === undefined) return [head, '  Nothing in the batch changes it.'];
  return [head, ...changes.map(({ origin, chip, from, to }) => `  ${origin}: ${from} -> ${to} (a row of ${chip})`)];
}
