import { randomUUID } from 'node:crypto';
import { Queue, Worker } from 'bullmq';
import type { Redis, Result } from 'ioredis';
import { QueueError } from '../../src/errors/queue.js';
import type { Delivery, Offer } from './delivery.js';
import type { Deliveries, Engine } from './engine.js';
import type { QueueEvent } from './events.js';
import { Outage } from './outage.js';
import { rankOf } from './rank.js';
import type { StoredJob, StoredTask } from './record.js';
import { EndableRedis } from './redis.js';
import { RedisArtifacts } from './redis-artifacts.js';
import { checkRedis, redisError } from './redis-errors.js';
import { changeOf, jobOf, type StoredHead } from './stored.js';
import type { QueuePolicy } from './types.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    /**
     * keys: job, its changes, open set, all set; arguments: id, expected version (0: none), head, 1 if open, number of tasks before and
     * after, birth, then index and JSON of each changed task. Yields 1 if stored.
     */
    dpStore(...args: (string | number)[]): Result<number, Context>;
    /** keys: job, its changes; arguments: version and birth known. Yields version, birth, head, then index and JSON of each task changed since. */
    dpLoad(job: string, changes: string, known: number, birth: string): Result<(string | number)[], Context>;
  }
}

// Compare and swap on the version; the change is announced in the same step, so nobody misses one that was stored. A task's last change
// is the version of the record with it, so that readers fetch what they do not know. A record that was lost and made again has another birth.
const STORE = `
local version = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if version ~= tonumber(ARGV[2]) then return 0 end
if version == 0 then redis.call('HSET', KEYS[1], 'birth', ARGV[7]) end
if redis.call('HGET', KEYS[1], 'birth') ~= ARGV[7] then return 0 end
redis.call('HSET', KEYS[1], 'version', version + 1, 'head', ARGV[3])
for i = tonumber(ARGV[6]), tonumber(ARGV[5]) - 1 do
  redis.call('HDEL', KEYS[1], i)
  redis.call('ZREM', KEYS[2], i)
end
for i = 8, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  redis.call('ZADD', KEYS[2], version + 1, ARGV[i])
end
redis.call('SADD', KEYS[4], ARGV[1])
if ARGV[4] == '1' then redis.call('SADD', KEYS[3], ARGV[1]) else redis.call('SREM', KEYS[3], ARGV[1]) end
redis.call('PUBLISH', KEYS[4], ARGV[1])
return 1`;

const LOAD = `
local version = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if version == 0 then return { 0 } end
local birth = redis.call('HGET', KEYS[1], 'birth')
local known = ARGV[1]
if birth ~= ARGV[2] then known = '0' end
if version == tonumber(known) then return { version, birth } end
local found = { version, birth, redis.call('HGET', KEYS[1], 'head') }
for _, i in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. known, '+inf')) do
  found[#found + 1] = i
  found[#found + 1] = redis.call('HGET', KEYS[1], i)
end
return found`;

/** Where and how. */
export interface BullmqOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  /** Starts every key; separates queues on one server. */
  readonly prefix: string;
  /** Milliseconds for connecting, and for an answer to a caller; 10 s by default. */
  readonly patienceMs?: number;
  readonly policy: Pick<QueuePolicy, 'leaseMs'>;
  /** Of the programs: workers take tasks of their own version alone. */
  readonly version: string;
  /** Bytes of an artifact that Redis carries at most; absent: it carries none. */
  readonly artifactLimit?: number;
  readonly warn: (error: unknown) => void;
  readonly tell: (event: QueueEvent) => void;
}

/** A record and its version; 0 when there is none. */
interface Known {
  readonly job: StoredJob | undefined;
  readonly version: number;
  readonly birth: string;
}

const NOTHING: Known = { job: undefined, version: 0, birth: '' };

const idOf = ({ job, run, task, number }: Delivery) => `${job}-${run}-${task}-${number}`;

/**
 * Jobs as records in Redis, tasks as BullMQ jobs: BullMQ gives order, delay, the lease (its lock, renewed by the worker's
 * own process while the work goes on in a child) and the takeover from dead workers (its check for stalled jobs). A BullMQ
 * job never fails or retries by itself: what a delivery leads to is decided on the record, so a stale one does no harm.
 */
