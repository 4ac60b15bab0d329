import { bytesToHex, type Hex, slice } from 'viem';
import { batchHash } from '../../src/batch/header.js';
import { transcript } from '../../src/proof/transcript.js';
import { parseRequest } from '../../src/trace/request.js';
import type { ProvePayload } from '../queue/proof-pipeline.js';
import type { TaskContext } from '../worker/task.js';
import { contextOf, type Shared } from './parts.js';

/** Statement, commitments and challenge of a job whose parts are all committed. */
export async function transcriptOf(
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
