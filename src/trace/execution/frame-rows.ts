import { fromHex } from '../../batch/bytes.js';
import type { Header, ParsedTx } from '../../batch/types.js';
import { toLimbs } from '../../bus/field.js';
import type { TupleFields } from '../../bus/tuple.js';
import type { RowOf } from '../../chips/chip.js';
import { frame } from '../../chips/frame.js';
import type { AccountCell } from '../../chips/lib/account.js';
import { limbs128, limbsOf } from '../../chips/lib/range.js';
import type { Exec } from '../../chips/lib/step.js';
import { transactionCells } from '../../chips/lib/transaction.js';
import { type txbegin, workAtStart } from '../../chips/txbegin.js';
import type { txend } from '../../chips/txend.js';
import { TraceError } from '../../errors/trace.js';
import { PRICES } from '../../evm/gas.js';
import type { RowSink } from '../sink.js';
import type { AccountCells } from './account-cells.js';
import { type Amount, credited, debited, totalOf } from './balances.js';
import type { NumberedCode } from './batch-machine.js';
import { type BatchState, type Frame, FrameMachine } from './machine.js';
import type { Between, Step } from './transaction-rows.js';
import { hasCode, reasonOf } from './validity.js';

/** What a transaction to a code begins in. */
export interface BeginState extends Partial<BatchState> {
  readonly accounts: AccountCells;
}

/** The rows of a begin, and what goes on from them. */
export interface Begun {
  readonly begin: RowOf<typeof txbegin.columns>;
  /** Its multiplicities are 0: they follow from all rows of the frame. */
  readonly frame: RowOf<typeof frame.columns>;
  /** In its state before the first step, after the `warm` rows. */
  readonly machine: FrameMachine;
  /** Time of the first `warm` row. */
  readonly warmFrom: bigint;
  readonly saved: TupleFields<'SAVED'>;
}

/**
 * The begin of a transaction to an account with code. Touches sender and recipient. The steps' rows go to `sink`, else to `machine.rows`.
 * @throws TraceError `TRACE_NOT_VALID` when it must be skipped in this state, or its recipient has no code
 * @throws TraceError `TRACE_OVERFLOW` when a balance would exceed 256 bits
 */
export function beginRow(
  tx: ParsedTx,
  between: Between,
  header: Header,
  batch: BeginState,
  code: NumberedCode,
  sink?: RowSink,
): Begun {
  const { accounts } = batch;
  const { ts, tx: T, gasUsed, work } = between;
  const { gasLimit, price, value } = tx;
  const sender = accounts.touch(BigInt(tx.sender), ts + 1n, T, ({ nonce, balance }) => ({
    nonce: nonce + 1n,
    balance: balance - gasLimit * price - value,
  }));
  const recipient = accounts.touch(BigInt(tx.to), ts + 2n, T, ({ balance }) => ({ balance: balance + value }));
  const codeLen = BigInt(code.bytes.length);
  const gasLeft = header.gasLimit - gasUsed;
  const situation = { tx, sender: sender.seen, gasLeft, workLeft: work - tx.use };
  const reason = hasCode(recipient.seen) ? reasonOf(situation) : 'its recipient has no code';
  if (reason !== undefined) {
    throw new TraceError('TRACE_NOT_VALID', `Transaction ${T} does not begin: ${reason}.`, {
      hint: 'The outcomes of the replay do not belong to its access list.',
    });
  }
  const [hi, lo] = toLimbs(sender.seen.balance);
  const [maxHi, maxLo] = toLimbs(tx.maxCost);
  const same = hi === maxHi;
  const paid = debited(sender.seen.balance, { units: gasLimit, price, value });
  const got = credited(recipient.seen.balance, { units: 0n, price, value });
  const spare = situation.workLeft - tx.reserve;
  const begin = {
    ...transactionCells(tx, between),
    code: code.id,
    codeLen,
    count: BigInt(tx.keys.length),
    senderCell: sender.cells,
    recipientCell: recipient.cells,
    senderNewHi: paid.hi,
    senderNewLo: paid.lo,
    recipientNewHi: got.hi,
    recipientNewLo: got.lo,
    senderCarry: limbsOf(paid.carry, 6),
    recipientCarry: got.carry,
    same: same ? 1n : 0n,
    slack: limbsOf(same ? lo - maxLo : hi - maxHi - 1n, 11),
    spareGas: limbsOf(gasLeft - gasLimit, 6),
    spare: limbsOf(spare, 4),
  };
  const start = startOf(begin, workAtStart(spare, gasLimit, codeLen));
  return {
    begin,
    frame: frameRow(begin),
    machine: new FrameMachine(start, frameOf(tx, T, header, code.bytes), batch, sink),
    warmFrom: ts + 3n,
    saved: savedOf(begin),
  };
}

type BeginRow = Begun['begin'];

