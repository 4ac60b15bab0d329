import type { ParsedTx, SkipReason } from '../../../../src/batch/types.js';
import type { Edit, Pretence } from '../../../helpers/execution-forger.js';
import type { FrameForger } from '../../../helpers/frame-forger.js';
import { skippedThough } from '../skipped.js';
import { alice, asIs, bob, code, EMPTY, RULES } from '../world.js';
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
  ...skippedThough(valid, one),
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
    name: 'work of a payment, with a negative slack',
    caughtBy: 'RANGE12',
    honest: () => forger([payment]),
    change: (f) => {
      const edit: Edit = (r) => r.limbs('spare', left).limbs('slack', payment.reserve - left - 1n);
      f.skip(payment, 'work', edit, { between: { work: payment.use + payment.reserve - 1n } });
    },
  },
  {
    name: 'work, with a larger reserve in the row alone',
    caughtBy: 'constraint',
    ...skips({ ...valid, reserve: RULES.workBudget }, 'work', (r) => r.set('reserve', valid.reserve)),
  },
]);
