import type { Address, Hex } from 'viem';
import type { StateView } from '../../src/state/view.js';
import type { GenesisAccount } from '../../src/trie/state.js';

/** Every account of a flat state with its storage, as the first trie needs them. */
export async function* stateAccounts(view: StateView): AsyncGenerator<GenesisAccount> {
  const storage = new Map<Address, [Hex, bigint][]>();
  for await (const { address, key, value } of view.slots()) {
    const slots = storage.get(address) ?? [];
    storage.set(address, slots);
    slots.push([key, value]);
  }
  for await (const [address, account] of view.accounts()) {
    yield { address, account, storage: storage.get(address) ?? [] };
  }
}
