import { inverse, mod } from '../../../../src/bus/field.js';
import type { Edit } from '../../../helpers/execution-forger.js';
import type { EndPretence, FrameForger } from '../../../helpers/frame-forger.js';
import {
  alice,
  all,
  asIs,
  call,
  codeAt,
  ETHER,
  type FrameForgery,
  forger,
  miner,
  RULES,
  reverter,
  STOPS,
  stopper,
  thief,
  valid,
} from './world.js';

const HALF = 1n << 128n;
const { price, tip } = valid;

/** A call that stops with so much gas and such a refund; its end is edited. 30,000 of gas are used unless said otherwise. */
const ended = (refund: bigint, edit: Edit, pretence: EndPretence = {}, gas = 20_000n) =>
  forger([valid], [thief]).begin(valid, STOPS).frame().passes({ gas, refund }).run().ends(edit, pretence);

const failing = call({ to: reverter });
/** A call that reverts. */
const failed = (edit: Edit, pretence: EndPretence = {}) =>
  forger([failing], [thief]).begin(failing, codeAt(reverter)).frame().run().ends(edit, pretence);

/** So many units of gas more go back to the sender, and are not tipped. */
const back =
  (units: bigint): Edit =>
  (r) =>
    r.add('senderNewLo', units * price).add('coinbaseNewLo', -units * tip);

/** Gas and refunds. */
export const GAS: FrameForgery[] = [
  ['gas given back', 'END', () => ended(0n, asIs, { end: { gas: 20_001n } })],
  ['gas given back by the balance', 'constraint', () => ended(0n, back(1n))],
  ['gas kept', 'constraint', () => ended(0n, back(-1n))],
  ['a refund that nobody earned', 'END', () => ended(10n, asIs, { end: { refund: 11n } })],
  ['a refund above a fifth, by the balance', 'constraint', () => ended(10_000n, back(1n))],
  [
    'a refund above a fifth, by a larger fifth',
    'RANGE12',
    () =>
      ended(
        10_000n,
        all(back(4_000n), (r) => r.limbs('fifth', 10_000n).set('capped', 0n).limbs('excess', 0n)),
      ),
  ],
  [
    'a refund above a fifth, which is said to be below',
    'RANGE12',
    () =>
      ended(
        10_000n,
        all(back(4_000n), (r) => r.set('capped', 0n).limbs('excess', -4_000n)),
      ),
  ],
  [
    'a refund above a fifth, by the fifth in the field',
    'RANGE12',
    () => {
      // used = 30,001: its fifth is no integer, but a field element
      const fifth = mod(30_001n * inverse(5n));
      const edit: Edit = (r) =>
        r
          .limbs('fifth', fifth)
          .set('capped', 0n)
          .limbs('excess', fifth - 10_000n);
      return ended(10_000n, all(back(4_000n), edit), {}, 19_999n);
    },
  ],
  [
    'a refund raised to a fifth',
    'RANGE12',
    () =>
      ended(
        10n,
        all(back(5_990n), (r) => r.set('capped', 1n).limbs('excess', -5_991n)),
      ),
  ],
  [
    'a refund raised to a fifth, by a flag that is none',
    'constraint',
    () =>
      ended(
        10n,
        all(back(5_990n), (r) => r.set('capped', mod(-5_990n)).limbs('excess', 0n)),
      ),
  ],
  [
    'a fifth too small: the sender loses',
    'RANGE12',
    () =>
      ended(
        6_000n,
        all(back(-1n), (r) => r.limbs('fifth', 5_999n).set('capped', 1n).limbs('excess', 0n)),
      ),
  ],
  ['a refund after a failure', 'END', () => failed(asIs, { end: { refund: 1_000n } })],
  ['work given back', 'END', () => ended(0n, asIs, { end: { work: RULES.workBudget } })],
  ['gas used before it, less', 'SAVED', () => ended(0n, asIs, { saved: { gasUsed: mod(-1n) } })],
  ['another gas limit', 'SAVED', () => ended(0n, asIs, { saved: { gasLimit: 60_000n } })],
  ['another price', 'SAVED', () => ended(0n, asIs, { saved: { priceLo: price + 1n } })],
];

