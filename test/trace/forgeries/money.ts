import { inverse } from '../../../src/bus/field.js';
import type { Edit, Forger } from '../../helpers/execution-forger.js';
import {
  alice,
  asIs,
  bob,
  ETHER,
  forger,
  full,
  miner,
  pay,
  runs,
  thief,
  transferForgeries,
  valid,
  whale,
} from './world.js';

const HALF = 1n << 128n;
const toFull = pay({ to: full });
const carried: Edit = (r) => r.set('recipientCarry', 0n).add('recipientNewHi', -1n).add('recipientNewLo', HALF);
const toWhale = pay({ sender: whale });
/** The tip goes to the thief. */
const tips = (edit: Edit) => ({
  honest: () => forger([valid], [alice, bob, thief, miner]),
  change: (f: Forger) => f.transfer(valid, edit, { block: { feeRecipient: thief } }),
});

/** Amounts, and where they go. */
export const MONEY = transferForgeries('transfers: money', [
  { name: 'fee too low', caughtBy: 'constraint', ...runs(valid, (r) => r.add('senderNewLo', 1n)) },
  { name: 'fee too high', caughtBy: 'constraint', ...runs(valid, (r) => r.add('senderNewLo', -1n)) },
  {
    name: 'price above',
    caughtBy: 'TX',
    ...runs(valid, asIs, { price: valid.price + 1n, maxCost: valid.maxCost + 50_000n }),
  },
  { name: 'price below', caughtBy: 'TX', ...runs(valid, asIs, { price: valid.price - 1n }) },
  { name: 'gas used below the intrinsic gas', caughtBy: 'TX', ...runs(valid, asIs, { intrinsic: 20_999n }) },
  { name: 'tip too low', caughtBy: 'constraint', ...runs(valid, (r) => r.add('coinbaseNewLo', -1n)) },
  { name: 'tip too high', caughtBy: 'constraint', ...runs(valid, (r) => r.add('coinbaseNewLo', 1n)) },
  {
    name: 'tip to somebody else',
    caughtBy: 'BLOCK',
    ...tips(asIs),
  },
  {
    name: 'tip to somebody whose low half is right modulo r',
    caughtBy: 'BLOCK',
    ...tips((r) => r.set('coinbaseHi', (BigInt(thief) - (BigInt(miner) & (HALF - 1n))) * inverse(HALF))),
  },
  { name: 'value minted', caughtBy: 'constraint', ...runs(valid, (r) => r.add('recipientNewLo', 1n)) },
  { name: 'value lost', caughtBy: 'constraint', ...runs(valid, (r) => r.add('recipientNewLo', -1000n)) },
  {
    name: 'value to somebody else',
    caughtBy: 'TX',
    honest: () => forger([valid], [alice, bob, thief, miner]),
    change: (f) => f.transfer({ ...valid, to: thief }),
  },
  { name: 'another value', caughtBy: 'TX', ...runs(valid, asIs, { value: 999n }) },
  { name: 'minted in the high half', caughtBy: 'constraint', ...runs(valid, (r) => r.add('recipientNewHi', 1n)) },
  { name: 'low half wrapped: 2^128 more, no carry', caughtBy: 'ACCTEND RANGE12', ...runs(toFull, carried) },
  {
    name: 'carry out of nothing',
    caughtBy: 'ACCTEND RANGE12',
    ...runs(valid, (r) => r.set('recipientCarry', 1n).add('recipientNewHi', 1n).add('recipientNewLo', -HALF)),
  },
  {
    name: 'carry of two',
    caughtBy: 'constraint ACCTEND RANGE12',
    ...runs(valid, (r) =>
      r
        .set('recipientCarry', 2n)
        .add('recipientNewHi', 2n)
        .add('recipientNewLo', -2n * HALF),
    ),
  },
  { name: 'carry dropped', caughtBy: 'constraint', ...runs(toFull, (r) => r.set('recipientCarry', 0n)) },
  {
    name: "sender's carry below zero: 2^128 too much is left",
    caughtBy: 'ACCTEND RANGE12',
    ...runs(valid, (r) => r.add('senderCarry', -1n).add('senderNewHi', 1n).add('senderNewLo', -HALF)),
  },
  {
    name: "sender's carry one more",
    caughtBy: 'ACCTEND RANGE12',
    ...runs(toWhale, (r) => r.add('senderCarry', 1n).add('senderNewHi', -1n).add('senderNewLo', HALF)),
  },
  {
    name: "sender's carry wraps modulo r",
    caughtBy: 'ACCTEND RANGE12',
    // (1 - a / 2^128) * 2^128 + a: a wei more in the low half cost a huge carry, and a high half that is no 128-bit number
    ...runs(toWhale, (r) =>
      r.add('senderNewLo', 1n).add('senderCarry', inverse(HALF)).add('senderNewHi', -inverse(HALF)),
    ),
  },
  {
    name: "fee recipient's carry one more",
    caughtBy: 'ACCTEND RANGE12',
    ...runs(valid, (r) => r.add('coinbaseCarry', 1n).add('coinbaseNewHi', 1n).add('coinbaseNewLo', -HALF)),
  },
  {
    name: 'to oneself, counted once',
    caughtBy: 'ACCT',
    ...runs(pay({ to: alice }), (r) =>
      r.put('recipientCell', { 2: 10n * ETHER }).limbs('recipientNewLo', 10n * ETHER + 1000n),
    ),
  },
]);
