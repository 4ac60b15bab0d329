import { concat, type Hex } from 'viem';
import { byteLength } from '../batch/bytes.js';
import { StatementError } from '../errors/statement.js';
import { BLOCK_FIELDS } from './execution-terms.js';
import type { TableAccount } from './table-accounts.js';
import { field, TableReader, usesField } from './table-bytes.js';
import type { TableCode, TableKeccak, TableRun } from './table-code.js';

export { ACCOUNT_BYTES, SLOT_BYTES, type TableAccount, type TableSlot } from './table-accounts.js';
export type { TableCode, TableKeccak, TableRun } from './table-code.js';

/** What the head of a bundle's parts says (FORMATS.md, "Parts"). */
export interface TablesHead {
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
}

/** What the prover supplies to L1 beside transactions and proofs. */
export interface Tables extends TablesHead {
  /** By strictly ascending address. */
  readonly accounts: readonly TableAccount[];
  /** By strictly ascending item: the transactions that run code. */
  readonly runs: readonly TableRun[];
  /** By strictly ascending hash. */
  readonly codes: readonly TableCode[];
  readonly keccaks: readonly TableKeccak[];
}

/** Bytes of the head. */
export const HEAD_BYTES = 56;

/** The tables of a batch that runs no code. */
export const NO_CODE: Pick<Tables, 'runs' | 'codes' | 'keccaks'> = { runs: [], codes: [], keccaks: [] };

/**
 * The head's bytes.
 * @throws StatementError `BadTables` when a value does not fit its field; BusError `BUS_TOO_MANY_USES`
 */
export function encodeHead({ read, ts, gasUsed, work, jrn, uses, blockUses }: TablesHead): Hex {
  if (blockUses.length !== BLOCK_FIELDS.length) {
    throw new StatementError('BadTables', `blockUses has ${blockUses.length} entries, not ${BLOCK_FIELDS.length}.`);
  }
  return concat([
    field(BigInt(read), 4, 'read'),
    field(ts, 6, 'ts'),
    field(gasUsed, 8, 'gasUsed'),
    field(work, 8, 'work'),
    field(jrn, 6, 'jrn'),
    usesField(uses, 'uses'),
    ...blockUses.map((times) => usesField(times, 'blockUses')),
  ]);
}

/**
 * The inverse of {@link encodeHead}.
 * @throws StatementError `BadTables`
 */
export function decodeHead(bytes: Hex): TablesHead {
  if (byteLength(bytes) !== HEAD_BYTES) {
    throw new StatementError('BadTables', `the head has ${byteLength(bytes)} bytes, not ${HEAD_BYTES}.`);
  }
  const reader = new TableReader(bytes);
  const [read, ts, gasUsed, work, jrn, uses] = [4, 6, 8, 8, 6, 3].map((size) => reader.integer(size)) as Six;
  const blockUses = BLOCK_FIELDS.map(() => reader.integer(3));
  return { read: Number(read), ts, gasUsed, work, jrn, uses, blockUses };
}

type Six = [bigint, bigint, bigint, bigint, bigint, bigint];
