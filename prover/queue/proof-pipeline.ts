import { QueueError } from '../../src/errors/queue.js';
import type { ArtifactFolder } from './artifacts.js';
import { contentHash, type JsonValue } from './json.js';
import type { Pipeline, PipelineState, PipelineStep, TaskSpec } from './types.js';

/** Payload of `trace`: the request. It returns {@link TraceResult}. */
export interface TracePayload {
  readonly request: JsonValue;
}

/** What `trace` returns. Bytes are artifacts, named by their hashes. */
export interface TraceResult {
  /** One entry per proof (e.g. its shape and the artifact with its rows). */
  readonly parts: readonly JsonValue[];
  /** What the later stages need of the whole (e.g. statement, payee, the artifact with the tables). Keep it short. */
  readonly shared: JsonValue;
}

/** Payload of `commit`: one part. The result is its commitment, in any form that `prove` understands. */
export interface CommitPayload {
  readonly part: JsonValue;
}

/**
 * Payload of `prove`. There is one for each part, and every one is kept in the job's record: what grows with the number of parts is an
 * artifact, of which the payload has the hash.
 */
export interface ProvePayload extends CommitPayload {
  readonly shared: JsonValue;
  /** Which of the parts this is. */
  readonly index: number;
  /** The artifact ({@link listOf}) with the results of `commit`, in the order of the parts: the challenge depends on every commitment. */
  readonly commitments: string;
}

/** Payload of `bundle`, which returns {@link BundleResult}; lists are artifacts, in the order of the parts. */
export interface BundlePayload {
  readonly shared: JsonValue;
  /** How many proofs there are. */
  readonly count: number;
  readonly commitments: string;
  /** Results of `prove`. */
  readonly proofs: string;
}

/** The list in an artifact that a payload names. */
export async function listOf<T extends JsonValue>(
  hash: string,
  artifacts: Pick<ArtifactFolder, 'get'>,
): Promise<readonly T[]> {
  return JSON.parse(Buffer.from(await artifacts.get(hash)).toString()) as T[];
}

/** What `bundle` returns: the artifact with the bundle file. */
export interface BundleResult {
  readonly bundle: string;
}

/** What {@link proofPipeline} is made of. */
export interface ProofPipelineOptions {
  /** Names the programs that make results: results of one version are not reused by another. */
  readonly version: string;
  /** Refuses malformed requests by throwing. */
  readonly check?: (request: JsonValue) => void;
  /** Milliseconds that a task may take, by its stage and payload; the runner's own limit when absent. */
  readonly timeLimit?: (stage: string, payload: JsonValue) => number;
}

/** A task whose key is its content: version, stage and payload. Bytes belong into artifacts, their hashes into the payload. */
export function taskSpec(version: string, stage: string, payload: JsonValue): TaskSpec {
  return { stage, key: `${stage}:${contentHash([version, stage, payload])}`, payload };
}

/** trace → commit × n → prove × n → bundle, n known after trace. */
export function proofPipeline({ version, check = () => undefined, timeLimit }: ProofPipelineOptions): Pipeline {
  const spec = (stage: string, payload: object): TaskSpec => {
    const task = taskSpec(version, stage, payload as JsonValue);
    return timeLimit === undefined ? task : { ...task, timeoutMs: timeLimit(stage, task.payload) };
  };
  return {
    name: 'proof',
    version,
    stages: ['trace', 'commit', 'prove', 'bundle'],
    check,
    next: ({ request, results }: PipelineState): PipelineStep => {
      const collect = (tasks: TaskSpec[]) => {
        const missing = tasks.filter(({ key }) => !results.has(key));
        return missing.length > 0 ? { missing } : { values: tasks.map(({ key }) => results.get(key)!) };
      };
      const trace = collect([spec('trace', { request } satisfies TracePayload)]);
      if (trace.missing) return { tasks: trace.missing };
      const { parts, shared } = traceResult(trace.values[0]);
      const commits = collect(parts.map((part) => spec('commit', { part } satisfies CommitPayload)));
      if (commits.missing) return { tasks: commits.missing };
      const commitments = contentHash(commits.values);
      const proves = collect(
        parts.map((part, index) => spec('prove', { shared, part, index, commitments } satisfies ProvePayload)),
      );
      if (proves.missing) return { tasks: proves.missing, lists: [commits.values] };
      const proofs = contentHash(proves.values);
      const payload: BundlePayload = { shared, count: parts.length, commitments, proofs };
      const bundle = collect([spec('bundle', payload)]);
      if (bundle.missing) return { tasks: bundle.missing, lists: [commits.values, proves.values] };
      return { done: bundleHash(bundle.values[0]) };
    },
  };
}

function traceResult(value: JsonValue | undefined): TraceResult {
  const { parts, shared = null } = (value ?? {}) as Partial<TraceResult>;
  if (Array.isArray(parts) && parts.length > 0) return { parts, shared };
  throw new QueueError('QUEUE_PIPELINE', 'Stage trace returned no { parts: [...], shared } with at least one part.');
}

function bundleHash(value: JsonValue | undefined): string {
  const hash = (value as Partial<BundleResult> | null | undefined)?.bundle;
  if (typeof hash === 'string') return hash;
  throw new QueueError('QUEUE_PIPELINE', 'Stage bundle returned no { bundle: <sha256 of the artifact> }.');
}