export class BullmqEngine implements Engine {
  readonly patienceMs: number;
  readonly carried?: RedisArtifacts;
  readonly #options: BullmqOptions;
  readonly #redis: Redis;
  readonly #subscriber: Redis;
  readonly #queue: Queue<Delivery>;
  readonly #workers = new Set<Worker<Delivery>>();
  readonly #listeners = new Set<(id: string | undefined) => void>();
  readonly #prefix: string;
  readonly #outage: Outage;
  readonly #tasks: string;
  /** Open jobs as this process has last seen them. */
  readonly #known = new Map<string, Known>();

  private constructor(options: BullmqOptions, redis: Redis, subscriber: Redis, outage: Outage) {
    this.#options = options;
    this.patienceMs = options.patienceMs ?? 10_000;
    this.#prefix = options.prefix;
    this.#redis = redis;
    this.#subscriber = subscriber;
    this.#outage = outage;
    this.#tasks = tasksOf(options.version);
    this.#queue = new Queue<Delivery>(this.#tasks, { connection: redis, prefix: this.#prefix });
    this.#queue.on('error', (error) => this.#failed(error));
    if (options.artifactLimit !== undefined) {
      this.carried = new RedisArtifacts(redis, this.#prefix, options.artifactLimit);
    }
  }

  /** Connects. @throws QueueError `QUEUE_UNREACHABLE`, `QUEUE_REDIS_LOGIN`, `QUEUE_REDIS_READ_ONLY`, `QUEUE_REDIS_EVICTS` */
  static async open(options: BullmqOptions): Promise<BullmqEngine> {
    // Commands wait for Redis to come back; callers do not (patienceMs).
    const redis = new EndableRedis(options.url, { maxRetriesPerRequest: null, lazyConnect: true });
    const subscriber = redis.duplicate();
    const outage = new Outage(options.tell);
    let last: unknown;
    const note = (error: unknown) => {
      last = error;
    };
    redis.on('error', note);
    const timer = setTimeout(() => redis.disconnect(), options.patienceMs ?? 10_000);
    try {
      await redis.ping();
      await checkRedis(redis);
      redis.defineCommand('dpStore', { numberOfKeys: 4, lua: STORE });
      redis.defineCommand('dpLoad', { numberOfKeys: 2, lua: LOAD });
      const engine = new BullmqEngine(options, redis, subscriber, outage);
      await engine.#listen();
      return engine;
    } catch (cause) {
      redis.disconnect();
      subscriber.disconnect();
      const known = [cause, last].map(redisError).find((error) => error instanceof QueueError);
      if (known !== undefined) throw known;
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
      redis.on('error', (error: Error) => outage.failed(error));
      redis.on('ready', () => outage.ready());
    }
  }

  async #listen(): Promise<void> {
    this.#subscriber.on('error', (error: Error) => this.#outage.failed(error));
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
    return this.#store(job, { ...NOTHING, birth: randomUUID() });
  }

