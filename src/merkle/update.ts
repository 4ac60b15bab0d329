import type { DiffItem } from '../batch/diff.js';
import { Turns } from '../batch/turns.js';
import { hashedKey } from '../trie/state.js';
import { type AccountChange, changeState } from './change.js';
import { Hasher, type HasherOptions } from './hasher.js';
import { prefetch } from './prefetch.js';
import { nodeKey } from './record.js';
import type { NodeKey, StateNodes, StateUpdate } from './types.js';
import type { Gate, Updater } from './updater.js';

/** An update, and how many nodes were hashed for it. */
export type CountedUpdate = StateUpdate & { readonly hashes: number };

const NOTHING = new Uint8Array(0);

/** Makes updates of states, hashing on this thread and on others. The event loop has a turn every 8 ms or so. */
export class ParallelUpdater implements Updater {
  readonly #hasher: Hasher;

  constructor(options: HasherOptions = {}) {
    this.#hasher = new Hasher(options);
  }

  /** @throws TrieError `TRIE_BAD_STATEMENT`, `TRIE_KEYS_TOO_CLOSE`, `TRIE_NODE_MISSING`; EngineError `ENGINE_MEMORY` */
  async update(nodes: StateNodes, diff: readonly DiffItem[], gate?: Gate): Promise<CountedUpdate> {
    return updateState(nodes, await accountChanges(diff, new Turns()), this.#hasher, gate);
  }

  close(): Promise<void> {
    return this.#hasher.close();
  }
}

/** A diff with its keys hashed. */
export async function accountChanges(diff: readonly DiffItem[], turns: Turns): Promise<AccountChange[]> {
  const accounts: AccountChange[] = [];
  for (const { address, slots, ...fields } of diff) {
    const hashed: { key: string; value: bigint }[] = [];
    for (const { key, value } of slots) {
      hashed.push({ key: hashedKey(key), value });
      if (turns.due) await turns.give();
    }
    accounts.push({ key: hashedKey(address), fields, slots: hashed });
    if (turns.due) await turns.give();
  }
  return accounts;
}

/** A state after changes by key. What it throws: {@link ParallelUpdater.update}. */
export async function updateState(
  nodes: StateNodes,
  accounts: readonly AccountChange[],
  hasher: Hasher,
  gate?: Gate,
): Promise<CountedUpdate> {
  const turns = new Turns();
  const slots = new Map(
    accounts.flatMap(({ key, slots }) => (slots.length > 0 ? [[key, slots.map((slot) => slot.key)] as const] : [])),
  );
  const keys = accounts.map(({ key }) => key);
  const { known, read } = await prefetch(nodes, keys, slots, turns);
  const { top, left } = await changeState(nodes.root, accounts, known, turns);
  const list = typeof top === 'bigint' ? undefined : await hasher.hash(top, gate, read);
  const put = list === undefined ? new Map<NodeKey, Uint8Array>() : await list.encoded(turns);
  const del = left.map(nodeKey).filter((key) => !put.has(key));
  if (turns.due) await turns.give();
  // Whatever stands where a node comes or goes was on the way to it.
  const old = new Map<NodeKey, Uint8Array>();
  for (const key of [...put.keys(), ...del]) old.set(key, read.get(key)?.bytes ?? NOTHING);
  const root = list?.root() ?? (top as bigint);
  return { root, put, del, old, hashes: list?.size ?? 0 };
}
