import { concat, type Hex } from 'viem';
import { StatementError } from '../errors/statement.js';
import { decodePart, encodePart, PART_KINDS, type PartKind } from '../proof/parts.js';
import type { Mode } from '../proof/types.js';
import { decodeItems, encodeItems, type L1Item } from './l1-transactions.js';
import { decodeAccounts, encodeAccounts } from './table-accounts.js';
import { decodeCodes, decodeKeccaks, encodeCodes, encodeKeccaks } from './table-code.js';
import { decodeHead, encodeHead, type Tables } from './tables.js';

/** What L1 is told beside the proofs. */
export interface Content {
  readonly mode: Mode;
  readonly tables: Tables;
  readonly items: readonly L1Item[];
}

/** Kinds of parts that are lists of entries, in their order. */
export const TABLE_KINDS = ['transactions', 'accounts', 'codes', 'keccaks'] as const satisfies readonly PartKind[];
export type TableKind = (typeof TABLE_KINDS)[number];

/** A content as whole entries, between which parts may end. */
export interface Entries extends Readonly<Record<TableKind, readonly Hex[]>> {
  /** The one body of the head. */
  readonly head: Hex;
}

/**
 * The entries of a content, in L1's order.
 * @param slots of one entry of an account at most
 * @throws StatementError `BadTables` when a value does not fit its field, `NotSorted`, `BadRun`, `EmptyCode`, `WrongTransactions`
 */
export function encodeEntries({ mode, tables, items }: Content, slots?: number): Entries {
  return {
    head: encodeHead(tables),
    transactions: encodeItems(items, tables.runs),
    accounts: encodeAccounts(tables.accounts, mode, slots),
    codes: encodeCodes(tables.codes),
    keccaks: encodeKeccaks(tables.keccaks),
  };
}

/** The parts of a content, each kind that has entries in one. Throws as {@link encodeEntries}. */
export function encodeParts(content: Content): Hex[] {
  const { head, ...lists } = encodeEntries(content);
  const tables = TABLE_KINDS.filter((kind) => lists[kind].length > 0).map((kind) =>
    encodePart(kind, concat(lists[kind])),
  );
  return [encodePart('head', head), ...tables];
}

/**
 * What L1 reads from the parts of a bundle, wherever their borders are; those with proofs are left out.
 * @throws StatementError `WrongKind`, `BadTables`, `NotSorted`, `WrongAccount`, `BadRun`, `EmptyCode`, `WrongTransactions`
 */
export function decodeParts(parts: readonly Hex[], mode: Mode): Content {
  const bodies = new Map<PartKind, Hex[]>();
  let last = 0;
  for (const [i, part] of parts.entries()) {
    const { kind, body } = decodePart(part);
    const number = PART_KINDS.indexOf(kind);
    if ((kind === 'head') !== (i === 0) || number < last) {
      throw new StatementError('WrongKind', `part ${i} is of kind ${kind}, which does not stand there.`);
    }
    last = number;
    bodies.set(kind, [...(bodies.get(kind) ?? []), body]);
  }
  const of = (kind: TableKind): Hex[] => bodies.get(kind) ?? [];
  const [head] = bodies.get('head') ?? [];
  if (head === undefined) throw new StatementError('WrongKind', 'the head is missing.');
  const read = decodeHead(head);
  const { items, runs } = decodeItems(of('transactions'), read.read);
  const accounts = decodeAccounts(of('accounts'), mode);
  const codes = decodeCodes(of('codes'));
  const keccaks = decodeKeccaks(of('keccaks'));
  return { mode, items, tables: { ...read, accounts, runs, codes, keccaks } };
}
