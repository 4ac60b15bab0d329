import { inverse } from '../../../../src/bus/field.js';
import { SKIP_REASONS } from '../../../../src/chips/txskip.js';
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
  RULES,
  STOPS,
  valid,
} from './world.js';

const left = RULES.workBudget - valid.use;
const payment = call({ to: bob });

/** Spreads the one-hot reason evenly over the reasons named. */
const because =
  (...names: (typeof SKIP_REASONS)[number][]): Edit =>
  (row) =>
    row.set(
      'reason',
      SKIP_REASONS.map((name) => (names.includes(name) ? inverse(BigInt(names.length)) : 0n)),
    );

/** A valid call is skipped. */
export const SKIPPED: FrameForgery[] = [
  [
    'nonce, which is equal',
    'constraint',
    () => one().skip({ ...valid, nonce: 6n }, 'nonce', (r) => r.set('nonce', 5n)),
  ],
  ['nonce of another transaction', 'TX', () => one().skip({ ...valid, nonce: 6n }, 'nonce')],
  ['nonce in another cell', 'ACCT', () => one().skip(valid, 'nonce', asIs, { sees: { [alice]: { nonce: 4n } } })],
  [
    "the sender's code, which is empty",
    'constraint',
    () => {
      const pretence = { sees: { [alice]: { code: hashOf(LONG) } } };
      return one().skip(valid, 'senderCode', hashIn('senderCell', EMPTY), pretence);
    },
  ],
  [
    "the recipient's code for the sender's",
    'ACCT',
    () => one().skip(valid, 'senderCode', asIs, { sees: { [alice]: { code: hashOf(STOPS) } } }),
  ],
  [
    'balance, with a negative slack',
    'RANGE12',
    () => {
      const edit = all(balanceIn('senderCell', 10n * ETHER), (r) => r.limbs('slack', valid.maxCost - 10n * ETHER - 1n));
      return one().skip(valid, 'balance', edit, { sees: { [alice]: { balance: 0n } } });
    },
  ],
  ['balance, with another cost', 'TX', () => one().skip({ ...valid, maxCost: 11n * ETHER }, 'balance')],
  [
    'gas limit, with a negative slack',
    'RANGE12',
    () => {
      const edit: Edit = (r) => r.set('limit', RULES.gasLimit).limbs('slack', valid.gasLimit - RULES.gasLimit - 1n);
      return one().skip(valid, 'gasLimit', edit, { block: { gasLimit: 49_999n } });
    },
  ],
  ['gas limit of another block', 'BLOCK', () => one().skip(valid, 'gasLimit', asIs, { block: { gasLimit: 49_999n } })],
  [
    'work of a payment, with a negative slack',
    'RANGE12',
    () => {
      const edit: Edit = (r) => r.limbs('spare', left).limbs('slack', payment.reserve - left - 1n);
      const pretence = { between: { work: payment.use + payment.reserve - 1n } };
      return forger([payment]).skip(payment, 'work', edit, pretence);
    },
  ],
  [
    'work of a call, with a negative slack',
    'RANGE12',
    () => {
      const edit: Edit = (r) => r.limbs('spare', left).limbs('slack', valid.reserve - left - 1n);
      return one().skip(valid, 'work', edit, { between: { work: valid.use + valid.reserve - 1n } });
    },
  ],
  [
    'work of a call, with less work before',
    'BETWEEN',
    () => one().skip(valid, 'work', asIs, { between: { work: valid.use + valid.reserve - 1n } }),
  ],
  [
    'work, with a larger reserve in the row alone',
    'constraint',
    () => one().skip({ ...valid, reserve: RULES.workBudget }, 'work', (r) => r.set('reserve', valid.reserve)),
  ],
  ['work, with a larger reserve', 'TX', () => one().skip({ ...valid, reserve: RULES.workBudget }, 'work')],
  [
    'no reason at all',
    'constraint',
    () =>
      one().skip(
        { ...valid, nonce: 6n },
        'nonce',
        all((r) => r.set('nonce', 5n), because()),
      ),
  ],
  [
    'two halves of a reason',
    'constraint',
    () => {
      const edit = all((r) => r.set('nonce', 5n), because('nonce', 'work'));
      return one().skip({ ...valid, nonce: 6n }, 'nonce', edit);
    },
  ],
];

/** The batch of the valid call alone. */
function one() {
  return forger([valid]);
}
