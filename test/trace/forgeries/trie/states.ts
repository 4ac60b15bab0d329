import { type Account, EMPTY_ACCOUNT } from '../../../../src/batch/types.js';
import { R } from '../../../../src/bus/field.js';
import { type Term, term, tuple } from '../../../../src/bus/tuple.js';
import { type KeyedAccount, keyedTrieRows } from '../../../../src/trace/trie/rows.js';
import { splitKey } from '../../../../src/trie/path.js';
import { trieTerms } from '../../../../src/trie/statement.js';
import { changeRow, editRow, rowByHand, trieForgeries } from '../../../helpers/trie/forgery.js';
import * as w from '../../../helpers/trie/forgery-world.js';
import type { SlotChange, Trace } from '../../../helpers/trie/slot-trace.js';

const { v1, v2, v3, change, nodes, key, rest } = w;

/** Two accounts, A and B, with a storage trie of two slots each; A has nonce 1, B has 2. */
const keyA = key('a1');
const keyB = key('b2');
const account = (nonce: bigint): Account => ({ nonce, balance: 7n, codeHash: `0x${'1234'.padStart(64, '0')}` });
const leafValue = (nonce: bigint, storageRoot: bigint) =>
  ({ kind: 'account', account: account(nonce), storageRoot }) as const;
const world = (a: readonly [bigint, bigint], b: readonly [bigint, bigint]): bigint =>
  nodes.branch({ 10: nodes.leaf(keyA.slice(1), leafValue(...a)), 11: nodes.leaf(keyB.slice(1), leafValue(...b)) });
const S0 = w.two;
const S1 = nodes.branch({ 1: nodes.leaf(rest('1', 1), v3), 2: w.leaf2 });
const W0 = world([1n, S0], [2n, S0]);
const WA = world([1n, S1], [2n, S0]);
const WB = world([1n, S0], [2n, S1]);
const WN = world([5n, S0], [2n, S0]);

const listed =
  (name: string, path: string) =>
  (pre: Account, post: Account, ...slots: SlotChange[]): KeyedAccount => ({
    name,
    key: path,
    pre,
    post,
    slots,
  });
const A = listed('A', keyA);
const B = listed('B', keyB);
const [a1, a5, b2] = [account(1n), account(5n), account(2n)];
const slot1 = change('1', v1, v3);
const slot1read = change('1', v1, v1);

/** Honest rows and tuples of a list. */
function trace(preRoot: bigint, postRoot: bigint, ...accounts: KeyedAccount[]): Trace {
  const { rows, hints, uses } = keyedTrieRows({ mode: 'root', preRoot, postRoot, accounts, nodes: nodes.get });
  const statements = accounts.map(({ key: path, pre, post, slots }, k) => ({
    key: `0x${path}` as const,
    pre,
    post,
    ...hints[k]!,
    slots: slots.map((slot, j) => ({ ...slot, key: `0x${slot.key}` as const, ...hints[k]!.slots[j]! })),
  }));
  return { rows, terms: trieTerms({ mode: 'root', preRoot, postRoot, uses, accounts: statements }) };
}

/** The rows of one trace under the tuples of another, whose post root is replaced. */
function under(rows: Trace, claimed: Trace, claimedRoot: bigint, root: bigint): Trace {
  const terms = claimed.terms.map((t): Term => {
    const isPost = t.tuple.name === 'REF' && t.tuple.values[0] === claimedRoot && t.weight !== claimedRoot;
    return isPost ? term(-root, 'REF', { X: root, trie: 0n, q: 1n, d: 0n }) : t;
  });
  return { rows: rows.rows, terms };
}

const changeB = () => trace(W0, WB, B(b2, b2, slot1));
const changeA = () => trace(W0, WA, A(a1, a1, slot1));
const booked = () => under(changeB(), changeA(), WA, WB);
const withoutId = (from: Trace): Trace => ({
  ...from,
  terms: from.terms.filter(({ tuple: { name } }) => name !== 'ID'),
});

export const HONEST = trieForgeries('honest states', [], {
  'a slot of one account': changeA,
  'account update, slot read inside, other account read': () =>
    trace(W0, WN, A(a1, a5, slot1read), B(b2, b2, change('2', v2, v2), change('9', 0n, 0n))),
  'nothing listed, nothing changed': () => trace(W0, W0),
});

