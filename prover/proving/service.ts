import { join } from 'node:path';
import { moduleUrl } from '../../src/build/package-root.js';
import { QueueError } from '../../src/errors/queue.js';
import { parseBundle } from '../../src/proof/bundle-file.js';
import type { Bundle, TranscriptContext } from '../../src/proof/types.js';
import type { PackingCost } from '../../src/trace/pack.js';
import { type BatchRequest, requestText } from '../../src/trace/request.js';
import { programVersion } from '../config/version.js';
import type { QueueEvent } from '../queue/events.js';
import type { JsonValue } from '../queue/json.js';
import { type ArtifactWay, openQueue } from '../queue/open.js';
import { proofPipeline } from '../queue/proof-pipeline.js';
import type { QueueArtifacts } from '../queue/queue-artifacts.js';
import type { Job, JobQueue, QueuePolicy, SubmitOptions } from '../queue/types.js';
import { checkProofRequest, type ProofRequest } from '../stages/parts.js';
import { mostWork, timeLimit } from './durations.js';

/** Where proof jobs live. */
export interface ProofServiceOptions {
  /** Folder of the embedded queue's journal and of the artifacts. */
  readonly path: string;
  /** `redis://` URL: jobs on Redis instead, shared with other processes. */
  readonly redis?: string;
  /** Separates queues on one Redis. */
  readonly prefix?: string;
  /** With Redis: artifacts go through it (`queue`, the default), or all share `path`. */
  readonly way?: ArtifactWay;
  readonly policy?: Partial<QueuePolicy>;
  readonly tell?: (event: QueueEvent) => void;
  readonly warn?: (error: unknown) => void;
  /** What this service's bundles are packed by; `DEFAULT_COST` (`src/trace/pack.ts`) when absent. */
  readonly packing?: PackingCost;
}

/** Whom a bundle is for, and by which keys it is made; the rules are those of the batch. */
export interface ProofTarget extends Omit<TranscriptContext, 'rulesHash'> {
  /** Name of the key set. */
  readonly keySet: string;
}

/** Options of {@link ProofService.submit}. */
export interface ProofOptions extends SubmitOptions {
  /** The game that the proof is for, for people. */
  readonly game?: string;
}

/** A finished bundle with the job that made it. */
export interface ProvenBundle {
  readonly bundle: Bundle;
  /** The bundle file's text. */
  readonly text: string;
  readonly job: Job;
}

/** Proof jobs for this project's stages (`prover/stages`), on either engine. */
export class ProofService {
  readonly queue: JobQueue;
  readonly artifacts: QueueArtifacts;
  readonly #packing: PackingCost | undefined;

  private constructor(queue: JobQueue, packing: PackingCost | undefined) {
    this.queue = queue;
    this.artifacts = queue.artifacts;
    this.#packing = packing;
  }

  /** @throws QueueError `QUEUE_STORE_LOCKED`, `QUEUE_STORE_OPEN`, `QUEUE_UNREACHABLE` */
  static async open({ path, packing, ...rest }: ProofServiceOptions): Promise<ProofService> {
    const artifacts = join(path, 'artifacts');
    const queue = await openQueue({
      ...rest,
      store: join(path, 'jobs'),
      artifacts,
      // Results of another version of the programs are not reused.
      pipeline: proofPipeline({ version: programVersion(), check: checkProofRequest, timeLimit }),
      runner: { module: stagesModule() },
    });
    return new ProofService(queue, packing);
  }

  /** Queues a batch for proving and yields the job's id; the same batch for the same target is the same job. */
  async submit(request: BatchRequest, target: ProofTarget, { game, ...options }: ProofOptions = {}): Promise<string> {
    const { keySet, keySetHash, l1ChainId, verifier, beneficiary } = target;
    const batch = await this.artifacts.put(Buffer.from(requestText(request)));
    const proofRequest: ProofRequest = {
      batch,
      work: mostWork(request).toString(),
      keySet,
      keySetHash,
      l1ChainId: l1ChainId.toString(),
      verifier,
      beneficiary,
      ...(this.#packing === undefined ? {} : { packing: this.#packing }),
    };
    const {
      mode,
      batch: { header },
    } = request;
    const about = { batch: header.number.toString(), mode, ...(game === undefined ? {} : { game }), ...options.about };
    return this.queue.submit({ ...proofRequest } as unknown as JsonValue, { ...options, about });
  }

  /** Waits for a job's bundle. @throws ForeignError the job's error; QueueError `QUEUE_JOB_CANCELLED`, `QUEUE_JOB_UNKNOWN`, `QUEUE_JOB_GONE` (submit it again) */
  async bundleOf(id: string, signal?: AbortSignal): Promise<ProvenBundle> {
    const job = await this.queue.wait(id, signal === undefined ? {} : { signal });
    const text = Buffer.from(await this.artifacts.get(job.artifact!)).toString();
    return { bundle: parseBundle(text), text, job };
  }

  /** Whether the queue knows the job. */
  async isThere(id: string): Promise<boolean> {
    return (await this.queue.get(id)) !== undefined;
  }

  /** Queues a job that failed or was cancelled again; one that is on its way, or unknown, is left alone. */
  async again(id: string, options: { readonly fresh?: boolean } = {}): Promise<void> {
    const job = await this.queue.get(id);
    if (job?.state === 'failed' || job?.state === 'cancelled') await this.queue.retry(id, options);
  }

  /** {@link submit} and {@link bundleOf}; a job that the queue's store has lost is submitted again. */
  async prove(
    request: BatchRequest,
    target: ProofTarget,
    signal?: AbortSignal,
    options?: ProofOptions,
  ): Promise<ProvenBundle> {
    for (;;) {
      try {
        return await this.bundleOf(await this.submit(request, target, options), signal);
      } catch (error) {
        if (!(error instanceof QueueError && error.code === 'QUEUE_JOB_GONE')) throw error;
      }
    }
  }

  async close(): Promise<void> {
    await this.queue.close();
  }
}

/** The task module. */
export function stagesModule(): URL {
  return moduleUrl('prover/stages/run');
}
