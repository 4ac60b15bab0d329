import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { R } from '../../src/bus/field.js';
import { challengeOf, sumOf } from '../../src/bus/tuple.js';
import { commit } from '../../src/proof/commit.js';
import type { ProofEngine } from '../../src/proof/engine.js';
import { buildKeySet, type KeySet } from '../../src/proof/keyset.js';
import { proveShape } from '../../src/proof/prove.js';
import { shapeInputs } from '../../src/proof/shapes.js';
import { snarkjsEngine } from '../../src/proof/snarkjs.js';
import { wasmEngine } from '../../src/proof/wasm.js';
import { mark, TEST_CHIPS, TEST_SHAPES } from '../fixtures/test-chips.js';

const CHALLENGE = challengeOf(123_456_789n, 987_654_321n);
const ROW = { en: 1n, x: 7n, y: 11n, z: [2n, 3n], m: 4n };
const engines = { wasm: wasmEngine({ chips: TEST_CHIPS }), snarkjs: snarkjsEngine({ chips: TEST_CHIPS }) };
let keySet: KeySet;
beforeAll(async () => {
  keySet = await buildKeySet('tiny', { chips: TEST_CHIPS, shapes: TEST_SHAPES });
});
afterAll(() => Promise.all(Object.values(engines).map((engine) => engine.close())));

const inputsOf = (row: object) => shapeInputs(keySet.shapes[0]!.spec, { mark: [row as never] }, TEST_CHIPS);

describe.each(Object.values(engines))('proveShape by $name', (engine) => {
  it('proves rows; the sum is the one of their tuples', async () => {
    const inputs = inputsOf(ROW);
    const D = await commit(keySet.shapes[0]!, inputs.cells, engine);
    const record = await proveShape({ keySet, shape: 0, inputs, D, challenge: CHALLENGE }, engine);
    expect(record).toMatchObject({ shape: 0, D, sum: sumOf(mark.terms(ROW), CHALLENGE) });
  });

  it('refuses rows that break a constraint', async () => {
    const inputs = inputsOf({ ...ROW, en: 2n });
    const D = await commit(keySet.shapes[0]!, inputs.cells, engine);
    await expect(proveShape({ keySet, shape: 0, inputs, D, challenge: CHALLENGE }, engine)).rejects.toMatchObject({
      code: 'PROOF_WITNESS',
    });
  });

  it('never hands out a proof that does not verify: D of other rows, an engine that errs', async () => {
    const inputs = inputsOf(ROW);
    const task = { keySet, shape: 0, inputs, challenge: CHALLENGE };
    const other = await commit(keySet.shapes[0]!, inputsOf({ ...ROW, y: 12n }).cells, engine);
    await expect(proveShape({ ...task, D: other }, engine)).rejects.toMatchObject({ code: 'PROOF_SELF_CHECK' });
    const D = await commit(keySet.shapes[0]!, inputs.cells, engine);
    const erring: ProofEngine = {
      ...engine,
      prove: async (...task) => ({ ...(await engine.prove(...task)), A: `0x${'00'.repeat(63)}01` }),
    };
    await expect(proveShape({ ...task, D }, erring)).rejects.toMatchObject({ code: 'PROOF_SELF_CHECK' });
  });

  it('refuses a shape that is not there', async () => {
    const task = { keySet, inputs: inputsOf(ROW), D: '0x' as const, challenge: CHALLENGE };
    await expect(proveShape({ ...task, shape: 2 }, engine)).rejects.toMatchObject({ code: 'PROOF_INPUT' });
  });
});

it('reports what its engine says', async () => {
  const broken = { ...keySet.shapes[0]!, zkey: keySet.shapes[0]!.r1cs };
  await expect(engines.snarkjs.prove(broken, inputsOf(ROW), CHALLENGE)).rejects.toMatchObject({ code: 'PROOF_ENGINE' });
});

describe.each(Object.values(engines))('a file that is gone is named, and what to do, by $name', (engine) => {
  // As prepared keys go by the hashes, none is there for these.
  it.each([
    ['zkey', { zkeyHash: '0' }],
    ['r1cs', { r1csHash: '0' }],
  ] as const)('%s', async (file, other) => {
    const path = `/nowhere.${file}`;
    const shape = { ...keySet.shapes[0]!, ...other, [file]: path };
    const inputs = inputsOf(ROW);
    const gone = {
      code: 'ARTIFACT_CHANGED',
      message: `${path} is not there. Run \`deltaproof circuits setup\` to build it again.`,
    };
    await expect(engine.prove(shape, inputs, CHALLENGE)).rejects.toMatchObject(gone);
    // For what is committed snarkjs needs no circuit.
    if (file === 'zkey' || engine.name === 'wasm') {
      await expect(engine.commit(shape, inputs.cells)).rejects.toMatchObject(gone);
    }
  });
});

it('snarkjs and rapidsnark name a zkey that is gone where there is a prepared key', async () => {
  const nowhere = { ...keySet.shapes[0]!, zkey: '/nowhere.zkey' };
  const gone = { code: 'ARTIFACT_CHANGED', details: { path: '/nowhere.zkey' } };
  await expect(engines.snarkjs.prove(nowhere, inputsOf(ROW), CHALLENGE)).rejects.toMatchObject(gone);
});

it('engines commit to the same point, and one proves what the other committed', async () => {
  const inputs = inputsOf(ROW);
  const [D, same] = await Promise.all(
    Object.values(engines).map((engine) => commit(keySet.shapes[0]!, inputs.cells, engine)),
  );
  expect(D).toBe(same);
  for (const engine of Object.values(engines)) {
    await proveShape({ keySet, shape: 0, inputs, D: D!, challenge: CHALLENGE }, engine);
  }
});

describe.each(Object.values(engines))('commit by $name', (engine) => {
  it('needs no challenge, is additive in the rows, and infinity for zeros', async () => {
    const shape = keySet.shapes[1]!;
    const zeros = new Array<bigint>(12).fill(0n);
    expect(BigInt(await commit(shape, zeros, engine))).toBe(0n);
    const [one, minusOne] = [
      await commit(shape, zeros.with(3, 1n), engine),
      await commit(shape, zeros.with(3, R - 1n), engine),
    ];
    expect(one.slice(0, 66)).toBe(minusOne.slice(0, 66)); // same x: K and -K
    expect(one).not.toBe(minusOne);
  });

  it.each([
    ['too few cells', [1n]],
    ['a negative cell', new Array<bigint>(12).fill(-1n)],
    ['a cell of r', new Array<bigint>(12).fill(R)],
  ])('refuses %s', async (_what, cells) => {
    await expect(commit(keySet.shapes[1]!, cells, engine)).rejects.toMatchObject({ code: 'PROOF_INPUT' });
  });
});
