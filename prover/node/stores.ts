import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Store } from '../../src/state/store.js';
import { checkTables } from '../../src/state/table-check.js';

/** The folders of a node's two stores in its own. */
export function storesOf(path: string): { readonly state: string; readonly trie: string } {
  return { state: join(path, 'state'), trie: join(path, 'trie') };
}

/**
 * Reads the tables of a node's stores, which no process has open, before LevelDB does, which may end the process that opens damaged ones.
 * @throws StateError `STATE_CORRUPT`
 */
export async function checkStores(path: string): Promise<void> {
  for (const store of Object.values(storesOf(path))) if (existsSync(store)) await checkTables(store);
}

/**
 * Removes a node's stores, readable or not, so that it reads every batch from L1 again when it is started. Nothing else in its folder is
 * touched.
 * @throws StateUnavailableError `STATE_LOCKED` while a node holds one of them; nothing is removed then
 */
export async function removeStores(path: string): Promise<void> {
  // The state first, which a node holds as long as the tries.
  const { state, trie } = storesOf(path);
  for (const store of [state, trie]) {
    await Store.destroy(store);
    await rm(store, { recursive: true, force: true });
  }
}
