import { QueueError } from '../../src/errors/queue.js';
import { measured } from '../metrics/tasks.js';
import type { JsonValue } from '../queue/json.js';
import type { BundlePayload, CommitPayload, ProvePayload, TracePayload } from '../queue/proof-pipeline.js';
import type { PrepareFunction, TaskFunction } from '../worker/task.js';

/** The task module of proof jobs (`prover/worker/task.ts`): one child process runs one stage once. */
export const run: TaskFunction = (task, context) => measured(task.stage, () => stage(task, context));

/** A job begins with its trace; what comes after that is loaded together, as it shares most of its code. */
export const prepare: PrepareFunction = async (after) => {
  if (after === null) await import('./trace.js');
  else {
    await Promise.all([import('./commit.js'), import('./prove.js'), import('./bundle.js')]);
    await (await import('./engine.js')).engineOfProcess();
  }
};

const stage: TaskFunction = async ({ stage, payload }, context) => {
  const input = payload as unknown;
  switch (stage) {
    case 'trace':
      return (await (await import('./trace.js')).trace(input as TracePayload, context)) as unknown as JsonValue;
    case 'commit':
      return (await import('./commit.js')).commitPart(input as CommitPayload, context);
    case 'prove':
      return (await import('./prove.js')).provePart(input as ProvePayload, context);
    case 'bundle':
      return (await import('./bundle.js')).bundle(input as BundlePayload, context);
    default:
      throw new QueueError('QUEUE_PIPELINE', `There is no stage "${stage}".`);
  }
};
