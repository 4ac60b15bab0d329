import { inverse } from '../../../../src/bus/field.js';
import { CODE_SKIP_REASONS } from '../../../../src/chips/txskip.js';
import type { Edit } from '../../../helpers/execution-forger.js';
import {
  alice,
  all,
  asIs,
  balanceIn,
  bob,
  call,
  EMPTY,
  ETHER,
  type FrameForgery,
  forger,
  hashIn,
  hashOf,
  LONG,
  long,
  RULES,
  STOPS,
  stopper,
  valid,
} from './world.js';

const left = RULES.workBudget - valid.use;
const payment = call({ to: bob });
const heavy = call({ to: long });
const forLong = heavy.reserve + 25n * 9_000n;
/** Its reserve and its own code fit, with a longer code they would not. */
const close = call({ reserve: left - 25n });

/** Spreads the one-hot reason evenly over the reasons named. */
const because =
  (...names: (typeof CODE_SKIP_REASONS)[number][]): Edit =>
  (row) =>
    row.set(
      'reason',
      CODE_SKIP_REASONS.map((name) => (names.includes(name) ? inverse(BigInt(names.length)) : 0n)),
    );

/** A valid call is skipped. */
export const SKIPPED: FrameForgery[] = [
  [
    'nonce, which is equal',
    'constraint',
    () => one().codeSkip({ ...valid, nonce: 6n }, 'nonce', STOPS, (r) => r.set('nonce', 5n)),
  ],
  ['nonce of another transaction', 'TX', () => one().codeSkip({ ...valid, nonce: 6n }, 'nonce', STOPS)],
  [
    'nonce in another cell',
    'ACCT',
    () => one().codeSkip(valid, 'nonce', STOPS, asIs, { sees: { [alice]: { nonce: 4n } } }),
  ],
  [
    "the sender's code, which is empty",
    'constraint',
    () => {
      const pretence = { sees: { [alice]: { code: hashOf(LONG) } } };
      return one().codeSkip(valid, 'senderCode', STOPS, hashIn('senderCell', EMPTY), pretence);
    },
  ],
  [
    "the recipient's code for the sender's",
    'ACCT',
    () => one().codeSkip(valid, 'senderCode', STOPS, asIs, { sees: { [alice]: { code: hashOf(STOPS) } } }),
  ],
  [
    'balance, with a negative slack',
    'RANGE12',
    () => {
      const edit = all(balanceIn('senderCell', 10n * ETHER), (r) => r.limbs('slack', valid.maxCost - 10n * ETHER - 1n));
      return one().codeSkip(valid, 'balance', STOPS, edit, { sees: { [alice]: { balance: 0n } } });
    },
  ],
  ['balance, with another cost', 'TX', () => one().codeSkip({ ...valid, maxCost: 11n * ETHER }, 'balance', STOPS)],
  [
    'gas limit, with a negative slack',
    'RANGE12',
    () => {
      const edit: Edit = (r) => r.set('limit', RULES.gasLimit).limbs('slack', valid.gasLimit - RULES.gasLimit - 1n);
      return one().codeSkip(valid, 'gasLimit', STOPS, edit, { block: { gasLimit: 49_999n } });
    },
  ],
  [
    'gas limit of another block',
    'BLOCK',
    () => one().codeSkip(valid, 'gasLimit', STOPS, asIs, { block: { gasLimit: 49_999n } }),
  ],
  [
    'work of a payment, with a negative slack',
    'RANGE12',
    () => {
      const edit: Edit = (r) => r.limbs('spare', left).limbs('slack', payment.reserve - left - 1n);
      const pretence = { between: { work: payment.use + payment.reserve - 1n } };
      return forger([payment]).codeSkip(payment, 'work', undefined, edit, pretence);
    },
  ],
  [
    'work of a code, with a negative slack',
    'RANGE12',
    () => {
      const edit: Edit = (r) => r.limbs('spare', left).limbs('slack', forLong - left - 1n);
      return forger([heavy]).codeSkip(heavy, 'work', LONG, edit, { between: { work: heavy.use + forLong - 1n } });
    },
  ],
  [
    'work of a code, with less work before',
    'BETWEEN',
    () => forger([heavy]).codeSkip(heavy, 'work', LONG, asIs, { between: { work: heavy.use + forLong - 1n } }),
  ],
  ['work of a code, of another account', 'CODEBLOB', () => forger([close]).codeSkip(close, 'work', LONG)],
  [
    'work of a code, longer than it is',
    'CODEBLOB',
    () => forger([close]).codeSkip(close, 'work', LONG, (r) => r.set('code', STOPS.id)),
  ],
  [
    'work of a code, of another account by its hash',
    'ACCT',
    () => forger([close]).codeSkip(close, 'work', LONG, asIs, { sees: { [stopper]: { code: hashOf(LONG) } } }),
  ],
  [
    'work of a code that the recipient does not have',
    'CODEBLOB',
    () => {
      const tx = call({ to: bob, reserve: left - 25n });
      const pretence = { sees: { [bob]: { code: hashOf(LONG) } } };
      return forger([tx]).codeSkip(tx, 'work', LONG, hashIn('recipientCell', EMPTY), pretence);
    },
  ],
  [
    'work of a code that was destroyed',
    'constraint',
    () => {
      const tx = call({ to: long, reserve: left - 25n });
      const f = forger([tx]).inherit(long, { flags: 1n, code: hashOf(LONG), nonce: 5n, balance: 10n * ETHER });
      const edit: Edit = (r) => r.put('recipientCell', { 7: 1n });
      return f.codeSkip(tx, 'work', LONG, edit, { sees: { [long]: { flags: 0n } } });
    },
  ],
  [
    'work of a code, without its look-up',
    'constraint',
    () => {
      const tx = call({ to: long, reserve: left - 25n });
      return forger([tx]).codeSkip(tx, 'work', LONG, because('work'));
    },
  ],
  ['work, with a larger reserve', 'TX', () => one().codeSkip({ ...valid, reserve: RULES.workBudget }, 'work', STOPS)],
  [
    'no reason at all',
    'constraint',
    () =>
      one().codeSkip(
        { ...valid, nonce: 6n },
        'nonce',
        STOPS,
        all((r) => r.set('nonce', 5n), because()),
      ),
  ],
  [
    'two halves of a reason',
    'constraint',
    () => {
      const edit = all((r) => r.set('nonce', 5n), because('nonce', 'work'));
      return one().codeSkip({ ...valid, nonce: 6n }, 'nonce', STOPS, edit);
    },
  ],
];

/** The batch of the valid call alone. */
function one() {
  return forger([valid]);
}
