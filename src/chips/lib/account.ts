import { type Account, EMPTY_CODE_HASH } from '../../batch/types.js';
import { toLimbs } from '../../bus/field.js';
import { type Term, type TupleFields, term } from '../../bus/tuple.js';
import { limbsOf, rangeTerms, valueOfLimbs } from './range.js';

/** Cells of one account access; mirror of `circuits/lib/account.circom` (`ACCESS()`). */
export const ACCESS = 14;

/** keccak("") as limbs. */
export const EMPTY_CODE = toLimbs(BigInt(EMPTY_CODE_HASH));

/** An account cell between two accesses: the values of an ACCT tuple without its address. */
export interface AccountCell {
  /** Time of the last access, 0 at the start of a batch. */
  readonly ts: bigint;
  readonly nonce: bigint;
  /** Wei, 256 bits. */
  readonly balance: bigint;
  /** Code hash, 256 bits. */
  readonly code: bigint;
  /** Transaction (from 1) that touched the account last, 0 at the start. */
  readonly tx: bigint;
  readonly warm: bigint;
  /** Transaction that created the account last, 0: it existed before. */
  readonly birth: bigint;
  /** 1: destroyed at the end of transaction `tx`. */
  readonly flags: bigint;
}

/** The cell that L1 sends at the start of a batch. */
export function initialCell({ nonce, balance, codeHash }: Account): AccountCell {
  return { ts: 0n, nonce, balance, code: BigInt(codeHash), tx: 0n, warm: 0n, birth: 0n, flags: 0n };
}

/** The cell as a row of transaction `tx` sees it: refreshed when this is the first touch in that transaction. */
export function refreshed(cell: AccountCell, tx: bigint): AccountCell {
  if (cell.tx === tx) return cell;
  const base = { ...cell, warm: 0n, flags: 0n, tx };
  return cell.flags === 1n ? { ...base, nonce: 0n, balance: 0n, code: BigInt(EMPTY_CODE_HASH), birth: tx } : base;
}

/**
 * The committed cells of an access at `time` in transaction `tx` to an account last left as `cell`.
 * Throws ChipError `CHIP_VALUE_OUT_OF_RANGE` when the cell is not older than the access.
 */
export function accessCells(cell: AccountCell, time: bigint, tx: bigint): bigint[] {
  const first = cell.tx === tx ? 0n : 1n;
  return [
    cell.nonce,
    ...toLimbs(cell.balance),
    ...toLimbs(cell.code),
    cell.warm,
    cell.birth,
    cell.flags,
    first,
    ...limbsOf(time - cell.ts - 1n, 3),
    ...limbsOf(tx - cell.tx - first, 2),
  ];
}

/** Access cells that satisfy every constraint and say nothing: an account without code, touched before. */
export const EMPTY_ACCESS: readonly bigint[] = [0n, 0n, 0n, ...EMPTY_CODE, ...Array<bigint>(9).fill(0n)];

/** Where and when an access happens, and what the row changes after the refresh. */
export interface AccessContext {
  readonly en: bigint;
  readonly addr: bigint;
  /** Time of the access. */
  readonly time: bigint;
  /** The transaction. */
  readonly tx: bigint;
  /** Added to the nonce. */
  readonly up?: bigint;
  /** Replaces the balance (hi, lo). */
  readonly balance?: readonly [hi: bigint, lo: bigint];
}

/** The seven terms of one access: ACCT received and sent, five RANGE12. */
export function accessTerms(cells: readonly bigint[], { en, addr, time, tx, up = 0n, balance }: AccessContext): Term[] {
  const [nonce, balHi, balLo, codeHi, codeLo, warm, birth, flags, first] = cells as Nine;
  const dead = first * flags;
  const seen = (value: bigint, empty: bigint) => value + dead * (empty - value);
  const [newHi, newLo] = balance ?? [seen(balHi, 0n), seen(balLo, 0n)];
  const received: TupleFields<'ACCT'> = {
    ts: time - 1n - valueOfLimbs(cells.slice(9, 12)),
    addr,
    nonce,
    balHi,
    balLo,
    codeHi,
    codeLo,
    tx: tx - first - valueOfLimbs(cells.slice(12, 14)),
    warm,
    birth,
    flags,
  };
  const sent: TupleFields<'ACCT'> = {
    ts: time,
    addr,
    nonce: seen(nonce, 0n) + up,
    balHi: newHi,
    balLo: newLo,
    codeHi: seen(codeHi, EMPTY_CODE[0]),
    codeLo: seen(codeLo, EMPTY_CODE[1]),
    tx,
    warm: warm * (1n - first),
    birth: seen(birth, tx),
    flags: flags * (1n - first),
  };
  return [term(-en, 'ACCT', received), term(en, 'ACCT', sent), ...rangeTerms(en, cells.slice(9, 14))];
}

type Nine = [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
