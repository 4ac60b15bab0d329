import { pathToFileURL } from 'node:url';
import { ForeignError, TaskError } from '../../src/errors/queue.js';
import type { TaskOutput } from '../queue/artifacts.js';
import type { TaskSpec } from '../queue/types.js';
import { type ChildEnd, TaskChild } from './child.js';

/** How tasks run. */
export interface RunnerOptions {
  /** The task module (see `TaskFunction`): absolute path or file URL, `.js` or `.ts`. */
  readonly module: string | URL;
  /** Milliseconds before a child is ended, where the task does not say; 30 minutes by default. */
  readonly timeoutMs?: number;
  /** Milliseconds between asking a child to stop and killing it; 2000 by default. */
  readonly graceMs?: number;
  /** Heap limit of a child in MiB (`--max-old-space-size`); Node's own by default. */
  readonly heapMb?: number;
}

/** Where tasks find and leave artifacts: a folder, and what is not in it yet. */
export interface RunnerArtifacts {
  readonly root: string;
  /** Brings an artifact into the folder, if it can be had. */
  get(hash: string): Promise<unknown>;
}

/** What the caller of a task gives along. */
export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

/**
 * Runs tasks, each in a child process of its own. Processes for the next ones are started ahead, and load what these will need while
 * others run; none of them ever sees two tasks, so a crash or a leak meets one alone.
 */
export class TaskRunner {
  readonly #options: RunnerOptions;
  readonly #artifacts: RunnerArtifacts;
  readonly #module: string;
  readonly #spares: TaskChild[] = [];
  #kept = 0;

  constructor(options: RunnerOptions, artifacts: RunnerArtifacts) {
    const { module } = options;
    this.#options = options;
    this.#artifacts = artifacts;
    this.#module = (
      typeof module === 'string' && !module.startsWith('file:') ? pathToFileURL(module) : module
    ).toString();
  }

  /** Keeps processes ahead from now on: one until the first task, up to `spares` after it. */
  keep(spares: number): void {
    this.#kept = spares;
    if (spares > 0) this.#add(null);
  }

  /** Ends the processes that have no task. */
  close(): void {
    this.#kept = 0;
    for (const spare of this.#spares.splice(0)) spare.kill();
  }

  /**
   * Runs one task and resolves when its process is gone.
   * @throws ForeignError what the task threw; TaskError `TASK_CRASHED`, `TASK_TIMEOUT`; the signal's reason after an abort.
   */
  async run(task: TaskSpec, { signal, onProgress }: RunOptions): Promise<TaskOutput> {
    signal.throwIfAborted();
    const child = this.#take();
    child.onProgress = onProgress;
    child.onNeed = (hash) => this.#artifacts.get(hash);
    while (this.#spares.length < this.#kept) this.#add(task.stage);
    const stop = () => child.stop(this.#options.graceMs ?? 2_000);
    const timeoutMs = task.timeoutMs ?? this.#options.timeoutMs ?? 1_800_000;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      stop();
    }, timeoutMs);
    signal.addEventListener('abort', stop, { once: true });
    try {
      child.send({ type: 'run', task, module: this.#module, artifacts: this.#artifacts.root });
      const { answer, end } = await ended(child);
      // Also after an abort that came too late.
      if (answer?.type === 'done') return answer.output;
      signal.throwIfAborted();
      if (late) {
        throw new TaskError('TASK_TIMEOUT', `Task ${task.key} was ended after ${timeoutMs} ms.`, true, {
          hint: 'Raise the task timeout if the machine is slow.',
        });
      }
      if (answer?.type === 'error') throw new ForeignError(answer.error);
      throw new TaskError('TASK_CRASHED', `The process of task ${task.key} ended early (${end}).`, true, {
        hint: 'If it ran out of memory, run fewer tasks at once.',
      });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  /** The process that has waited longest, else a new one. */
  #take(): TaskChild {
    for (let spare = this.#spares.shift(); spare !== undefined; spare = this.#spares.shift()) {
      if (spare.alive) return spare;
    }
    return this.#start();
  }

  #start(): TaskChild {
    return new TaskChild(this.#module, this.#options.heapMb);
  }

  /** @param after stage of the task that was started last */
  #add(after: string | null): void {
    const spare = this.#start();
    spare.send({ type: 'prepare', module: this.#module, after });
    this.#spares.push(spare);
  }
}

function ended(child: TaskChild): Promise<ChildEnd> {
  return child.gone.catch((cause: unknown) => {
    throw new TaskError('TASK_CRASHED', `Cannot start a task process: ${(cause as Error).message}`, true, { cause });
  });
}
