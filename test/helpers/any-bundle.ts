import type { Hex } from 'viem';
import { RULES_V2 } from '../../src/batch/rules.js';
import { type Term, term } from '../../src/bus/tuple.js';
import { commit } from '../../src/proof/commit.js';
import type { ProofEngine } from '../../src/proof/engine.js';
import type { KeySet } from '../../src/proof/keyset.js';
import { proveShape } from '../../src/proof/prove.js';
import { encodeRecord } from '../../src/proof/record.js';
import { shapeInputs } from '../../src/proof/shapes.js';
import type { Bundle } from '../../src/proof/types.js';
import { ANY_CHIPS, type AnyTupleRow, rowSending } from '../fixtures/any-tuple.js';
import { drawn, l1Origins } from './bundles.js';

/** One proof of a test bundle: its shape, and the rows of its anytuple chip. */
export interface AnyProof {
  readonly shape: number;
  readonly rows: readonly AnyTupleRow[];
}

/**
 * Rows that receive everything L1 sends for `bundle`, spread over proofs of the given shapes, and for every pair of
 * neighbours one tuple that goes from proof to proof, so that none can be missing.
 */
export function balancingProofs(bundle: Bundle, shapes: readonly number[], keySet: KeySet): AnyProof[] {
  const native = l1Origins(bundle, RULES_V2)
    .flatMap(({ terms }) => terms)
    .filter(({ weight }) => weight !== 0n)
    .map(({ weight, tuple }): Term => ({ weight: -weight, tuple }));
  let next = 0;
  return shapes.map((shape, i) => {
    const chain = [
      term(5n, 'RANGE12', { x: BigInt(i) }),
      term(-5n, 'RANGE12', { x: BigInt(i + 1) % BigInt(shapes.length) }),
    ];
    const room = keySet.shapes[shape]!.spec.chips.anytuple! - (shapes.length > 1 ? 2 : 0);
    const share =
      i === shapes.length - 1 ? native.length - next : Math.min(room, Math.ceil(native.length / shapes.length));
    const rows = [...native.slice(next, next + share), ...(shapes.length > 1 ? chain : [])].map(rowSending);
    next += share;
    return { shape, rows };
  });
}

/** Commits to the rows, draws the challenge for the bundle as it is, proves; one record per proof. `counts`: proofs of each part. */
export async function proveRows(
  bundle: Bundle,
  proofs: readonly AnyProof[],
  keySet: KeySet,
  engine: ProofEngine,
  counts: readonly number[] = [proofs.length],
): Promise<Hex[]> {
  const prepared = await Promise.all(
    proofs.map(async ({ shape, rows }) => {
      const inputs = shapeInputs(keySet.shapes[shape]!.spec, { anytuple: rows }, ANY_CHIPS);
      return { shape, inputs, D: await commit(keySet.shapes[shape]!, inputs.cells, engine) };
    }),
  );
  const { challenge } = drawn(bundle, prepared, counts);
  const records: Hex[] = [];
  for (const { shape, inputs, D } of prepared) {
    records.push(encodeRecord(await proveShape({ keySet, shape, inputs, D, challenge }, engine)));
  }
  return records;
}
