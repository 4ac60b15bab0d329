import { inverse, mod } from '../../../../src/bus/field.js';
import type { Edit } from '../../../helpers/execution-forger.js';
import type { EndPretence, FrameForger } from '../../../helpers/frame-forger.js';
import { alice, all, asIs, ETHER, miner, RULES, thief } from '../world.js';
import { call, forger, frameForgeries, one, REVERTS, reverter, STOPS, stopper, valid } from './world.js';

const HALF = 1n << 128n;
const { price, tip } = valid;

/** A call that stops with so much gas and such a refund; its end is edited. 30,000 of gas are used unless said otherwise. */
const ended = (refund: bigint, edit: Edit, pretence: EndPretence = {}, gas = 20_000n) => ({
  honest: () => forger([valid], [thief]).begin(valid, STOPS).frame().passes({ gas, refund }).run(),
  change: (f: FrameForger) => f.ends(edit, pretence),
});

const failing = call({ to: reverter });
/** A call that reverts. */
const failed = (edit: Edit, pretence: EndPretence = {}) => ({
  honest: () => forger([failing], [thief]).begin(failing, REVERTS).frame().run(),
  change: (f: FrameForger) => f.ends(edit, pretence),
});

/** So many units of gas more go back to the sender, and are not tipped. */
const back =
  (units: bigint): Edit =>
  (r) =>
    r.add('senderNewLo', units * price).add('coinbaseNewLo', -units * tip);

/** A fifth of 30,001: no integer, but a field element. */
const fifth = mod(30_001n * inverse(5n));

/** Gas and refunds. */
export const GAS = frameForgeries('calls: gas', [
  { name: 'gas given back', caughtBy: 'END', ...ended(0n, asIs, { end: { gas: 20_001n } }) },
  { name: 'gas given back by the balance', caughtBy: 'constraint', ...ended(0n, back(1n)) },
  { name: 'gas kept', caughtBy: 'constraint', ...ended(0n, back(-1n)) },
  { name: 'a refund that nobody earned', caughtBy: 'END', ...ended(10n, asIs, { end: { refund: 11n } }) },
  { name: 'a refund above a fifth, by the balance', caughtBy: 'constraint', ...ended(10_000n, back(1n)) },
  {
    name: 'a refund above a fifth, by a larger fifth',
    caughtBy: 'RANGE12',
    ...ended(
      10_000n,
      all(back(4_000n), (r) => r.limbs('fifth', 10_000n).set('capped', 0n).limbs('excess', 0n)),
    ),
  },
  {
    name: 'a refund above a fifth, which is said to be below',
    caughtBy: 'RANGE12',
    ...ended(
      10_000n,
      all(back(4_000n), (r) => r.set('capped', 0n).limbs('excess', -4_000n)),
    ),
  },
  {
    name: 'a refund above a fifth, by the fifth in the field',
    caughtBy: 'RANGE12',
    ...ended(
      10_000n,
      all(back(4_000n), (r) =>
        r
          .limbs('fifth', fifth)
          .set('capped', 0n)
          .limbs('excess', fifth - 10_000n),
      ),
      {},
      19_999n,
    ),
  },
  {
    name: 'a refund raised to a fifth',
    caughtBy: 'RANGE12',
    ...ended(
      10n,
      all(back(5_990n), (r) => r.set('capped', 1n).limbs('excess', -5_991n)),
    ),
  },
  {
    name: 'a refund raised to a fifth, by a flag that is none',
    caughtBy: 'constraint',
    ...ended(
      10n,
      all(back(5_990n), (r) => r.set('capped', mod(-5_990n)).limbs('excess', 0n)),
    ),
  },
  {
    name: 'a fifth too small: the sender loses',
    caughtBy: 'RANGE12',
    ...ended(
      6_000n,
      all(back(-1n), (r) => r.limbs('fifth', 5_999n).set('capped', 1n).limbs('excess', 0n)),
    ),
  },
  { name: 'a refund after a failure', caughtBy: 'END', ...failed(asIs, { end: { refund: 1_000n } }) },
  { name: 'work given back', caughtBy: 'END', ...ended(0n, asIs, { end: { work: RULES.workBudget } }) },
  { name: 'gas used before it, less', caughtBy: 'SAVED', ...ended(0n, asIs, { saved: { gasUsed: mod(-1n) } }) },
  { name: 'another gas limit', caughtBy: 'SAVED', ...ended(0n, asIs, { saved: { gasLimit: 60_000n } }) },
  { name: 'another price', caughtBy: 'SAVED', ...ended(0n, asIs, { saved: { priceLo: price + 1n } }) },
]);

