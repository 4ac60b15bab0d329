import { inverse } from '../../../src/bus/field.js';
import type { Forger } from '../../helpers/execution-forger.js';
import { skippedThough } from './skipped.js';
import {
  alice,
  all,
  alone,
  asIs,
  balance,
  because,
  bob,
  CODES,
  code,
  contracts,
  cost,
  EMPTY,
  ETHER,
  forger,
  full,
  pay,
  poor,
  RULES,
  runs,
  skips,
  transferForgeries,
  valid,
  whale,
} from './world.js';

const left = RULES.workBudget - valid.use;

/** True batches: the forger itself must be able to tell the truth. */
export const HONEST = transferForgeries('transfers: truths', [], {
  'a transfer': () => alone(valid),
  'a skipped transaction': () => alone(pay({ nonce: 4n })),
  'a bad item': () => forger([{ kind: 'bad', reason: '', use: 7n }], []),
  'a destroyed account is paid, and empty before': () =>
    forger([valid]).inherit(bob, { nonce: 3n, balance: ETHER, code: CODES.both, flags: 1n }),
});

/** A valid transaction is skipped, for every reason. */
export const SKIPPED = transferForgeries('a valid transaction is skipped', [
  ...skippedThough(valid, () => alone(valid)),
  ...(['high', 'low'] as const).map((half) => ({
    name: `sender's code, ${half} half, which is empty`,
    caughtBy: 'constraint',
    ...skips(valid, 'senderCode', code('senderCell', EMPTY), {}, { sees: { [alice]: { code: CODES[half] } } }),
  })),
  {
    name: "sender's code in another cell",
    caughtBy: 'ACCT',
    ...skips(valid, 'senderCode', asIs, {}, { sees: { [alice]: { code: CODES.both } } }),
  },
  {
    name: "sender's code, which was destroyed",
    caughtBy: 'constraint',
    honest: () => alone(pay({ nonce: 0n })).inherit(alice, { code: CODES.both, flags: 1n }),
    change: (f) =>
      f.skip(pay({ nonce: 0n }), 'senderCode', (r) => r.put('senderCell', { 7: 1n }), {
        sees: { [alice]: { flags: 0n } },
      }),
  },
  {
    name: 'balance, with the slack of another one',
    caughtBy: 'constraint',
    ...skips(valid, 'balance', balance('senderCell', 10n * ETHER), {}, { sees: { [alice]: { balance: 0n } } }),
  },
  {
    name: 'balance, by low halves though the high ones differ',
    caughtBy: 'constraint',
    ...skips(
      pay({ sender: whale }),
      'balance',
      balance('senderCell', 1n << 200n),
      {},
      { sees: { [whale]: { balance: 0n } } },
    ),
  },
  {
    name: 'balance, by high halves with a negative slack',
    caughtBy: 'RANGE12',
    ...skips(
      pay({ sender: whale }),
      'balance',
      all(because('balanceHi'), balance('senderCell', 1n << 200n), (r) => r.limbs('slack', -(1n << 72n) - 1n)),
      {},
      { sees: { [whale]: { balance: 0n } } },
    ),
  },
  {
    name: 'gas limit, after more gas',
    caughtBy: 'BETWEEN',
    ...skips(valid, 'gasLimit', asIs, {}, { between: { gasUsed: RULES.gasLimit - 49_999n } }),
  },
]);

const dear = pay({ sender: poor, value: 0n });
/** Can pay for what it uses, not for its gas limit. */
const tight = pay({ sender: poor, value: 0n, price: 0n, tip: 0n, maxCost: 1001n });
/** Its cost has a high half, its sender's balance has none. */
const most = (1n << 128n) - 1n;
const huge = pay({ sender: full, value: 0n, maxCost: 1n << 128n });

const overLimit = pay({ gasLimit: RULES.gasLimit + 1n, price: 0n, tip: 0n, reserve: 0n });
const looseBlock = { block: { gasLimit: RULES.gasLimit + 1n } };
const greedy = pay({ reserve: left + 1n });

