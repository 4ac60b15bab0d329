import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { groth16, wtns } from 'snarkjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { challengeOf } from '../../src/bus/tuple.js';
import { commit } from '../../src/proof/commit.js';
import type { ProofEngine } from '../../src/proof/engine.js';
import { openEngine } from '../../src/proof/engines.js';
import { buildKeySet, type KeySet } from '../../src/proof/keyset.js';
import { engineOptions } from '../../src/proof/prepared.js';
import { proveShape } from '../../src/proof/prove.js';
import { shapeInputs } from '../../src/proof/shapes.js';
import { witnessOf } from '../../src/proof/witness.js';
import { temporaryFolder } from '../fixtures/proof/pipeline.js';
import { TEST_CHIPS, TEST_SHAPES } from '../fixtures/test-chips.js';

/*
 * Rapidsnark's program itself is native code that is not there; a script in its place says what it was given, and answers with
 * a real proof of the same witness, by snarkjs.
 */
const CHALLENGE = challengeOf(123_456_789n, 987_654_321n);
const ROW = { en: 1n, x: 7n, y: 11n, z: [2n, 3n], m: 4n };
const { PATH: path, TMPDIR: temporary } = process.env;
let keySet: KeySet;
let engine: ProofEngine;
let folder: ReturnType<typeof temporaryFolder>;
let inputs: ReturnType<typeof shapeInputs>;
let proofFile: string;

beforeAll(async () => {
  keySet = await buildKeySet('tiny', { chips: TEST_CHIPS, shapes: TEST_SHAPES });
  engine = await openEngine('rapidsnark');
  inputs = shapeInputs(keySet.shapes[0]!.spec, { mark: [ROW as never] }, TEST_CHIPS);
  folder = temporaryFolder();
  proofFile = join(folder.path, 'proof.json');
  // A place of its own: other tests make and remove folders in the system's.
  process.env.TMPDIR = join(folder.path, 'tmp');
  mkdirSync(process.env.TMPDIR);
  const { zkey } = keySet.shapes[0]!;
  const witness = await solved();
  const { proof } = await groth16.prove(zkey, { type: 'mem', data: witness });
  writeFileSync(proofFile, JSON.stringify(proof));
});
afterAll(async () => {
  process.env.PATH = path;
  if (temporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = temporary;
  folder.remove();
  await engine.close();
  await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
});
beforeEach(() => {
  process.env.PATH = `${folder.path}${delimiter}${path}`;
});

/** Puts a shell script where the program is looked for. */
function program(script: string): void {
  writeFileSync(join(folder.path, 'prover'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder.path, 'prover'), 0o755);
}

const solved = () => witnessOf(keySet.shapes[0]!, inputs, CHALLENGE, engineOptions({ chips: TEST_CHIPS }));

async function proven() {
  const D = await commit(keySet.shapes[0]!, inputs.cells, engine);
  return proveShape({ keySet, shape: 0, inputs, D, challenge: CHALLENGE }, engine);
}

const leftBehind = () => readdirSync(tmpdir());

describe('the engine rapidsnark', () => {
  it('gives the program key and witness, and takes its proof, which holds', async () => {
    const [seen, facts] = [join(folder.path, 'seen.wtns'), join(folder.path, 'facts')];
    program(
      `cat "$2" > ${seen}; stat -L -c '%a %h' "$2" > ${facts}; echo "$1" >> ${facts}; cat ${proofFile} > "$3"; echo '[]' > "$4"`,
    );
    expect(await proven()).toMatchObject({ shape: 0 });
    const [file, zkey] = readFileSync(facts, 'utf8').split('\n');
    // Readable by its owner alone, and without a name while it holds a witness.
    expect(file).toBe('600 0');
    expect(zkey).toBe(keySet.shapes[0]!.zkey);
    const { r1cs } = keySet.shapes[0]!;
    const witness = await solved();
    expect(readFileSync(seen).equals(Buffer.from(witness))).toBe(true);
    expect(await wtns.check(r1cs, seen)).toBe(true);
    expect(leftBehind()).toEqual([]);
  });

  it('says what to install when there is no such program', async () => {
    process.env.PATH = join(folder.path, 'empty');
    await expect(proven()).rejects.toMatchObject({
      code: 'PROOF_ENGINE_MISSING',
      message: expect.stringContaining('https://github.com/iden3/rapidsnark'),
    });
    writeFileSync(join(folder.path, 'prover'), 'no program');
    chmodSync(join(folder.path, 'prover'), 0o644);
    process.env.PATH = folder.path;
    await expect(proven()).rejects.toMatchObject({ code: 'PROOF_ENGINE_MISSING' });
  });

  it.each([
    ['fails', 'echo "Invalid witness length" >&2; exit 3', /\(3\): Invalid witness length/],
    ['is killed', 'kill -9 $$', /\(SIGKILL\)/],
    ['writes nothing', 'true', /no proof/],
    ['writes half a proof', `head -c 300 ${'$'}(dirname $0)/proof.json > "$3"`, /no proof/],
    ['writes something else', 'echo \'{"pi_a":["x"]}\' > "$3"', /no proof/],
  ])('reports a program that %s, and leaves nothing behind', async (_what, script, message) => {
    program(script);
    await expect(proven()).rejects.toMatchObject({ code: 'PROOF_ENGINE', message: expect.stringMatching(message) });
    expect(leftBehind()).toEqual([]);
  });

  it('hands out no proof of anything else', async () => {
    const proof = JSON.parse(readFileSync(proofFile, 'utf8')) as Record<string, unknown>;
    const swapped = join(folder.path, 'swapped.json');
    writeFileSync(swapped, JSON.stringify({ ...proof, pi_c: proof.pi_a }));
    program(`cat ${swapped} > "$3"`);
    await expect(proven()).rejects.toMatchObject({ code: 'PROOF_SELF_CHECK' });
    const off = join(folder.path, 'off.json');
    writeFileSync(off, JSON.stringify({ ...proof, pi_a: ['1', '1', '1'] }));
    program(`cat ${off} > "$3"`);
    await expect(proven()).rejects.toMatchObject({ code: 'PROOF_SELF_CHECK' });
  });
});
