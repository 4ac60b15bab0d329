import { demandOf } from '../../src/trace/demand.js';
import { pack } from '../../src/trace/pack.js';
import { traceRequest } from '../stages/trace-request.js';
import { type BenchBatch, type BenchOn, withPosted } from './posted.js';

/** What one transfer more costs in constraints of all proofs: padding, trie and tables included. */
export interface Slope extends Pick<BenchBatch, 'kind' | 'accounts'> {
  readonly transfers: readonly [number, number];
  readonly constraints: readonly [number, number];
  readonly perTransfer: number;
}

/** Constraints in mode diff per transfer, between two batches. Their proofs are packed, not made. */
export async function measureSlope(
  on: BenchOn,
  kind: BenchBatch['kind'],
  accounts: number,
  [few, many]: readonly [number, number],
): Promise<Slope> {
  const [less, more] = [await constraintsOf(on, kind, accounts, few), await constraintsOf(on, kind, accounts, many)];
  const perTransfer = Math.round((more - less) / (many - few));
  return { kind, accounts, transfers: [few, many], constraints: [less, more], perTransfer };
}

function constraintsOf(on: BenchOn, kind: BenchBatch['kind'], accounts: number, transfers: number): Promise<number> {
  on.tell(`${transfers} ${kind} transfers, ${accounts} accounts: rows and shapes alone`);
  return withPosted(on, { kind, transfers, accounts }, async (_, node) => {
    const { request } = await node.truth(1n, 'diff');
    const { shapes } = on.keySet;
    const { rows } = await traceRequest(request);
    const proofs = pack(
      demandOf(rows),
      shapes.map(({ spec }) => spec),
    );
    return proofs.reduce((sum, { shape }) => sum + shapes[shape]!.constraints, 0);
  });
}
