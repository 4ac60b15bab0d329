import { afterAll, beforeAll, expect, it } from 'vitest';
import { R } from '../../src/bus/field.js';
import { sumOf } from '../../src/bus/tuple.js';
import { randomScalar } from '../../src/engine/groth16.js';
import type { ShapeProof } from '../../src/proof/engine.js';
import { type DecodedProof, proofsHold } from '../../src/proof/equation.js';
import { buildKeySet, type KeySet } from '../../src/proof/keyset.js';
import { decodeG1, decodeG2 } from '../../src/proof/points.js';
import { shapeInputs } from '../../src/proof/shapes.js';
import { snarkjsEngine } from '../../src/proof/snarkjs.js';
import { wasmEngine } from '../../src/proof/wasm.js';
import { sink, TEST_CHIPS, TEST_SHAPES } from '../fixtures/test-chips.js';
import { randomChallenge } from '../helpers/chips/circuit.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';

const PROOFS = 500;
const SINK = 1;
const random = randomOf(testSeed(), 'engine');
const engines = { wasm: wasmEngine({ chips: TEST_CHIPS }), snarkjs: snarkjsEngine({ chips: TEST_CHIPS }) };
const challenge = randomChallenge(random);
let keySet: KeySet;
beforeAll(async () => {
  console.log(`engine: DELTAPROOF_SEED=${testSeed()}`);
  keySet = await buildKeySet('tiny', { chips: TEST_CHIPS, shapes: TEST_SHAPES });
});
afterAll(() => Promise.all(Object.values(engines).map((engine) => engine.close())));

/** One to six rows of any values. */
function anyRows(): { x: bigint; m: bigint }[] {
  const { alpha, beta } = randomChallenge(random);
  return Array.from({ length: 1 + Number(alpha % 6n) }, (_, i) => ({
    x: (alpha * BigInt(i + 1)) % R,
    m: (beta + BigInt(i)) % R,
  }));
}

const inputsOf = (rows: readonly object[]) =>
  shapeInputs(keySet.shapes[SINK]!.spec, { 'sink.any': rows as never }, TEST_CHIPS);

function decoded(D: `0x${string}`, { sum, A, B, C }: ShapeProof): DecodedProof {
  return { shape: SINK, sum, A: decodeG1(A)!, B: decodeG2(B)!, C: decodeG1(C)!, D: decodeG1(D)! };
}

it(`${PROOFS} proofs of any rows hold, asked for at once; one with another sum does not`, async () => {
  const shape = keySet.shapes[SINK]!;
  const proofs = await Promise.all(
    Array.from({ length: PROOFS }, async () => {
      const rows = anyRows();
      const inputs = inputsOf(rows);
      const [D, proof] = await Promise.all([
        engines.wasm.commit(shape, inputs.cells),
        engines.wasm.prove(shape, inputs, challenge),
      ]);
      expect(proof.sum).toBe(
        sumOf(
          rows.flatMap((row) => sink.terms(row as never)),
          challenge,
        ),
      );
      return decoded(D, proof);
    }),
  );
  expect(proofs.length).toBe(PROOFS);
  expect(proofsHold(keySet, proofs, challenge, randomScalar())).toBe(true);
  const last = proofs.at(-1)!;
  const forged = proofs.with(-1, { ...last, sum: (last.sum + 1n) % R });
  expect(proofsHold(keySet, forged, challenge, randomScalar())).toBe(false);
});

it('proofs of both engines hold under one key, for one commitment; two of the same rows differ', async () => {
  const shape = keySet.shapes[SINK]!;
  const inputs = inputsOf(anyRows());
  const D = await engines.wasm.commit(shape, inputs.cells);
  expect(await engines.snarkjs.commit(shape, inputs.cells)).toBe(D);
  const proofs = [
    await engines.wasm.prove(shape, inputs, challenge),
    await engines.wasm.prove(shape, inputs, challenge),
    await engines.snarkjs.prove(shape, inputs, challenge),
  ];
  for (const point of ['A', 'B', 'C'] as const) expect(new Set(proofs.map((proof) => proof[point])).size).toBe(3);
  for (const proof of proofs) expect(proofsHold(keySet, [decoded(D, proof)], challenge, 1n)).toBe(true);
});

it.each([1, 2, 3, 5])('%i threads make proofs that hold', async (threads) => {
  const engine = wasmEngine({ chips: TEST_CHIPS }, threads);
  try {
    const shape = keySet.shapes[SINK]!;
    const inputs = inputsOf(anyRows());
    const D = await engine.commit(shape, inputs.cells);
    const proof = await engine.prove(shape, inputs, challenge);
    expect(proofsHold(keySet, [decoded(D, proof)], challenge, 1n)).toBe(true);
  } finally {
    await engine.close();
  }
});
