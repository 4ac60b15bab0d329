import { parseTransaction } from '../../src/batch/transaction.js';
import type { BatchRequest } from '../../src/trace/request.js';
import type { JsonValue } from '../queue/json.js';
import type { BundlePayload, CommitPayload, TracePayload } from '../queue/proof-pipeline.js';
import type { Job } from '../queue/types.js';
import type { Part, ProofRequest } from '../stages/parts.js';

/** Seconds of each of a job's stages, from its first start to its last end. */
export function secondsByStage({ stages }: Pick<Job, 'stages'>): Record<string, number> {
  return Object.fromEntries(stages.map(({ name, durationMs }) => [name, (durationMs ?? 0) / 1000]));
}

/**
 * Work that a batch takes at most by its rules. It bounds the rows that the batch makes, and with them the time of its trace.
 */
export function mostWork({ batch, rules }: Pick<BatchRequest, 'batch' | 'rules'>): bigint {
  let work = 0n;
  for (const raw of batch.txs) {
    const item = parseTransaction(raw, rules);
    work += item.use + (item.kind === 'bad' ? 0n : item.reserve);
    if (work >= rules.workBudget) return rules.workBudget;
  }
  return work;
}

/** No task may take longer. */
const MOST_MS = 86_400_000;
/** What any task may take: reading keys, a machine that swaps or does other things. */
const BASE_MS = 1_800_000;
/**
 * On two idle cores a unit of work takes below 1.5 us to trace and a constraint 0.1 ms to prove with the slowest engine (snarkjs); compiling a shape and making its keys,
 * where that waits for the first batch that needs it, 1 ms a constraint, and others may be built before it. Checking a proof
 * takes some 50 ms. Four times as much, and more, is waited for.
 */
const PER_WORK_MS = 0.006;
const PER_CONSTRAINT_MS = 6;
const PER_PROOF_MS = 1_000;

/**
 * Milliseconds before a task of a proof job counts as hanging: by the size of what it does, so that neither the largest batch is
 * ended nor a small one waited for all day.
 */
export function timeLimit(stage: string, payload: JsonValue): number {
  const size = sizeMs(stage, payload);
  // A job that another version of the program has queued may not say its size.
  return Number.isFinite(size) ? Math.min(BASE_MS + Math.ceil(size), MOST_MS) : BASE_MS;
}

function sizeMs(stage: string, payload: unknown): number {
  switch (stage) {
    case 'trace':
      return PER_WORK_MS * Number(((payload as TracePayload).request as unknown as ProofRequest).work);
    case 'commit':
    case 'prove':
      return PER_CONSTRAINT_MS * ((payload as CommitPayload).part as unknown as Part).constraints;
    case 'bundle':
      return PER_PROOF_MS * (payload as BundlePayload).count;
    default:
      return 0;
  }
}
