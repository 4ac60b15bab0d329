import type { ParsedTx } from '../../batch/types.js';
import { toLimbs } from '../../bus/field.js';
import { type Term, type TupleFields, term } from '../../bus/tuple.js';
import { rangeTerms, valueOfLimbs } from './range.js';

/** Columns that every row of a parsed transaction has; mirror of `circuits/lib/transaction.circom`. */
export const TRANSACTION_COLUMNS = {
  en: 1,
  ts: 1,
  tx: 1,
  gasUsed: 1,
  jrn: 1,
  sender: 1,
  nonce: 1,
  valueHi: 1,
  valueLo: 1,
  to: 1,
  gasLimit: 1,
  intrinsic: 1,
  priceHi: 1,
  priceLo: 1,
  tipHi: 1,
  tipLo: 1,
  maxCostHi: 1,
  maxCostLo: 1,
  dataLen: 1,
  use: 1,
  reserve: 1,
} as const;

/** The values of {@link TRANSACTION_COLUMNS}. */
export type TransactionCells = { readonly [K in keyof typeof TRANSACTION_COLUMNS]: bigint };

/** All of them 0: a row that is not used. */
export const NO_TRANSACTION = Object.fromEntries(
  Object.keys(TRANSACTION_COLUMNS).map((column) => [column, 0n]),
) as TransactionCells;

/** The state between transactions: what a BETWEEN tuple carries. */
export type Between = TupleFields<'BETWEEN'>;

/** The fields of a `TX` tuple. */
export function txFields(tx: ParsedTx, idx: bigint): TupleFields<'TX'> {
  const [valueHi, valueLo] = toLimbs(tx.value);
  const [priceHi, priceLo] = toLimbs(tx.price);
  const [tipHi, tipLo] = toLimbs(tx.tip);
  const [maxCostHi, maxCostLo] = toLimbs(tx.maxCost);
  return {
    idx,
    sender: BigInt(tx.sender),
    to: BigInt(tx.to),
    nonce: tx.nonce,
    valueHi,
    valueLo,
    gasLimit: tx.gasLimit,
    intrinsic: tx.intrinsic,
    priceHi,
    priceLo,
    tipHi,
    tipLo,
    maxCostHi,
    maxCostLo,
    dataLen: tx.dataLen,
    use: tx.use,
    reserve: tx.reserve,
  };
}

/** The shared columns of the row that handles `tx` in the state `between`. */
export function transactionCells(tx: ParsedTx, { ts, tx: idx, gasUsed, jrn }: Between): TransactionCells {
  const { idx: _, ...fields } = txFields(tx, idx);
  return { en: 1n, ts, tx: idx, gasUsed, jrn, ...fields };
}

/** The term of `TxTuple()`: TX received. */
export function txTerm({ en, tx, ts: _, gasUsed: _g, jrn: _j, ...fields }: TransactionCells): Term {
  return term(-en, 'TX', { idx: tx, ...fields });
}

/** The seven terms of `Transaction(step, runs)`: TX, BETWEEN received, BETWEEN sent, four RANGE12. */
export function transactionTerms(row: TransactionCells, spare: readonly bigint[], step: bigint, runs: boolean): Term[] {
  const { en, ts, tx, gasUsed, jrn } = row;
  const left = valueOfLimbs(spare) + (runs ? row.reserve : 0n);
  const between = { ts, tx, gasUsed, work: left + row.use, jrn };
  return [
    txTerm(row),
    term(-en, 'BETWEEN', between),
    term(en, 'BETWEEN', {
      ts: ts + step,
      tx: tx + 1n,
      gasUsed: gasUsed + (runs ? row.intrinsic : 0n),
      work: left,
      jrn,
    }),
    ...rangeTerms(en, spare),
  ];
}
