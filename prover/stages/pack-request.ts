import { checkPlanFits, planParts } from '../../src/l1/plan-parts.js';
import type { ShapeSpec } from '../../src/proof/types.js';
import { l1Items } from '../../src/statement/l1-transactions.js';
import type { OnProgress } from '../../src/trace/execution/execute.js';
import { type PackingCost, pack } from '../../src/trace/pack.js';
import type { BatchRequest } from '../../src/trace/request.js';
import { Spool } from '../../src/trace/spool.js';
import { traceRequestInto } from './trace-request.js';

/** Makes the rows of a request, which go to `spool`, and plans its proofs and the parts of its bundle. */
export async function packRequest(
  work: BatchRequest,
  shapes: readonly ShapeSpec[],
  spool: Spool,
  { packing, onProgress = () => {} }: { readonly packing?: PackingCost | undefined; readonly onProgress?: OnProgress },
) {
  const { replay, tables, value } = await traceRequestInto(work, spool, onProgress);
  const proofs = pack(spool.counts(), shapes, packing);
  const order = proofs.map(({ shape }) => shape);
  const plan = planParts({ mode: work.mode, tables, items: l1Items(work.batch.txs, replay.read) }, order);
  return { proofs, plan, value };
}

/**
 * Refuses a batch of which nobody could prove what it does: rows that no shape has room for, a bundle with a part that L1 does not take, a
 * bus that does not balance. Nothing is proven; it takes as long as the first stage of a proof.
 * @throws TraceError, BundleError, ExecutionError and others: whatever a proof job would end with
 */
export async function checkProvable(work: BatchRequest, shapes: readonly ShapeSpec[]): Promise<void> {
  const spool = Spool.open();
  try {
    const { plan, proofs } = await packRequest(work, shapes, spool, {});
    checkPlanFits(
      plan,
      proofs.map(({ shape }) => shape),
    );
  } finally {
    spool.close();
  }
}
