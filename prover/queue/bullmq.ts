import { Queue, Worker } from 'bullmq';
import type { Redis, Result } from 'ioredis';
import { QueueError } from '../../src/errors/queue.js';
import type { Delivery, Engine, Offer } from './engine.js';
import type { StoredJob } from './record.js';
import { EndableRedis } from './redis.js';
import type { QueuePolicy } from './types.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    /** keys: job, open set, all set; arguments: id, expected version (0: none), JSON, 1 if open. Yields 1 if stored. */
    dpStore(
      ...args: [job: string, open: string, all: string, id: string, version: number, json: string, isOpen: 0 | 1]
    ): Result<number, Context>;
  }
}

// Compare and swap on the version; the change is announced in the same step, so nobody misses one that was stored.
const STORE = `
local version = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if version ~= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'version', version + 1, 'json', ARGV[3])
redis.call('SADD', KEYS[3], ARGV[1])
if ARGV[4] == '1' then redis.call('SADD', KEYS[2], ARGV[1]) else redis.call('SREM', KEYS[2], ARGV[1]) end
redis.call('PUBLISH', KEYS[3], ARGV[1])
return 1`;

/** Where and how. */
export interface BullmqOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  /** Starts every key; separates queues on one server. */
  readonly prefix: string;
  /** Milliseconds for connecting, and for an answer to a caller; 10 s by default. */
  readonly patienceMs?: number;
  readonly policy: Pick<QueuePolicy, 'leaseMs'>;
  readonly warn: (error: unknown) => void;
}

// BullMQ: 1 goes first. Priority 100..0, then the round (capped), give 1..1616.
const rank = ({ priority, round }: Offer) => (100 - priority) * 16 + (15 - Math.min(round, 15)) + 1;
const idOf = ({ job, run, task, number }: Delivery) => `${job}-${run}-${task}-${number}`;

/**
 * Jobs as records in Redis, tasks as BullMQ jobs: BullMQ gives order, delay, the lease (its lock, renewed by the worker's
 * own process while the work goes on in a child) and the takeover from dead workers (its check for stalled jobs). A BullMQ
 * job never fails or retries by itself: what a delivery leads to is decided on the record, so a stale one does no harm.
 */
export class BullmqEngine implements Engine {
  readonly patienceMs: number;
  readonly #options: BullmqOptions;
  readonly #redis: Redis;
  readonly #subscriber: Redis;
  readonly #queue: Queue<Delivery>;
  readonly #workers = new Set<Worker<Delivery>>();
  readonly #listeners = new Set<(id: string | undefined) => void>();
  readonly #prefix: string;

  private constructor(options: BullmqOptions, redis: Redis, subscriber: Redis) {
    this.#options = options;
    this.patienceMs = options.patienceMs ?? 10_000;
    this.#prefix = options.prefix;
    this.#redis = redis;
    this.#subscriber = subscriber;
    this.#queue = new Queue<Delivery>('tasks', { connection: redis, prefix: this.#prefix });
    this.#queue.on('error', options.warn);
  }

  /** Connects. @throws QueueError `QUEUE_UNREACHABLE` */
  static async open(options: BullmqOptions): Promise<BullmqEngine> {
    // Commands wait for Redis to come back; callers do not (patienceMs).
    const redis = new EndableRedis(options.url, { maxRetriesPerRequest: null, lazyConnect: true });
    const subscriber = redis.duplicate();
    let last: unknown;
    const note = (error: unknown) => {
      last = error;
    };
    redis.on('error', note);
    const timer = setTimeout(() => redis.disconnect(), options.patienceMs ?? 10_000);
    try {
      await redis.ping();
      redis.defineCommand('dpStore', { numberOfKeys: 3, lua: STORE });
      const engine = new BullmqEngine(options, redis, subscriber);
      await engine.#listen();
      return engine;
    } catch (cause) {
      redis.disconnect();
      subscriber.disconnect();
      const reason = last ?? cause;
      const where = options.url.replace(/\/\/[^@/]*@/, '//***@');
      throw new QueueError('QUEUE_UNREACHABLE', `No Redis at ${where}: ${(reason as Error).message}`, {
        hint: 'Start redis-server or correct --redis.',
        retryable: true,
        cause: reason,
      });
    } finally {
      clearTimeout(timer);
      redis.off('error', note);
      redis.on('error', options.warn);
    }
  }

