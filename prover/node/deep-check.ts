import { keccak256 } from 'viem';
import type { AccountAccess } from '../../src/batch/types.js';
import { EMPTY_CODE_HASH } from '../../src/batch/types.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore, readerOf } from '../../src/trie/store.js';
import { checkLeaves, corrupt } from './leaves.js';
import type { L2Node } from './node.js';
import { stateAccounts } from './state-accounts.js';

/** What was looked at. */
export interface DeepCheck {
  readonly batches: bigint;
  readonly accounts: number;
  readonly slots: number;
  readonly codes: number;
  /** The root after the newest batch. */
  readonly root: bigint;
}

/** Accounts whose nodes are read at once. */
const CHUNK = 500;

/**
 * Compares everything that a node has stored: each batch with the one before it, the present state with what batches changed last, each code
 * with its hash, every account and slot with its leaf, every node on the way there with its digest, and the root with that of tries which
 * are built anew from the flat state. Takes as long as building them, and memory for all nodes.
 * @throws StateError `STATE_CORRUPT`, TrieError `TRIE_STORE_DAMAGED`, naming what is damaged
 */
export async function deepCheck({ state, roots }: L2Node): Promise<DeepCheck> {
  await state.verify();
  return roots.at(state.head, async (base, root, merkleiser) => {
    const view = await state.asOf(state.head);
    const codes = new Set<string>();
    let [accounts, slots] = [0, 0];
    let chunk: AccountAccess[] = [];
    const check = async () => {
      const nodes = await merkleiser.nodesAround(base, chunk);
      checkLeaves(readerOf(nodes), root, chunk, `after batch ${state.head}`);
      chunk = [];
    };
    for await (const { address, account, storage = [] } of stateAccounts(view)) {
      const { codeHash } = account;
      if (codeHash !== EMPTY_CODE_HASH && !codes.has(codeHash)) {
        if (keccak256(await view.code(codeHash)) !== codeHash)
          throw corrupt(`The code of account ${address} is damaged.`);
        codes.add(codeHash);
      }
      const own = Array.from(storage, ([key, value]) => ({ key, pre: value, post: value }));
      chunk.push({ address, pre: account, post: account, slots: own });
      accounts++;
      slots += own.length;
      if (chunk.length >= CHUNK) await check();
    }
    await check();
    const built = await new StateTrie(new MemoryTrieStore()).genesis(stateAccounts(view));
    if (built !== root) {
      throw corrupt(`The flat state has the root ${built}, and the tries have ${root} after batch ${state.head}.`);
    }
    return { batches: state.head, accounts, slots, codes: codes.size, root };
  });
}