/** Value and tip. */
export const VALUE = frameForgeries('calls: value and tip', [
  { name: 'value kept after a revert', caughtBy: 'constraint', ...failed((r) => r.add('recipientNewLo', 1000n)) },
  {
    name: 'value not given back after a revert',
    caughtBy: 'constraint',
    ...failed((r) => r.add('senderNewLo', -1000n)),
  },
  {
    name: 'a revert with nothing moved back',
    caughtBy: 'constraint',
    ...failed((r) => r.add('senderNewLo', -1000n).add('recipientNewLo', 1000n)),
  },
  { name: 'success claimed for a failed frame', caughtBy: 'END', ...failed(asIs, { end: { ok: 1n } }) },
  { name: 'failure claimed for a frame that succeeded', caughtBy: 'END', ...ended(0n, asIs, { end: { ok: 0n } }) },
  {
    name: 'value given back after a success',
    caughtBy: 'constraint',
    ...ended(0n, (r) => r.add('senderNewLo', 1000n)),
  },
  { name: 'more value given back', caughtBy: 'SAVED', ...failed(asIs, { saved: { valueLo: 2000n } }) },
  {
    name: 'value given back to somebody else',
    caughtBy: 'SAVED',
    ...failed(asIs, { saved: { sender: BigInt(thief) } }),
  },
  { name: 'value taken back from somebody else', caughtBy: 'SAVED', ...failed(asIs, { saved: { to: BigInt(miner) } }) },
  {
    name: "the recipient's borrow out of nothing",
    caughtBy: 'ACCTEND RANGE12',
    ...failed((r) => r.set('recipientCarry', 1n).add('recipientNewHi', -1n).add('recipientNewLo', HALF)),
  },
  { name: 'tip unpaid', caughtBy: 'constraint', ...ended(0n, (r) => r.add('coinbaseNewLo', -30_000n * tip)) },
  { name: 'tip too high', caughtBy: 'constraint', ...ended(0n, (r) => r.add('coinbaseNewLo', 1n)) },
  { name: 'tip of another transaction', caughtBy: 'SAVED', ...ended(0n, asIs, { saved: { tipLo: tip + 1n } }) },
  { name: 'tip to somebody else', caughtBy: 'BLOCK', ...ended(0n, asIs, { block: { feeRecipient: thief } }) },
  {
    name: "the fee recipient's carry one more",
    caughtBy: 'ACCTEND RANGE12',
    ...ended(0n, (r) => r.add('coinbaseCarry', 1n).add('coinbaseNewHi', 1n).add('coinbaseNewLo', -HALF)),
  },
  {
    name: "the sender's carry one more",
    caughtBy: 'ACCTEND RANGE12',
    ...ended(0n, (r) => r.add('senderCarry', 1n).add('senderNewHi', 1n).add('senderNewLo', -HALF)),
  },
  {
    name: 'the sender as before the call',
    caughtBy: 'ACCT',
    ...ended(0n, asIs, { sees: { [alice]: { balance: 10n * ETHER } } }),
  },
  {
    name: 'the recipient as before the call',
    caughtBy: 'ACCT',
    ...ended(0n, asIs, { sees: { [stopper]: { balance: 10n * ETHER } } }),
  },
  { name: 'the sender touched first here', caughtBy: 'ACCT', ...ended(0n, (r) => r.put('senderCell', { 8: 1n })) },
]);

const journaled = () => forger([failing]).begin(failing, REVERTS).frame().passes({ jrn: 3n }).run();
const next = call({ nonce: 6n, gasLimit: 60_000n });
/** Two calls; the second one's end pretends, knowing what the first one's begin saved. */
const second = (pretence: (first: FrameForger['saved']) => EndPretence) => ({
  honest: () => forger([valid, next]).begin(valid, STOPS),
  change: (f: FrameForger) => {
    const first = f.saved;
    f.completes().begin(next, STOPS).frame().run().ends(asIs, pretence(first));
  },
});

/** Which end it is. */
export const ENDS = frameForgeries('calls: which end', [
  { name: 'a journal that is not undone', caughtBy: 'constraint', honest: journaled, change: (f) => f.ends() },
  {
    name: 'a journal that is not undone, as if it were',
    caughtBy: 'END',
    honest: journaled,
    change: (f) => f.ends(asIs, { end: { jrn: 0n } }),
  },
  {
    name: 'a journal said to have been as long',
    caughtBy: 'SAVED',
    honest: journaled,
    change: (f) => f.ends(asIs, { saved: { jrn: 3n } }),
  },
  {
    name: 'a journal undone too far',
    caughtBy: 'constraint END',
    honest: () => journaled().undone(),
    change: (f) => f.ends((r) => r.set('jrn', mod(-1n)), { end: { jrn: 0n } }),
  },
  { name: 'the end of another call', caughtBy: 'END SAVED', ...second((first) => ({ end: { call: first.call } })) },
  { name: 'what another begin saved', caughtBy: 'SAVED', ...second(({ gasLimit }) => ({ saved: { gasLimit } })) },
  {
    name: 'end and begin of another call',
    caughtBy: 'END SAVED',
    ...second(({ tx: _, ...first }) => ({ saved: first, end: { call: first.call } })),
  },
  { name: 'an end at another time', caughtBy: 'END', ...ended(0n, asIs, { end: { ts: 90n } }) },
  {
    name: 'ended twice',
    caughtBy: 'BETWEEN END SAVED',
    honest: () => one().begin(valid, STOPS).completes(),
    change: (f) => f.ends(asIs, { end: { ts: f.end.ts + 10n } }),
  },
  {
    name: 'never ended',
    caughtBy: 'BETWEEN END SAVED',
    honest: () => one().begin(valid, STOPS).frame().run(),
    change: (f) => {
      const { ts, work, jrn, gas } = f.end;
      f.between = { ts, tx: 2n, gasUsed: valid.gasLimit - gas, work, jrn };
    },
  },
  {
    name: 'an end without a begin',
    caughtBy: 'BETWEEN END SAVED TX',
    honest: one,
    change: (f) => {
      const { end, saved } = one().begin(valid, STOPS).frame().run();
      Object.assign(f, { end, saved });
      f.ends();
    },
  },
]);
