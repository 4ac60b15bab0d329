import { MerkleStateManager } from '@ethereumjs/statemanager';
import { createAccount, createAddressFromString } from '@ethereumjs/util';
import { bigintToBytes, fromHex } from '../batch/bytes.js';
import type { GenesisState } from '../batch/genesis.js';
import { commonOf } from './batch-vm.js';

/**
 * ethereumjs' own trie-backed state manager (keccak nodes, in memory) filled with a genesis: what flat state is compared
 * with, in results and in speed. Nothing of the rollup uses it. Call `flush` before asking it for a root.
 */
export async function trieBackedState(genesis: GenesisState, chainId: bigint): Promise<MerkleStateManager> {
  const manager = new MerkleStateManager({ common: commonOf(chainId) });
  await manager.checkpoint();
  for (const [name, { nonce, balance, code, storage }] of genesis) {
    const address = createAddressFromString(name);
    await manager.putAccount(address, createAccount({ nonce, balance }));
    if (code !== '0x') await manager.putCode(address, fromHex(code));
    for (const [key, value] of storage) {
      await manager.putStorage(address, fromHex(key), bigintToBytes(value, Math.ceil(value.toString(16).length / 2)));
    }
  }
  await manager.commit();
  return manager;
}
