import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type OpenQueueOptions, openQueue } from '../../prover/queue/open.js';
import type { Job, JobQueue, QueuePolicy } from '../../prover/queue/types.js';
import type { RunnerOptions } from '../../prover/worker/runner.js';
import type { HostAnswer, HostOrder } from '../fixtures/queue/host.js';
import { type TestRequest, testPipeline } from '../fixtures/queue/pipeline.js';
import { Control } from '../helpers/control.js';

/** What makes one engine: `{}` for the embedded one, `redis` and a prefix of its own for BullMQ. */
export type EngineOptions = Pick<OpenQueueOptions, 'redis' | 'prefix' | 'patienceMs' | 'way'>;

/** Quick retries and a short lease. */
const TEST_POLICY: QueuePolicy = {
  maxAttempts: 3,
  backoffMs: 20,
  maxBackoffMs: 100,
  maxTakeovers: 3,
  leaseMs: 3_000,
  sweepMs: 500,
  progressMs: 10,
  shared: false,
  keepMs: 3_600_000,
};

/** A process with a worker of its own. */
export interface Host {
  readonly pid: number;
  readonly answer: HostAnswer;
  readonly process: ChildProcess;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
}

/** What one test may change. */
export interface Changes {
  readonly policy?: Partial<QueuePolicy>;
  readonly runner?: Partial<RunnerOptions>;
}

/** One test's queues, hosts, folder and control; everything ends with `close`. */
export class Bench {
  readonly control: Control;
  readonly folder: string;
  readonly #engine: EngineOptions;
  readonly #open: JobQueue[] = [];
  readonly #hosts: ChildProcess[] = [];

  private constructor(control: Control, folder: string, engine: EngineOptions) {
    this.control = control;
    this.folder = folder;
    this.#engine = engine;
  }

  static async start(engine: EngineOptions): Promise<Bench> {
    return new Bench(await Control.open(), await mkdtemp(join(tmpdir(), 'deltaproof-queue-')), engine);
  }

  /** Whether other machines may work on the same jobs. */
  get isShared(): boolean {
    return this.#engine.redis !== undefined;
  }

  get artifacts(): string {
    return join(this.folder, 'artifacts');
  }

  /** A request nobody made before unless `id` repeats. */
  request(id: string, parts = 0): TestRequest {
    return { control: this.control.port, id, parts };
  }

  /** Options of every queue of this test. */
  options({ policy, runner }: Changes = {}): Omit<OpenQueueOptions, 'pipeline' | 'warn'> {
    return {
      ...this.#engine,
      store: join(this.folder, 'store'),
      artifacts: this.artifacts,
      policy: { ...TEST_POLICY, ...policy },
      runner: { module: fileURLToPath(new URL('../fixtures/queue/tasks.ts', import.meta.url)), graceMs: 0, ...runner },
    };
  }

  async open(changes: Changes = {}): Promise<JobQueue> {
    const queue = await openQueue({ ...this.options(changes), pipeline: testPipeline, warn: () => undefined });
    this.#open.push(queue);
    return queue;
  }

  async host(requests: readonly TestRequest[], concurrency: number, changes: Changes = {}): Promise<Host> {
    const child = fork(fileURLToPath(new URL('../fixtures/queue/host.ts', import.meta.url)), [], {
      execArgv: ['--import', 'tsx'],
    });
    this.#hosts.push(child);
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const answer = await new Promise<HostAnswer>((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`The host ended with exit code ${code}.`)));
      child.send({ options: this.options(changes), requests, concurrency } satisfies HostOrder);
    });
    const kill = () => {
      child.kill('SIGKILL');
      return gone;
    };
    return { pid: child.pid!, answer, process: child, kill };
  }

  async close(): Promise<void> {
    for (const host of this.#hosts) host.kill('SIGKILL');
    await Promise.all(this.#open.map((queue) => queue.close()));
    this.control.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The first job of this queue that fulfils `condition`, now or after a change. */
export function until(queue: JobQueue, id: string, condition: (job: Job) => boolean): Promise<Job> {
  return new Promise((resolve, reject) => {
    const look = (job: Job | undefined) => {
      if (job === undefined || job.id !== id || !condition(job)) return;
      stop();
      resolve(job);
    };
    const stop = queue.onChange(look);
    queue.get(id).then(look, reject);
  });
}
