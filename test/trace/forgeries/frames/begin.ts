import { mod } from '../../../../src/bus/field.js';
import type { Exec } from '../../../../src/chips/lib/step.js';
import type { Edit } from '../../../helpers/execution-forger.js';
import type { FrameForger } from '../../../helpers/frame-forger.js';
import { alice, all, asIs, balance, bob, code, EMPTY, ETHER, poor, RULES } from '../world.js';
import { begins, call, forger, frameForgeries, hashOf, LONG, long, one, STOPS, stopper, valid } from './world.js';

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
export const BEGUN = frameForgeries('an invalid call is executed', [
  { name: 'nonce', caughtBy: 'constraint', ...begins(late, (r) => r.set('nonce', 4n), { nonce: 5n }) },
  { name: 'nonce, as if it were right', caughtBy: 'TX', ...begins(late, asIs, { nonce: 5n }) },
  { name: 'nonce, in another cell', caughtBy: 'ACCT', ...begins(late, asIs, {}, { sees: { [alice]: { nonce: 4n } } }) },
  {
    name: 'the sender has code',
    caughtBy: 'constraint',
    ...begins(owned, code('senderCell', hashOf(LONG)), {}, { sees: { [long]: { code: EMPTY } } }),
  },
  {
    name: 'the sender has code, in another cell',
    caughtBy: 'ACCT',
    ...begins(owned, asIs, {}, { sees: { [long]: { code: EMPTY } } }),
  },
  {
    name: 'the recipient has no code, but runs one',
    caughtBy: 'CODEBLOB',
    ...begins(empty, code('recipientCell', EMPTY), {}, asCode, STOPS),
  },
  { name: 'the recipient has no code, in another cell', caughtBy: 'ACCT', ...begins(empty, asIs, {}, asCode, STOPS) },
  {
    name: 'the recipient has no code, and L1 lists no empty one',
    caughtBy: 'CODEBLOB',
    ...begins(
      empty,
      all(code('recipientCell', EMPTY), (r) => r.set('codeLen', 0n)),
      {},
      asCode,
      STOPS,
    ),
  },
  { name: 'code of another account', caughtBy: 'CODEBLOB', ...begins(valid, asIs, {}, {}, LONG) },
  {
    name: 'code of another account, by its hash',
    caughtBy: 'ACCT',
    ...begins(valid, asIs, {}, { sees: { [stopper]: { code: hashOf(LONG) } } }, LONG),
  },
  {
    name: 'code that was destroyed',
    caughtBy: 'constraint',
    honest: () => forger([valid]).inherit(stopper, { flags: 1n, code: hashOf(STOPS), nonce: 5n, balance: 10n * ETHER }),
    change: (f) => {
      const edit: Edit = (r) => r.put('recipientCell', { 7: 1n });
      f.begin(valid, STOPS, edit, { sees: { [stopper]: { flags: 0n } } }).completes();
    },
  },
  {
    name: 'a code said to be short, for less work',
    caughtBy: 'CODEBLOB',
    ...begins(call({ to: long }), (r) => r.set('codeLen', 1n)),
  },
  {
    name: 'balance, more than the sender has',
    caughtBy: 'constraint',
    ...begins(dear, balance('senderCell', 1000n), {}, { sees: { [poor]: { balance: ETHER } } }),
  },
  {
    name: 'balance, a wei below the cost',
    caughtBy: 'RANGE12',
    ...begins(
      tight,
      all(balance('senderCell', 1000n), (r) => r.limbs('slack', -1n).limbs('senderNewLo', 1000n)),
      {},
      { sees: { [poor]: { balance: 1001n } } },
    ),
  },
  {
    name: 'balance, by high halves that are equal',
    caughtBy: 'RANGE12',
    ...begins(
      tight,
      all(balance('senderCell', 1000n), (r) => r.set('same', 0n).limbs('slack', -1n).limbs('senderNewLo', 1000n)),
      {},
      { sees: { [poor]: { balance: 1001n } } },
    ),
  },
  { name: 'balance, with another cost', caughtBy: 'TX', ...begins(tight, asIs, { maxCost: 1000n }) },
  { name: 'gas limit', caughtBy: 'RANGE12', ...begins(overLimit, (r) => r.limbs('spareGas', -1n), {}, looseBlock) },
  { name: 'gas limit of another block', caughtBy: 'BLOCK', ...begins(overLimit, asIs, {}, looseBlock) },
  {
    name: 'work, a unit too little',
    caughtBy: 'RANGE12',
    ...begins(greedy, (r) => r.limbs('spare', -1n), {}, moreWork),
  },
  { name: 'work, with more of it before', caughtBy: 'BETWEEN', ...begins(greedy, asIs, {}, moreWork) },
  { name: 'work, with a smaller reserve', caughtBy: 'TX', ...begins(greedy, asIs, { reserve: 0n }) },
  {
    name: 'work not reserved',
    caughtBy: 'BETWEEN',
    ...begins(valid, asIs, {}, { between: { work: RULES.workBudget + valid.reserve } }),
  },
  { name: 'keys of the access list left out', caughtBy: 'KEYS', ...begins(keyed, asIs, { keys: [] }) },
  { name: 'keys that are not warmed', caughtBy: 'WARMING', ...begins(keyed, asIs) },
  // The recipient's code does not run.
  {
    name: 'as a transfer',
    caughtBy: 'constraint',
    honest: one,
    change: (f) => f.transfer(valid, code('recipientCell', hashOf(STOPS)), { sees: { [stopper]: { code: EMPTY } } }),
  },
]);

