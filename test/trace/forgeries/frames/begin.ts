import { mod } from '../../../../src/bus/field.js';
import type { Exec } from '../../../../src/chips/lib/step.js';
import type { Edit } from '../../../helpers/execution-forger.js';
import {
  alice,
  all,
  asIs,
  balanceIn,
  begins,
  bob,
  call,
  codeAt,
  EMPTY,
  ETHER,
  type FrameForgery,
  forger,
  hashIn,
  hashOf,
  LONG,
  long,
  poor,
  RULES,
  STOPS,
  stopper,
  valid,
} from './world.js';

const HALF = 1n << 128n;
const left = RULES.workBudget - valid.use;
const late = call({ nonce: 4n });
const owned = call({ sender: long });
const empty = call({ to: bob });
const asCode = { sees: { [bob]: { code: hashOf(STOPS) } } };
const dear = call({ sender: poor, value: 0n });
/** Costs nothing, but may cost more than its sender has. */
const tight = call({ sender: poor, value: 0n, price: 0n, tip: 0n, maxCost: 1001n });
const overLimit = call({ gasLimit: RULES.gasLimit + 1n, price: 0n, tip: 0n, reserve: 0n });
const looseBlock = { block: { gasLimit: RULES.gasLimit + 1n } };
/** A unit of work is missing. */
const greedy = call({ reserve: left + 1n });
const moreWork = { between: { work: RULES.workBudget + 1n } };
const key = { address: stopper, key: `0x${'07'.repeat(32)}` as const };
const keyed = call({ keys: [key] });

/** An invalid call is executed. */
export const BEGUN: FrameForgery[] = [
  ['nonce', 'constraint', () => begins(late, (r) => r.set('nonce', 4n), { nonce: 5n })],
  ['nonce, as if it were right', 'TX', () => begins(late, asIs, { nonce: 5n })],
  ['nonce, in another cell', 'ACCT', () => begins(late, asIs, {}, { sees: { [alice]: { nonce: 4n } } })],
  [
    'the sender has code',
    'constraint',
    () => begins(owned, hashIn('senderCell', hashOf(LONG)), {}, { sees: { [long]: { code: EMPTY } } }),
  ],
  [
    'the sender has code, in another cell',
    'ACCT',
    () => begins(owned, asIs, {}, { sees: { [long]: { code: EMPTY } } }),
  ],
  [
    'the recipient has no code, but runs one',
    'CODEBLOB',
    () => begins(empty, hashIn('recipientCell', EMPTY), {}, asCode, STOPS),
  ],
  ['the recipient has no code, in another cell', 'ACCT', () => begins(empty, asIs, {}, asCode, STOPS)],
  [
    'the recipient has no code, and L1 lists no empty one',
    'CODEBLOB',
    () => {
      const edit = all(hashIn('recipientCell', EMPTY), (r) => r.set('codeLen', 0n));
      return begins(empty, edit, {}, asCode, STOPS);
    },
  ],
  ['code of another account', 'CODEBLOB', () => begins(valid, asIs, {}, {}, LONG)],
  [
    'code of another account, by its hash',
    'ACCT',
    () => begins(valid, asIs, {}, { sees: { [stopper]: { code: hashOf(LONG) } } }, LONG),
  ],
  [
    'code that was destroyed',
    'constraint',
    () => {
      const edit: Edit = (r) => r.put('recipientCell', { 7: 1n });
      const pretence = { sees: { [stopper]: { flags: 0n } } };
      const f = forger([valid]).inherit(stopper, { flags: 1n, code: hashOf(STOPS), nonce: 5n, balance: 10n * ETHER });
      return f.begin(valid, STOPS, edit, pretence).frame().run().ends();
    },
  ],
  ['a code said to be short, for less work', 'CODEBLOB', () => begins(call({ to: long }), (r) => r.set('codeLen', 1n))],
  [
    'balance, more than the sender has',
    'constraint',
    () => begins(dear, balanceIn('senderCell', 1000n), {}, { sees: { [poor]: { balance: ETHER } } }),
  ],
  [
    'balance, a wei below the cost',
    'RANGE12',
    () => {
      const edit = all(balanceIn('senderCell', 1000n), (r) => r.limbs('slack', -1n).limbs('senderNewLo', 1000n));
      return begins(tight, edit, {}, { sees: { [poor]: { balance: 1001n } } });
    },
  ],
  [
    'balance, by high halves that are equal',
    'RANGE12',
    () => {
      const edit = all(balanceIn('senderCell', 1000n), (r) =>
        r.set('same', 0n).limbs('slack', -1n).limbs('senderNewLo', 1000n),
      );
      return begins(tight, edit, {}, { sees: { [poor]: { balance: 1001n } } });
    },
  ],
  ['balance, with another cost', 'TX', () => begins(tight, asIs, { maxCost: 1000n })],
  ['gas limit', 'RANGE12', () => begins(overLimit, (r) => r.limbs('spareGas', -1n), {}, looseBlock)],
  ['gas limit of another block', 'BLOCK', () => begins(overLimit, asIs, {}, looseBlock)],
  ['work, a unit too little', 'RANGE12', () => begins(greedy, (r) => r.limbs('spare', -1n), {}, moreWork)],
  ['work, with more of it before', 'BETWEEN', () => begins(greedy, asIs, {}, moreWork)],
  ['work, with a smaller reserve', 'TX', () => begins(greedy, asIs, { reserve: 0n })],
  [
    'work not reserved',
    'BETWEEN',
    () => begins(valid, asIs, {}, { between: { work: RULES.workBudget + valid.reserve } }),
  ],
  ['keys of the access list left out', 'KEYS', () => begins(keyed, asIs, { keys: [] })],
  ['keys that are not warmed', 'WARMING', () => begins(keyed, asIs)],
  ['as a transfer', 'constraint', () => asTransfer()],
];

