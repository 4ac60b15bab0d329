import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { R } from '../../src/bus/field.js';
import { sumOf, type Term } from '../../src/bus/tuple.js';
import { randomScalar } from '../../src/engine/groth16.js';
import type { ShapeProof } from '../../src/proof/engine.js';
import { type DecodedProof, proofsHold } from '../../src/proof/equation.js';
import { buildKeySet, type KeyedShape, type KeySet } from '../../src/proof/keyset.js';
import { decodeG1, decodeG2 } from '../../src/proof/points.js';
import { type ShapeInputs, shapeInputs } from '../../src/proof/shapes.js';
import { snarkjsEngine } from '../../src/proof/snarkjs.js';
import { wasmEngine } from '../../src/proof/wasm.js';
import { mark, sink, TEST_CHIPS, TEST_SHAPES } from '../fixtures/test-chips.js';
import { randomChallenge } from '../helpers/chips/circuit.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';

const PROOFS = 500;
const random = randomOf(testSeed(), 'engine');
const engines = { wasm: wasmEngine({ chips: TEST_CHIPS }), snarkjs: snarkjsEngine({ chips: TEST_CHIPS }) };
const challenge = randomChallenge(random);
let keySet: KeySet;
beforeAll(async () => {
  console.log(`engine: DELTAPROOF_SEED=${testSeed()}`);
  keySet = await buildKeySet('tiny', { chips: TEST_CHIPS, shapes: TEST_SHAPES });
});
afterAll(() => Promise.all(Object.values(engines).map((engine) => engine.close())));

/** Up to so many rows. */
function some<T>(most: number, row: () => T): T[] {
  return Array.from({ length: random.int(most + 1) }, row);
}

const anySink = () => ({ x: random.field(), m: random.field() });
const anyMark = () => {
  const en = random.bool();
  return {
    ...{ en: en ? 1n : 0n, x: random.field(), y: random.field() },
    ...{ z: [random.field(), random.field()], m: en ? random.field() : 0n },
  };
};

/** Any rows of a shape, from none to as many as it has, and their tuples. */
function anyRows(shape: KeyedShape): { inputs: ShapeInputs; terms: Term[] } {
  const { mark: marks = 0, 'sink.any': sinks = 0 } = shape.spec.chips;
  const rows = { mark: some(marks, anyMark), 'sink.any': some(sinks, anySink) };
  return {
    inputs: inputsOf(shape, rows),
    terms: [...rows.mark.flatMap((row) => mark.terms(row)), ...rows['sink.any'].flatMap((row) => sink.terms(row))],
  };
}

const inputsOf = ({ spec }: KeyedShape, rows: Readonly<Record<string, readonly object[]>>) =>
  shapeInputs(
    spec,
    Object.fromEntries(Object.keys(spec.chips).map((chip) => [chip, rows[chip] ?? []])) as never,
    TEST_CHIPS,
  );

function decoded({ id }: KeyedShape, D: `0x${string}`, { sum, A, B, C }: ShapeProof): DecodedProof {
  return { shape: id, sum, A: decodeG1(A)!, B: decodeG2(B)!, C: decodeG1(C)!, D: decodeG1(D)! };
}

it(`${PROOFS} proofs of any rows of both shapes hold, asked for at once; one with another sum does not`, async () => {
  const proofs = await Promise.all(
    Array.from({ length: PROOFS }, async (_, i) => {
      const shape = keySet.shapes[i % keySet.shapes.length]!;
      const { inputs, terms } = anyRows(shape);
      const [D, proof] = await Promise.all([
        engines.wasm.commit(shape, inputs.cells),
        engines.wasm.prove(shape, inputs, challenge),
      ]);
      expect(proof.sum).toBe(sumOf(terms, challenge));
      return decoded(shape, D, proof);
    }),
  );
  expect(proofs.length).toBe(PROOFS);
  expect(new Set(proofs.map(({ shape }) => shape))).toEqual(new Set([0, 1]));
  expect(proofsHold(keySet, proofs, challenge, randomScalar())).toBe(true);
  const last = proofs.at(-1)!;
  const forged = proofs.with(-1, { ...last, sum: (last.sum + 1n) % R });
  expect(proofsHold(keySet, forged, challenge, randomScalar())).toBe(false);
});

it.each([0, 1])(
  'proofs of both engines hold under one key, for one commitment; two of the same rows differ: shape %i',
  async (id) => {
    const shape = keySet.shapes[id]!;
    const { inputs } = anyRows(shape);
    const D = await engines.wasm.commit(shape, inputs.cells);
    expect(await engines.snarkjs.commit(shape, inputs.cells)).toBe(D);
    const proofs = [
      await engines.wasm.prove(shape, inputs, challenge),
      await engines.wasm.prove(shape, inputs, challenge),
      await engines.snarkjs.prove(shape, inputs, challenge),
    ];
    for (const point of ['A', 'B', 'C'] as const) expect(new Set(proofs.map((proof) => proof[point])).size).toBe(3);
    for (const proof of proofs) expect(proofsHold(keySet, [decoded(shape, D, proof)], challenge, 1n)).toBe(true);
  },
);

describe.each(Object.values(engines))('a shape without rows, by $name', (engine) => {
  it.each([0, 1])('commits to infinity, and its proof holds with the sum 0 alone: shape %i', async (id) => {
    const shape = keySet.shapes[id]!;
    const inputs = inputsOf(shape, {});
    expect(inputs.cells.every((cell) => cell === 0n)).toBe(true);
    const D = await engine.commit(shape, inputs.cells);
    expect(D).toBe(`0x${'00'.repeat(64)}`);
    const proof = await engine.prove(shape, inputs, challenge);
    expect(proof.sum).toBe(0n);
    expect(proofsHold(keySet, [decoded(shape, D, proof)], challenge, 1n)).toBe(true);
    expect(proofsHold(keySet, [decoded(shape, D, { ...proof, sum: 1n })], challenge, 1n)).toBe(false);
  });
});

it.each([1, 2, 3, 5])('%i threads make proofs that hold', async (threads) => {
  const engine = wasmEngine({ chips: TEST_CHIPS }, threads);
  try {
    const shape = keySet.shapes[threads % 2]!;
    const { inputs } = anyRows(shape);
    const D = await engine.commit(shape, inputs.cells);
    const proof = await engine.prove(shape, inputs, challenge);
    expect(proofsHold(keySet, [decoded(shape, D, proof)], challenge, 1n)).toBe(true);
  } finally {
    await engine.close();
  }
});
