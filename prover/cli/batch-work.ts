import { parseBatchFile } from '../../src/batch/batch-file.js';
import { rulesOfVersion } from '../../src/batch/rules.js';
import { replayBatch } from '../../src/execution/replay.js';
import type { Mode } from '../../src/proof/types.js';
import { MemoryState } from '../../src/state/memory-state.js';
import type { BatchRequest } from '../../src/trace/request.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { cutOut, stateAccounts } from '../node/node.js';
import { readTextFile } from './files.js';

/** The proof request of a batch file, by the rules of its version; its pre-state's trie is built in memory. @throws BatchError, ExecutionError, UsageError */
export async function requestOfFile(path: string, mode: Mode): Promise<BatchRequest> {
  const { preState, batch } = parseBatchFile(readTextFile(path));
  const rules = rulesOfVersion(batch.header.version);
  const view = new MemoryState(preState);
  const trie = new StateTrie(new MemoryTrieStore());
  const preRoot = await trie.genesis(stateAccounts(view));
  const { replay } = await replayBatch(view, batch, rules);
  return cutOut(trie, { rules, batch, mode, preRoot }, replay);
}
