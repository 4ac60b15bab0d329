import { EMPTY_ACCOUNT } from '../../src/batch/types.js';
import { replayBatch } from '../../src/execution/replay.js';
import { planParts } from '../../src/l1/plan-parts.js';
import { l1Items } from '../../src/statement/l1-transactions.js';
import { type BatchTraceInput, traceBatch, traceInto } from '../../src/trace/batch-trace.js';
import type { OnProgress } from '../../src/trace/execution/execute.js';
import { pack } from '../../src/trace/pack.js';
import { type BatchRequest, parseRequest, requestView } from '../../src/trace/request.js';
import type { RowSink } from '../../src/trace/sink.js';
import { Spool } from '../../src/trace/spool.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import type { JsonValue } from '../queue/json.js';
import type { TracePayload, TraceResult } from '../queue/proof-pipeline.js';
import type { TaskContext } from '../worker/task.js';
import { keysOf } from './keys.js';
import { encodePlan, encodeRows, type Part, type ProofRequest } from './parts.js';

/** How far a trace is when the batch is replayed, and when its rows are made and balanced. */
export const [REPLAYED, TRACED] = [0.1, 0.85];
/** When all but the tables and the check of the bus is done. */
const EXECUTED = 0.84;

/** Replays the batch, makes and balances its rows, packs them into shapes; nothing is proven yet. Rows stay on disk all the while. */
export async function trace({ request }: TracePayload, { artifacts, progress }: TaskContext): Promise<TraceResult> {
  const proofRequest = request as unknown as ProofRequest;
  const { keySet, keySetHash } = proofRequest;
  const work = parseRequest(Buffer.from(await artifacts.get(proofRequest.batch)).toString());
  const { shapes } = await keysOf(proofRequest);
  const specs = shapes.map(({ spec }) => spec);
  const spool = Spool.open();
  try {
    const { replay, tables, value } = await traceRequestInto(work, spool, progress);
    progress(TRACED);
    const parts: JsonValue[] = [];
    const proofs = pack(spool.counts(), specs, proofRequest.packing);
    for (const proof of proofs) {
      const rows = await artifacts.put(encodeRows(proof, (chip, range) => spool.read(chip, range)));
      const { constraints } = shapes[proof.shape]!;
      parts.push({ keySet, keySetHash, shape: proof.shape, constraints, rows } satisfies Part);
      progress(TRACED + (1 - TRACED) * (parts.length / proofs.length));
    }
    const plan = planParts(
      { mode: work.mode, tables, items: l1Items(work.batch.txs, replay.read) },
      proofs.map(({ shape }) => shape),
    );
    const shared = { request, plan: await artifacts.put(encodePlan(plan)), value: value.toString() };
    return { parts, shared };
  } finally {
    spool.close();
  }
}

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
