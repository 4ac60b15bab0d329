import { type ChildProcess, fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { IS_SOURCE, moduleUrl, packageRoot } from '../../src/build/package-root.js';
import type { FromChild } from './child-main.js';
import type { ToChild } from './task.js';

const STDERR_TAIL = 2_000;

/** How a child has ended: what it answered if it did, and its exit code or signal. */
export interface ChildEnd {
  readonly answer: FromChild | undefined;
  readonly end: string;
}

/** A process for one task, started before there is one or for it. It ends with this process, however that ends. */
export class TaskChild {
  /** Resolves when the process is gone, with all that it started; rejects when it cannot be started. */
  readonly gone: Promise<ChildEnd>;
  onProgress: (fraction: number) => void = () => undefined;
  /** Looks for an artifact that is not in the folder. */
  onNeed: (hash: string) => Promise<unknown> = async () => undefined;
  readonly #process: ChildProcess;
  #over = false;

  /** @param module URL of the task module @param heapMb of its heap at most; Node's own limit when absent */
  constructor(module: string, heapMb: number | undefined) {
    const heap = heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`];
    const tsx = IS_SOURCE || module.endsWith('.ts') ? ['--import', 'tsx'] : [];
    this.#process = fork(fileURLToPath(moduleUrl('prover/worker/child-main')), [], {
      cwd: packageRoot(),
      execArgv: [...heap, ...tsx],
      // stdout belongs to the command's data; a task's chatter goes to stderr.
      stdio: ['ignore', 2, 'pipe', 'ipc'],
      // A process group of its own: it can be ended with everything it started, and Ctrl-C reaches the worker alone.
      detached: true,
    });
    const watchdog = watch(this.#process);
    this.gone = this.#listen().finally(() => {
      this.#over = true;
      watchdog.kill('SIGKILL');
    });
    this.gone.catch(() => undefined); // of a spare nobody asks
  }

  /** Whether it can still be given a task. */
  get alive(): boolean {
    return !this.#over && this.#process.connected && this.#process.exitCode === null;
  }

  /** A child that is gone already is reported by {@link gone}. */
  send(message: ToChild): void {
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  /** Asks it to stop, and ends it with all that it started after `graceMs`. */
  stop(graceMs: number): void {
    this.send({ type: 'abort' });
    const timer = setTimeout(() => this.kill(), graceMs);
    this.#process.once('exit', () => clearTimeout(timer));
  }

  /** Ends it with all that it started. */
  kill(): void {
    killGroup(this.#process.pid);
  }

  async #look(hash: string): Promise<void> {
    // Found or not: the child looks into the folder, and says so.
    await this.onNeed(hash).catch(() => undefined);
    this.send({ type: 'looked', hash });
  }

  #listen(): Promise<ChildEnd> {
    const child = this.#process;
    return new Promise((resolve, reject) => {
      let answer: FromChild | undefined;
      let end: string | undefined;
      let tail = '';
      child.on('message', (message: FromChild) => {
        if (message.type === 'progress') this.onProgress(message.fraction);
        else if (message.type === 'need') void this.#look(message.hash);
        else answer ??= message;
      });
      child.stderr?.on('data', (chunk: Buffer) => {
        process.stderr.write(chunk);
        tail = (tail + chunk.toString()).slice(-STDERR_TAIL);
      });
      // Not 'close': a grandchild that keeps stderr open must not keep the task running.
      const settle = () => {
        if (end === undefined || child.connected) return;
        this.kill(); // whatever it started and left behind
        const said = /out of memory/i.test(tail) ? ', out of memory' : '';
        resolve({ answer, end: end + said });
      };
      child.once('exit', (code, signal) => {
        end = signal === null ? `exit code ${code}` : signal;
        settle();
      });
      child.once('disconnect', settle);
      child.once('error', (cause) => {
        if (child.pid === undefined) reject(cause);
      });
    });
  }
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
