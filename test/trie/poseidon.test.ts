import { beforeAll, describe, expect, it } from 'vitest';
import { compileCircuit } from '../../src/build/compile-circuits.js';
import { mod, R } from '../../src/bus/field.js';
import { poseidon } from '../../src/engine/poseidon.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { ConstraintFailed, WitnessProgram } from '../helpers/chips/witness.js';

/** Hashes of (1, 2, .., n) as circomlib publishes them (its test/poseidoncircuit.js and go-iden3-crypto's test vectors). */
const PUBLISHED: Readonly<Record<number, bigint>> = {
  2: 7853200120776062878684798364095072458815029376092732009249414926327459813530n,
  4: 18821383157269793795438455681495246036402687001665670618754263018637548127333n,
  16: 9989051620750914585850546081941653841776809718687451684622678807385399211877n,
};

// That no wire of the template is free is shown by the tests of the chips that use it (ext 2, slotleaf 4, accountleaf 8,
// branch 16): they override every wire alone and violate every constraint alone.
describe.each([2, 4, 8, 16])('Digest(%i)', (n) => {
  const seed = testSeed();
  let program: WitnessProgram;

  beforeAll(async () => {
    const main = `component main {public [out]} = Digest(${n});`;
    const source = `pragma circom 2.2.0;\ninclude "../lib/poseidon.circom";\n${main}\n`;
    program = new WitnessProgram((await compileCircuit({ name: `poseidon-${n}`, source })).wasm);
  });

  const accepts = (inputs: readonly bigint[], out: bigint): boolean => {
    try {
      program.run({ in: inputs, out });
      return true;
    } catch (error) {
      if (error instanceof ConstraintFailed) return false;
      throw error;
    }
  };

  it('is circomlibjs, for random and extreme inputs, and nothing else', () => {
    const random = randomOf(seed, `poseidon ${n}`);
    const cases = Array.from({ length: 20 }, () => Array.from({ length: n }, () => random.field()));
    for (const extreme of [0n, 1n, R - 1n]) cases.push(Array<bigint>(n).fill(extreme));
    for (const inputs of cases) {
      const out = poseidon(inputs);
      const where = `DELTAPROOF_SEED=${seed}`;
      expect(accepts(inputs, out), where).toBe(true);
      expect(accepts(inputs, mod(out + 1n)), where).toBe(false);
      expect(accepts(inputs, random.field()), where).toBe(false);
    }
  });
});

it.each(Object.entries(PUBLISHED))('Poseidon of 1..%s is what circomlib publishes', (n, hash) => {
  expect(poseidon(Array.from({ length: Number(n) }, (_, i) => BigInt(i + 1)))).toBe(hash);
});
