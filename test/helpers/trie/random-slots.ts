import type { LeafValue } from '../../../src/trie/node.js';
import type { Path } from '../../../src/trie/path.js';
import { MemoryTrieStore } from '../../../src/trie/store.js';
import { type LeafChange, updateTrie } from '../../../src/trie/update.js';
import type { Random } from '../chips/random.js';
import { type KeyKind, keyPicker, randomSlot } from './random.js';
import type { SlotChange } from './slot-trace.js';

/** A slot trie before and after a batch, and the batch: updates, inserts, deletes, and reads of present and absent keys. */
export interface SlotCase {
  readonly store: MemoryTrieStore;
  readonly pre: bigint;
  readonly post: bigint;
  readonly slots: readonly SlotChange[];
}

/** A random case; the old trie has 0 to about 40 keys, the batch up to 12, sometimes it deletes everything. */
export async function randomSlotCase(random: Random, kind: KeyKind): Promise<SlotCase> {
  const pick = keyPicker(random, kind);
  const value = () => (randomSlot(random) as { value: bigint }).value;
  const store = new MemoryTrieStore();
  const old = new Map<Path, bigint>();
  const size = random.int(10) === 0 ? 0 : Math.floor((random.int(1000) / 1000) ** 2 * 40);
  for (let i = 0; i < size; i++) old.set(pick(), value());
  const pre = await apply(store, 0n, old);

  const slots = new Map<Path, SlotChange>();
  const present = [...old.keys()];
  const deletes = random.int(100);
  for (let i = random.int(12); i > 0; i--) {
    const key = present.length > 0 && random.int(10) < 6 ? random.pick(present) : pick();
    const was = old.get(key) ?? 0n;
    const post = random.int(4) === 0 ? was : random.int(100) < deletes ? 0n : value();
    slots.set(key, { key, pre: was, post });
  }
  if (random.int(20) === 0)
    for (const [key, was] of old) if (!slots.has(key)) slots.set(key, { key, pre: was, post: 0n });
  const post = await apply(store, pre, new Map([...slots.values()].map((slot) => [slot.key, slot.post])));
  return { store, pre, post, slots: [...slots.values()] };
}

async function apply(store: MemoryTrieStore, root: bigint, values: ReadonlyMap<Path, bigint>): Promise<bigint> {
  const leaf = (value: bigint): LeafValue | null => (value === 0n ? null : { kind: 'slot', value });
  const changes = [...values].map(([key, value]): LeafChange => ({ key, value: leaf(value) }));
  const updated = updateTrie(root, changes, store.get);
  await store.write(updated.nodes);
  return updated.root;
}
