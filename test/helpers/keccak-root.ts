import { createMPT, type MerklePatriciaTrie } from '@ethereumjs/mpt';
import { createAccount } from '@ethereumjs/util';
import type { Hex } from 'viem';
import { fromHex, toHex } from '../../src/batch/bytes.js';
import { rlpUint } from '../../src/batch/rlp.js';
import type { StateView } from '../../src/state/view.js';

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
