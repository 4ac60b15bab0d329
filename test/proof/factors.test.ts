import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ArtifactStore, writeChunks } from '../../src/build/artifacts.js';
import { compileCircuit } from '../../src/build/compile-circuits.js';
import { orderFactorsOf } from '../../src/build/factors.js';
import { forEachTerm, readR1cs } from '../../src/build/r1cs.js';
import { temporaryFolder } from '../fixtures/proof/pipeline.js';

const SOURCE = `pragma circom 2.2.0;
template Main() {
    signal input q, a, b, c, d;
    signal output s;
    signal u <== q * (a + 2 * b);
    signal v <== (3 * c + d) * q;
    signal w <== (a + c) * (b + d);
    d * (d - 1) === 0;
    s <== u + v + w;
}
component main = Main();
`;
/** Wires: 1, s, q, a, b, c, d, then u, v, w as the compiler keeps them. */
const [ONE, Q, A, B, C, D] = [0, 2, 3, 4, 5, 6];

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

/** Constraint by constraint: the terms `wire:coefficient` of both factors and of the product. */
async function read(path: string): Promise<string[][][]> {
  const r1cs = await readR1cs(path);
  const constraints = Array.from({ length: r1cs.constraints }, () => [[], [], []] as string[][]);
  forEachTerm(r1cs, (constraint, matrix, wire, at) => {
    constraints[constraint]![matrix]!.push(`${wire}:${r1cs.bytes.toString('hex', at, at + 32)}`);
  });
  return constraints;
}

const wires = (terms: readonly string[]) => terms.map((term) => Number(term.split(':')[0])).sort((x, y) => x - y);

it('puts the factor that adds fewer wires second, and changes nothing else', async () => {
  const { r1cs } = await compileCircuit({ name: 'factors', source: SOURCE }, new ArtifactStore(folder.path));
  const constraints = await read(r1cs);
  const factors = constraints.map(([first, second]) => [wires(first!), wires(second!)]);
  expect(factors).toContainEqual([[A, B], [Q]]);
  expect(factors).toContainEqual([[C, D], [Q]]);
  expect(factors).toContainEqual([
    [A, C],
    [B, D],
  ]);
  expect(factors).toContainEqual([[ONE, D], [D]]);

  const again = join(folder.path, 'again.r1cs');
  copyFileSync(r1cs, again);
  const written = await orderFactorsOf(again, writeChunks);
  expect(written).toEqual(await readR1cs(again));
  expect(await read(again)).toEqual(constraints);
});

it('turns factors without touching them', async () => {
  const store = new ArtifactStore(folder.path);
  const turned = SOURCE.replace('q * (a + 2 * b)', '(a + 2 * b) * q').replace('(3 * c + d) * q', 'q * (3 * c + d)');
  const [one, other] = [
    await compileCircuit({ name: 'factors', source: SOURCE }, store),
    await compileCircuit({ name: 'factors', source: turned }, store),
  ];
  expect(await read(other.r1cs)).toEqual(await read(one.r1cs));
});
