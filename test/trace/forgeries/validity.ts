import { inverse } from '../../../src/bus/field.js';
import {
  alice,
  all,
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
  type Forgery,
  forger,
  full,
  pay,
  poor,
  RULES,
  runs,
  skips,
  valid,
  whale,
} from './world.js';

const HALVES = ['high', 'low'] as const;
const left = RULES.workBudget - valid.use;

/** True batches: the forger itself must be able to tell the truth. */
export const HONEST: Forgery[] = [
  ['a transfer', '', () => runs(valid, asIs)],
  ['a skipped transaction', '', () => skips(pay({ nonce: 4n }), 'nonce', asIs)],
  ['a bad item', '', () => forger([{ kind: 'bad', reason: '', use: 7n }], []).bad(7n)],
  [
    'a destroyed account is paid, and empty before',
    '',
    () => forger([valid]).inherit(bob, { nonce: 3n, balance: ETHER, code: CODES.both, flags: 1n }).transfer(valid),
  ],
];

/** A valid transaction is skipped, for every reason. */
export const SKIPPED: Forgery[] = [
  ['nonce, which is equal', 'constraint', () => skips(valid, 'nonce', (r) => r.set('nonce', 5n), { nonce: 6n })],
  ['nonce of another transaction', 'TX', () => skips(valid, 'nonce', asIs, { nonce: 6n })],
  ['nonce in another cell', 'ACCT', () => skips(valid, 'nonce', asIs, {}, { sees: { [alice]: { nonce: 4n } } })],
  ...HALVES.flatMap((half): Forgery[] => [
    [
      `sender's code, ${half} half, which is empty`,
      'constraint',
      () => skips(valid, 'senderCode', code('senderCell', EMPTY), {}, { sees: { [alice]: { code: CODES[half] } } }),
    ],
  ]),
  [
    "sender's code in another cell",
    'ACCT',
    () => skips(valid, 'senderCode', asIs, {}, { sees: { [alice]: { code: CODES.both } } }),
  ],
  [
    "sender's code, which was destroyed",
    'constraint',
    () =>
      forger([pay({ nonce: 0n })], [alice, bob])
        .inherit(alice, { code: CODES.both, flags: 1n })
        .skip(pay({ nonce: 0n }), 'senderCode', (r) => r.put('senderCell', { 7: 1n }), {
          sees: { [alice]: { flags: 0n } },
        }),
  ],
  [
    'balance, with the slack of another one',
    'constraint',
    () => skips(valid, 'balance', balance('senderCell', 10n * ETHER), {}, { sees: { [alice]: { balance: 0n } } }),
  ],
  [
    'balance, with a negative slack',
    'RANGE12',
    () => {
      const edit = all(balance('senderCell', 10n * ETHER), (r) => r.limbs('slack', valid.maxCost - 10n * ETHER - 1n));
      return skips(valid, 'balance', edit, {}, { sees: { [alice]: { balance: 0n } } });
    },
  ],
  [
    'balance, by low halves though the high ones differ',
    'constraint',
    () => {
      const edit = balance('senderCell', 1n << 200n);
      return skips(pay({ sender: whale }), 'balance', edit, {}, { sees: { [whale]: { balance: 0n } } });
    },
  ],
  [
    'balance, by high halves with a negative slack',
    'RANGE12',
    () => {
      const edit = all(because('balanceHi'), balance('senderCell', 1n << 200n), (r) =>
        r.limbs('slack', -(1n << 72n) - 1n),
      );
      return skips(pay({ sender: whale }), 'balance', edit, {}, { sees: { [whale]: { balance: 0n } } });
    },
  ],
  ['balance, with another cost', 'TX', () => skips(valid, 'balance', asIs, { maxCost: 11n * ETHER })],
  ['gas limit of another block', 'BLOCK', () => skips(valid, 'gasLimit', asIs, {}, { block: { gasLimit: 49_999n } })],
  [
    'gas limit, with a negative slack',
    'RANGE12',
    () => {
      const edit = all(
        (r) => r.set('limit', RULES.gasLimit),
        (r) => r.limbs('slack', valid.gasLimit - RULES.gasLimit - 1n),
      );
      return skips(valid, 'gasLimit', edit, {}, { block: { gasLimit: 49_999n } });
    },
  ],
  [
    'gas limit, after more gas',
    'BETWEEN',
    () => skips(valid, 'gasLimit', asIs, {}, { between: { gasUsed: RULES.gasLimit - 49_999n } }),
  ],
  [
    'work, with a negative slack',
    'RANGE12',
    () => {
      const edit = all(
        (r) => r.limbs('spare', left),
        (r) => r.limbs('slack', valid.reserve - left - 1n),
      );
      return skips(valid, 'work', edit, {}, { between: { work: valid.use + valid.reserve - 1n } });
    },
  ],
  [
    'work, with less of it before',
    'BETWEEN',
    () => skips(valid, 'work', asIs, {}, { between: { work: valid.use + valid.reserve - 1n } }),
  ],
  ['work, with a larger reserve', 'TX', () => skips(valid, 'work', asIs, { reserve: RULES.workBudget })],
  [
    'no reason at all',
    'constraint',
    () =>
      skips(
        valid,
        'nonce',
        all((r) => r.set('nonce', 5n), because()),
        { nonce: 6n },
      ),
  ],
  [
    'two halves of a reason',
    'constraint',
    () =>
      skips(
        valid,
        'nonce',
        all((r) => r.set('nonce', 5n), because('nonce', 'work')),
        { nonce: 6n },
      ),
  ],
];

