import { QueueError } from '../../src/errors/queue.js';
import { measured } from '../metrics/tasks.js';
import type { JsonValue } from '../queue/json.js';
import type { BundlePayload, CommitPayload, ProvePayload, TracePayload } from '../queue/proof-pipeline.js';
import type { TaskFunction } from '../worker/task.js';
import { bundle, commitPart, provePart, trace } from './stages.js';

/** The task module of proof jobs (`prover/worker/task.ts`): one child process runs one stage once. */
export const run: TaskFunction = (task, context) => measured(task.stage, () => stage(task, context));

const stage: TaskFunction = async ({ stage, payload }, context) => {
  const input = payload as unknown;
  switch (stage) {
    case 'trace':
      return (await trace(input as TracePayload, context)) as unknown as JsonValue;
    case 'commit':
      return commitPart(input as CommitPayload, context);
    case 'prove':
      return provePart(input as ProvePayload, context);
    case 'bundle':
      return bundle(input as BundlePayload, context);
    default:
      throw new QueueError('QUEUE_PIPELINE', `There is no stage "${stage}".`);
  }
};
