import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { EngineError } from '../errors/engine.js';
import { engineModule } from './generated/module.js';
import type { Kernel, KernelFunctions, Pointer } from './kernel.js';

/** A call of one of the kernel's functions; arguments are addresses and counts in the shared memory. */
export type Call = readonly [name: keyof KernelFunctions, ...args: number[]];

/** What one thread does without a break. */
export interface Task {
  /** In any unit that all tasks of a pool use: the dearest one waiting is begun first. */
  readonly cost: number;
  /** Bytes of scratch memory that the call needs. */
  readonly scratch: number;
  /** @param scratch an area that is this thread's own */
  call(scratch: Pointer): Call;
}

/** The program of a thread: calls of the kernel over the one memory. It holds no data of its own, and is no file to be found or bundled. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { exports } = new WebAssembly.Instance(workerData.module, { env: { memory: workerData.memory } });
exports.init(workerData.stack);
parentPort.on('message', ([name, ...args]) => {
  try {
    exports[name](...args);
    parentPort.postMessage({});
  } catch (error) {
    parentPort.postMessage({ error: String(error) });
  }
});`;

interface Answer {
  readonly error?: string;
}

interface Waiting {
  readonly task: Task;
  readonly resolve: () => void;
  readonly reject: (error: EngineError) => void;
}

interface Thread {
  readonly worker: Worker;
  scratch: Pointer;
  running: Waiting | undefined;
}

/** With more, the parts of a sum would be short; and each thread takes scratch memory of one kernel's 4 GiB. */
const MOST_THREADS = 16;

/** Threads that call the kernel over one shared memory. They do not keep the process running while they wait. */
export class Pool {
  readonly size: number;
  readonly #threads: readonly Thread[];
  readonly #waiting: Waiting[] = [];
  #dead: EngineError | undefined;

  /** @param size threads; by default as many as the machine runs at once, up to {@link MOST_THREADS} */
  constructor(kernel: Kernel, size: number = Math.min(availableParallelism(), MOST_THREADS)) {
    this.size = size;
    const { memory } = kernel;
    this.#threads = Array.from({ length: size }, () => {
      const workerData = { module: engineModule(), memory, stack: kernel.stack() };
      const worker = new Worker(PROGRAM, { eval: true, workerData, execArgv: [] });
      const thread: Thread = { worker, scratch: 0, running: undefined };
      worker.on('message', (answer: Answer) => this.#answered(thread, answer));
      worker.on('error', (error) => this.#die(error.message));
      worker.on('exit', (code) => this.#die(`a thread ended with ${code}`));
      worker.unref();
      return thread;
    });
  }

  /** Gives every thread a scratch area; only while nothing runs. @param areas one address per thread */
  useScratch(areas: readonly Pointer[]): void {
    for (const [i, thread] of this.#threads.entries()) thread.scratch = areas[i]!;
  }

  /**
   * Runs a task on the next free thread.
   * @throws EngineError `ENGINE_STOPPED` when a call traps or a thread ends; the pool is of no use then
   */
  run(task: Task): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#dead !== undefined) return reject(this.#dead);
      this.#waiting.push({ task, resolve, reject });
      this.#waiting.sort((a, b) => b.task.cost - a.task.cost);
      // Later in this turn others may follow that are dearer.
      queueMicrotask(() => this.#begin());
    });
  }

  async close(): Promise<void> {
    this.#die('it was closed');
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #begin(): void {
    for (const thread of this.#threads) {
      if (thread.running !== undefined) continue;
      const next = this.#waiting.shift();
      if (next === undefined) return;
      thread.running = next;
      thread.worker.ref();
      thread.worker.postMessage(next.task.call(thread.scratch));
    }
  }

  #answered(thread: Thread, answer: Answer): void {
    const { running } = thread;
    thread.running = undefined;
    thread.worker.unref();
    if (answer.error !== undefined) this.#die(answer.error, running);
    else {
      running?.resolve();
      queueMicrotask(() => this.#begin());
    }
  }

  /** After a trap nothing in the memory can be trusted. */
  #die(what: string, first?: Waiting): void {
    this.#dead ??= new EngineError('ENGINE_STOPPED', `The proof engine stopped: ${what}.`, {
      hint: 'If the machine ran out of memory, run fewer tasks at once; --engine snarkjs is the reference.',
    });
    const running = this.#threads.flatMap((thread) => thread.running ?? []);
    for (const { reject } of [...(first ? [first] : []), ...running, ...this.#waiting.splice(0)]) reject(this.#dead);
  }
}
