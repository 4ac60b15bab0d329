import { type Address, concat, type Hex, keccak256 } from 'viem';
import { byteLength } from '../batch/bytes.js';
import { StatementError } from '../errors/statement.js';
import { checkAscending } from './table-accounts.js';
import { bytesField, entriesOf, field, usesField } from './table-bytes.js';

/** A transaction that runs code: how often each word of its calldata is read. */
export interface TableRun {
  /** Its number in the batch, from 1. */
  readonly item: number;
  /** Multiplicities of TXDATA below 2^24, by word; words behind the last one are not read. */
  readonly uses: readonly bigint[];
}

/** A code that runs; its id is its place in the list, from 1. */
export type TableCode = (
  | { readonly kind: 'inline'; readonly code: Hex }
  /** The code of a contract on L1, and its hash. */
  | { readonly kind: 'contract'; readonly address: Address; readonly hash: Hex }
) & {
  /** Multiplicities of CODEBLOB and CODELEN, below 2^24. */
  readonly blobUses: bigint;
  readonly lenUses: bigint;
};

/** A hash that the batch computes; its id is its place in the list, from 1. */
export interface TableKeccak {
  /** Two words are KECCAK64; anything else, and they too, can be KECCAK and KWORD. */
  readonly kind: 'pair' | 'general';
  readonly input: Hex;
  /** Multiplicity, below 2^24, of KECCAK64, or of KECCAK and each KWORD. */
  readonly uses: bigint;
}

/** The hash that a code has or names. */
function codeHashOf(code: TableCode): Hex {
  return code.kind === 'inline' ? keccak256(code.code) : code.hash;
}

/** The codes as entries. Throws StatementError `BadTables`, `NotSorted` (by hash), `EmptyCode`. */
export function encodeCodes(codes: readonly TableCode[]): Hex[] {
  checkCodes(codes);
  return codes.map((code) => {
    const head = [field(code.kind === 'inline' ? 0n : 1n, 1, 'kind')];
    head.push(usesField(code.blobUses, 'blobUses'), usesField(code.lenUses, 'lenUses'));
    return concat(
      code.kind === 'inline'
        ? [...head, field(BigInt(byteLength(code.code)), 3, 'length'), code.code]
        : [...head, bytesField(code.address, 20, 'address'), bytesField(code.hash, 32, 'hash')],
    );
  });
}

/** The codes of all parts with codes. Throws as {@link encodeCodes}. */
export function decodeCodes(bodies: readonly Hex[]): TableCode[] {
  const codes = entriesOf(bodies, (entry): TableCode => {
    const kind = kindOf(entry.number(1));
    const [blobUses, lenUses] = [entry.integer(3), entry.integer(3)];
    if (kind === 0) return { kind: 'inline', blobUses, lenUses, code: entry.bytes(entry.number(3)) };
    return { kind: 'contract', blobUses, lenUses, address: entry.bytes(20), hash: entry.bytes(32) };
  });
  checkCodes(codes);
  return codes;
}

/** The hashes as entries. Throws StatementError `BadTables`. */
export function encodeKeccaks(keccaks: readonly TableKeccak[]): Hex[] {
  return keccaks.map(({ kind, input, uses }) =>
    concat(
      kind === 'pair'
        ? ['0x00', usesField(uses, 'uses'), bytesField(input, 64, 'pair')]
        : ['0x01', usesField(uses, 'uses'), field(BigInt(byteLength(input)), 3, 'length'), input],
    ),
  );
}

/** The hashes of all parts with hashes. Throws StatementError `BadTables`. */
export function decodeKeccaks(bodies: readonly Hex[]): TableKeccak[] {
  return entriesOf(bodies, (entry): TableKeccak => {
    const kind = kindOf(entry.number(1));
    const uses = entry.integer(3);
    if (kind === 0) return { kind: 'pair', uses, input: entry.bytes(64) };
    return { kind: 'general', uses, input: entry.bytes(entry.number(3)) };
  });
}

function kindOf(kind: number): 0 | 1 {
  if (kind === 0 || kind === 1) return kind;
  throw new StatementError('BadTables', `An entry has the kind ${kind}.`);
}

function checkCodes(codes: readonly TableCode[]): void {
  if (codes.some((code) => code.kind === 'inline' && byteLength(code.code) === 0)) {
    throw new StatementError('EmptyCode', 'a code has no bytes.');
  }
  checkAscending(codes.map(codeHashOf), 'Code');
}
