import { type ChildProcess, fork, spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { IS_SOURCE, moduleUrl, packageRoot } from '../../src/build/package-root.js';
import { ForeignError, TaskError } from '../../src/errors/queue.js';
import type { ArtifactFolder, TaskOutput } from '../queue/artifacts.js';
import type { TaskSpec } from '../queue/types.js';
import type { FromChild } from './child-main.js';
import type { ToChild } from './task.js';

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

/** What the caller of a task gives along. */
export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

const STDERR_TAIL = 2_000;

/** Runs tasks, each in a child process of its own. */
export class TaskRunner {
  readonly #options: RunnerOptions;
  readonly #artifacts: ArtifactFolder;

  constructor(options: RunnerOptions, artifacts: ArtifactFolder) {
    this.#options = options;
    this.#artifacts = artifacts;
  }

  /**
   * Runs one task and resolves when its process is gone.
   * @throws ForeignError what the task threw; TaskError `TASK_CRASHED`, `TASK_TIMEOUT`; the signal's reason after an abort.
   */
  async run(task: TaskSpec, { signal, onProgress }: RunOptions): Promise<TaskOutput> {
    signal.throwIfAborted();
    const module = this.#options.module;
    const url = (typeof module === 'string' && !module.startsWith('file:') ? pathToFileURL(module) : module).toString();
    const child = this.#fork(url.endsWith('.ts'));
    const watchdog = watch(child);
    const stop = () => this.#stop(child);
    const timeoutMs = task.timeoutMs ?? this.#options.timeoutMs ?? 1_800_000;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      stop();
    }, timeoutMs);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const start: ToChild = { type: 'run', task, module: url, artifacts: this.#artifacts.root };
      const { answer, end } = await talk(child, start, onProgress);
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
      watchdog.kill('SIGKILL');
    }
  }

  #fork(typescript: boolean): ChildProcess {
    const heap = this.#options.heapMb === undefined ? [] : [`--max-old-space-size=${this.#options.heapMb}`];
    const tsx = typescript || IS_SOURCE ? ['--import', 'tsx'] : [];
    return fork(fileURLToPath(moduleUrl('prover/worker/child-main')), [], {
      cwd: packageRoot(),
      execArgv: [...heap, ...tsx],
      // stdout belongs to the command's data; a task's chatter goes to stderr.
      stdio: ['ignore', 2, 'pipe', 'ipc'],
      // A process group of its own: it can be ended with everything it started, and Ctrl-C reaches the worker alone.
      detached: true,
    });
  }

  #stop(child: ChildProcess): void {
    child.send({ type: 'abort' } satisfies ToChild, () => undefined);
    const kill = setTimeout(() => killGroup(child.pid), this.#options.graceMs ?? 2_000);
    child.once('exit', () => clearTimeout(kill));
  }
}

/** Sends the start message and collects what the child says until it is gone. */
function talk(child: ChildProcess, start: ToChild, onProgress: (fraction: number) => void) {
  return new Promise<{ answer: FromChild | undefined; end: string }>((resolve, reject) => {
    let answer: FromChild | undefined;
    let end: string | undefined;
    let tail = '';
    child.on('message', (message: FromChild) => {
      if (message.type === 'progress') onProgress(message.fraction);
      else answer ??= message;
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      process.stderr.write(chunk);
      tail = (tail + chunk.toString()).slice(-STDERR_TAIL);
    });
    // Not 'close': a grandchild that keeps stderr open must not keep the task running.
    const settle = () => {
      if (end === undefined || child.connected) return;
      killGroup(child.pid); // whatever it started and left behind
      const said = /out of memory/i.test(tail) ? ', out of memory' : '';
      resolve({ answer, end: end + said });
    };
    child.once('exit', (code, signal) => {
      end = signal === null ? `exit code ${code}` : signal;
      settle();
    });
    child.once('disconnect', settle);
    child.once('error', (cause) => {
      if (child.pid === undefined) {
        reject(new TaskError('TASK_CRASHED', `Cannot start a task process: ${cause.message}`, true, { cause }));
      }
    });
    child.send(start, () => undefined); // a child that is gone already is reported by 'exit'
  });
}

/**
 * A shell that ends the child's group when this process is gone, however it ended: a child that computes without a break
 * does not notice by itself.
 */
function watch(child: ChildProcess): ChildProcess {
  const watchdog = spawn('/bin/sh', ['-c', 'read _; kill -s KILL -- "-$1"', 'sh', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.on('error', () => undefined); // no shell: the child still ends by its 'disconnect'
  watchdog.stdin?.on('error', () => undefined);
  return watchdog;
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}
