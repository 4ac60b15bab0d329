import { MerklePatriciaTrie } from '@ethereumjs/mpt';
import { MerkleStateManager } from '@ethereumjs/statemanager';
import { createAccount, createAddressFromString, type DB, ValueEncoding } from '@ethereumjs/util';
import { bigintToBytes, fromHex } from '../batch/bytes.js';
import type { GenesisState } from '../batch/genesis.js';
import { commonOf } from './batch-vm.js';

/** Accounts that are written at once. */
const CHUNK = 10_000;

/**
 * ethereumjs' own trie-backed state manager (keccak nodes) filled with a genesis: what flat state is compared with, in results and in
 * speed. Nothing of the rollup uses it. Call `flush` before asking it for a root.
 * @param db where its nodes are; in memory when absent
 */
export async function trieBackedState(
  genesis: GenesisState,
  chainId: bigint,
  db?: DB<string, Uint8Array>,
): Promise<MerkleStateManager> {
  const manager = openTrieBackedState(chainId, db, db !== undefined);
  let written = 0;
  await manager.checkpoint();
  for (const [name, { nonce, balance, code, storage }] of genesis) {
    const address = createAddressFromString(name);
    await manager.putAccount(address, createAccount({ nonce, balance }));
    if (code !== '0x') await manager.putCode(address, fromHex(code));
    for (const [key, value] of storage) {
      await manager.putStorage(address, fromHex(key), bigintToBytes(value, Math.ceil(value.toString(16).length / 2)));
    }
    if (++written % CHUNK > 0) continue;
    await manager.commit();
    await manager.checkpoint();
  }
  await manager.commit();
  return manager;
}

/** The same, empty; with `prune` nodes that a write replaces are deleted. */
export function openTrieBackedState(chainId: bigint, db?: DB<string, Uint8Array>, prune = false): MerkleStateManager {
  const common = commonOf(chainId);
  if (db === undefined) return new MerkleStateManager({ common });
  const options = { db, common, useKeyHashing: true, valueEncoding: ValueEncoding.Bytes, useNodePruning: prune };
  return new MerkleStateManager({ common, trie: new MerklePatriciaTrie(options) });
}
