import type { BadTx, Header, ParsedTx } from '../../batch/types.js';
import { toLimbs } from '../../bus/field.js';
import type { TupleFields } from '../../bus/tuple.js';
import type { cellend } from '../../chips/cellend.js';
import type { RowOf } from '../../chips/chip.js';
import { type AccountCell, refreshed } from '../../chips/lib/account.js';
import { limbs128, limbsOf } from '../../chips/lib/range.js';
import { transactionCells } from '../../chips/lib/transaction.js';
import type { transfer } from '../../chips/transfer.js';
import type { txbad } from '../../chips/txbad.js';
import { TraceError } from '../../errors/trace.js';
import type { AccountCells } from './account-cells.js';
import { hasCode, reasonOf } from './validity.js';

/** The state between transactions: BETWEEN's fields (`tx` is the next transaction). */
export type Between = TupleFields<'BETWEEN'>;

/** A row and the state after it. */
export interface Step<Row> {
  readonly row: Row;
  readonly next: Between;
}

type Block = Pick<Header, 'feeRecipient' | 'gasLimit'>;

const MASK128 = (1n << 128n) - 1n;

/** The row of an item that L1 found bad. */
export function badRow({ use }: BadTx, between: Between): Step<RowOf<typeof txbad.columns>> {
  const { ts, tx, gasUsed, work, jrn } = between;
  return {
    row: { en: 1n, ts, tx, gasUsed, jrn, use, left: limbsOf(work - use, 4) },
    next: { ...between, ts: ts + 1n, tx: tx + 1n, work: work - use },
  };
}

/**
 * The row of an executed transfer. Touches sender, recipient and fee recipient in `cells`.
 * @throws TraceError `TRACE_NOT_VALID` when the transaction must be skipped in this state: no row executes it
 * @throws TraceError `TRACE_OVERFLOW` when a balance would exceed 256 bits (a supply above 2^256: no row exists)
 */
export function transferRow(
  tx: ParsedTx,
  between: Between,
  block: Block,
  cells: AccountCells,
): Step<RowOf<typeof transfer.columns>> {
  const { ts, tx: T, gasUsed, work } = between;
  const coinbase = BigInt(block.feeRecipient);
  const fee = tx.intrinsic * tx.price;
  const tip = tx.intrinsic * tx.tip;

  const sender = cells.touch(BigInt(tx.sender), ts + 1n, T, ({ nonce, balance }) => ({
    nonce: nonce + 1n,
    balance: balance - fee - tx.value,
  }));
  const recipient = cells.touch(BigInt(tx.to), ts + 2n, T, ({ balance }) => ({ balance: balance + tx.value }));
  const fees = cells.touch(coinbase, ts + 3n, T, ({ balance }) => ({ balance: balance + tip }));

  const gasLeft = block.gasLimit - gasUsed;
  const situation = { tx, sender: sender.seen, gasLeft, workLeft: work - tx.use };
  const broken = hasCode(recipient.seen) ? 'its recipient has code' : reasonOf(situation);
  if (broken !== undefined) {
    throw new TraceError('TRACE_NOT_VALID', `Transaction ${T} is not to be executed: ${broken}.`, {
      hint: 'The outcomes of the replay do not belong to its access list.',
    });
  }

  const [hi, lo] = toLimbs(sender.seen.balance);
  const [maxHi, maxLo] = toLimbs(tx.maxCost);
  const [valueHi, valueLo] = toLimbs(tx.value);
  const [priceHi, priceLo] = toLimbs(tx.price);
  const [tipHi, tipLo] = toLimbs(tx.tip);
  const same = hi === maxHi;
  // What goes from the low half to the high one; the shifts floor, so that a deficit is a negative number of 2^128.
  const senderCarry = -((lo - tx.intrinsic * priceLo - valueLo) >> 128n);
  const recipientLo = (recipient.seen.balance & MASK128) + valueLo;
  const feesLo = (fees.seen.balance & MASK128) + tx.intrinsic * tipLo;
  const half = (value: bigint) => limbs128(fits(value, T));

  return {
    row: {
      ...transactionCells(tx, between),
      coinbase,
      coinbaseHi: coinbase >> 128n,
      senderCell: sender.cells,
      recipientCell: recipient.cells,
      coinbaseCell: fees.cells,
      senderNewHi: limbs128(hi - tx.intrinsic * priceHi - valueHi - senderCarry),
      senderNewLo: limbs128((lo - tx.intrinsic * priceLo - valueLo) & MASK128),
      recipientNewHi: half((recipient.seen.balance >> 128n) + valueHi + (recipientLo >> 128n)),
      recipientNewLo: limbs128(recipientLo & MASK128),
      coinbaseNewHi: half((fees.seen.balance >> 128n) + tx.intrinsic * tipHi + (feesLo >> 128n)),
      coinbaseNewLo: limbs128(feesLo & MASK128),
      senderCarry: limbsOf(senderCarry, 6),
      recipientCarry: recipientLo >> 128n,
      coinbaseCarry: limbsOf(feesLo >> 128n, 6),
      same: same ? 1n : 0n,
      slack: limbsOf(same ? lo - maxLo : hi - maxHi - 1n, 11),
      spareGas: limbsOf(gasLeft - tx.gasLimit, 6),
      spare: limbsOf(work - tx.use - tx.reserve, 4),
    },
    next: { ...between, ts: ts + 4n, tx: T + 1n, gasUsed: gasUsed + tx.intrinsic, work: work - tx.use },
  };
}

function fits(half: bigint, tx: bigint): bigint {
  if (half <= MASK128) return half;
  throw new TraceError('TRACE_OVERFLOW', `Transaction ${tx} brings a balance above 2^256 - 1.`, {
    hint: 'The pre-state holds more than 2^256 wei, which no rollup of this version can reach.',
  });
}

/** The row that ends the cell of an account. */
export function cellEndRow(addr: bigint, cell: AccountCell): RowOf<typeof cellend.columns> {
  const { balance, code, ...rest } = cell;
  const [balHi, balLo] = toLimbs(balance);
  const [codeHi, codeLo] = toLimbs(code);
  return { en: 1n, addr, balHi, balLo, codeHi, codeLo, ...rest };
}

/** What an account is after the batch, given its last cell: empty when it is destroyed at the end of its last transaction. */
export function endOf(cell: AccountCell): Pick<AccountCell, 'nonce' | 'balance' | 'code'> {
  const { nonce, balance, code } = refreshed(cell, cell.tx + 1n);
  return { nonce, balance, code };
}
