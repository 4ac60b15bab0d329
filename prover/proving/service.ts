import { join } from 'node:path';
import { moduleUrl } from '../../src/build/package-root.js';
import { parseBundle } from '../../src/proof/bundle-file.js';
import type { Bundle, TranscriptContext } from '../../src/proof/types.js';
import type { PackingCost } from '../../src/trace/pack.js';
import { type BatchRequest, requestText } from '../../src/trace/request.js';
import { programVersion } from '../config/version.js';
import { ArtifactFolder } from '../queue/artifacts.js';
import type { JsonValue } from '../queue/json.js';
import { openQueue } from '../queue/open.js';
import { proofPipeline } from '../queue/proof-pipeline.js';
import type { Job, JobQueue, QueuePolicy, SubmitOptions } from '../queue/types.js';
import { checkProofRequest, type ProofRequest } from '../stages/parts.js';
import { mostWork, timeLimit } from './durations.js';

/** Where proof jobs live. */
export interface ProofServiceOptions {
  /** Folder of the embedded queue's journal and of the artifacts. */
  readonly path: string;
  /** `redis://` URL: jobs on Redis instead, shared with other processes; the artifacts stay in `path`. */
  readonly redis?: string;
  /** Separates queues on one Redis. */
  readonly prefix?: string;
  readonly policy?: Partial<QueuePolicy>;
  /** What this service's bundles are packed by; `DEFAULT_COST` (`src/trace/pack.ts`) when absent. */
  readonly packing?: PackingCost;
}

/** Whom a bundle is for, and by which keys it is made; the rules are those of the batch. */
export interface ProofTarget extends Omit<TranscriptContext, 'rulesHash'> {
  /** Name of the key set. */
  readonly keySet: string;
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
  readonly artifacts: ArtifactFolder;

  readonly #packing: PackingCost | undefined;

  private constructor(queue: JobQueue, artifacts: ArtifactFolder, packing: PackingCost | undefined) {
    this.queue = queue;
    this.artifacts = artifacts;
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
    return new ProofService(queue, new ArtifactFolder(artifacts), packing);
  }

  /** Queues a batch for proving and yields the job's id; the same batch for the same target is the same job. */
  async submit(request: BatchRequest, target: ProofTarget, options?: SubmitOptions): Promise<string> {
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
    return this.queue.submit({ ...proofRequest } as unknown as JsonValue, options);
  }

  /** Waits for a job's bundle. @throws ForeignError the job's error; QueueError `QUEUE_JOB_CANCELLED`, `QUEUE_JOB_UNKNOWN` */
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

  /** {@link submit} and {@link bundleOf}. */
  async prove(request: BatchRequest, target: ProofTarget, signal?: AbortSignal): Promise<ProvenBundle> {
    return this.bundleOf(await this.submit(request, target), signal);
  }

  async close(): Promise<void> {
    await this.queue.close();
  }
}

/** The task module. */
export function stagesModule(): URL {
  return moduleUrl('prover/stages/run');
}
