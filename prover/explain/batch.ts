import { diffHash, diffItems } from '../../src/batch/diff.js';
import type { TraceRow } from '../../src/chips/chip.js';
import type { Mode } from '../../src/proof/types.js';
import type { StateView } from '../../src/state/view.js';
import type { TrueBatch } from '../../src/trace/claimed.js';
import { changesOf } from '../../src/trace/explain.js';
import type { BatchRequest } from '../../src/trace/request.js';
import type { L2Node } from '../node/node.js';
import { traceRequest } from '../stages/trace-request.js';

/** What f makes of a batch, with the rows that say so. */
export interface ExplainedBatch extends TrueBatch {
  readonly rows: readonly TraceRow[];
  readonly preRoot: bigint;
  /** h(diff), or the root after the batch; that one only of a request in mode root. */
  value(mode: Mode): bigint | undefined;
}

/** Executes and traces a request. @param before the whole state before it, as far as claims may be about it */
export async function explainRequest(request: BatchRequest, before: StateView): Promise<ExplainedBatch> {
  const { rows, replay, value } = await traceRequest(request);
  const values = { diff: BigInt(diffHash(diffItems(replay.accessList))), root: undefined, [request.mode]: value };
  return { rows, replay, before, changes: changesOf(rows), preRoot: request.preRoot, value: (mode) => values[mode] };
}

/** What f makes of a batch on the state that a node has before it, whatever the node believes of the batch itself. */
export async function explainOnNode(node: L2Node, number: bigint, mode: Mode): Promise<ExplainedBatch> {
  const { request } = await node.truth(number, mode);
  return explainRequest(request, await node.state.asOf(number - 1n));
}
