import { keccak256 } from 'viem';
import { bigintToBytes, fromHex, toHex } from '../batch/bytes.js';
import { accountOf, type GenesisState, genesisHash } from '../batch/genesis.js';
import { StateError } from '../errors/state.js';
import { accountKey, codeKey, encodeAccount, encodeSlot, metaKey, slotKey } from './codec.js';
import type { Store, Write } from './store.js';

const FORMAT = 'deltaproof/state/1';

/**
 * Checks what the store holds, and fills it with the genesis when it is new.
 * @throws StateError `STATE_NO_GENESIS`, `STATE_OTHER_GENESIS`, `STATE_FOREIGN`
 */
export async function prepareStore(store: Store, genesis: GenesisState | undefined): Promise<void> {
  const [format, stored] = await store.getMany([metaKey('format'), metaKey('genesis')]);
  if (format!.length === 0) {
    for await (const _ of store.entries(new Uint8Array(0))) throw foreign(store.path, 'is of something else');
    if (genesis === undefined) {
      const message = `The state at ${store.path} is new, and no genesis was given.`;
      throw new StateError('STATE_NO_GENESIS', message, { hint: 'Give the genesis of the rollup.' });
    }
    const meta = [
      { key: metaKey('format'), value: Buffer.from(FORMAT) },
      { key: metaKey('genesis'), value: fromHex(genesisHash(genesis)) },
      { key: metaKey('head'), value: bigintToBytes(0n, 8) },
      { key: metaKey('oldest'), value: bigintToBytes(0n, 8) },
    ];
    await store.write([...genesisWrites(genesis), ...meta]);
    return;
  }
  const found = Buffer.from(format!).toString();
  if (found !== FORMAT) throw foreign(store.path, `has format ${found}, and this version reads ${FORMAT}`);
  if (genesis !== undefined && toHex(stored!) !== genesisHash(genesis)) {
    const message = `The state at ${store.path} began with genesis ${toHex(stored!)}, not with ${genesisHash(genesis)}.`;
    throw new StateError('STATE_OTHER_GENESIS', message, { hint: 'Use the directory of this rollup, or a new one.' });
  }
}

/** Everything that a checked genesis puts into an empty store. */
function genesisWrites(genesis: GenesisState): Write[] {
  const writes: Write[] = [];
  for (const [address, account] of genesis) {
    writes.push({ key: accountKey(address), value: encodeAccount(accountOf(account)) });
    if (account.code !== '0x') writes.push({ key: codeKey(keccak256(account.code)), value: fromHex(account.code) });
    for (const [key, value] of account.storage) writes.push({ key: slotKey(address, key), value: encodeSlot(value) });
  }
  return writes;
}

function foreign(path: string, what: string): StateError {
  return new StateError('STATE_FOREIGN', `The store at ${path} ${what}.`, { hint: 'Use another directory.' });
}
