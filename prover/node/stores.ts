import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Store } from '../../src/state/store.js';

/** The folders of a node's two stores in its own. */
export function storesOf(path: string): { readonly state: string; readonly trie: string } {
  return { state: join(path, 'state'), trie: join(path, 'trie') };
}

/**
 * Removes a node's stores, readable or not, so that it reads every batch from L1 again when it is started. Nothing else in its folder is
 * touched.
 * @throws StateUnavailableError `STATE_LOCKED` while a node holds one of them; nothing is removed then
 */
export async function removeStores(path: string): Promise<void> {
  const stores = Object.values(storesOf(path));
  for (const store of stores) await Store.assertFree(store);
  for (const store of stores) await rm(store, { recursive: true, force: true });
}
