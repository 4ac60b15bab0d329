import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../build/package-root.js';
import { type SerializedError, serializeError } from '../errors/base.js';
import { ChildError } from '../errors/proof.js';

/** What a child tells its parent. */
type Message<Output> =
  | { readonly type: 'progress'; readonly value: number }
  | { readonly type: 'done'; readonly output: Output }
  | { readonly type: 'error'; readonly error: SerializedError };

/**
 * Runs a module in a child process that calls {@link serveChild}, and yields what it returns. Input and output
 * cross by structured clone (bigints and bytes are allowed). The child is ended with the parent, on abort, and on failure.
 */
export function runChild<Input, Output>(
  module: URL,
  input: Input,
  options: { readonly onProgress?: (value: number) => void; readonly signal?: AbortSignal } = {},
): Promise<Output> {
  const path = fileURLToPath(module);
  return new Promise((resolve, reject) => {
    options.signal?.throwIfAborted();
    const child = fork(path, [], {
      cwd: packageRoot(),
      execArgv: path.endsWith('.ts') ? ['--import', 'tsx'] : [],
      serialization: 'advanced',
      // stdout belongs to the command's data; what a child or its libraries print goes to stderr.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    const stop = () => child.kill('SIGKILL');
    process.once('exit', stop);
    options.signal?.addEventListener('abort', stop, { once: true });
    let result: Message<Output> | undefined;
    child.on('message', (message: Message<Output>) => {
      if (message.type === 'progress') options.onProgress?.(message.value);
      else result = message;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('exit', stop);
      options.signal?.removeEventListener('abort', stop);
      if (options.signal?.aborted) reject(options.signal.reason);
      else if (result?.type === 'done') resolve(result.output);
      else if (result?.type === 'error') {
        const { code: errorCode, message, retryable } = result.error;
        reject(new ChildError(errorCode, message, retryable));
      } else reject(new ChildError('CHILD_DIED', `${path} ended early (${signal ?? `exit ${code}`}).`, true));
    });
    sendInput(child, input, reject);
  });
}

function sendInput(child: ChildProcess, input: unknown, reject: (error: unknown) => void): void {
  child.send(input as object, (error) => {
    // A child that dies at once is reported by 'close' with its exit code; only a value that cannot be sent is new.
    if (error !== null && child.connected) {
      child.kill('SIGKILL');
      reject(error);
    }
  });
}

/**
 * The child's side: does one piece of work and ends. A child that loses its parent ends too; long computations must give
 * the event loop a turn now and then (progress does not do so by itself).
 */
export function serveChild<Input, Output>(
  work: (input: Input, progress: (value: number) => void) => Promise<Output>,
): void {
  // The callback also takes the error of a parent that is gone, which would otherwise be thrown; 'disconnect' follows.
  const send = (message: Message<Output>, then = () => {}) => process.send?.(message, undefined, undefined, then);
  process.once('disconnect', () => process.exit(1));
  process.once('message', (input: Input) => {
    work(input, (value) => send({ type: 'progress', value })).then(
      (output) => send({ type: 'done', output }, () => process.exit(0)),
      (error: unknown) => send({ type: 'error', error: serializeError(error) }, () => process.exit(1)),
    );
  });
}
