import type { ParsedTx, SkipReason } from '../../../src/batch/types.js';
import type { Edit, Forger, Pretence } from '../../helpers/execution-forger.js';
import type { Forgery } from '../../helpers/forgery.js';
import { alice, all, asIs, balance, because, ETHER, RULES } from './world.js';

/** Lies by which a valid transaction of alice's is skipped that has 50,000 gas, whatever it would do; `honest`: its batch, before it. */
export function skippedThough<F extends Forger>(
  valid: ParsedTx,
  honest: () => F,
): readonly Forgery<() => F, (f: F) => unknown>[] {
  const left = RULES.workBudget - valid.use;
  const skips = (reason: SkipReason, edit: Edit, pretended: Partial<ParsedTx> = {}, pretence: Pretence = {}) => ({
    honest,
    change: (f: F) => f.skip({ ...valid, ...pretended }, reason, edit, pretence),
  });
  const shortOfGas = { block: { gasLimit: valid.gasLimit - 1n } };
  const shortOfWork = { between: { work: valid.use + valid.reserve - 1n } };
  const nonceOf5: Edit = (r) => r.set('nonce', 5n);
  return [
    { name: 'nonce, which is equal', caughtBy: 'constraint', ...skips('nonce', nonceOf5, { nonce: 6n }) },
    { name: 'nonce of another transaction', caughtBy: 'TX', ...skips('nonce', asIs, { nonce: 6n }) },
    {
      name: 'nonce in another cell',
      caughtBy: 'ACCT',
      ...skips('nonce', asIs, {}, { sees: { [alice]: { nonce: 4n } } }),
    },
    {
      name: 'balance, with a negative slack',
      caughtBy: 'RANGE12',
      ...skips(
        'balance',
        all(balance('senderCell', 10n * ETHER), (r) => r.limbs('slack', valid.maxCost - 10n * ETHER - 1n)),
        {},
        { sees: { [alice]: { balance: 0n } } },
      ),
    },
    { name: 'balance, with another cost', caughtBy: 'TX', ...skips('balance', asIs, { maxCost: 11n * ETHER }) },
    {
      name: 'gas limit, with a negative slack',
      caughtBy: 'RANGE12',
      ...skips(
        'gasLimit',
        (r) => r.set('limit', RULES.gasLimit).limbs('slack', valid.gasLimit - RULES.gasLimit - 1n),
        {},
        shortOfGas,
      ),
    },
    { name: 'gas limit of another block', caughtBy: 'BLOCK', ...skips('gasLimit', asIs, {}, shortOfGas) },
    {
      name: 'work, with a negative slack',
      caughtBy: 'RANGE12',
      ...skips('work', (r) => r.limbs('spare', left).limbs('slack', valid.reserve - left - 1n), {}, shortOfWork),
    },
    { name: 'work, with less of it before', caughtBy: 'BETWEEN', ...skips('work', asIs, {}, shortOfWork) },
    { name: 'work, with a larger reserve', caughtBy: 'TX', ...skips('work', asIs, { reserve: RULES.workBudget }) },
    { name: 'no reason at all', caughtBy: 'constraint', ...skips('nonce', all(nonceOf5, because()), { nonce: 6n }) },
    {
      name: 'two halves of a reason',
      caughtBy: 'constraint',
      ...skips('nonce', all(nonceOf5, because('nonce', 'work')), { nonce: 6n }),
    },
  ];
}
