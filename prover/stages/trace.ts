import { parseRequest } from '../../src/trace/request.js';
import { Spool } from '../../src/trace/spool.js';
import type { JsonValue } from '../queue/json.js';
import type { TracePayload, TraceResult } from '../queue/proof-pipeline.js';
import type { TaskContext } from '../worker/task.js';
import { keysOf } from './keys.js';
import { packRequest } from './pack-request.js';
import { encodePlan, encodeRows, type Part, type ProofRequest } from './parts.js';
import { TRACED } from './trace-request.js';

/** Replays the batch, makes and balances its rows, packs them into shapes; nothing is proven yet. Rows stay on disk all the while. */
export async function trace({ request }: TracePayload, { artifacts, progress }: TaskContext): Promise<TraceResult> {
  const proofRequest = request as unknown as ProofRequest;
  const { keySet, keySetHash } = proofRequest;
  const work = parseRequest(Buffer.from(await artifacts.get(proofRequest.batch)).toString());
  const { shapes } = await keysOf(proofRequest);
  const specs = shapes.map(({ spec }) => spec);
  const spool = Spool.open();
  try {
    const { packing } = proofRequest;
    const { proofs, plan, value } = await packRequest(work, specs, spool, { packing, onProgress: progress });
    progress(TRACED);
    const parts: JsonValue[] = [];
    for (const proof of proofs) {
      const rows = await artifacts.put(encodeRows(proof, (chip, range) => spool.read(chip, range)));
      const { constraints } = shapes[proof.shape]!;
      parts.push({ keySet, keySetHash, shape: proof.shape, constraints, rows } satisfies Part);
      progress(TRACED + (1 - TRACED) * (parts.length / proofs.length));
    }
    const shared = { request, plan: await artifacts.put(encodePlan(plan)), value: value.toString() };
    return { parts, shared };
  } finally {
    spool.close();
  }
}
