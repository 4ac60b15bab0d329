import { parseBatchFile } from '../../src/batch/batch-file.js';
import type { Rules } from '../../src/batch/types.js';
import { replayBatch } from '../../src/execution/replay.js';
import type { Mode } from '../../src/proof/types.js';
import { MemoryState } from '../../src/state/memory-state.js';
import type { BatchRequest } from '../../src/trace/request.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { cutOut, stateAccounts } from '../node/node.js';
import { readTextFile } from './files.js';

/** The proof request of a batch file: its pre-state's trie is built in memory. @throws BatchError, ExecutionError, UsageError */
export async function requestOfFile(path: string, rules: Rules, mode: Mode): Promise<BatchRequest> {
  const { preState, batch } = parseBatchFile(readTextFile(path), rules);
  const view = new MemoryState(preState);
  const trie = new StateTrie(new MemoryTrieStore());
  const preRoot = await trie.genesis(stateAccounts(view));
  const { replay } = await replayBatch(view, batch, rules);
  return cutOut(trie, { rules, batch, mode, preRoot }, replay);
}
