import type { Hex } from 'viem';
import type { AccountAccess, BadTx, Header, ParsedTx, Rules, SlotAccess } from '../batch/types.js';
import type { Origin } from '../bus/balance.js';
import { toLimbs } from '../bus/field.js';
import { type Term, term } from '../bus/tuple.js';
import { txFields } from '../chips/lib/transaction.js';
import { OP } from '../evm/opcodes.js';
import { runTerms } from './code-terms.js';
import type { TableRun } from './table-code.js';

/** The seven fields of BLOCK, by the opcode that reads them, in the order of the tables' `blockUses` (FORMATS.md, "Tables"). */
export const BLOCK_FIELDS = [
  OP.COINBASE,
  OP.TIMESTAMP,
  OP.NUMBER,
  OP.PREVRANDAO,
  OP.GASLIMIT,
  OP.CHAINID,
  OP.BASEFEE,
] as const;

/** The last BETWEEN's free fields, as the tables carry them. */
export interface ExecutionEnd {
  /** Time at the end, below 2^48. */
  readonly ts: bigint;
  readonly gasUsed: bigint;
  /** Work left. */
  readonly work: bigint;
  /** Journal length, 0 without Solidity code. */
  readonly jrn: bigint;
}

/** What L1 knows when it contributes the tuples of execution. */
export interface ExecutionInput {
  readonly rules: Rules;
  readonly header: Header;
  /** The items that are read (not cut off), parsed, in order. */
  readonly items: readonly (ParsedTx | BadTx)[];
  readonly end: ExecutionEnd;
  /** Multiplicities of {@link BLOCK_FIELDS}, in their order. */
  readonly blockUses: readonly bigint[];
  readonly accessList: readonly AccountAccess[];
  /** The items that run code, with what their frames read. */
  readonly runs?: readonly TableRun[];
}

/**
 * L1's tuples of a batch's execution: parts 1 to 4 of FORMATS.md, "L1's tuples", in that order. Accounts and items
 * must have been checked by the caller (sorted, read count, widths); this only states what L1 puts on the bus.
 */
export function executionTerms(input: ExecutionInput): Origin[] {
  const { rules, header, items, end, blockUses, accessList } = input;
  const runs = new Map(input.runs?.map(({ item, uses }) => [item, uses]));
  const start = { ts: 0n, tx: 1n, gasUsed: 0n, work: rules.workBudget, jrn: 0n };
  return [
    { origin: 'L1: start of the batch', terms: [term(1n, 'BETWEEN', start)] },
    { origin: 'L1: end of the batch', terms: [term(-1n, 'BETWEEN', { ...end, tx: BigInt(items.length) + 1n })] },
    { origin: 'L1: block', terms: blockTerms(header, blockUses) },
    ...items.map((item, i) => ({ origin: `L1: transaction ${i + 1}`, terms: itemTerms(item, i + 1, runs.get(i + 1)) })),
    ...accessList.map((access) => ({ origin: `L1: account ${access.address}`, terms: accountTerms(access) })),
  ];
}

/** What an opcode among {@link BLOCK_FIELDS} reads. */
export function blockValue(header: Header, field: (typeof BLOCK_FIELDS)[number]): bigint {
  const values: Record<(typeof BLOCK_FIELDS)[number], bigint> = {
    [OP.COINBASE]: BigInt(header.feeRecipient),
    [OP.TIMESTAMP]: header.timestamp,
    [OP.NUMBER]: header.number,
    [OP.PREVRANDAO]: BigInt(header.originHash),
    [OP.GASLIMIT]: header.gasLimit,
    [OP.CHAINID]: header.chainId,
    [OP.BASEFEE]: header.baseFee,
  };
  return values[field];
}

function blockTerms(header: Header, blockUses: readonly bigint[]): Term[] {
  return BLOCK_FIELDS.map((field, i) => {
    const [hi, lo] = toLimbs(blockValue(header, field));
    return term(blockUses[i] ?? 0n, 'BLOCK', { field: BigInt(field), hi, lo });
  });
}

function itemTerms(item: ParsedTx | BadTx, idx: number, uses: readonly bigint[] | undefined): Term[] {
  const runs = uses === undefined || item.kind === 'bad' ? [] : runTerms(BigInt(idx), item, uses);
  return [itemTerm(item, BigInt(idx)), ...runs];
}

/** The one linear tuple of a read item; idx counts from 1. */
export function itemTerm(item: ParsedTx | BadTx, idx: bigint): Term {
  return item.kind === 'bad' ? term(1n, 'TXBAD', { idx, use: item.use }) : term(1n, 'TX', txFields(item, idx));
}

function accountTerms({ address, pre, post, slots = [] }: AccountAccess): Term[] {
  const addr = BigInt(address);
  const start = { ts: 0n, tx: 0n, warm: 0n, birth: 0n, flags: 0n };
  return [
    term(1n, 'ACCT', { addr, nonce: pre.nonce, ...limbs(pre.balance, pre.codeHash), ...start }),
    term(-1n, 'ACCTEND', { addr, nonce: post.nonce, ...limbs(post.balance, post.codeHash) }),
    ...slots.flatMap((slot) => slotTerms(addr, slot)),
  ];
}

function slotTerms(addr: bigint, { key, pre, post }: SlotAccess): Term[] {
  const [keyHi, keyLo] = toLimbs(BigInt(key));
  const [origHi, origLo] = toLimbs(pre);
  const [curHi, curLo] = toLimbs(post);
  const start = { ts: 0n, curHi: origHi, curLo: origLo, origHi, origLo, tx: 0n, warm: 0n };
  return [
    term(1n, 'SLOT', { addr, keyHi, keyLo, ...start }),
    term(-1n, 'SLOTEND', { addr, keyHi, keyLo, curHi, curLo }),
  ];
}

function limbs(balance: bigint, codeHash: Hex) {
  const [balHi, balLo] = toLimbs(balance);
  const [codeHi, codeLo] = toLimbs(BigInt(codeHash));
  return { balHi, balLo, codeHi, codeLo };
}
