import { QueueError } from '../../src/errors/queue.js';
import { ArtifactFolder } from './artifacts.js';
import { BullmqEngine } from './bullmq.js';
import { EmbeddedEngine } from './embedded.js';
import { EngineQueue, type QueueOptions } from './job-queue.js';
import { DEFAULT_POLICY, type JobQueue } from './types.js';

/** How artifacts get from machine to machine: through the queue's store, or by a folder that all share. */
export const ARTIFACT_WAYS = ['queue', 'folder'] as const;
/** One of {@link ARTIFACT_WAYS}. */
export type ArtifactWay = (typeof ARTIFACT_WAYS)[number];

/** Bytes of an artifact that Redis carries at most. */
const ARTIFACT_LIMIT = 256 * 2 ** 20;

/** Where jobs are kept, and how tasks run. */
export interface OpenQueueOptions extends QueueOptions {
  /** Level store of the embedded engine; not touched when `redis` is given. */
  readonly store: string;
  /** `redis://` URL: the BullMQ engine, for as many processes and machines as share it. */
  readonly redis?: string;
  /** Separates queues on one Redis; `deltaproof` by default. */
  readonly prefix?: string;
  /** Longest wait of a caller for Redis in milliseconds; 10 s by default. */
  readonly patienceMs?: number;
  /** With Redis; `queue` by default. */
  readonly way?: ArtifactWay;
  /** Bytes of an artifact that Redis carries at most; 256 MiB by default. */
  readonly artifactLimit?: number;
}

/**
 * Opens the queue: BullMQ when a Redis is named, else embedded.
 * @throws QueueError `QUEUE_STORE_LOCKED`, `QUEUE_STORE_OPEN`, `QUEUE_STORE_DAMAGED`; `QUEUE_UNREACHABLE`, `QUEUE_REDIS_*`; `QUEUE_OTHER_FOLDER` when the
 * others carry artifacts otherwise
 */
export async function openQueue(options: OpenQueueOptions): Promise<JobQueue> {
  const { redis, prefix, patienceMs, way = 'queue', artifactLimit = ARTIFACT_LIMIT, pipeline } = options;
  const warn = options.warn ?? ((error) => process.stderr.write(`queue: ${String(error)}\n`));
  const tell = options.tell ?? (() => undefined);
  if (redis === undefined) {
    const engine = await EmbeddedEngine.open(options.store);
    if (engine.damaged.length > 0) tell({ type: 'damaged', jobs: engine.damaged });
    return new EngineQueue(engine, options);
  }
  const policy = { ...DEFAULT_POLICY, ...options.policy, shared: true };
  const engine = await BullmqEngine.open({
    url: redis,
    // Workers run what they are given, so queues of different pipelines must not mix.
    prefix: `${prefix ?? 'deltaproof'}:${pipeline.name}`,
    version: pipeline.version,
    ...(patienceMs === undefined ? {} : { patienceMs }),
    ...(way === 'queue' ? { artifactLimit } : {}),
    ...{ policy, warn, tell },
  });
  try {
    const own = way === 'queue' ? way : `folder ${await new ArtifactFolder(options.artifacts).identity()}`;
    const others = await engine.agreeOn(own);
    if (others !== undefined) throw otherWay(options.artifacts, way, others);
    return new EngineQueue(engine, { ...options, policy });
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function otherWay(folder: string, way: ArtifactWay, others: string): QueueError {
  const theirs = others === 'queue' ? 'through Redis' : 'by a folder that they share';
  const what = way === 'queue' ? 'this process would send them through Redis' : `${folder} is another folder`;
  return new QueueError('QUEUE_OTHER_FOLDER', `The queue's open jobs have their artifacts ${theirs}, and ${what}.`, {
    hint: others === 'queue' ? 'Give --artifacts queue.' : 'Give --artifacts folder, and the shared one as --data.',
  });
}
