import { type Hex, slice } from 'viem';
import { batchHash } from '../../src/batch/header.js';
import { rulesHash } from '../../src/batch/rules.js';
import { frozenOf } from '../../src/proof/parts.js';
import { transcript } from '../../src/proof/transcript.js';
import { parseRequest } from '../../src/trace/request.js';
import { listOf, type ProvePayload } from '../queue/proof-pipeline.js';
import type { TaskContext } from '../worker/task.js';
import { contextOf, decodePlan, type Shared } from './parts.js';

/** Statement, commitments and challenge of a job whose parts are all committed. */
export async function transcriptOf(
  payload: Pick<ProvePayload, 'shared' | 'commitments'>,
  artifacts: TaskContext['artifacts'],
) {
  const { request, plan: planArtifact, value } = payload.shared as unknown as Shared;
  const work = parseRequest(Buffer.from(await artifacts.get(request.batch)).toString());
  const plan = decodePlan(await artifacts.get(planArtifact));
  const { batch, mode, preRoot, rules } = work;
  const statement = { batchHash: batchHash(batch.header), preRoot, mode, value: BigInt(value) };
  const commitments = (await listOf<Hex>(payload.commitments, artifacts)).map((text) => ({
    shape: Number(slice(text, 0, 1)),
    D: slice(text, 1),
  }));
  const context = { ...contextOf(request), rulesHash: rulesHash(rules) };
  const { challenge } = transcript(context, statement, frozenOf(plan, commitments));
  return { request, work, context, statement, plan, commitments, challenge };
}
