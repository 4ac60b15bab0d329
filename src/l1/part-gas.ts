import type { Hex } from 'viem';
import { byteLength } from '../batch/bytes.js';
import { decodePart, type PartKind } from '../proof/parts.js';
import { RECORD_BYTES } from '../proof/record.js';
import { ACCOUNT_BYTES, MORE_SLOTS, SLOT_BYTES } from '../statement/table-accounts.js';
import { TableReader } from '../statement/table-bytes.js';
import { MAX_TRANSACTION_BYTES, MAX_TRANSACTION_GAS } from './limits.js';

/** Bytes of a transaction that are not parts: envelope and signature, selector, statement, seed, ids of games. */
const ENVELOPE_BYTES = 1_500;
/** Bytes of the ABI around each part: offset, length, filling. */
const PART_BYTES = 96;

/** What a transaction with parts comes to. */
export interface Size {
  /** Gas by an estimate that is never below what it takes. */
  readonly gas: number;
  /** Bytes of the whole transaction, at most. */
  readonly bytes: number;
}

/**
 * Gas of execution, as measured (`test/l1/part-gas.test.ts` holds it against L1) and a tenth more. Not more exact than that: it says what
 * fits a transaction, not what is paid.
 */
export const GAS = {
  /** A transaction; around its parts the session that `begin` writes and `feed` goes on with, or `prove` with 16 games settled. */
  ...{ transaction: 21_000, begin: 190_000, feed: 45_000, prove: 1_500_000 },
  /** A part, and each of its bytes: copied and hashed. */
  ...{ part: 3_000, byte: 1 },
  head: 12_000,
  /**
   * A read item, each of its bytes, and if it runs, its bytes again and words of its data. Bytes are dearest as addresses of an access
   * list, 23 each: data take a fifth of that.
   */
  ...{ item: 11_000, itemByte: 31, run: 2_000, runByte: 24, word: 360, cutOff: 500 },
  ...{ account: 5_200, slot: 2_900, further: 2_500 },
  ...{ code: 2_500, codeByte: 5, contract: 120_000 },
  ...{ pair: 900, hash: 1_500, hashByte: 11 },
  /** Proofs: each, each of another shape than the one before, and a part of them. */
  ...{ proof: 57_000, shape: 100_000, proofs: 135_000 },
} as const;

/** What a part comes to. */
export interface PartMeasure {
  readonly kind: PartKind;
  /** Gas of execution, without calldata and without what a transaction costs. */
  readonly gas: number;
  readonly bytes: number;
  /** Bytes that are 0. */
  readonly zeros: number;
}

/**
 * What each part of a bundle comes to, or each of its first parts: what one takes depends on those before it.
 * @throws StatementError `WrongKind`, `BadTables` when they are not whole entries
 */
export function measureParts(parts: readonly Hex[]): PartMeasure[] {
  const state = { read: 0, items: 0, open: false };
  return parts.map((part) => {
    const { kind, body } = decodePart(part);
    const bytes = byteLength(part);
    const gas = GAS.part + GAS.byte * bytes + METERS[kind](new TableReader(body), state);
    return { kind, gas, bytes, zeros: zerosOf(part) };
  });
}

/** What a transaction with these parts comes to: `begin` when the head is among them, else `feed`. */
export function sizeOfFeed(parts: readonly PartMeasure[]): Size {
  return sizeOf(parts, parts.some(({ kind }) => kind === 'head') ? GAS.begin : GAS.feed);
}

/** What `Dispute.prove` with these parts comes to, the games that it settles included. */
export function sizeOfProve(parts: readonly PartMeasure[]): Size {
  return sizeOf(parts, GAS.prove);
}

/** Whether L1 takes a transaction of that size. */
export function fitsTransaction({ gas, bytes }: Size): boolean {
  return gas <= MAX_TRANSACTION_GAS && bytes <= MAX_TRANSACTION_BYTES;
}

/** EIP-2028's price of calldata and the execution, or EIP-7623's floor. */
function sizeOf(parts: readonly PartMeasure[], around: number): Size {
  const sum = (field: 'gas' | 'bytes' | 'zeros') => parts.reduce((total, part) => total + part[field], 0);
  // Half of what stands around the parts counts as bytes that are not zero.
  const envelope = ENVELOPE_BYTES + PART_BYTES * parts.length;
  const zeros = sum('zeros') + envelope / 2;
  const others = sum('bytes') - sum('zeros') + envelope / 2;
  const gas = Math.max(4 * zeros + 16 * others + around + sum('gas'), 10 * zeros + 40 * others);
  return { gas: GAS.transaction + gas, bytes: sum('bytes') + envelope };
}

function zerosOf(hex: Hex): number {
  let zeros = 0;
  for (let i = 2; i < hex.length; i += 2) if (hex.charCodeAt(i) === 48 && hex.charCodeAt(i + 1) === 48) zeros++;
  return zeros;
}

/** What of the parts before decides what a part takes. */
interface Walk {
  read: number;
  items: number;
  open: boolean;
}

const METERS: Readonly<Record<PartKind, (reader: TableReader, walk: Walk) => number>> = {
  head(reader, walk) {
    walk.read = reader.number(4);
    return GAS.head;
  },
  transactions: (reader, walk) => each(reader, () => itemGas(reader, ++walk.items <= walk.read)),
  accounts: (reader, walk) => each(reader, () => accountGas(reader, walk)),
  codes: (reader) => each(reader, () => codeGas(reader)),
  keccaks: (reader) => each(reader, () => keccakGas(reader)),
  proofs(reader) {
    let last = -1;
    const proofs = each(reader, () => {
      const shape = reader.number(1);
      reader.bytes(RECORD_BYTES - 1);
      const another = shape !== last;
      last = shape;
      return GAS.proof + (another ? GAS.shape : 0);
    });
    return GAS.proofs + proofs;
  },
};

function each(reader: TableReader, entry: () => number): number {
  let gas = 0;
  while (reader.left > 0) gas += entry();
  return gas;
}

function itemGas(reader: TableReader, isRead: boolean): number {
  const length = reader.number(3);
  if (!isRead) {
    reader.bytes(32);
    return GAS.cutOff;
  }
  const run = reader.number(2);
  reader.bytes(length);
  const gas = GAS.item + GAS.itemByte * length;
  if (run === 0) return gas;
  reader.bytes(3 * (run - 1));
  return gas + GAS.run + GAS.runByte * length + GAS.word * (run - 1);
}

function accountGas(reader: TableReader, walk: Walk): number {
  reader.bytes(ACCOUNT_BYTES - 2);
  const count = reader.number(2);
  const further = walk.open;
  if (further) {
    reader.bytes(34);
    reader.bytes(reader.number(2));
  }
  walk.open = count >= MORE_SLOTS;
  const slots = count % MORE_SLOTS;
  reader.bytes(SLOT_BYTES * slots);
  return (further ? GAS.further : GAS.account) + GAS.slot * slots;
}

function codeGas(reader: TableReader): number {
  const inline = reader.number(1) === 0;
  reader.bytes(6);
  if (!inline) {
    reader.bytes(52);
    return GAS.contract;
  }
  const length = reader.number(3);
  reader.bytes(length);
  return GAS.code + GAS.codeByte * length;
}

function keccakGas(reader: TableReader): number {
  const pair = reader.number(1) === 0;
  reader.bytes(3);
  const length = pair ? 64 : reader.number(3);
  reader.bytes(length);
  return pair ? GAS.pair : GAS.hash + GAS.hashByte * length;
}