const dear = pay({ sender: poor, value: 0n });
/** Can pay for what it uses, not for its gas limit. */
const tight = pay({ sender: poor, value: 0n, price: 0n, tip: 0n, maxCost: 1001n });
/** Its cost has a high half, its sender's balance has none. */
const huge = pay({ sender: full, value: 0n, maxCost: 1n << 128n });

const overLimit = pay({ gasLimit: RULES.gasLimit + 1n, price: 0n, tip: 0n, reserve: 0n });
const looseBlock = { block: { gasLimit: RULES.gasLimit + 1n } };
const greedy = pay({ reserve: left + 1n });

/** An invalid transaction is executed, for every reason. */
export const EXECUTED: Forgery[] = [
  ['nonce', 'constraint', () => runs(pay({ nonce: 4n }), (r) => r.set('nonce', 4n), { nonce: 5n })],
  ['nonce, as if it were right', 'TX', () => runs(pay({ nonce: 4n }), asIs, { nonce: 5n })],
  ['nonce, in another cell', 'ACCT', () => runs(pay({ nonce: 4n }), asIs, {}, { sees: { [alice]: { nonce: 4n } } })],
  ...(['high', 'low', 'both'] as const).flatMap((half): Forgery[] => {
    const who = contracts[half];
    const sees = { [who]: { code: EMPTY } };
    return [
      [
        `sender's code, ${half}`,
        'constraint',
        () => runs(pay({ sender: who }), code('senderCell', CODES[half]), {}, { sees }),
      ],
      [
        `recipient's code, ${half}`,
        'constraint',
        () => runs(pay({ to: who }), code('recipientCell', CODES[half]), {}, { sees }),
      ],
    ];
  }),
  [
    "sender's code, in another cell",
    'ACCT',
    () => runs(pay({ sender: contracts.both }), asIs, {}, { sees: { [contracts.both]: { code: EMPTY } } }),
  ],
  [
    'balance, more than the sender has',
    'constraint',
    () => runs(dear, balance('senderCell', 1000n), {}, { sees: { [poor]: { balance: ETHER } } }),
  ],
  [
    'balance, below zero',
    'ACCTEND RANGE12',
    () => {
      const edit = all(
        balance('senderCell', 1000n),
        (r) => r.limbs('slack', 1000n - dear.maxCost),
        (r) => r.limbs('senderNewLo', 1000n - cost(dear)),
      );
      return runs(dear, edit, {}, { sees: { [poor]: { balance: ETHER } } });
    },
  ],
  [
    'balance, a wei below the cost',
    'RANGE12',
    () => {
      const edit = all(
        balance('senderCell', 1000n),
        (r) => r.limbs('slack', -1n),
        (r) => r.limbs('senderNewLo', 1000n),
      );
      return runs(tight, edit, {}, { sees: { [poor]: { balance: 1001n } } });
    },
  ],
  [
    'balance, by high halves that are equal',
    'RANGE12',
    () => {
      const edit = all(
        balance('senderCell', 1000n),
        (r) => r.set('same', 0n).limbs('slack', -1n),
        (r) => r.limbs('senderNewLo', 1000n),
      );
      return runs(tight, edit, {}, { sees: { [poor]: { balance: 1001n } } });
    },
  ],
  [
    'balance, by low halves though the high ones differ',
    'constraint',
    () => {
      const most = (1n << 128n) - 1n;
      const edit = all(
        balance('senderCell', most),
        (r) => r.set('same', 1n).limbs('slack', most),
        (r) => r.limbs('senderNewHi', 0n).limbs('senderNewLo', most - cost(huge)),
      );
      return runs(huge, edit, {}, { sees: { [full]: { balance: 1n << 128n } } });
    },
  ],
  [
    'balance, by a fraction of the flag',
    'constraint',
    () => {
      // same * (1000 - 1003 + 1) - 1 = 0 for same = -1/2: a shortage that looks like nothing
      const edit = all(
        balance('senderCell', 1000n),
        (r) => r.set('same', inverse(-2n)).limbs('slack', 0n),
        (r) => r.limbs('senderNewLo', 1000n),
      );
      return runs({ ...tight, maxCost: 1003n }, edit, {}, { sees: { [poor]: { balance: 1003n } } });
    },
  ],
  ['balance, with another cost', 'TX', () => runs(tight, asIs, { maxCost: 1000n })],
  ['gas limit', 'RANGE12', () => runs(overLimit, (r) => r.limbs('spareGas', -1n), {}, looseBlock)],
  ['gas limit of another block', 'BLOCK', () => runs(overLimit, asIs, {}, looseBlock)],
  [
    'work',
    'RANGE12',
    () => runs(greedy, (r) => r.limbs('spare', -1n), {}, { between: { work: RULES.workBudget + 1n } }),
  ],
  [
    'work, with more of it before',
    'BETWEEN',
    () => runs(greedy, asIs, {}, { between: { work: RULES.workBudget + 1n } }),
  ],
  ['work, with a smaller reserve', 'TX', () => runs(greedy, asIs, { reserve: 0n })],
];
