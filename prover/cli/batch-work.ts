import { type BatchFile, parseBatchFile } from '../../src/batch/batch-file.js';
import { rulesOfVersion } from '../../src/batch/rules.js';
import type { Replay } from '../../src/batch/types.js';
import { replayBatch } from '../../src/execution/replay.js';
import type { Mode } from '../../src/proof/types.js';
import { MemoryState } from '../../src/state/memory-state.js';
import type { StateView } from '../../src/state/view.js';
import type { BatchRequest } from '../../src/trace/request.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { readTextFile } from '../config/files.js';
import { cutOut } from '../node/cut-out.js';
import { stateAccounts } from '../node/state-accounts.js';

/** What a batch file asks for. */
export interface BatchWork {
  readonly request: BatchRequest;
  readonly replay: Replay;
  /** The file's pre-state. */
  readonly before: StateView;
}

/** The proof request of a batch file, by the rules of its version; its pre-state's trie is built in memory. @throws ExecutionError */
export async function workOf({ preState, batch }: BatchFile, mode: Mode): Promise<BatchWork> {
  const rules = rulesOfVersion(batch.header.version);
  const before = new MemoryState(preState);
  const trie = new StateTrie(new MemoryTrieStore());
  const preRoot = await trie.genesis(stateAccounts(before));
  const { replay } = await replayBatch(before, batch, rules);
  return {
    request: cutOut(await trie.nodesAround([preRoot], replay.accessList), { rules, batch, mode, preRoot }, replay),
    replay,
    before,
  };
}

/** {@link workOf} of the file at `path`. @throws BatchError, ExecutionError, UsageError */
export function workOfFile(path: string, mode: Mode): Promise<BatchWork> {
  return workOf(parseBatchFile(readTextFile(path)), mode);
}
