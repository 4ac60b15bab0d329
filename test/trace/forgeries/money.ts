import { inverse } from '../../../src/bus/field.js';
import type { Edit } from '../../helpers/execution-forger.js';
import { alice, asIs, bob, ETHER, type Forgery, forger, full, miner, pay, runs, thief, valid, whale } from './world.js';

const HALF = 1n << 128n;
const toFull = pay({ to: full });
const carried: Edit = (r) => r.set('recipientCarry', 0n).add('recipientNewHi', -1n).add('recipientNewLo', HALF);
const toWhale = pay({ sender: whale });

/** Amounts, and where they go. */
export const MONEY: Forgery[] = [
  ['fee too low', 'constraint', () => runs(valid, (r) => r.add('senderNewLo', 1n))],
  ['fee too high', 'constraint', () => runs(valid, (r) => r.add('senderNewLo', -1n))],
  ['price above', 'TX', () => runs(valid, asIs, { price: valid.price + 1n, maxCost: valid.maxCost + 50_000n })],
  ['price below', 'TX', () => runs(valid, asIs, { price: valid.price - 1n })],
  ['gas used below the intrinsic gas', 'TX', () => runs(valid, asIs, { intrinsic: 20_999n })],
  ['tip too low', 'constraint', () => runs(valid, (r) => r.add('coinbaseNewLo', -1n))],
  ['tip too high', 'constraint', () => runs(valid, (r) => r.add('coinbaseNewLo', 1n))],
  [
    'tip to somebody else',
    'BLOCK',
    () => forger([valid], [alice, bob, thief]).transfer(valid, asIs, { block: { feeRecipient: thief } }),
  ],
  [
    'tip to somebody whose low half is right modulo r',
    'BLOCK',
    () => {
      const hi = (BigInt(thief) - (BigInt(miner) & (HALF - 1n))) * inverse(HALF);
      const edit: Edit = (r) => r.set('coinbaseHi', hi);
      return forger([valid], [alice, bob, thief]).transfer(valid, edit, { block: { feeRecipient: thief } });
    },
  ],
  ['value minted', 'constraint', () => runs(valid, (r) => r.add('recipientNewLo', 1n))],
  ['value lost', 'constraint', () => runs(valid, (r) => r.add('recipientNewLo', -1000n))],
  ['value to somebody else', 'TX', () => forger([valid], [alice, thief, miner]).transfer({ ...valid, to: thief })],
  ['another value', 'TX', () => runs(valid, asIs, { value: 999n })],
  ['minted in the high half', 'constraint', () => runs(valid, (r) => r.add('recipientNewHi', 1n))],
  ['low half wrapped: 2^128 more, no carry', 'ACCTEND RANGE12', () => runs(toFull, carried)],
  [
    'carry out of nothing',
    'ACCTEND RANGE12',
    () => runs(valid, (r) => r.set('recipientCarry', 1n).add('recipientNewHi', 1n).add('recipientNewLo', -HALF)),
  ],
  [
    'carry of two',
    'constraint ACCTEND RANGE12',
    () =>
      runs(valid, (r) =>
        r
          .set('recipientCarry', 2n)
          .add('recipientNewHi', 2n)
          .add('recipientNewLo', -2n * HALF),
      ),
  ],
  ['carry dropped', 'constraint', () => runs(toFull, (r) => r.set('recipientCarry', 0n))],
  [
    "sender's carry below zero: 2^128 too much is left",
    'ACCTEND RANGE12',
    () => runs(valid, (r) => r.add('senderCarry', -1n).add('senderNewHi', 1n).add('senderNewLo', -HALF)),
  ],
  [
    "sender's carry one more",
    'ACCTEND RANGE12',
    () => runs(toWhale, (r) => r.add('senderCarry', 1n).add('senderNewHi', -1n).add('senderNewLo', HALF)),
  ],
  [
    "sender's carry wraps modulo r",
    'ACCTEND RANGE12',
    () => {
      // (1 - a / 2^128) * 2^128 + a: a wei more in the low half cost a huge carry, and a high half that is no 128-bit number
      const carry = inverse(HALF);
      return runs(toWhale, (r) => r.add('senderNewLo', 1n).add('senderCarry', carry).add('senderNewHi', -carry));
    },
  ],
  [
    "fee recipient's carry one more",
    'ACCTEND RANGE12',
    () => runs(valid, (r) => r.add('coinbaseCarry', 1n).add('coinbaseNewHi', 1n).add('coinbaseNewLo', -HALF)),
  ],
  [
    'to oneself, counted once',
    'ACCT',
    () => {
      const self = pay({ to: alice });
      // the recipient's access skips what the sender's wrote
      return runs(self, (r) => r.put('recipientCell', { 2: 10n * ETHER }).limbs('recipientNewLo', 10n * ETHER + 1000n));
    },
  ],
];