/** An invalid transaction is executed, for every reason. */
export const EXECUTED = transferForgeries('an invalid transaction is executed', [
  { name: 'nonce', caughtBy: 'constraint', ...runs(pay({ nonce: 4n }), (r) => r.set('nonce', 4n), { nonce: 5n }) },
  { name: 'nonce, as if it were right', caughtBy: 'TX', ...runs(pay({ nonce: 4n }), asIs, { nonce: 5n }) },
  {
    name: 'nonce, in another cell',
    caughtBy: 'ACCT',
    ...runs(pay({ nonce: 4n }), asIs, {}, { sees: { [alice]: { nonce: 4n } } }),
  },
  ...(['high', 'low', 'both'] as const).flatMap((half) => {
    const who = contracts[half];
    return [
      {
        name: `sender's code, ${half}`,
        caughtBy: 'constraint',
        ...runs(pay({ sender: who }), code('senderCell', CODES[half]), {}, { sees: { [who]: { code: EMPTY } } }),
      },
      {
        name: `recipient's code, ${half}`,
        caughtBy: 'constraint',
        honest: () => alone(valid),
        change: (f: Forger) => {
          f.inherit(bob, { code: CODES[half] });
          f.transfer(valid, code('recipientCell', CODES[half]), { sees: { [bob]: { code: EMPTY } } });
        },
      },
    ];
  }),
  {
    name: "sender's code, in another cell",
    caughtBy: 'ACCT',
    ...runs(pay({ sender: contracts.both }), asIs, {}, { sees: { [contracts.both]: { code: EMPTY } } }),
  },
  {
    name: 'balance, more than the sender has',
    caughtBy: 'constraint',
    ...runs(dear, balance('senderCell', 1000n), {}, { sees: { [poor]: { balance: ETHER } } }),
  },
  {
    name: 'balance, below zero',
    caughtBy: 'ACCTEND RANGE12',
    ...runs(
      dear,
      all(
        balance('senderCell', 1000n),
        (r) => r.limbs('slack', 1000n - dear.maxCost),
        (r) => r.limbs('senderNewLo', 1000n - cost(dear)),
      ),
      {},
      { sees: { [poor]: { balance: ETHER } } },
    ),
  },
  {
    name: 'balance, a wei below the cost',
    caughtBy: 'RANGE12',
    ...runs(
      tight,
      all(
        balance('senderCell', 1000n),
        (r) => r.limbs('slack', -1n),
        (r) => r.limbs('senderNewLo', 1000n),
      ),
      {},
      { sees: { [poor]: { balance: 1001n } } },
    ),
  },
  {
    name: 'balance, by high halves that are equal',
    caughtBy: 'RANGE12',
    ...runs(
      tight,
      all(
        balance('senderCell', 1000n),
        (r) => r.set('same', 0n).limbs('slack', -1n),
        (r) => r.limbs('senderNewLo', 1000n),
      ),
      {},
      { sees: { [poor]: { balance: 1001n } } },
    ),
  },
  {
    name: 'balance, by low halves though the high ones differ',
    caughtBy: 'constraint',
    ...runs(
      huge,
      all(
        balance('senderCell', most),
        (r) => r.set('same', 1n).limbs('slack', most),
        (r) => r.limbs('senderNewHi', 0n).limbs('senderNewLo', most - cost(huge)),
      ),
      {},
      { sees: { [full]: { balance: 1n << 128n } } },
    ),
  },
  // same * (1000 - 1003 + 1) - 1 = 0 for same = -1/2: a shortage that looks like nothing
  {
    name: 'balance, by a fraction of the flag',
    caughtBy: 'constraint',
    ...runs(
      { ...tight, maxCost: 1003n },
      all(
        balance('senderCell', 1000n),
        (r) => r.set('same', inverse(-2n)).limbs('slack', 0n),
        (r) => r.limbs('senderNewLo', 1000n),
      ),
      {},
      { sees: { [poor]: { balance: 1003n } } },
    ),
  },
  { name: 'balance, with another cost', caughtBy: 'TX', ...runs(tight, asIs, { maxCost: 1000n }) },
  { name: 'gas limit', caughtBy: 'RANGE12', ...runs(overLimit, (r) => r.limbs('spareGas', -1n), {}, looseBlock) },
  { name: 'gas limit of another block', caughtBy: 'BLOCK', ...runs(overLimit, asIs, {}, looseBlock) },
  {
    name: 'work',
    caughtBy: 'RANGE12',
    ...runs(greedy, (r) => r.limbs('spare', -1n), {}, { between: { work: RULES.workBudget + 1n } }),
  },
  {
    name: 'work, with more of it before',
    caughtBy: 'BETWEEN',
    ...runs(greedy, asIs, {}, { between: { work: RULES.workBudget + 1n } }),
  },
  { name: 'work, with a smaller reserve', caughtBy: 'TX', ...runs(greedy, asIs, { reserve: 0n }) },
]);
