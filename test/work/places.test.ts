import { describe, expect, it } from 'vitest';
import { type Account, EMPTY_ACCOUNT, EMPTY_CODE_HASH } from '../../src/batch/types.js';
import { shapesOf } from '../../src/proof/shapes.js';
import { type KeyedAccount, keyedTrieRows } from '../../src/trace/trie/rows.js';
import { loadPaths } from '../../src/trie/load.js';
import type { Path } from '../../src/trie/path.js';
import { trieTerms } from '../../src/trie/statement.js';
import { MemoryTrieStore, readerOf } from '../../src/trie/store.js';
import { updateTrie } from '../../src/trie/update.js';
import { ACCOUNT_PLACES, type Place, READ_SLOT_PLACES, type Rows, SLOT_PLACES } from '../../src/work/places.js';
import { priceOfRows, pricesOf } from '../../src/work/price.js';
import { left, slotTrace } from '../helpers/trie/slot-trace.js';

/** The path of the key that somebody has put into the worst place: no nibble twice in a row. */
const KEY: Path = '0123456789abcdef'.repeat(4);
/** The key that goes along with {@link KEY} for `nibbles`, then does not. */
const beside = (nibbles: number): Path => {
  const next = (Number.parseInt(KEY[nibbles]!, 16) + 8) % 16;
  return KEY.slice(0, nibbles) + next.toString(16) + '7'.repeat(63 - nibbles);
};
const each = (from: number, to: number, by: number) =>
  Array.from({ length: Math.ceil((to - from) / by) }, (_, i) => beside(from + i * by));

/** States around the key: what stands beside its path. */
const AROUND: Readonly<Record<string, readonly Path[]>> = {
  'branches all the way, a leaf': [...each(0, 16, 1), beside(32)],
  'stairs all the way, a leaf': [...each(1, 16, 2), beside(32)],
  'stairs from the root, a leaf': [...each(0, 16, 2), beside(32)],
  'a leaf alone': [beside(32)],
  'branches all the way, an extension': [...each(0, 16, 1), beside(32), `${beside(32).slice(0, 40)}${'1'.repeat(24)}`],
  'stairs all the way, an extension': [...each(1, 16, 2), beside(32), `${beside(32).slice(0, 40)}${'1'.repeat(24)}`],
  'stairs, and a branch deep below': [...each(1, 16, 2), beside(31)],
  'an extension that is parted at its head': [beside(17), `${beside(17).slice(0, 40)}${'1'.repeat(24)}`],
  nothing: [],
};

function counted(rows: readonly { readonly chip: string }[]): Rows {
  const counts: Record<string, number> = {};
  for (const { chip } of rows) counts[chip] = (counts[chip] ?? 0) + 1;
  return counts;
}

const PRICES = pricesOf(shapesOf('default').filter((shape) => shape.bulk === true));
/** What the dearest of the places costs beside the row that ends the cell. */
const dearest = (places: readonly Place[]) =>
  Math.max(...places.map(([, { slotend: _, cellend: __, ...rows }]) => priceOfRows(rows, PRICES)));

const SLOT_VALUE = { kind: 'slot', value: 5n } as const;
const someone: Account = { nonce: 3n, balance: 5n, codeHash: EMPTY_CODE_HASH };

async function tries(there: readonly Path[], value: (path: Path) => object, key: object | undefined) {
  const store = new MemoryTrieStore();
  const put = async (root: bigint, entries: readonly { key: Path; value: unknown }[]) => {
    const after = updateTrie(root, entries as Parameters<typeof updateTrie>[1], store.get);
    await store.write(after.nodes);
    return after.root;
  };
  const without = await put(
    0n,
    there.map((path) => ({ key: path, value: value(path) })),
  );
  const withKey = key === undefined ? without : await put(without, [{ key: KEY, value: key }]);
  return { store, without, withKey };
}

describe('rows of a slot in the worst places are at most those of its unit', () => {
  for (const [name, there] of Object.entries(AROUND)) {
    it.each(['made', 'removed', 'read', 'absent'] as const)(`${name}: %s`, async (what) => {
      const { store, without, withKey } = await tries(there, () => SLOT_VALUE, SLOT_VALUE);
      const [pre, post] = {
        made: [without, withKey],
        removed: [withKey, without],
        read: [withKey, withKey],
        absent: [without, without],
      }[what] as [bigint, bigint];
      const [before, after] = { made: [0n, 5n], removed: [5n, 0n], read: [5n, 5n], absent: [0n, 0n] }[what] as [
        bigint,
        bigint,
      ];
      const trace = slotTrace(1n, pre, post, [{ key: KEY, pre: before, post: after }], store.get);
      expect(left(trace)).toEqual([]);
      const rows = counted(trace.rows);
      const places = pre === post ? READ_SLOT_PLACES : SLOT_PLACES;
      expect(priceOfRows(rows, PRICES), JSON.stringify(rows)).toBeLessThanOrEqual(dearest(places));
    });
  }
});

describe('rows of an account in the worst places are at most those of its unit', () => {
  for (const [name, there] of Object.entries(AROUND)) {
    it.each(['made', 'removed', 'read', 'absent'] as const)(`${name}: %s`, async (what) => {
      const value = (account: Account) => ({ kind: 'account', account, storageRoot: 0n }) as const;
      const { store, without, withKey } = await tries(there, () => value(someone), value(someone));
      const [preRoot, postRoot] = {
        made: [without, withKey],
        removed: [withKey, without],
        read: [withKey, withKey],
        absent: [without, without],
      }[what] as [bigint, bigint];
      const [pre, post] = {
        made: [EMPTY_ACCOUNT, someone],
        removed: [someone, EMPTY_ACCOUNT],
        read: [someone, someone],
        absent: [EMPTY_ACCOUNT, EMPTY_ACCOUNT],
      }[what] as [Account, Account];
      const accounts: KeyedAccount[] = [{ name: 'worst', key: KEY, pre, post, slots: [] }];
      const nodes = new Map();
      await loadPaths(
        store,
        [preRoot, postRoot].map((root) => ({ root, keys: [KEY] })),
        nodes,
      );
      const input = { mode: 'root', preRoot, postRoot } as const;
      const { rows, hints, uses } = keyedTrieRows({ ...input, accounts, nodes: readerOf(nodes) });
      const statements = accounts.map((one, i) => ({ ...one, ...hints[i]!, key: `0x${one.key}` as const, slots: [] }));
      expect(left({ rows, terms: trieTerms({ ...input, uses, accounts: statements }) })).toEqual([]);
      const counts = counted(rows);
      expect(priceOfRows(counts, PRICES), JSON.stringify(counts)).toBeLessThanOrEqual(dearest(ACCOUNT_PLACES));
    });
  }
});
