import { BullmqEngine } from './bullmq.js';
import { EmbeddedEngine } from './embedded.js';
import { EngineQueue, type QueueOptions } from './job-queue.js';
import { DEFAULT_POLICY, type JobQueue } from './types.js';

/** Where jobs are kept, and how tasks run. */
export interface OpenQueueOptions extends QueueOptions {
  /** Level store of the embedded engine; not touched when `redis` is given. */
  readonly store: string;
  /** `redis://` URL: the BullMQ engine, for as many processes and machines as share it and the artifact folder. */
  readonly redis?: string;
  /** Separates queues on one Redis; `deltaproof` by default. */
  readonly prefix?: string;
  /** Longest wait of a caller for Redis in milliseconds; 10 s by default. */
  readonly patienceMs?: number;
}

/**
 * Opens the queue: BullMQ when a Redis is named, else embedded.
 * @throws QueueError `QUEUE_STORE_LOCKED`, `QUEUE_STORE_OPEN`, `QUEUE_UNREACHABLE`
 */
export async function openQueue(options: OpenQueueOptions): Promise<JobQueue> {
  const { redis, prefix, patienceMs } = options;
  if (redis === undefined) return new EngineQueue(await EmbeddedEngine.open(options.store), options);
  const engine = await BullmqEngine.open({
    url: redis,
    // Workers run what they are given, so queues of different pipelines must not mix.
    prefix: `${prefix ?? 'deltaproof'}:${options.pipeline.name}`,
    ...(patienceMs === undefined ? {} : { patienceMs }),
    policy: { ...DEFAULT_POLICY, ...options.policy },
    warn: options.warn ?? ((error) => process.stderr.write(`queue: ${String(error)}\n`)),
  });
  return new EngineQueue(engine, options);
}
