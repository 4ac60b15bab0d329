import type { Hex } from 'viem';
import { proveShape } from '../../src/proof/prove.js';
import { encodeRecord } from '../../src/proof/record.js';
import { shapeInputs } from '../../src/proof/shapes.js';
import type { ProvePayload } from '../queue/proof-pipeline.js';
import type { TaskContext } from '../worker/task.js';
import { engineOfProcess } from './engine.js';
import { keysOf } from './keys.js';
import { decodeRows, type Part } from './parts.js';
import { transcriptOf } from './transcript.js';

/** One proof record (hex), under the challenge that all commitments make together. */
export async function provePart(payload: ProvePayload, { artifacts, progress }: TaskContext): Promise<Hex> {
  const { shape, ...part } = payload.part as unknown as Part;
  const { request, challenge, commitments } = await transcriptOf(payload, artifacts);
  const engine = await engineOfProcess();
  try {
    const keySet = await keysOf(request, [shape], engine.reads.prove, progress);
    const inputs = shapeInputs(keySet.shapes[shape]!.spec, decodeRows(await artifacts.get(part.rows)));
    progress(0.5);
    return encodeRecord(
      await proveShape({ keySet, shape, inputs, D: commitments[payload.index]!.D, challenge }, engine),
    );
  } finally {
    await engine.close();
  }
}