  async update(id: string, change: (job: StoredJob) => StoredJob | undefined): Promise<StoredJob | undefined> {
    for (;;) {
      const known = await this.#load(id);
      const { job } = known;
      const changed = job === undefined ? undefined : change(job);
      if (job === undefined || changed === undefined) return job;
      // Not stored: somebody else's change was, so all together get on.
      if (await this.#store(changed, known)) return changed;
    }
  }

  async offer(offers: readonly Offer[]): Promise<void> {
    if (offers.length === 0) return;
    const now = Date.now();
    const added = offers.map((offer) => {
      const { job, run, task, number } = offer;
      const delay = Math.max(offer.notBefore - now, 0);
      const keep = { removeOnComplete: true, removeOnFail: true };
      const opts = { jobId: idOf(offer), priority: rankOf(offer), delay, attempts: 1, ...keep };
      return { name: 'task', data: { job, run, task, number }, opts };
    });
    await this.#named(this.#queue.addBulk(added));
  }

  async held(deliveries: readonly Delivery[]): Promise<boolean[]> {
    return Promise.all(
      deliveries.map(async (delivery) => (await this.#redis.exists(`${this.#queue.toKey(idOf(delivery))}:lock`)) === 1),
    );
  }

  async deliver(concurrency: number, handle: (delivery: Delivery) => Promise<void>): Promise<Deliveries> {
    const { leaseMs } = this.#options.policy;
    const worker = new Worker<Delivery>(this.#tasks, async (job) => handle(job.data), {
      ...{ connection: this.#redis, prefix: this.#prefix, concurrency },
      ...{ lockDuration: leaseMs, stalledInterval: Math.ceil(leaseMs / 2) },
      // Takeovers are counted on the record.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      runRetryDelay: 1_000,
    });
    worker.on('error', (error) => this.#failed(error));
    this.#workers.add(worker);
    await worker.waitUntilReady();
    let resume: NodeJS.Timeout | undefined;
    return {
      pause: async (ms) => {
        clearTimeout(resume);
        resume = setTimeout(() => void worker.resume(), ms);
        await worker.pause(true);
      },
      close: async () => {
        clearTimeout(resume);
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

  async #load(id: string): Promise<Known> {
    const known = this.#known.get(id) ?? NOTHING;
    const [version, birth, head, ...rest] = await this.#named(
      this.#redis.dpLoad(this.#key(`job:${id}`), this.#key(`job:${id}:changes`), known.version, known.birth),
    );
    if (version === 0) {
      this.#known.delete(id);
      return NOTHING;
    }
    if (head === undefined) return known;
    const changed = Array.from({ length: rest.length / 2 }, (_, i) => {
      return [Number(rest[2 * i]), JSON.parse(String(rest[2 * i + 1])) as StoredTask] as const;
    });
    const before = birth === known.birth ? (known.job?.tasks ?? []) : [];
    const job = jobOf(JSON.parse(String(head)) as StoredHead, before, changed);
    return this.#learn(id, { job, version: Number(version), birth: String(birth) });
  }

  async #store(job: StoredJob, { job: before, version, birth }: Known): Promise<boolean> {
    const { head, changed, before: count } = changeOf(before, job);
    const storing = this.#redis.dpStore(
      ...[this.#key(`job:${job.id}`), this.#key(`job:${job.id}:changes`), this.#key('open'), this.#key('jobs')],
      ...[job.id, version, JSON.stringify(head), job.status === 'open' ? 1 : 0, count, head.tasks, birth],
      ...changed.flatMap(([index, task]) => [index, JSON.stringify(task)]),
    );
    const stored = await this.#named(storing);
    if (stored === 1) this.#learn(job.id, { job, version: version + 1, birth });
    return stored === 1;
  }

  /** Keeps what is known of an open job, of which the next reading asks for the changes alone. */
  #learn(id: string, known: Known): Known {
    const old = this.#known.get(id) ?? NOTHING;
    if (known.job?.status !== 'open') this.#known.delete(id);
    else if (known.birth !== old.birth || known.version > old.version) this.#known.set(id, known);
    return known;
  }

  /** What Redis refuses, in this project's words. */
  async #named<T>(call: Promise<T>): Promise<T> {
    return call.catch((error: unknown) => {
      throw redisError(error);
    });
  }

  #failed(error: Error): void {
    const named = redisError(error);
    if (named === error && this.#redis.status !== 'ready') this.#outage.failed(error);
    else this.#options.warn(named);
  }

  async remove(id: string): Promise<void> {
    this.#known.delete(id);
    const keys = [this.#key(`job:${id}`), this.#key(`job:${id}:changes`)];
    const sets = ['open', 'jobs'].map((set) => this.#redis.srem(this.#key(set), id));
    await this.#named(Promise.all([this.#redis.unlink(keys), ...sets]));
  }

  /**
   * Notes how artifacts get from machine to machine, which all must do alike while there are open jobs.
   * @param way how this process does it @returns how the others do it, when that is another way
   */
  async agreeOn(way: string): Promise<string | undefined> {
    const key = this.#key('artifacts');
    const set = (await this.#named(this.#redis.set(key, way, 'NX'))) !== null;
    const others = set ? way : await this.#named(this.#redis.get(key));
    if (others === way || others === null) return undefined;
    if ((await this.#named(this.#redis.scard(this.#key('open')))) > 0) return others;
    await this.#named(this.#redis.set(key, way));
    return undefined;
  }

  #tell(id: string | undefined): void {
    for (const listener of [...this.#listeners]) listener(id);
  }

  #key(name: string): string {
    return `${this.#prefix}:${name}`;
  }
}

/** BullMQ's queue of one version's tasks; a colon has a meaning of its own there. */
function tasksOf(version: string): string {
  return `tasks-${version.replaceAll(':', '_')}`;
}
