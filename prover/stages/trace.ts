import { EMPTY_ACCOUNT } from '../../src/batch/types.js';
import { replayBatch } from '../../src/execution/replay.js';
import { l1Items } from '../../src/l1/l1-transactions.js';
import { planParts } from '../../src/l1/plan-parts.js';
import { traceBatch } from '../../src/trace/batch-trace.js';
import { pack } from '../../src/trace/pack.js';
import { type BatchRequest, parseRequest, requestView } from '../../src/trace/request.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import type { JsonValue } from '../queue/json.js';
import type { TracePayload, TraceResult } from '../queue/proof-pipeline.js';
import type { TaskContext } from '../worker/task.js';
import { keysOf } from './keys.js';
import { encodePlan, encodeRows, type Part, type ProofRequest } from './parts.js';

/** Replays the batch, makes and balances its rows, packs them into shapes; nothing is proven yet. */
export async function trace({ request }: TracePayload, { artifacts, progress }: TaskContext): Promise<TraceResult> {
  const proofRequest = request as unknown as ProofRequest;
  const work = parseRequest(Buffer.from(await artifacts.get(proofRequest.batch)).toString());
  const { shapes } = await keysOf(proofRequest);
  const { rows, tables, value, replay } = await traceRequest(work);
  progress(0.7);
  const specs = shapes.map(({ spec }) => spec);
  const parts: JsonValue[] = [];
  const proofs = pack(rows, specs, proofRequest.packing);
  for (const proof of proofs) {
    const { keySet, keySetHash } = proofRequest;
    const rows = await artifacts.put(encodeRows(proof));
    const { constraints } = shapes[proof.shape]!;
    parts.push({ keySet, keySetHash, shape: proof.shape, constraints, rows } satisfies Part);
  }
  const items = l1Items(work.batch.txs, replay.read);
  const plan = planParts(
    { mode: work.mode, tables, items },
    proofs.map(({ shape }) => shape),
  );
  const shared = { request, plan: await artifacts.put(encodePlan(plan)), value: value.toString() };
  return { parts, shared };
}

/** Rows, tables and value of a request: replay, post trie (mode root), trace. */
export async function traceRequest(request: BatchRequest) {
  const { batch, rules, mode, preRoot } = request;
  const { replay } = await replayBatch(requestView(request, EMPTY_ACCOUNT), batch, rules);
  const store = new MemoryTrieStore();
  await store.write(request.nodes);
  if (mode === 'diff') return { replay, ...traceBatch({ replay, mode, preRoot, nodes: store.get }) };
  const postRoot = await new StateTrie(store).applyChanges(preRoot, replay.accessList);
  return { replay, ...traceBatch({ replay, mode, preRoot, postRoot, nodes: store.get }) };
}
