import type { ParsedTx, SkipReason } from '../../../../src/batch/types.js';
import type { Edit, Pretence } from '../../../helpers/execution-forger.js';
import type { FrameForger } from '../../../helpers/frame-forger.js';
import { alice, all, asIs, balance, because, bob, code, EMPTY, ETHER, RULES } from '../world.js';
import { call, forger, frameForgeries, hashOf, LONG, one, STOPS, valid } from './world.js';

const left = RULES.workBudget - valid.use;
const payment = call({ to: bob });
/** The valid call is skipped as if it were `tx`, in a world that differs by `pretence`. */
const skips = (tx: ParsedTx, reason: SkipReason, edit: Edit = asIs, pretence: Pretence = {}) => ({
  honest: one,
  change: (f: FrameForger) => f.skip(tx, reason, edit, pretence),
});

/** A valid call is skipped. */
export const SKIPPED = frameForgeries('a valid call is skipped', [
  {
    name: 'nonce, which is equal',
    caughtBy: 'constraint',
    ...skips({ ...valid, nonce: 6n }, 'nonce', (r) => r.set('nonce', 5n)),
  },
  {
    name: 'nonce of another transaction',
    caughtBy: 'TX',
    ...skips({ ...valid, nonce: 6n }, 'nonce'),
  },
  {
    name: 'nonce in another cell',
    caughtBy: 'ACCT',
    ...skips(valid, 'nonce', asIs, { sees: { [alice]: { nonce: 4n } } }),
  },
  {
    name: "the sender's code, which is empty",
    caughtBy: 'constraint',
    ...skips(valid, 'senderCode', code('senderCell', EMPTY), { sees: { [alice]: { code: hashOf(LONG) } } }),
  },
  {
    name: "the recipient's code for the sender's",
    caughtBy: 'ACCT',
    ...skips(valid, 'senderCode', asIs, { sees: { [alice]: { code: hashOf(STOPS) } } }),
  },
  {
    name: 'balance, with a negative slack',
    caughtBy: 'RANGE12',
    ...skips(
      valid,
      'balance',
      all(balance('senderCell', 10n * ETHER), (r) => r.limbs('slack', valid.maxCost - 10n * ETHER - 1n)),
      { sees: { [alice]: { balance: 0n } } },
    ),
  },
  {
    name: 'balance, with another cost',
    caughtBy: 'TX',
    ...skips({ ...valid, maxCost: 11n * ETHER }, 'balance'),
  },
  {
    name: 'gas limit, with a negative slack',
    caughtBy: 'RANGE12',
    ...skips(
      valid,
      'gasLimit',
      (r) => r.set('limit', RULES.gasLimit).limbs('slack', valid.gasLimit - RULES.gasLimit - 1n),
      { block: { gasLimit: 49_999n } },
    ),
  },
  {
    name: 'gas limit of another block',
    caughtBy: 'BLOCK',
    ...skips(valid, 'gasLimit', asIs, { block: { gasLimit: 49_999n } }),
  },
  {
    name: 'work of a payment, with a negative slack',
    caughtBy: 'RANGE12',
    honest: () => forger([payment]),
    change: (f) => {
      const edit: Edit = (r) => r.limbs('spare', left).limbs('slack', payment.reserve - left - 1n);
      f.skip(payment, 'work', edit, { between: { work: payment.use + payment.reserve - 1n } });
    },
  },
  {
    name: 'work of a call, with a negative slack',
    caughtBy: 'RANGE12',
    ...skips(valid, 'work', (r) => r.limbs('spare', left).limbs('slack', valid.reserve - left - 1n), {
      between: { work: valid.use + valid.reserve - 1n },
    }),
  },
  {
    name: 'work of a call, with less work before',
    caughtBy: 'BETWEEN',
    ...skips(valid, 'work', asIs, { between: { work: valid.use + valid.reserve - 1n } }),
  },
  {
    name: 'work, with a larger reserve in the row alone',
    caughtBy: 'constraint',
    ...skips({ ...valid, reserve: RULES.workBudget }, 'work', (r) => r.set('reserve', valid.reserve)),
  },
  {
    name: 'work, with a larger reserve',
    caughtBy: 'TX',
    ...skips({ ...valid, reserve: RULES.workBudget }, 'work'),
  },
  {
    name: 'no reason at all',
    caughtBy: 'constraint',
    ...skips(
      { ...valid, nonce: 6n },
      'nonce',
      all((r) => r.set('nonce', 5n), because()),
    ),
  },
  {
    name: 'two halves of a reason',
    caughtBy: 'constraint',
    ...skips(
      { ...valid, nonce: 6n },
      'nonce',
      all((r) => r.set('nonce', 5n), because('nonce', 'work')),
    ),
  },
]);
