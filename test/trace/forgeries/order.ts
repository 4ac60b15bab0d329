import { EMPTY_ACCOUNT } from '../../../src/batch/types.js';
import { mod, toLimbs } from '../../../src/bus/field.js';
import { type AccountCell, initialCell } from '../../../src/chips/lib/account.js';
import { cellEndRow } from '../../../src/trace/execution/transaction-rows.js';
import type { Edit, Forger } from '../../helpers/execution-forger.js';
import {
  alice,
  alone,
  asIs,
  bob,
  ETHER,
  forger,
  miner,
  paid,
  pay,
  runs,
  state,
  thief,
  transferForgeries,
  valid,
} from './world.js';

const second = pay({ nonce: 6n, value: 2000n });
const third = pay({ nonce: 5n, value: 3000n, to: thief });
const late = pay({ nonce: 4n, to: thief });
const free = pay({ value: 0n, to: thief });
const aliceAtFirst = initialCell(state.get(alice)!);
const bobAtFirst = initialCell(EMPTY_ACCOUNT);
const destroyed = { nonce: 3n, balance: ETHER, flags: 1n };
const keptBalance: Edit = (r) => r.limbs('recipientNewLo', ETHER + 1000n);

/** Bob was destroyed in an earlier transaction, and is paid now. */
const bequeathed = (edit: Edit) => ({
  honest: () => forger([valid]).inherit(bob, destroyed),
  change: (f: Forger) => f.transfer(valid, edit),
});

/** Access cells by plain subtraction: also for a cell of the future. */
function rawAccess(
  { nonce, balance, code, warm, birth, flags, ts, tx }: AccountCell,
  time: bigint,
  T: bigint,
): bigint[] {
  const first = tx === T ? 0n : 1n;
  const gap = mod(time - ts - 1n);
  const txGap = mod(T - tx - first);
  return [nonce, ...toLimbs(balance), ...toLimbs(code), warm, birth, flags, first, gap, 0n, 0n, txGap, 0n];
}

/** An end of an account beside the one that it has. */
const secondEnd = (f: Forger) =>
  f.rows.push({ chip: 'cellend', row: cellEndRow(BigInt(alice), aliceAtFirst), origin: 'second end' });

