import { EMPTY_ACCOUNT } from '../../src/batch/types.js';
import { replayBatch } from '../../src/execution/replay.js';
import { type BatchTraceInput, traceBatch, traceInto } from '../../src/trace/batch-trace.js';
import type { OnProgress } from '../../src/trace/execution/execute.js';
import { type BatchRequest, requestView } from '../../src/trace/request.js';
import type { RowSink } from '../../src/trace/sink.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';

/** How far a trace is when the batch is replayed, and when its rows are made and balanced. */
export const [REPLAYED, TRACED] = [0.1, 0.85];
/** When all but the tables and the check of the bus is done. */
const EXECUTED = 0.84;

/** What the rows of a request are made from: replay, post trie (mode root). */
export async function traceInput(request: BatchRequest): Promise<BatchTraceInput> {
  const { batch, rules, mode, preRoot } = request;
  const { replay } = await replayBatch(requestView(request, EMPTY_ACCOUNT), batch, rules);
  const store = new MemoryTrieStore();
  await store.write(request.nodes);
  if (mode === 'diff') return { replay, mode, preRoot, nodes: store.get };
  const postRoot = await new StateTrie(store).applyChanges(preRoot, replay.accessList);
  return { replay, mode, preRoot, postRoot, nodes: store.get };
}

/** Replays a request and makes its rows, which go to `sink`. @param onProgress told up to what is {@link EXECUTED} */
export async function traceRequestInto(request: BatchRequest, sink: RowSink, onProgress: OnProgress) {
  const input = await traceInput(request);
  onProgress(REPLAYED);
  return {
    replay: input.replay,
    ...traceInto(input, sink, (part) => onProgress(REPLAYED + (EXECUTED - REPLAYED) * part)),
  };
}

/** Rows in memory, tables and value of a request whose rows have room there. */
export async function traceRequest(request: BatchRequest) {
  const input = await traceInput(request);
  return { replay: input.replay, ...traceBatch(input) };
}