/** The machine before the first step: EXEC as txbegin sends it. */
function startOf({ ts, count, code, gasLimit, intrinsic, jrn }: BeginRow, work: bigint): Exec {
  const still = { pc: 0n, sp: 0n, mem: 0n, refund: 0n };
  return { ts: ts + 3n + count, call: ts, code, gas: gasLimit - intrinsic, work, jrn, ...still };
}

function frameOf(tx: ParsedTx, T: bigint, header: Header, code: Uint8Array): Frame {
  const { to: address, sender: caller, value, price } = tx;
  return { tx: T, address, caller, value, price, data: fromHex(tx.data), code, header };
}

function frameRow(begin: BeginRow): Begun['frame'] {
  const { ts: call, tx, sender, to, valueHi, valueLo, priceHi, priceLo, dataLen, codeLen } = begin;
  const [addrHi, addrLo] = addressLimbs(to);
  const [callerHi, callerLo] = addressLimbs(sender);
  const payment = { valueHi, valueLo, priceHi, priceLo };
  const m = Array<bigint>(frame.columns.m).fill(0n);
  return { en: 1n, call, tx, dataLen, codeLen, addrHi, addrLo, callerHi, callerLo, ...payment, m };
}

function savedOf(begin: BeginRow): TupleFields<'SAVED'> {
  const { ts: call, tx, gasUsed, sender, to, valueHi, valueLo, gasLimit, priceHi, priceLo, tipHi, tipLo, jrn } = begin;
  return { call, tx, gasUsed, sender, to, valueHi, valueLo, gasLimit, priceHi, priceLo, tipHi, tipLo, jrn };
}

/** An address in the limbs of the frame row's two parts. */
function addressLimbs(address: bigint): readonly [hi: readonly bigint[], lo: readonly bigint[]] {
  const [hi, lo] = toLimbs(address);
  return [limbsOf(hi, 3), limbs128(lo)];
}

/**
 * The end of a transaction that ran code, once its frame has ended and, after a failure, its journal is undone. Touches sender,
 * recipient and fee recipient in `cells`.
 * @throws TraceError `TRACE_OVERFLOW` when a balance would exceed 256 bits
 */
export function endRow(
  end: TupleFields<'END'>,
  saved: TupleFields<'SAVED'>,
  { feeRecipient }: Pick<Header, 'feeRecipient'>,
  cells: AccountCells,
): Step<RowOf<typeof txend.columns>> {
  const { ts, call, ok, gas, work, jrn, refund } = end;
  const { tx, gasLimit, jrn: jrnSaved, gasUsed } = saved;
  const word = (hi: bigint, lo: bigint) => (hi << 128n) + lo;
  const coinbase = BigInt(feeRecipient);
  const used = gasLimit - gas;
  const fifth = used / BigInt(PRICES.refundQuotient);
  const capped = refund > fifth;
  const paid = used - (capped ? fifth : refund);
  const value = ok === 1n ? 0n : word(saved.valueHi, saved.valueLo);

  const back = { units: gasLimit - paid, price: word(saved.priceHi, saved.priceLo), value };
  const tip = { units: paid, price: word(saved.tipHi, saved.tipLo), value: 0n };
  const more = (amount: Amount) => (seen: AccountCell) => ({ balance: seen.balance + totalOf(amount) });
  const sender = cells.touch(saved.sender, ts + 1n, tx, more(back));
  const recipient = cells.touch(saved.to, ts + 2n, tx, ({ balance }) => ({ balance: balance - value }));
  const fees = cells.touch(coinbase, ts + 3n, tx, more(tip));
  const senderNew = credited(sender.seen.balance, back);
  const recipientNew = debited(recipient.seen.balance, { units: 0n, price: 0n, value });
  const coinbaseNew = credited(fees.seen.balance, tip);
  return {
    row: {
      ...saved,
      en: 1n,
      ts,
      call,
      ok,
      gas,
      work,
      jrn,
      jrnSaved,
      coinbase,
      coinbaseHi: coinbase >> 128n,
      senderCell: sender.cells,
      recipientCell: recipient.cells,
      coinbaseCell: fees.cells,
      senderNewHi: senderNew.hi,
      senderNewLo: senderNew.lo,
      recipientNewHi: recipientNew.hi,
      recipientNewLo: recipientNew.lo,
      coinbaseNewHi: coinbaseNew.hi,
      coinbaseNewLo: coinbaseNew.lo,
      senderCarry: limbsOf(senderNew.carry, 6),
      recipientCarry: recipientNew.carry,
      coinbaseCarry: limbsOf(coinbaseNew.carry, 6),
      fifth: limbsOf(fifth, 6),
      capped: capped ? 1n : 0n,
      excess: limbsOf(capped ? refund - fifth - 1n : fifth - refund, 6),
    },
    next: { ts: ts + 4n, tx: tx + 1n, gasUsed: gasUsed + paid, work, jrn },
  };
}
