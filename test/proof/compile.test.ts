import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArtifactStore } from '../../src/build/artifacts.js';
import { bareSource, generatedFolder, includedSources } from '../../src/build/circuit-sources.js';
import { circuitKey, compileCircuit } from '../../src/build/compile-circuits.js';
import { layoutCircom } from '../../src/build/generate-bus.js';
import { checkInputs } from '../../src/build/inputs.js';
import { readR1cs } from '../../src/build/r1cs.js';
import { mainCircuit, shapesOf } from '../../src/proof/shapes.js';
import { temporaryFolder } from '../fixtures/proof/pipeline.js';
import { TEST_CHIPS } from '../fixtures/test-chips.js';

let folder: ReturnType<typeof temporaryFolder>;
let store: ArtifactStore;
beforeAll(() => {
  folder = temporaryFolder();
  store = new ArtifactStore(folder.path);
  mkdirSync(generatedFolder(), { recursive: true });
});
afterAll(() => folder.remove());

const main = (body: string, inputs = 'a, b', include = '') => `pragma circom 2.2.0;
${include}
template Main() { signal input ${inputs}; signal output s; ${body} }
component main = Main();
`;

describe('compileCircuit', () => {
  it('compiles a shape: public signals first, then every cell', async () => {
    const source = mainCircuit({ name: 'compile-test', chips: { mark: 2, 'sink.any': 1 } }, TEST_CHIPS);
    const { info } = await compileCircuit({ name: 'compile-test', source }, store);
    expect(info).toMatchObject({ publics: 3, committed: 14 });
    // 30 powers; mark: en, m, o0, square, hi, field, inv, o1; sink: o0; mark's partial sum and the sum
    expect(info.constraints).toBe(30 + 2 * 8 + 1 + 1 + 1);
  });

  it('finds a compiled circuit again, and no other', async () => {
    const circuit = { name: 'again', source: main('s <== a * b;') };
    const compiled = await compileCircuit(circuit, store);
    expect(await compileCircuit(circuit, store)).toEqual(compiled);
    const other = await compileCircuit({ name: 'again', source: main('s <== a * (b + 1);') }, store);
    expect(other.r1cs).not.toBe(compiled.r1cs);
  });

  it('compiles anew when an included file changes', () => {
    const included = join(generatedFolder(), `included-${process.pid}.circom`);
    const source = main('s <== a * b + constant();', 'a, b', `include "included-${process.pid}.circom";`);
    try {
      writeFileSync(included, 'pragma circom 2.2.0;\nfunction constant() { return 1; }\n');
      const before = circuitKey({ source });
      writeFileSync(included, 'pragma circom 2.2.0;\nfunction constant() { return 2; }\n');
      expect(circuitKey({ source })).not.toBe(before);
    } finally {
      rmSync(included, { force: true });
    }
  });

  it('refuses an input that the compiler eliminates, by name', async () => {
    const compiled = compileCircuit({ name: 'dropped', source: main('a === b; s <== a * a;') }, store);
    await expect(compiled).rejects.toMatchObject({
      code: 'CIRCUIT_INPUT_DROPPED',
      message: expect.stringMatching(/main\.[ab] /),
    });
  });

  it('refuses an input that nothing uses, by name', async () => {
    const compiled = compileCircuit({ name: 'unused', source: main('s <== a * b;', 'a, unused, b') }, store);
    await expect(compiled).rejects.toMatchObject({
      code: 'CIRCUIT_INPUT_DROPPED',
      message: expect.stringMatching(/main\.unused/),
    });
  });

  it('refuses an input that the compiler keeps but no constraint uses, by name', async () => {
    const { r1cs, sym } = await compileCircuit({ name: 'kept', source: main('s <== a * b;') }, store);
    const system = await readR1cs(r1cs);
    await checkInputs(system, sym);
    const wireOfB = system.bytes.indexOf(3, 4 + 36 + 4);
    system.bytes.writeUInt32LE(2, wireOfB);
    await expect(checkInputs(system, sym)).rejects.toMatchObject({
      code: 'CIRCUIT_INPUT_UNUSED',
      message: expect.stringMatching(/main\.b\./),
    });
  });

  it("passes on the compiler's messages", async () => {
    const compiled = compileCircuit({ name: 'wrong', source: main('s <== nothing;') }, store);
    await expect(compiled).rejects.toMatchObject({
      code: 'CIRCUIT_COMPILE',
      message: expect.stringMatching(/nothing/),
    });
  });

  it('names an include that is not there', async () => {
    const compiled = compileCircuit(
      { name: 'missing', source: main('s <== a * b;', 'a, b', 'include "missing.circom";') },
      store,
    );
    await expect(compiled).rejects.toMatchObject({
      code: 'CIRCUIT_INCLUDE',
      message: expect.stringMatching(/missing\.circom/),
    });
  });
});

describe('includedSources', () => {
  it('follows includes to the end and takes the layout from its generator', () => {
    const sources = new Map(includedSources(mainCircuit({ name: 'a', chips: { mark: 1 } }, TEST_CHIPS)));
    expect([...sources.keys()]).toEqual([
      'circuits/bus.circom',
      'circuits/generated/layout.circom',
      'test/fixtures/circuits/mark.circom',
    ]);
    expect(sources.get('circuits/generated/layout.circom')).toBe(layoutCircom());
  });
});

describe('bareSource', () => {
  it('drops comments, indentation and blank lines, and nothing else', () => {
    const text = 'pragma circom 2.2.0;\n\n// a\ntemplate A() { /* b\n c */ signal input x; // d\n\n    x === 1;\n}\n';
    expect(bareSource(text)).toBe('pragma circom 2.2.0;\ntemplate A() {   signal input x;\nx === 1;\n}');
    for (const other of [text.replace('// a', '// other'), text.replace('    x', '  x'), text.replace('\n\n', '\n')]) {
      expect(bareSource(other)).toBe(bareSource(text));
    }
    expect(bareSource(text.replace('x === 1', 'x === 2'))).not.toBe(bareSource(text));
  });

  it('leaves no comment mark in any source of the project', () => {
    const main = mainCircuit(shapesOf('default')[1]!);
    for (const [path, text] of includedSources(main)) {
      expect(bareSource(text), path).not.toMatch(/\/\/|\/\*|\*\//);
      // No string of a source holds what looks like a comment.
      for (const [literal] of text.replace(/\/\/[^\n]*/g, '').matchAll(/"[^"\n]*"/g))
        expect(literal).not.toContain('//');
    }
  });
});
