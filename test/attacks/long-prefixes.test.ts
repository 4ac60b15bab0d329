import { describe, expect, it } from 'vitest';
import { type Account, EMPTY_ACCOUNT, EMPTY_CODE_HASH } from '../../src/batch/types.js';
import { shapesOf } from '../../src/proof/shapes.js';
import { demandOf } from '../../src/trace/demand.js';
import { pack } from '../../src/trace/pack.js';
import { type KeyedAccount, keyedTrieRows } from '../../src/trace/trie/rows.js';
import { loadPaths } from '../../src/trie/load.js';
import type { Path } from '../../src/trie/path.js';
import { trieTerms } from '../../src/trie/statement.js';
import { MemoryTrieStore, readerOf } from '../../src/trie/store.js';
import { updateTrie } from '../../src/trie/update.js';
import { left } from '../helpers/trie/slot-trace.js';

/** Accounts whose addresses somebody has ground. */
const ACCOUNTS = 100;
/** Proofs that fit one L1 transaction beside a hundred items. */
const MOST_PROOFS = 200;

const someone: Account = { nonce: 3n, balance: 5n, codeHash: EMPTY_CODE_HASH };
const value = (account: Account) => ({ kind: 'account', account, storageRoot: 0n }) as const;
/** A key below the i-th of many subtrees: its number in two nibbles, then `path`, then zeros. */
const key = (i: number, path: string): Path => (i.toString(16).padStart(2, '0') + path).padEnd(64, '0');
const each = (path: string): Path[] => Array.from({ length: ACCOUNTS }, (_, i) => key(i, path));

interface Outcome {
  readonly proofs: number;
  readonly rows: Readonly<Record<string, number>>;
}

/** A state with accounts at `there`, and a batch that makes accounts at `made` and only looks at `absent`; balance is checked. */
async function outcomeOf(
  there: readonly Path[],
  made: readonly Path[],
  absent: readonly Path[] = [],
): Promise<Outcome> {
  const store = new MemoryTrieStore();
  const put = async (root: bigint, keys: readonly Path[]) => {
    const after = updateTrie(
      root,
      keys.map((path) => ({ key: path, value: value(someone) })),
      store.get,
    );
    await store.write(after.nodes);
    return after.root;
  };
  const preRoot = await put(0n, there);
  const postRoot = await put(preRoot, made);
  const account = (path: Path, post: Account): KeyedAccount => ({
    name: path,
    key: path,
    pre: EMPTY_ACCOUNT,
    post,
    slots: [],
  });
  const accounts = [
    ...made.map((path) => account(path, someone)),
    ...absent.map((path) => account(path, EMPTY_ACCOUNT)),
  ];
  // Only the nodes that a proof request carries.
  const nodes = new Map();
  const keys = accounts.map((listed) => listed.key);
  await loadPaths(
    store,
    [
      { root: preRoot, keys },
      { root: postRoot, keys },
    ],
    nodes,
  );
  const input = { mode: 'root', preRoot, postRoot } as const;
  const { rows, hints, uses } = keyedTrieRows({ ...input, accounts, nodes: readerOf(nodes) });
  const statements = accounts.map((one, i) => ({ ...one, ...hints[i]!, key: `0x${one.key}` as const, slots: [] }));
  const terms = trieTerms({ ...input, uses, accounts: statements });
  expect(left({ rows, terms })).toEqual([]);
  const demand = demandOf(rows);
  return { proofs: pack(demand, shapesOf('default')).length, rows: Object.fromEntries(demand) };
}

/**
 * A batch that L1 accepts must be provable in one L1 transaction, or a false claim on it stands. Whoever makes accounts
 * chooses their place in the trie as far as hashing allows: 2^36 hashes put 100 addresses nine nibbles deep on given places,
 * and by birthdays pairs share many more. Barrier: rows per account that do not grow with the prefix, or shapes with room.
 */
describe('accounts with ground addresses', () => {
  it('split a hundred long extensions', async () => {
    const outcome = await outcomeOf([...each('77777777777a'), ...each('77777777777b')], each('7777777778'));
    // Through the extension, back up its rest, and the one before the new branch.
    expect(outcome.rows.ext).toBe(3 * ACCOUNTS);
    expect(outcome.rows.open2).toBeUndefined();
    expect(outcome.proofs).toBeLessThanOrEqual(MOST_PROOFS);
  });

  it('push a hundred leaves as deep as keys can meet: 61 nibbles', async () => {
    const outcome = await outcomeOf(each('7'.repeat(60)), each(`${'7'.repeat(59)}8`));
    expect(outcome.proofs).toBeLessThanOrEqual(MOST_PROOFS);
  });

  it('stand below stairs of short extensions', async () => {
    const stairs = ['71', '7772', '777773', '77777774'].flatMap(each);
    const outcome = await outcomeOf(stairs, each('7777777777'));
    expect(outcome.proofs).toBeLessThanOrEqual(MOST_PROOFS);
  });

  it('are absent beside extensions, two hundred of them', async () => {
    const outcome = await outcomeOf(
      [...each('777777777a'), ...each('777777777b')],
      [],
      [...each('7778'), ...each('7779')],
    );
    expect(outcome.proofs).toBeLessThanOrEqual(MOST_PROOFS);
  });
});