const fee = valid.gasLimit * valid.price;

/** The first step starts from what no row sent. */
const starts = (patch: (exec: Exec) => Partial<Exec>) => ({
  honest: () => one().begin(valid, STOPS).frame(),
  change: (f: FrameForger) => {
    f.machine.exec = { ...f.machine.exec, ...patch(f.machine.exec) };
    f.completes();
  },
});

/** What a begin does. */
export const BEGIN = frameForgeries('calls: begin', [
  { name: 'gas not bought', caughtBy: 'constraint', ...begins(valid, (r) => r.add('senderNewLo', fee)) },
  { name: 'value not taken', caughtBy: 'constraint', ...begins(valid, (r) => r.add('senderNewLo', 1000n)) },
  { name: 'value not given', caughtBy: 'constraint', ...begins(valid, (r) => r.add('recipientNewLo', -1000n)) },
  { name: 'value minted', caughtBy: 'constraint', ...begins(valid, (r) => r.add('recipientNewLo', 1n)) },
  { name: 'minted in the high half', caughtBy: 'constraint', ...begins(valid, (r) => r.add('recipientNewHi', 1n)) },
  { name: 'price below', caughtBy: 'TX', ...begins(valid, asIs, { price: valid.price - 1n }) },
  { name: 'another value', caughtBy: 'TX', ...begins(valid, asIs, { value: 999n }) },
  { name: 'intrinsic gas below', caughtBy: 'TX', ...begins(valid, asIs, { intrinsic: 20_999n }) },
  { name: 'gas limit above its own', caughtBy: 'TX', ...begins(valid, asIs, { gasLimit: 60_000n }) },
  {
    name: "the sender's carry below zero: 2^128 too much is left",
    caughtBy: 'ACCT RANGE12',
    ...begins(valid, (r) => r.add('senderCarry', -1n).add('senderNewHi', 1n).add('senderNewLo', -HALF)),
  },
  {
    name: "the recipient's carry out of nothing",
    caughtBy: 'ACCT RANGE12',
    ...begins(valid, (r) => r.set('recipientCarry', 1n).add('recipientNewHi', 1n).add('recipientNewLo', -HALF)),
  },
  {
    name: 'nonce not raised',
    caughtBy: 'ACCT',
    honest: () => one().begin(valid, STOPS).completes(),
    change: (f) => f.lies(alice, { nonce: 5n }),
  },
  {
    name: 'begun twice',
    caughtBy: 'ACCT BETWEEN EXEC NEWFRAME SAVED TX',
    honest: () => one().begin(valid, STOPS),
    // At a time of its own.
    change: (f) => {
      const again = { between: { ts: f.between.ts + 10n }, sees: { [alice]: { nonce: 5n } } };
      f.begin(valid, STOPS, asIs, again).completes();
    },
  },
  { name: 'more gas than was bought', caughtBy: 'EXEC', ...starts(({ gas }) => ({ gas: gas + 1n })) },
  { name: 'more work than was left', caughtBy: 'EXEC', ...starts(({ work }) => ({ work: work + 1n })) },
  { name: 'a refund from nowhere', caughtBy: 'EXEC', ...starts(() => ({ refund: 5_000n })) },
  { name: 'a start inside the code', caughtBy: 'EXEC', ...starts(() => ({ pc: 1n })) },
  { name: 'the machine of another code', caughtBy: 'EXEC', ...starts(() => ({ code: LONG.id })) },
  { name: 'a shorter journal', caughtBy: 'EXEC', ...starts(() => ({ jrn: mod(-1n) })) },
]);
