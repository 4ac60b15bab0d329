import { diffItems } from '../../src/batch/diff.js';
import { EMPTY_ACCOUNT } from '../../src/batch/types.js';
import type { TraceRow } from '../../src/chips/chip.js';
import { replayBatch } from '../../src/execution/replay.js';
import { beginState } from '../../src/merkle/beside.js';
import { Hasher } from '../../src/merkle/hasher.js';
import { executeInto } from '../../src/trace/batch-trace.js';
import type { OnProgress } from '../../src/trace/execution/execute.js';
import { type BatchRequest, requestView } from '../../src/trace/request.js';
import type { RowSink } from '../../src/trace/sink.js';
import { readerOf } from '../../src/trie/store.js';

/** How far a trace is when the batch is replayed, and when its rows are made and balanced. */
export const [REPLAYED, TRACED] = [0.1, 0.85];
/** When all but the tables and the check of the bus is done. */
const EXECUTED = 0.84;

/**
 * Replays a request and makes its rows, which go to `sink`. In mode root the post trie is hashed on another thread, from the replay's
 * access list, while the rows of execution are made, which end as that list says or are refused.
 * @param onProgress told up to what is {@link EXECUTED}
 */
export async function traceRequestInto(request: BatchRequest, sink: RowSink, onProgress: OnProgress) {
  const { batch, rules, mode, preRoot, nodes } = request;
  const hasher = mode === 'root' ? new Hasher({ threads: 1 }) : undefined;
  try {
    const { replay } = await replayBatch(requestView(request, EMPTY_ACCOUNT), batch, rules);
    onProgress(REPLAYED);
    const posting = hasher && (await beginState(preRoot, diffItems(replay.accessList), nodes, hasher));
    const finish = executeInto(replay, sink, (part) => onProgress(REPLAYED + (EXECUTED - REPLAYED) * part));
    const post = await posting?.();
    const tries = post === undefined ? { nodes: readerOf(nodes) } : { nodes: post.nodes, postRoot: post.root };
    return { replay, ...finish({ mode, preRoot, ...tries }) };
  } finally {
    await hasher?.close();
  }
}

/** Rows in memory, tables and value of a request whose rows have room there. */
export async function traceRequest(request: BatchRequest) {
  const rows: TraceRow[] = [];
  return { ...(await traceRequestInto(request, rows, () => undefined)), rows };
}
