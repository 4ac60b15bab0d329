import type { Address } from 'viem';
import { fromHex } from '../batch/bytes.js';
import type { Header, ParsedTx } from '../batch/types.js';
import { WORK } from '../batch/work.js';
import { toLimbs } from '../bus/field.js';
import type { TupleFields } from '../bus/tuple.js';
import type { RowOf } from '../chips/chip.js';
import type { frame } from '../chips/frame.js';
import { limbs128, limbsOf } from '../chips/lib/range.js';
import { transactionCells } from '../chips/lib/transaction.js';
import type { txbegin } from '../chips/txbegin.js';
import type { txend } from '../chips/txend.js';
import { TraceError } from '../errors/trace.js';
import type { AccountCells } from './account-cells.js';
import { credited, debited } from './balances.js';
import { type Frame, Machine } from './machine.js';
import type { Between, Step } from './transaction-rows.js';
import { hasCode, reasonOf, workReserved } from './validity.js';

/** The recipient's code. */
export interface CalledCode {
  /** L1's index of it. */
  readonly id: bigint;
  readonly bytes: Uint8Array;
}

/** The storage of a batch while its rows are made, for the machine. */
export type Storage = Pick<Machine, 'slots' | 'journal'>;

/** The rows of a begin, and what goes on from them. */
export interface Begun {
  readonly begin: RowOf<typeof txbegin.columns>;
  /** Its multiplicities are 0: they follow from all rows of the frame. */
  readonly frame: RowOf<typeof frame.columns>;
  /** In its state before the first step, after the `warm` rows. */
  readonly machine: Machine;
  /** Time of the first `warm` row. */
  readonly warmFrom: bigint;
  readonly saved: TupleFields<'SAVED'>;
}

const WHERE = 'The outcomes of the replay do not belong to its access list.';

/**
 * The begin of a transaction to an account with code. Touches sender and recipient in `cells`.
 * @throws TraceError `TRACE_NOT_VALID` when it must be skipped in this state, or its recipient has no code
 * @throws TraceError `TRACE_OVERFLOW` when a balance would exceed 256 bits
 */
export function beginRow(
  tx: ParsedTx,
  between: Between,
  header: Header,
  cells: AccountCells,
  code: CalledCode,
  storage?: Storage,
): Begun {
  const { ts, tx: T, gasUsed, work, jrn } = between;
  const price = { units: tx.gasLimit, price: tx.price, value: tx.value };
  const codeLen = BigInt(code.bytes.length);
  const count = BigInt(tx.keys.length);
  const sender = cells.touch(BigInt(tx.sender), ts + 1n, T, ({ nonce, balance }) => ({
    nonce: nonce + 1n,
    balance: balance - tx.gasLimit * tx.price - tx.value,
  }));
  const recipient = cells.touch(BigInt(tx.to), ts + 2n, T, ({ balance }) => ({ balance: balance + tx.value }));
  const situation = {
    tx,
    sender: sender.seen,
    recipient: recipient.seen,
    gasLeft: header.gasLimit - gasUsed,
    workLeft: work - tx.use,
    codeLen,
  };
  const reason = hasCode(recipient.seen) ? reasonOf(situation) : 'its recipient has no code';
  if (reason !== undefined) {
    throw new TraceError('TRACE_NOT_VALID', `Transaction ${T} does not begin: ${reason}.`, { hint: WHERE });
  }
  const [hi, lo] = toLimbs(sender.seen.balance);
  const [maxHi, maxLo] = toLimbs(tx.maxCost);
  const same = hi === maxHi;
  const paid = debited(sender.seen.balance, price);
  const got = credited(recipient.seen.balance, { ...price, units: 0n });
  const spare = situation.workLeft - workReserved(situation);
  const begin = {
    ...transactionCells(tx, between),
    code: code.id,
    codeLess: limbsOf(codeLen - 1n, 2),
    count,
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
    spareGas: limbsOf(situation.gasLeft - tx.gasLimit, 6),
    spare: limbsOf(spare, 4),
  };
  const { valueHi, valueLo, priceHi, priceLo, tipHi, tipLo, dataLen, gasLimit } = begin;
  const [addr, caller] = [partsOf(tx.to), partsOf(tx.sender)];
  const machine = new Machine(
    {
      ts: ts + 3n + count,
      call: ts,
      code: code.id,
      pc: 0n,
      sp: 0n,
      gas: tx.gasLimit - tx.intrinsic,
      work: spare + BigInt(WORK.gas) * tx.gasLimit,
      mem: 0n,
      jrn,
      refund: 0n,
    },
    frameOf(tx, T, header, code.bytes),
    storage?.slots,
    storage?.journal,
  );
  return {
    begin,
    frame: {
      en: 1n,
      call: ts,
      tx: T,
      dataLen,
      codeLen,
      addrHi: addr[0],
      addrLo: addr[1],
      callerHi: caller[0],
      callerLo: caller[1],
      valueHi,
      valueLo,
      priceHi,
      priceLo,
      m: Array<bigint>(10).fill(0n),
    },
    machine,
    warmFrom: ts + 3n,
    saved: {
      call: ts,
      tx: T,
      gasUsed,
      sender: BigInt(tx.sender),
      to: BigInt(tx.to),
      ...{ valueHi, valueLo, priceHi, priceLo, tipHi, tipLo, gasLimit },
      jrn,
    },
  };
}

function frameOf(tx: ParsedTx, T: bigint, header: Header, code: Uint8Array): Frame {
  const { to: address, sender: caller, value, price } = tx;
  return { tx: T, address, caller, value, price, data: fromHex(tx.data), code, header };
}

/** An address in the limbs of the row's two parts. */
function partsOf(address: Address): readonly [hi: readonly bigint[], lo: readonly bigint[]] {
  const [hi, lo] = toLimbs(BigInt(address));
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
  const fifth = used / 5n;
  const capped = refund > fifth;
  const paid = used - (capped ? fifth : refund);
  const value = ok === 1n ? 0n : word(saved.valueHi, saved.valueLo);

  const back = { units: gasLimit - paid, price: word(saved.priceHi, saved.priceLo), value };
  const tip = { units: paid, price: word(saved.tipHi, saved.tipLo), value: 0n };
  const sum = ({ units, price, value: more }: typeof back) => units * price + more;
  const sender = cells.touch(saved.sender, ts + 1n, tx, ({ balance }) => ({ balance: balance + sum(back) }));
  const recipient = cells.touch(saved.to, ts + 2n, tx, ({ balance }) => ({ balance: balance - value }));
  const fees = cells.touch(coinbase, ts + 3n, tx, ({ balance }) => ({ balance: balance + sum(tip) }));
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
