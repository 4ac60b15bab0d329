import { keccak256 } from 'viem';
import { fromHex, toHex } from '../batch/bytes.js';
import { accountOf, type GenesisState, genesisHash } from '../batch/genesis.js';
import { RESYNC, StateError } from '../errors/state.js';
import { accountKey, batchKey, codeKey, encodeAccount, encodeSlot, metaKey, slotKey } from './codec.js';
import { encodeHead, encodeSealed, NO_CHANGES, seal, sha256 } from './seal.js';
import type { Store, Write } from './store.js';

/** Of the store; another one's stores are refused. */
const STATE_FORMAT = 'deltaproof/state/2';

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
    const hash = fromHex(genesisHash(genesis));
    const first = seal(0n, { previous: hash, changes: sha256(NO_CHANGES), reverts: 0n }, NO_CHANGES);
    const meta = [
      { key: metaKey('format'), value: Buffer.from(STATE_FORMAT) },
      { key: metaKey('genesis'), value: hash },
      { key: batchKey(0n), value: encodeSealed(first) },
      { key: metaKey('head'), value: encodeHead({ number: 0n, oldest: 0n, seal: first.seal.hash }) },
    ];
    await store.write([...genesisWrites(genesis), ...meta]);
    return;
  }
  const found = Buffer.from(format!).toString();
  if (found !== STATE_FORMAT) {
    throw foreign(store.path, `has format ${found}, and this version reads ${STATE_FORMAT}`);
  }
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
  return new StateError('STATE_FOREIGN', `The store at ${path} ${what}.`, {
    hint: `Use another directory. ${RESYNC}`,
  });
}
