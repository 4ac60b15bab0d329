import { EMPTY_ACCOUNT } from '../../../src/batch/types.js';
import { mod, toLimbs } from '../../../src/bus/field.js';
import { type AccountCell, initialCell } from '../../../src/chips/lib/account.js';
import { cellEndRow } from '../../../src/trace/execution/transaction-rows.js';
import type { Edit, Forger } from '../../helpers/execution-forger.js';
import { alice, asIs, bob, ETHER, type Forgery, forger, miner, pay, runs, state, thief, valid } from './world.js';

const second = pay({ nonce: 6n, value: 2000n });
const third = pay({ nonce: 5n, value: 3000n, to: thief });
const aliceAtFirst = initialCell(state.get(alice)!);
const bobAtFirst = initialCell(EMPTY_ACCOUNT);
const destroyed = { nonce: 3n, balance: ETHER, flags: 1n };
const keptBalance: Edit = (r) => r.limbs('recipientNewLo', ETHER + 1000n);

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
function secondEnd(f: Forger, cell: AccountCell): Forger {
  f.rows.push({ chip: 'cellend', row: cellEndRow(BigInt(alice), cell), origin: 'second end' });
  return f;
}

/** Cells of accounts, the order of transactions, time. */
export const ORDER: Forgery[] = [
  ['nonce not increased', 'ACCT', () => runs(valid, asIs).lies(alice, { nonce: 5n })],
  ['balance of an end', 'ACCT', () => runs(valid, asIs).lies(bob, { balance: 1n })],
  ['an end of an earlier cell', 'ACCT', () => runs(valid, asIs).lies(alice, aliceAtFirst)],
  ['two cells for one account: two ends', 'ACCT ACCTEND', () => secondEnd(runs(valid, asIs), aliceAtFirst)],
  [
    'an old cell read twice',
    'ACCT',
    () =>
      forger([valid, third], [alice, bob, thief, miner])
        .transfer(valid)
        .transfer(third, asIs, { sees: { [alice]: aliceAtFirst } }),
  ],
  ['an account that L1 does not list', 'ACCT', () => forger([valid], [alice, miner]).transfer(valid)],
  [
    'a transaction replayed',
    'BETWEEN TX',
    () =>
      forger([valid])
        .transfer(valid)
        .transfer({ ...valid, nonce: 6n }),
  ],
  [
    'a transaction replayed as the same item',
    'BETWEEN TX',
    () =>
      forger([valid])
        .transfer(valid)
        .transfer({ ...valid, nonce: 6n }, asIs, { between: { tx: 1n } }),
  ],
  ['a transaction left out at the end', 'BETWEEN TX', () => forger([valid, second]).transfer(valid)],
  ['a transaction left out at the start', 'BETWEEN TX', () => forger([pay({ nonce: 4n }), valid]).transfer(valid)],
  [
    'transactions swapped',
    'TX',
    () =>
      forger([third, valid], [alice, bob, thief, miner])
        .transfer(valid)
        .transfer({ ...third, nonce: 6n }),
  ],
  ['a transaction called bad', 'TX TXBAD', () => forger([valid], []).bad(valid.use)],
  ['a bad item executed', 'TX TXBAD', () => forger([{ kind: 'bad', reason: '', use: valid.use }]).transfer(valid)],
  [
    'gasUsed reset',
    'BETWEEN',
    () =>
      forger([valid, second])
        .transfer(valid)
        .transfer(second, asIs, { between: { gasUsed: 0n } }),
  ],
  [
    'gas not counted',
    'TX',
    () =>
      runs(valid, (r) =>
        r
          .set('intrinsic', 0n)
          .limbs('senderNewLo', 10n * ETHER - 1000n)
          .limbs('coinbaseNewLo', 0n),
      ),
  ],
  ['work not charged', 'TX', () => runs(valid, asIs, { use: 0n })],
  [
    'work given back',
    'BETWEEN',
    () =>
      forger([valid, second])
        .transfer(valid)
        .transfer(second, asIs, { between: { work: 20_000_000n } }),
  ],
  ['work of a bad item not charged', 'TXBAD', () => forger([{ kind: 'bad', reason: '', use: 7n }], []).bad(0n)],
  ['journal changed', 'BETWEEN', () => runs(valid, (r) => r.set('jrn', 1n))],
  ['time set forward', 'BETWEEN', () => runs(valid, asIs, {}, { between: { ts: 100n } })],
  ['first touch denied', 'ACCT', () => runs(valid, (r) => r.put('senderCell', { 8: 0n }))],
  [
    'first touch denied with a gap',
    'constraint',
    () => {
      const f = forger([pay({ nonce: 4n, to: thief }), valid], [alice, bob, thief, miner]).skip(
        pay({ nonce: 4n, to: thief }),
        'nonce',
      );
      return f.transfer(valid, (r) => r.put('recipientCell', { 8: 0n, 12: 2n }));
    },
  ],
  [
    'first touch claimed at the second',
    'RANGE12',
    () => runs(pay({ to: alice }), (r) => r.put('recipientCell', { 8: 1n, 12: -1n })),
  ],
  [
    'first touch of two, with the gap that fits',
    'constraint RANGE12',
    () => runs(pay({ to: alice }), (r) => r.put('recipientCell', { 8: 2n, 12: -2n })),
  ],
  [
    "a destroyed account's balance kept: flag dropped",
    'ACCT',
    () => bequeathed((r) => keptBalance(r.put('recipientCell', { 7: 0n }))),
  ],
  [
    "a destroyed account's balance kept: first touch denied",
    'ACCT',
    () => bequeathed((r) => keptBalance(r.put('recipientCell', { 8: 0n }))),
  ],
  ["a destroyed account's balance kept", 'constraint', () => bequeathed(keptBalance)],
  [
    "a destroyed account's end is not empty",
    'ACCT',
    () => forger([], [bob]).inherit(bob, destroyed).lies(bob, { flags: 0n }),
  ],
  ['an account emptied that was not destroyed', 'ACCT', () => forger([], [alice]).lies(alice, { flags: 1n })],
  [
    'time gap negative: two rows read each other’s future',
    'RANGE12',
    () => {
      const f = forger([valid, second]);
      const later: AccountCell = { ...bobAtFirst, ts: 6n, tx: 2n, balance: 2000n };
      f.transfer(valid, (r) => r.set('recipientCell', rawAccess(later, 2n, 1n)).limbs('recipientNewLo', 3000n));
      const sooner = f.cells.at(BigInt(bob));
      f.transfer(second, asIs, { sees: { [bob]: bobAtFirst } });
      return f.lies(bob, sooner);
    },
  ],
  [
    'time gap zero: an access feeds itself',
    'RANGE12',
    () => {
      const free = pay({ value: 0n, to: thief });
      const itself: AccountCell = { ...bobAtFirst, ts: 2n, tx: 1n, balance: 7n };
      const f = forger([free], [alice, thief, miner]);
      f.transfer(free, (r) => r.set('recipientCell', rawAccess(itself, 2n, 1n)).limbs('recipientNewLo', 7n));
      return f.lies(thief, bobAtFirst);
    },
  ],
  [
    'an island: a row outside the chain of transactions',
    'ACCT BETWEEN TX',
    () => {
      const f = forger([valid]).transfer(valid);
      const { between } = f;
      const saved = [alice, bob, miner].map((who) => [who, f.cells.at(BigInt(who))] as const);
      f.transfer(second, asIs, { between: { ts: 1000n, tx: 50n } });
      f.between = between;
      for (const [who, cell] of saved) f.lies(who, cell);
      return f;
    },
  ],
  [
    'a row that counts negatively, beside its like',
    'constraint',
    () => {
      const f = runs(valid, asIs);
      const [{ chip, row }] = f.rows as [(typeof f.rows)[number]];
      f.rows.push(
        { chip, row, origin: 'again' },
        { chip, row: { ...row, en: -1n } as unknown as typeof row, origin: 'and not' },
      );
      return f;
    },
  ],
];

/** Bob was destroyed in an earlier transaction, and is paid now. */
function bequeathed(edit: Edit): Forger {
  return forger([valid]).inherit(bob, destroyed).transfer(valid, edit);
}
