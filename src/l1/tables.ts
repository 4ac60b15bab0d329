import { concat, type Hex } from 'viem';
import { byteLength } from '../batch/bytes.js';
import { StatementError } from '../errors/statement.js';
import { BLOCK_FIELDS } from './execution-terms.js';
import { decodeAccounts, encodeAccounts, type TableAccount } from './table-accounts.js';
import { field, TableReader, usesField } from './table-bytes.js';
import {
  decodeCodes,
  decodeKeccaks,
  decodeRuns,
  encodeCodes,
  encodeKeccaks,
  encodeRuns,
  type TableCode,
  type TableKeccak,
  type TableRun,
} from './table-code.js';

export { ACCOUNT_BYTES, SLOT_BYTES, type TableAccount, type TableSlot } from './table-accounts.js';
export type { TableCode, TableKeccak, TableRun } from './table-code.js';

/** What the prover supplies to L1 beside the proofs (FORMATS.md, "Tables"). */
export interface Tables {
  /** Items that are not cut off. */
  readonly read: number;
  /** Time after the last row, below 2^48. */
  readonly ts: bigint;
  readonly gasUsed: bigint;
  /** Work left. */
  readonly work: bigint;
  /** Journal length, below 2^48. */
  readonly jrn: bigint;
  /** How often the pre-state's root is looked up, below 2^24. */
  readonly uses: bigint;
  /** How often each of {@link BLOCK_FIELDS} is looked up, below 2^24, in their order. */
  readonly blockUses: readonly bigint[];
  /** By strictly ascending address. */
  readonly accounts: readonly TableAccount[];
  /** By strictly ascending item: the transactions that run code. */
  readonly runs: readonly TableRun[];
  /** By strictly ascending hash. */
  readonly codes: readonly TableCode[];
  readonly keccaks: readonly TableKeccak[];
}

/** Bytes before the accounts. */
export const HEAD_BYTES = 68;

/** The sections of a batch that runs no code. */
export const NO_CODE: Pick<Tables, 'runs' | 'codes' | 'keccaks'> = { runs: [], codes: [], keccaks: [] };

/**
 * The tables' bytes.
 * @throws StatementError `BadTables` when a value does not fit its field, `NotSorted`, `BadRun`, `EmptyCode`; BusError
 * `BUS_TOO_MANY_USES`
 */
export function encodeTables(tables: Tables): Hex {
  const { blockUses } = tables;
  if (blockUses.length !== BLOCK_FIELDS.length) {
    throw new StatementError('BadTables', `blockUses has ${blockUses.length} entries, not ${BLOCK_FIELDS.length}.`);
  }
  const sections = [
    encodeAccounts(tables.accounts),
    encodeRuns(tables.runs),
    encodeCodes(tables.codes),
    encodeKeccaks(tables.keccaks),
  ];
  return concat([
    field(BigInt(tables.read), 4, 'read'),
    field(tables.ts, 6, 'ts'),
    field(tables.gasUsed, 8, 'gasUsed'),
    field(tables.work, 8, 'work'),
    field(tables.jrn, 6, 'jrn'),
    usesField(tables.uses, 'uses'),
    ...blockUses.map((uses) => usesField(uses, 'blockUses')),
    ...sections.map((section) => field(BigInt(byteLength(section)), 3, 'length of a section')),
    ...sections,
  ]);
}

/**
 * The tables of a bundle.
 * @throws StatementError `BadTables`, `NotSorted`, `BadRun`, `EmptyCode`
 */
export function decodeTables(bytes: Hex): Tables {
  const reader = new TableReader(bytes);
  const [read, ts, gasUsed, work, jrn, uses] = [4, 6, 8, 8, 6, 3].map((size) => reader.integer(size)) as HeadFields;
  const blockUses = BLOCK_FIELDS.map(() => reader.integer(3));
  const [accounts, runs, codes, keccaks] = [1, 2, 3, 4].map(() => reader.number(3)) as Lengths;
  if (reader.left !== accounts + runs + codes + keccaks) {
    throw new StatementError('BadTables', `${byteLength(bytes)} bytes are not a head and its sections.`);
  }
  const section = (length: number) => new TableReader(reader.bytes(length));
  return {
    ...{ read: Number(read), ts, gasUsed, work, jrn, uses, blockUses },
    accounts: decodeAccounts(section(accounts)),
    runs: decodeRuns(section(runs)),
    codes: decodeCodes(section(codes)),
    keccaks: decodeKeccaks(section(keccaks)),
  };
}

type HeadFields = [bigint, bigint, bigint, bigint, bigint, bigint];
type Lengths = [number, number, number, number];
