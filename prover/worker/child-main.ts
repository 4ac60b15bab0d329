import { type SerializedError, serializeError } from '../../src/errors/base.js';
import { TaskError } from '../../src/errors/queue.js';
import { ArtifactFolder, type TaskOutput } from '../queue/artifacts.js';
import { canonicalJson } from '../queue/json.js';
import type { PrepareFunction, TaskFunction, ToChild } from './task.js';

/** From the child to its worker. */
export type FromChild =
  | { readonly type: 'progress'; readonly fraction: number }
  /** An artifact is not in the folder: another machine may have it. */
  | { readonly type: 'need'; readonly hash: string }
  | { readonly type: 'done'; readonly output: TaskOutput }
  | { readonly type: 'error'; readonly error: SerializedError };

// The program of every task process: loads the task module, runs one task, reports, ends.
const abort = new AbortController();
const send = (message: FromChild, then?: () => void) => process.send?.(message, undefined, undefined, then);
/** What waits for the worker to look for an artifact, by its hash. */
const looking = new Map<string, Set<() => void>>();
const leave = (message: FromChild) => send(message, () => process.exit(0));

// Without its worker the result has no taker.
process.once('disconnect', () => process.exit(1));
process.on('message', (message: ToChild) => {
  if (message.type === 'abort') abort.abort();
  else if (message.type === 'looked') looked(message.hash);
  else if (message.type === 'prepare') prepare(message).catch(() => undefined);
  else
    run(message).then(
      (output) => leave({ type: 'done', output }),
      (error: unknown) => leave({ type: 'error', error: serializeError(error) }),
    );
});
// The default would end the process without a word, and so as a crash.
process.once('uncaughtException', (error) => leave({ type: 'error', error: serializeError(error) }));

async function run({ task, module, artifacts }: Extract<ToChild, { type: 'run' }>): Promise<TaskOutput> {
  const folder = new ArtifactFolder(artifacts);
  const written = new Set<string>();
  const work = await load(module);
  const result = await work(task, {
    artifacts: {
      put: async (bytes) => {
        const hash = await folder.put(bytes);
        written.add(hash);
        return hash;
      },
      get: async (hash) => {
        if (!(await folder.has(hash))) await ask(hash);
        return folder.get(hash);
      },
      has: async (hash) => {
        if (!(await folder.has(hash))) await ask(hash);
        return folder.has(hash);
      },
      path: (hash) => folder.path(hash),
    },
    progress: (fraction) => send({ type: 'progress', fraction }),
    signal: abort.signal,
  });
  try {
    canonicalJson(result);
  } catch (cause) {
    throw new TaskError(
      'TASK_RESULT',
      `Task ${task.key} returned what is not JSON: ${(cause as Error).message}`,
      false,
    );
  }
  return { result, artifacts: [...written] };
}

/** Resolves when the worker has looked for an artifact elsewhere. */
function ask(hash: string): Promise<void> {
  return new Promise((resolve) => {
    const waiting = looking.get(hash);
    looking.set(hash, (waiting ?? new Set()).add(resolve));
    if (waiting === undefined) send({ type: 'need', hash });
  });
}

function looked(hash: string): void {
  for (const resolve of looking.get(hash) ?? []) resolve();
  looking.delete(hash);
}

async function prepare({ module, after }: Extract<ToChild, { type: 'prepare' }>): Promise<void> {
  const loaded = (await import(module)) as { prepare?: PrepareFunction };
  await loaded.prepare?.(after);
}

async function load(module: string): Promise<TaskFunction> {
  const loaded = (await import(module).catch((cause: unknown) => {
    throw new TaskError('TASK_MODULE', `Cannot load the task module ${module}: ${(cause as Error).message}`, false);
  })) as { run?: TaskFunction };
  if (typeof loaded.run === 'function') return loaded.run;
  throw new TaskError('TASK_MODULE', `The task module ${module} exports no function 'run'.`, false);
}
