import { LocalMerkleiser } from './local.js';
import { NodeStore } from './node-store.js';
import { ThreadMerkleiser } from './thread.js';
import type { Merkleiser } from './types.js';
import { ParallelUpdater } from './update.js';

/**
 * The tries of a line of states in a folder, which is made when it is not there and can be open only once. Empty until `build`.
 * @param workers 0: everything on this thread, with breaks for its event loop; else one thread that keeps the tries, and `workers` - 1
 * that hash
 * @throws StateUnavailableError `STATE_LOCKED`, `STATE_DISK_FULL`; StateError `STATE_OPEN`; with workers: at the first call
 */
export async function openMerkleiser(folder: string, { workers }: { readonly workers: number }): Promise<Merkleiser> {
  if (workers > 0) return new ThreadMerkleiser(folder, workers);
  return new LocalMerkleiser(await NodeStore.open(folder), new ParallelUpdater());
}
