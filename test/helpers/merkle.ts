import { createMPT, type MerklePatriciaTrie } from '@ethereumjs/mpt';
import { MerkleStateManager } from '@ethereumjs/statemanager';
import { createAccount, createAddressFromString } from '@ethereumjs/util';
import type { Hex } from 'viem';
import { bigintToBytes, fromHex, toHex } from '../../src/batch/bytes.js';
import type { GenesisState } from '../../src/batch/genesis.js';
import { accountOf } from '../../src/batch/genesis.js';
import { rlpUint } from '../../src/batch/rlp.js';
import { commonOf } from '../../src/execution/batch-vm.js';
import type { StateView } from '../../src/state/view.js';

/** ethereumjs' own trie-backed state manager, filled with a genesis. */
export async function merkleState(genesis: GenesisState, chainId: bigint): Promise<MerkleStateManager> {
  const manager = new MerkleStateManager({ common: commonOf(chainId) });
  await manager.checkpoint();
  for (const [name, account] of genesis) {
    const address = createAddressFromString(name);
    const { nonce, balance } = accountOf(account);
    await manager.putAccount(address, createAccount({ nonce, balance }));
    if (account.code !== '0x') await manager.putCode(address, fromHex(account.code));
    for (const [key, value] of account.storage) await manager.putStorage(address, fromHex(key), shortBytes(value));
  }
  await manager.commit();
  return manager;
}

/** Ethereum's keccak state root of a flat state, by a trie that is built from nothing over its iterators. */
export async function keccakRoot(view: StateView): Promise<Hex> {
  const storages = new Map<string, MerklePatriciaTrie>();
  for await (const { address, key, value } of view.slots()) {
    const trie = storages.get(address) ?? (await createMPT({ useKeyHashing: true }));
    storages.set(address, trie);
    await trie.put(fromHex(key), rlpUint(value));
  }
  const trie = await createMPT({ useKeyHashing: true });
  for await (const [address, { nonce, balance, codeHash }] of view.accounts()) {
    const storageRoot = storages.get(address)?.root();
    const account = createAccount({
      nonce,
      balance,
      codeHash: fromHex(codeHash),
      ...(storageRoot === undefined ? {} : { storageRoot }),
    });
    await trie.put(fromHex(address), account.serialize());
  }
  return toHex(trie.root());
}

function shortBytes(value: bigint): Uint8Array {
  return bigintToBytes(value, Math.ceil(value.toString(16).length / 2));
}