export const FORGED = trieForgeries('forged states', [
  { name: 'storage change booked on another account', caughtBy: 'ID RAKV', honest: changeA, change: booked },
  {
    name: 'the same, ID lookups cancelled by rows with en = -1',
    caughtBy: 'constraint of accountleaf',
    honest: changeA,
    change: () => {
      const from = withoutId(booked());
      const cancel = from.rows.filter(({ chip }) => chip === 'accountleaf');
      return { ...from, rows: [...cancel.map((row) => changeRow(row, { s: 0n, e: 0n, en: R - 1n })), ...from.rows] };
    },
  },
  {
    name: 'the same, without lookups (en = 0)',
    caughtBy: 'constraint of accountleaf',
    honest: changeA,
    change: () => {
      const from = withoutId(booked());
      return { ...from, rows: from.rows.map((row) => (row.chip === 'accountleaf' ? changeRow(row, { en: 0n }) : row)) };
    },
  },
  {
    name: 'storage tries of two listed accounts exchanged',
    caughtBy: 'ID KV RKV',
    honest: changeA,
    change: () =>
      under(
        trace(W0, WB, A(a1, a1, slot1read), B(b2, b2, slot1)),
        trace(W0, WA, A(a1, a1, slot1), B(b2, b2, slot1read)),
        WA,
        WB,
      ),
  },
  {
    name: 'an account changed unlisted',
    caughtBy: 'AKV ID',
    honest: changeA,
    change: () => ({
      rows: trace(W0, WN, A(a1, a5)).rows,
      terms: [term(W0, 'REF', { X: W0, trie: 0n, q: 1n, d: 0n }), term(-WN, 'REF', { X: WN, trie: 0n, q: 1n, d: 0n })],
    }),
  },
  {
    name: 'an account listed with a wrong new nonce',
    caughtBy: 'AKV',
    honest: () => trace(W0, WN, A(a1, a5)),
    change: (t) =>
      w.withTerms(t, (t) =>
        t.tuple.name === 'AKV' && t.weight === 1n
          ? { ...t, tuple: { ...t.tuple, values: [6n, ...t.tuple.values.slice(1)] } }
          : t,
      ),
  },
  {
    name: 'an account read with a wrong balance',
    caughtBy: 'RAKV',
    honest: () => trace(W0, W0, A(a1, a1)),
    change: (t) =>
      w.withTerms(t, (t) =>
        t.tuple.name === 'RAKV'
          ? { ...t, tuple: { ...t.tuple, values: t.tuple.values.map((value, i) => (i === 3 ? value + 1n : value)) } }
          : t,
      ),
  },
  {
    name: 'a slot read in the storage of another account',
    caughtBy: 'RKV',
    honest: () => trace(W0, WA, A(a1, a1, slot1), B(b2, b2, slot1read)),
    change: (t) =>
      w.withTerms(t, (t) =>
        t.tuple.name === 'RKV'
          ? { ...t, tuple: { ...t.tuple, values: t.tuple.values.map((value, i) => (i === 1 ? 1n : value)) } }
          : t,
      ),
  },
  {
    name: 'an account shown absent by its own leaf',
    caughtBy: 'constraint of nokey8',
    honest: () => trace(W0, W0, A(a1, a1)),
    change: (from) => {
      const leaf = from.rows.find(({ chip }) => chip === 'accountleaf')!.row as unknown as Record<string, bigint>;
      const { q, d, X, head, tail, nonce, balHi, balLo, codeHi, codeLo, S } = leaf as Required<typeof leaf>;
      const v = [nonce!, balHi!, balLo!, codeHi!, codeLo!, S!];
      const absent = { trie: 0n, q: q!, d: d!, X: X!, head: head!, tail: tail!, head2: head!, tail2: tail!, v, e: 1n };
      const terms = from.terms
        .filter(({ tuple: { name } }) => name !== 'ID')
        .map((t) => (t.tuple.name === 'RAKV' ? { ...t, tuple: tuple('NOKEY', { ...absent }) } : t));
      return { rows: [...from.rows.filter(({ chip }) => chip !== 'accountleaf'), rowByHand('nokey8', absent)], terms };
    },
  },
  {
    name: 'an account row that reads without being listed (e = 1, en = 0)',
    caughtBy: 'constraint of accountleaf',
    honest: changeA,
    change: () => editRow(withoutId(trace(W0, W0, A(a1, a1))), 'accountleaf', () => ({ en: 0n })),
  },
  {
    name: 'a slot leaf standing in the account trie',
    caughtBy: 'AKV ID KV REF',
    honest: changeA,
    change: () => {
      const fake = nodes.branch({
        10: nodes.leaf(rest('a1', 1), v1),
        11: nodes.leaf(rest('b2', 1), leafValue(2n, 0n)),
      });
      const fields = { nonce: 1n, i: 1n, balHi: 0n, balLo: 7n, codeHi: 0n, codeLo: 0x1234n };
      const slot = w.leafRow('a1', 1, v1, -1n);
      return {
        rows: [
          changeRow(w.branchRow('', W0, 1n), { trie: 0n }),
          changeRow(w.branchRow('', fake, -1n), { trie: 0n }),
          changeRow(slot, { trie: 0n }),
        ],
        terms: [
          term(W0, 'REF', { X: W0, trie: 0n, q: 1n, d: 0n }),
          term(-fake, 'REF', { X: fake, trie: 0n, q: 1n, d: 0n }),
          term(1n, 'AKV', fields),
          term(1n, 'ID', { i: 1n, ...splitKey(keyA, 1) }),
        ],
      };
    },
  },
  {
    name: 'an account leaf moved as a slot leaf',
    caughtBy: 'constraint of open4',
    honest: changeA,
    change: () => {
      const alone = nodes.leaf(keyA, leafValue(1n, 0n));
      const from = trace(alone, world([1n, 0n], [2n, 0n]), B(EMPTY_ACCOUNT, b2));
      const rows = from.rows.map((row) => {
        if (row.chip !== 'open8') return row;
        const { more, ...columns } = row.row as unknown as Record<string, bigint[]>;
        return { ...row, chip: 'open4', row: { ...columns, more: more!.slice(0, 2) } };
      });
      return { ...from, rows };
    },
  },
]);