/** Cells of accounts, the order of transactions, time. */
export const ORDER = transferForgeries('transfers: cells, order, time', [
  { name: 'nonce not increased', caughtBy: 'ACCT', honest: paid, change: (f) => f.lies(alice, { nonce: 5n }) },
  { name: 'balance of an end', caughtBy: 'ACCT', honest: paid, change: (f) => f.lies(bob, { balance: 1n }) },
  { name: 'an end of an earlier cell', caughtBy: 'ACCT', honest: paid, change: (f) => f.lies(alice, aliceAtFirst) },
  {
    name: 'two cells for one account: two ends',
    caughtBy: 'ACCT ACCTEND',
    honest: paid,
    change: secondEnd,
  },
  {
    name: 'an old cell read twice',
    caughtBy: 'ACCT',
    honest: () => forger([valid, third], [alice, bob, thief, miner]).transfer(valid),
    change: (f) => f.transfer(third, asIs, { sees: { [alice]: aliceAtFirst } }),
  },
  {
    name: 'an account that L1 does not list',
    caughtBy: 'ACCT',
    honest: paid,
    change: (f) => f.unlist(bob),
  },
  {
    name: 'a transaction replayed',
    caughtBy: 'BETWEEN TX',
    honest: paid,
    change: (f) => f.transfer({ ...valid, nonce: 6n }),
  },
  {
    name: 'a transaction replayed as the same item',
    caughtBy: 'BETWEEN TX',
    honest: paid,
    change: (f) => f.transfer({ ...valid, nonce: 6n }, asIs, { between: { tx: 1n } }),
  },
  {
    name: 'a transaction left out at the end',
    caughtBy: 'BETWEEN TX',
    honest: () => forger([valid, second]).transfer(valid),
    change: () => undefined,
  },
  {
    name: 'a transaction left out at the start',
    caughtBy: 'BETWEEN TX',
    honest: () => forger([pay({ nonce: 4n }), valid]),
    change: (f) => f.transfer(valid),
  },
  {
    name: 'transactions swapped',
    caughtBy: 'TX',
    honest: () => forger([third, valid], [alice, bob, thief, miner]),
    change: (f) => f.transfer(valid).transfer({ ...third, nonce: 6n }),
  },
  {
    name: 'a transaction called bad',
    caughtBy: 'TX TXBAD',
    honest: () => alone(valid),
    change: (f) => f.bad(valid.use),
  },
  {
    name: 'a bad item executed',
    caughtBy: 'TX TXBAD',
    honest: () => forger([{ kind: 'bad', reason: '', use: valid.use }]),
    change: (f) => f.transfer(valid),
  },
  {
    name: 'gasUsed reset',
    caughtBy: 'BETWEEN',
    honest: () => forger([valid, second]).transfer(valid),
    change: (f) => f.transfer(second, asIs, { between: { gasUsed: 0n } }),
  },
  {
    name: 'gas not counted',
    caughtBy: 'TX',
    ...runs(valid, (r) =>
      r
        .set('intrinsic', 0n)
        .limbs('senderNewLo', 10n * ETHER - 1000n)
        .limbs('coinbaseNewLo', 0n),
    ),
  },
  { name: 'work not charged', caughtBy: 'TX', ...runs(valid, asIs, { use: 0n }) },
  {
    name: 'work given back',
    caughtBy: 'BETWEEN',
    honest: () => forger([valid, second]).transfer(valid),
    change: (f) => f.transfer(second, asIs, { between: { work: 20_000_000n } }),
  },
  {
    name: 'work of a bad item not charged',
    caughtBy: 'TXBAD',
    honest: () => forger([{ kind: 'bad', reason: '', use: 7n }], []),
    change: (f) => f.bad(0n),
  },
  { name: 'journal changed', caughtBy: 'BETWEEN', ...runs(valid, (r) => r.set('jrn', 1n)) },
  { name: 'time set forward', caughtBy: 'BETWEEN', ...runs(valid, asIs, {}, { between: { ts: 100n } }) },
  { name: 'first touch denied', caughtBy: 'ACCT', ...runs(valid, (r) => r.put('senderCell', { 8: 0n })) },
  {
    name: 'first touch denied with a gap',
    caughtBy: 'constraint',
    honest: () => forger([late, valid], [alice, bob, thief, miner]).skip(late, 'nonce'),
    change: (f) => f.transfer(valid, (r) => r.put('recipientCell', { 8: 0n, 12: 2n })),
  },
  {
    name: 'first touch claimed at the second',
    caughtBy: 'RANGE12',
    ...runs(pay({ to: alice }), (r) => r.put('recipientCell', { 8: 1n, 12: -1n })),
  },
  {
    name: 'first touch of two, with the gap that fits',
    caughtBy: 'constraint RANGE12',
    ...runs(pay({ to: alice }), (r) => r.put('recipientCell', { 8: 2n, 12: -2n })),
  },
  {
    name: "a destroyed account's balance kept: flag dropped",
    caughtBy: 'ACCT',
    ...bequeathed((r) => keptBalance(r.put('recipientCell', { 7: 0n }))),
  },
  {
    name: "a destroyed account's balance kept: first touch denied",
    caughtBy: 'ACCT',
    ...bequeathed((r) => keptBalance(r.put('recipientCell', { 8: 0n }))),
  },
  { name: "a destroyed account's balance kept", caughtBy: 'constraint', ...bequeathed(keptBalance) },
  {
    name: "a destroyed account's end is not empty",
    caughtBy: 'ACCT',
    honest: () => forger([], [bob]).inherit(bob, destroyed),
    change: (f) => f.lies(bob, { flags: 0n }),
  },
  {
    name: 'an account emptied that was not destroyed',
    caughtBy: 'ACCT',
    honest: () => forger([], [alice]),
    change: (f) => f.lies(alice, { flags: 1n }),
  },
  {
    name: 'time gap negative: two rows read each other’s future',
    caughtBy: 'RANGE12',
    honest: () => forger([valid, second]),
    change: (f) => {
      const later: AccountCell = { ...bobAtFirst, ts: 6n, tx: 2n, balance: 2000n };
      f.transfer(valid, (r) => r.set('recipientCell', rawAccess(later, 2n, 1n)).limbs('recipientNewLo', 3000n));
      const sooner = f.cells.at(BigInt(bob));
      f.transfer(second, asIs, { sees: { [bob]: bobAtFirst } });
      f.lies(bob, sooner);
    },
  },
  {
    name: 'time gap zero: an access feeds itself',
    caughtBy: 'RANGE12',
    honest: () => alone(free),
    change: (f) => {
      const itself: AccountCell = { ...bobAtFirst, ts: 2n, tx: 1n, balance: 7n };
      f.transfer(free, (r) => r.set('recipientCell', rawAccess(itself, 2n, 1n)).limbs('recipientNewLo', 7n));
      f.lies(thief, bobAtFirst);
    },
  },
  {
    name: 'an island: a row outside the chain of transactions',
    caughtBy: 'ACCT BETWEEN TX',
    honest: paid,
    change: (f) => {
      const { between } = f;
      const saved = [alice, bob, miner].map((who) => [who, f.cells.at(BigInt(who))] as const);
      f.transfer(second, asIs, { between: { ts: 1000n, tx: 50n } });
      f.between = between;
      for (const [who, cell] of saved) f.lies(who, cell);
    },
  },
  {
    name: 'a row that counts negatively, beside its like',
    caughtBy: 'constraint',
    honest: paid,
    change: (f) => {
      const [{ chip, row }] = f.rows as [(typeof f.rows)[number]];
      f.rows.push(
        { chip, row, origin: 'again' },
        { chip, row: { ...row, en: -1n } as unknown as typeof row, origin: 'and not' },
      );
    },
  },
]);
