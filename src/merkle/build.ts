import type { Hex } from 'viem';
import { Turns } from '../batch/turns.js';
import { isEmptyAccount } from '../batch/types.js';
import { buildTrie, type Leaf } from '../trie/build.js';
import type { Path } from '../trie/path.js';
import { type GenesisAccount, hashedKey } from '../trie/state.js';
import type { NodeStore } from './node-store.js';
import type { PlacedNode } from './types.js';

/** Nodes written at once. */
const CHUNK = 5_000;

/**
 * Fills a store anew with the tries of a whole flat state, in any order of accounts: whatever was there is removed first. The name and the
 * root are written last, so that an interrupted build leaves a store without states. Memory grows with the number of accounts and slots.
 */
export async function buildState(
  store: NodeStore,
  name: Hex,
  accounts: AsyncIterable<GenesisAccount>,
): Promise<bigint> {
  const turns = new Turns();
  let chunk: PlacedNode[] = [];
  const write = async () => {
    await store.fill(chunk);
    chunk = [];
  };
  const build = async (trie: Path, leaves: Leaf[]): Promise<bigint> => {
    leaves.sort((a, b) => (a.key < b.key ? -1 : 1));
    const nodes = buildTrie(leaves);
    for (;;) {
      const next = nodes.next();
      if (next.done) return next.value;
      const [digest, node, path] = next.value;
      chunk.push({ trie, path, node, digest });
      if (chunk.length === CHUNK) await write();
      if (turns.due) await turns.give();
    }
  };
  await store.clear();
  const leaves: Leaf[] = [];
  for await (const { address, account, storage } of accounts) {
    const slots: Leaf[] = [];
    for (const [slot, value] of storage ?? []) {
      if (value !== 0n) slots.push({ key: hashedKey(slot), value: { kind: 'slot', value } });
      if (turns.due) await turns.give();
    }
    if (isEmptyAccount(account)) continue;
    const key = hashedKey(address);
    leaves.push({ key, value: { kind: 'account', account, storageRoot: await build(key, slots) } });
    if (turns.due) await turns.give();
  }
  const root = await build('', leaves);
  await write();
  await store.begin(name, root);
  return root;
}