  async #listen(): Promise<void> {
    this.#subscriber.on('error', this.#options.warn);
    await this.#subscriber.subscribe(this.#key('jobs'));
    this.#subscriber.on('message', (_channel, id) => this.#tell(id));
    // What was published while the connection was down is lost.
    this.#subscriber.on('ready', () => this.#tell(undefined));
  }

  async read(id: string): Promise<StoredJob | undefined> {
    return (await this.#load(id)).job;
  }

  async readAll(which: 'all' | 'open'): Promise<StoredJob[]> {
    const ids = await this.#redis.smembers(this.#key(which === 'all' ? 'jobs' : 'open'));
    const jobs = await Promise.all(ids.sort().map((id) => this.read(id)));
    return jobs.filter((job) => job !== undefined);
  }

  insert(job: StoredJob): Promise<boolean> {
    return this.#store(job, 0);
  }

  async update(id: string, change: (job: StoredJob) => StoredJob | undefined): Promise<StoredJob | undefined> {
    for (;;) {
      const { job, version } = await this.#load(id);
      const changed = job === undefined ? undefined : change(job);
      if (job === undefined || changed === undefined) return job;
      // Not stored: somebody else's change was, so all together get on.
      if (await this.#store(changed, version)) return changed;
    }
  }

  async offer(offers: readonly Offer[]): Promise<void> {
    if (offers.length === 0) return;
    const now = Date.now();
    await this.#queue.addBulk(
      offers.map((offer) => {
        const { job, run, task, number } = offer;
        const delay = Math.max(offer.notBefore - now, 0);
        const keep = { removeOnComplete: true, removeOnFail: true };
        const opts = { jobId: idOf(offer), priority: rank(offer), delay, attempts: 1, ...keep };
        return { name: 'task', data: { job, run, task, number }, opts };
      }),
    );
  }

  async held(deliveries: readonly Delivery[]): Promise<boolean[]> {
    return Promise.all(
      deliveries.map(async (delivery) => (await this.#redis.exists(`${this.#queue.toKey(idOf(delivery))}:lock`)) === 1),
    );
  }

  async deliver(concurrency: number, handle: (delivery: Delivery) => Promise<void>) {
    const { leaseMs } = this.#options.policy;
    const worker = new Worker<Delivery>('tasks', async (job) => handle(job.data), {
      ...{ connection: this.#redis, prefix: this.#prefix, concurrency },
      ...{ lockDuration: leaseMs, stalledInterval: Math.ceil(leaseMs / 2) },
      // Takeovers are counted on the record.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      runRetryDelay: 1_000,
    });
    worker.on('error', this.#options.warn);
    this.#workers.add(worker);
    await worker.waitUntilReady();
    return {
      close: async () => {
        await worker.close();
        this.#workers.delete(worker);
      },
    };
  }

  subscribe(listener: (id: string | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#subscriber.disconnect();
    // Workers that could not close in time (no Redis) are cut off.
    const rest = [...this.#workers].map((worker) => worker.close(true));
    this.#redis.disconnect();
    await Promise.allSettled([...rest, this.#queue.close()]);
  }

  async #load(id: string): Promise<{ job: StoredJob | undefined; version: number }> {
    const [version, json] = await this.#redis.hmget(this.#key(`job:${id}`), 'version', 'json');
    return { job: json == null ? undefined : (JSON.parse(json) as StoredJob), version: Number(version ?? 0) };
  }

  async #store(job: StoredJob, version: number): Promise<boolean> {
    const keys = [this.#key(`job:${job.id}`), this.#key('open'), this.#key('jobs')] as const;
    const stored = await this.#redis.dpStore(
      ...keys,
      job.id,
      version,
      JSON.stringify(job),
      job.status === 'open' ? 1 : 0,
    );
    return stored === 1;
  }

  #tell(id: string | undefined): void {
    for (const listener of [...this.#listeners]) listener(id);
  }

  #key(name: string): string {
    return `${this.#prefix}:${name}`;
  }
}