/** Value and tip. */
export const VALUE: FrameForgery[] = [
  ['value kept after a revert', 'constraint', () => failed((r) => r.add('recipientNewLo', 1000n))],
  ['value not given back after a revert', 'constraint', () => failed((r) => r.add('senderNewLo', -1000n))],
  [
    'a revert with nothing moved back',
    'constraint',
    () => failed((r) => r.add('senderNewLo', -1000n).add('recipientNewLo', 1000n)),
  ],
  ['success claimed for a failed frame', 'END', () => failed(asIs, { end: { ok: 1n } })],
  ['failure claimed for a frame that succeeded', 'END', () => ended(0n, asIs, { end: { ok: 0n } })],
  ['value given back after a success', 'constraint', () => ended(0n, (r) => r.add('senderNewLo', 1000n))],
  ['more value given back', 'SAVED', () => failed(asIs, { saved: { valueLo: 2000n } })],
  ['value given back to somebody else', 'SAVED', () => failed(asIs, { saved: { sender: BigInt(thief) } })],
  ['value taken back from somebody else', 'SAVED', () => failed(asIs, { saved: { to: BigInt(miner) } })],
  [
    "the recipient's borrow out of nothing",
    'ACCTEND RANGE12',
    () => failed((r) => r.set('recipientCarry', 1n).add('recipientNewHi', -1n).add('recipientNewLo', HALF)),
  ],
  ['tip unpaid', 'constraint', () => ended(0n, (r) => r.add('coinbaseNewLo', -30_000n * tip))],
  ['tip too high', 'constraint', () => ended(0n, (r) => r.add('coinbaseNewLo', 1n))],
  ['tip of another transaction', 'SAVED', () => ended(0n, asIs, { saved: { tipLo: tip + 1n } })],
  ['tip to somebody else', 'BLOCK', () => ended(0n, asIs, { block: { feeRecipient: thief } })],
  [
    "the fee recipient's carry one more",
    'ACCTEND RANGE12',
    () => ended(0n, (r) => r.add('coinbaseCarry', 1n).add('coinbaseNewHi', 1n).add('coinbaseNewLo', -HALF)),
  ],
  [
    "the sender's carry one more",
    'ACCTEND RANGE12',
    () => ended(0n, (r) => r.add('senderCarry', 1n).add('senderNewHi', 1n).add('senderNewLo', -HALF)),
  ],
  ['the sender as before the call', 'ACCT', () => ended(0n, asIs, { sees: { [alice]: { balance: 10n * ETHER } } })],
  [
    'the recipient as before the call',
    'ACCT',
    () => ended(0n, asIs, { sees: { [stopper]: { balance: 10n * ETHER } } }),
  ],
  ['the sender touched first here', 'ACCT', () => ended(0n, (r) => r.put('senderCell', { 8: 1n }))],
];

const journaled = () => forger([failing]).begin(failing, codeAt(reverter)).frame().passes({ jrn: 3n }).run();
const two = () => [call(), call({ nonce: 6n, gasLimit: 60_000n })] as const;

/** Which end it is. */
export const ENDS: FrameForgery[] = [
  ['a journal that is not undone', 'constraint', () => journaled().ends()],
  ['a journal that is not undone, as if it were', 'END', () => journaled().ends(asIs, { end: { jrn: 0n } })],
  ['a journal said to have been as long', 'SAVED', () => journaled().ends(asIs, { saved: { jrn: 3n } })],
  [
    'a journal undone too far',
    'constraint END',
    () => {
      const f = journaled().undone();
      return f.ends((r) => r.set('jrn', mod(-1n)), { end: { jrn: 0n } });
    },
  ],
  ['the end of another call', 'END SAVED', () => second((first) => ({ end: { call: first.call } }))],
  ['what another begin saved', 'SAVED', () => second(({ gasLimit }) => ({ saved: { gasLimit } }))],
  [
    'end and begin of another call',
    'END SAVED',
    () => second(({ tx: _, ...first }) => ({ saved: first, end: { call: first.call } })),
  ],
  ['an end at another time', 'END', () => ended(0n, asIs, { end: { ts: 90n } })],
  [
    'ended twice',
    'BETWEEN END SAVED',
    () => {
      const f = ended(0n, asIs);
      return f.ends(asIs, { end: { ts: f.end.ts + 10n } });
    },
  ],
  [
    'never ended',
    'BETWEEN END SAVED',
    () => {
      const f = forger([valid]).begin(valid, STOPS).frame().run();
      const { ts, work, jrn, gas } = f.end;
      f.between = { ts, tx: 2n, gasUsed: valid.gasLimit - gas, work, jrn };
      return f;
    },
  ],
  [
    'an end without a begin',
    'BETWEEN END SAVED TX',
    () => {
      const model = forger([valid]).begin(valid, STOPS).frame().run();
      const f = forger([valid]);
      f.end = model.end;
      f.saved = model.saved;
      return f.ends();
    },
  ],
];

/** Two calls; the second one's end pretends, knowing what the first one's begin saved. */
function second(pretence: (first: FrameForger['saved']) => EndPretence) {
  const [a, b] = two();
  const f = forger([a, b]).begin(a, STOPS).frame().run();
  const first = f.saved;
  return f.ends().begin(b, STOPS).frame().run().ends(asIs, pretence(first));
}
