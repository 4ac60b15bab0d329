import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Turns } from '../batch/turns.js';
import { engineModule } from '../engine/generated/module.js';
import { Kernel, type Pointer } from '../engine/kernel.js';
import { loadPoseidon, type PoseidonArguments } from '../engine/poseidon.js';
import type { Draft } from '../trie/node.js';
import { HashList } from './hash-list.js';
import { PROGRAM } from './hash-program.js';
import { CONTROL_WORDS, DONE, JOB_WORDS, type JobList, NEXT, NODE_WORDS } from './jobs.js';
import type { ReadNode } from './prefetch.js';
import type { NodeKey } from './types.js';
import type { Gate } from './updater.js';

/** A thread that hashes, and the area of its kernel's temporaries. */
interface Thread {
  readonly worker: Worker;
  readonly stack: Pointer;
  /** It was given a list and did not say yet that it left it. */
  busy: boolean;
  alive: boolean;
  /** Jobs that it has run. */
  jobs: number;
}

/** What a {@link Hasher} may be given. */
export interface HasherOptions {
  /** Threads beside the caller's: 0. */
  readonly threads?: number;
  /** How many threads the machine runs at once: with more than 2 no gate is waited for. */
  readonly cores?: number;
}

/**
 * Hashes drafts on this thread, in pieces of some 8 ms, and on others that only hash, over one shared memory. A thread that ends loses
 * nothing: its job is run here, and the next list begins with a new thread. Threads do not keep the process running.
 */
export class Hasher {
  readonly #kernel = new Kernel();
  readonly #poseidon: ReadonlyMap<number, PoseidonArguments>;
  readonly #control: Pointer;
  readonly #mark: Pointer;
  readonly #threads: Thread[];
  readonly #gated: boolean;
  #closed = false;
  #ended = 0;

  constructor({ threads = 0, cores = availableParallelism() }: HasherOptions = {}) {
    this.#gated = cores <= 2;
    this.#poseidon = loadPoseidon(this.#kernel);
    this.#control = this.#kernel.alloc(4 * CONTROL_WORDS);
    this.#threads = Array.from({ length: threads }, () => this.#spawn(this.#kernel.stack()));
    this.#mark = this.#kernel.mark();
  }

  /** Jobs that each thread has run, dead ones' successors from 0. */
  get jobs(): readonly number[] {
    return this.#threads.map(({ jobs }) => jobs);
  }

  /** Threads that have ended by themselves so far. */
  get ended(): number {
    return this.#ended;
  }

  /**
   * The digests of a draft and all below it. One call at a time.
   * @param gate when other threads may take part; at once when absent, or with more than two cores
   * @param old nodes of the state before: of those that a draft takes the place of, the children that stay are copied
   */
  async hash(top: Draft, gate?: Gate, old?: ReadonlyMap<NodeKey, ReadNode>): Promise<HashList> {
    return (await this.begin(top, gate, old))();
  }

  /**
   * {@link hash} in two steps: after the first the other threads work, whatever this one does, until it calls what is returned and takes
   * part in what is left.
   */
  async begin(top: Draft, gate?: Gate, old?: ReadonlyMap<NodeKey, ReadNode>): Promise<() => Promise<HashList>> {
    const turns = new Turns();
    await this.#quiet();
    this.#kernel.release(this.#mark);
    const list = await HashList.of(top, this.#kernel, this.#poseidon, turns, old);
    const words = new Int32Array(this.#kernel.memory.buffer, this.#control, CONTROL_WORDS);
    Atomics.store(words, NEXT, 0);
    Atomics.store(words, DONE, 0);
    this.#wake(list.jobs, this.#gated ? gate : undefined);
    return async () => {
      await this.#work(words, list.jobs, turns);
      return list;
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  /** Waits until no thread is in the memory any more. */
  async #quiet(): Promise<void> {
    while (this.#threads.some(({ busy, alive }) => busy && alive)) await new Promise(setImmediate);
  }

  #wake(list: JobList, gate: Gate | undefined): void {
    for (const [i, { alive, stack }] of this.#threads.entries()) {
      if (!alive && !this.#closed) this.#threads[i] = this.#spawn(stack);
      const thread = this.#threads[i]!;
      thread.busy = true;
      thread.worker.postMessage({ ...list, gate });
    }
  }

  #spawn(stack: Pointer): Thread {
    const sizes = { NEXT, DONE, JOB_WORDS, NODE_WORDS };
    const shared = { module: engineModule(), memory: this.#kernel.memory, control: this.#control };
    const worker = new Worker(PROGRAM, { eval: true, workerData: { ...shared, ...sizes, stack }, execArgv: [] });
    const thread: Thread = { worker, stack, busy: false, alive: true, jobs: 0 };
    worker.on('message', (jobs: number) => {
      thread.jobs += jobs;
      thread.busy = false;
    });
    // After an error the thread ends.
    worker.on('error', () => {});
    worker.on('exit', () => {
      thread.alive = false;
      if (!this.#closed) this.#ended++;
    });
    worker.unref();
    return thread;
  }

  /** Takes part until all jobs are done. */
  async #work(control: Int32Array, { jobs: at, nodes: nodesAt, total }: JobList, turns: Turns): Promise<void> {
    const { memory, call } = this.#kernel;
    const nodes = new Uint32Array(memory.buffer, nodesAt);
    const jobs = new Int32Array(memory.buffer, at, total * JOB_WORDS);
    const run = (job: number): void => {
      const [from, to] = [jobs[job * JOB_WORDS]!, jobs[job * JOB_WORDS + 1]!];
      for (let n = from * NODE_WORDS; n < to * NODE_WORDS; n += NODE_WORDS) {
        call.fr_poseidon(nodes[n]!, nodes[n + 1]!, nodes[n + 2]!, nodes[n + 3]!, nodes[n + 4]!);
      }
      if (Atomics.compareExchange(jobs, job * JOB_WORDS + 3, 0, 1) !== 0) return;
      Atomics.add(control, DONE, 1);
      Atomics.notify(control, DONE);
    };
    const crew = [...this.#threads];
    /** Waits until the first `count` jobs are done. What a dead thread claimed is run here. */
    const reach = async (count: number): Promise<void> => {
      while (Atomics.load(control, DONE) < count) {
        if (crew.some(({ alive }) => !alive)) {
          for (let job = 0; job < count; job++) {
            if (Atomics.load(jobs, job * JOB_WORDS + 3) !== 0) continue;
            run(job);
            if (turns.due) await turns.give();
          }
        } else await new Promise(setImmediate);
      }
    };
    for (;;) {
      const job = Atomics.add(control, NEXT, 1);
      if (job >= total) break;
      await reach(jobs[job * JOB_WORDS + 2]!);
      run(job);
      if (turns.due) await turns.give();
    }
    await reach(total);
  }
}