/** A call executed as a payment: the recipient's code does not run. */
function asTransfer() {
  const pretence = { sees: { [stopper]: { code: EMPTY } } };
  return forger([valid]).transfer(valid, hashIn('recipientCell', hashOf(STOPS)), pretence);
}

const fee = valid.gasLimit * valid.price;

/** The first step starts from what no row sent. */
const starts = (patch: (exec: Exec) => Partial<Exec>) => () => {
  const f = forger([valid]).begin(valid, codeAt(stopper)).frame();
  f.machine.exec = { ...f.machine.exec, ...patch(f.machine.exec) };
  return f.run().ends();
};

/** What a begin does. */
export const BEGIN: FrameForgery[] = [
  ['gas not bought', 'constraint', () => begins(valid, (r) => r.add('senderNewLo', fee))],
  ['value not taken', 'constraint', () => begins(valid, (r) => r.add('senderNewLo', 1000n))],
  ['value not given', 'constraint', () => begins(valid, (r) => r.add('recipientNewLo', -1000n))],
  ['value minted', 'constraint', () => begins(valid, (r) => r.add('recipientNewLo', 1n))],
  ['minted in the high half', 'constraint', () => begins(valid, (r) => r.add('recipientNewHi', 1n))],
  ['price below', 'TX', () => begins(valid, asIs, { price: valid.price - 1n })],
  ['another value', 'TX', () => begins(valid, asIs, { value: 999n })],
  ['intrinsic gas below', 'TX', () => begins(valid, asIs, { intrinsic: 20_999n })],
  ['gas limit above its own', 'TX', () => begins(valid, asIs, { gasLimit: 60_000n })],
  [
    "the sender's carry below zero: 2^128 too much is left",
    'ACCT RANGE12',
    () => begins(valid, (r) => r.add('senderCarry', -1n).add('senderNewHi', 1n).add('senderNewLo', -HALF)),
  ],
  [
    "the recipient's carry out of nothing",
    'ACCT RANGE12',
    () => begins(valid, (r) => r.set('recipientCarry', 1n).add('recipientNewHi', 1n).add('recipientNewLo', -HALF)),
  ],
  ['nonce not raised', 'ACCT', () => begins(valid, asIs).lies(alice, { nonce: 5n })],
  ['begun twice', 'ACCT BETWEEN EXEC NEWFRAME SAVED TX', () => twice()],
  ['more gas than was bought', 'EXEC', starts(({ gas }) => ({ gas: gas + 1n }))],
  ['more work than was left', 'EXEC', starts(({ work }) => ({ work: work + 1n }))],
  ['a refund from nowhere', 'EXEC', starts(() => ({ refund: 5_000n }))],
  ['a start inside the code', 'EXEC', starts(() => ({ pc: 1n }))],
  ['the machine of another code', 'EXEC', starts(() => ({ code: LONG.id }))],
  ['a shorter journal', 'EXEC', starts(() => ({ jrn: mod(-1n) }))],
];

/** The same transaction begins a second time, at a time of its own. */
function twice() {
  const f = forger([valid]).begin(valid, STOPS);
  const { ts } = f.between;
  const again = { between: { ts: ts + 10n }, sees: { [alice]: { nonce: 5n } } };
  return f.begin(valid, STOPS, asIs, again).frame().run().ends();
}
