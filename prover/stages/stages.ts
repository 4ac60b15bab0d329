import { bytesToHex, concat, type Hex, slice, toHex } from 'viem';
import { fromHex } from '../../src/batch/bytes.js';
import { batchHash } from '../../src/batch/header.js';
import { EMPTY_ACCOUNT } from '../../src/batch/types.js';
import { ArtifactError } from '../../src/errors/artifact.js';
import { replayBatch } from '../../src/execution/replay.js';
import { verifyBundle } from '../../src/l1/verify-bundle.js';
import { encodeBundle } from '../../src/proof/bundle-file.js';
import { commit } from '../../src/proof/commit.js';
import { snarkjsEngine } from '../../src/proof/engine.js';
import { type KeySet, loadKeySet } from '../../src/proof/keyset.js';
import { proveShape } from '../../src/proof/prove.js';
import { encodeRecord } from '../../src/proof/record.js';
import { shapeInputs } from '../../src/proof/shapes.js';
import { transcript } from '../../src/proof/transcript.js';
import type { Bundle } from '../../src/proof/types.js';
import { traceBatch } from '../../src/trace/batch-trace.js';
import { pack } from '../../src/trace/pack.js';
import { type BatchRequest, parseRequest, requestView } from '../../src/trace/request.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import type { JsonValue } from '../queue/json.js';
import type { BundlePayload, CommitPayload, ProvePayload, TracePayload, TraceResult } from '../queue/proof-pipeline.js';
import type { TaskContext } from '../worker/task.js';
import { contextOf, decodeRows, encodeRows, type Part, type ProofRequest, type Shared } from './parts.js';

/** Replays the batch, makes and balances its rows, packs them into shapes; nothing is proven yet. */
export async function trace({ request }: TracePayload, { artifacts, progress }: TaskContext): Promise<TraceResult> {
  const proofRequest = request as unknown as ProofRequest;
  const work = parseRequest(Buffer.from(await artifacts.get(proofRequest.batch)).toString());
  const { shapes } = await keysOf(proofRequest);
  const { rows, tables, value } = await traceRequest(work);
  progress(0.7);
  const specs = shapes.map(({ spec }) => spec);
  const parts: JsonValue[] = [];
  for (const proof of pack(rows, specs)) {
    const { keySet, keySetHash } = proofRequest;
    const rows = await artifacts.put(encodeRows(proof));
    parts.push({ keySet, keySetHash, shape: proof.shape, rows } satisfies Part);
  }
  const shared = { request, tables: await artifacts.put(fromHex(tables)), value: value.toString() };
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

/** What one proof is bound by before the challenge: shape u8 ‖ D of its rows, in hexadecimal. */
export async function commitPart({ part }: CommitPayload, { artifacts }: TaskContext): Promise<Hex> {
  const { shape, rows, ...keys } = part as unknown as Part;
  const keyed = (await keysOf(keys)).shapes[shape]!;
  const D = await commit(keyed, shapeInputs(keyed.spec, decodeRows(await artifacts.get(rows))).cells);
  return concat([toHex(shape, { size: 1 }), D]);
}

/** One proof record (hex), under the challenge that all commitments make together. */
export async function provePart(payload: ProvePayload, { artifacts, progress }: TaskContext): Promise<Hex> {
  const { shape, ...part } = payload.part as unknown as Part;
  const { request, challenge, commitments } = await transcriptOf(payload, artifacts);
  const keySet = await keysOf(request);
  const inputs = shapeInputs(keySet.shapes[shape]!.spec, decodeRows(await artifacts.get(part.rows)));
  progress(0.1);
  const engine = snarkjsEngine();
  try {
    return encodeRecord(
      await proveShape({ keySet, shape, inputs, D: commitments[payload.index]!.D, challenge }, engine),
    );
  } finally {
    await engine.close();
  }
}

/** Puts the records together, verifies the whole by L1's rules, stores the bundle file. */
export async function bundle(payload: BundlePayload, { artifacts }: TaskContext): Promise<{ bundle: string }> {
  const { request, work, statement, tables } = await transcriptOf(payload, artifacts);
  const { batch, preRoot, mode, rules } = work;
  const whole: Bundle = {
    ...contextOf(request),
    ...batch,
    preRoot,
    mode,
    value: statement.value,
    tables,
    proofs: concat(payload.proofs as Hex[]),
  };
  await verifyBundle(whole, await keysOf(request), rules);
  return { bundle: await artifacts.put(Buffer.from(encodeBundle(whole))) };
}

/**
 * The keys that a request names, from this machine's cache.
 * @throws ArtifactError `ARTIFACT_OTHER_KEYS` when this machine has other ones under that name
 */
async function keysOf({ keySet: name, keySetHash }: Pick<ProofRequest, 'keySet' | 'keySetHash'>): Promise<KeySet> {
  const keySet = await loadKeySet(name);
  if (keySet.hash === keySetHash) return keySet;
  throw new ArtifactError('ARTIFACT_OTHER_KEYS', `The job is for key set ${keySetHash}, "${name}" is ${keySet.hash}.`, {
    hint: 'Whoever queued it has other circuits than this machine: let both run the same version, and queue it again.',
  });
}

async function transcriptOf(
  payload: Pick<ProvePayload, 'shared' | 'commitments'>,
  artifacts: TaskContext['artifacts'],
) {
  const { request, tables: tablesArtifact, value } = payload.shared as unknown as Shared;
  const work = parseRequest(Buffer.from(await artifacts.get(request.batch)).toString());
  const tables = bytesToHex(await artifacts.get(tablesArtifact));
  const { batch, mode, preRoot } = work;
  const statement = { batchHash: batchHash(batch.header), preRoot, mode, value: BigInt(value) };
  const commitments = (payload.commitments as Hex[]).map((text) => ({
    shape: Number(slice(text, 0, 1)),
    D: slice(text, 1),
  }));
  const { challenge } = transcript(contextOf(request), statement, tables, commitments);
  return { request, work, statement, tables, commitments, challenge };
}
