import { describe, expect, it } from 'vitest';
import { circuitKey } from '../../src/build/compile-circuits.js';
import { readDevelopment } from '../../src/proof/development.js';
import { buildShapes } from '../../src/proof/keyset.js';
import { mainCircuit, shapesOf } from '../../src/proof/shapes.js';
import { readCounts } from '../../src/work/counts-file.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';

const BULK = [...shapesOf('default').entries()].filter(([, spec]) => spec.bulk === true);
const COMMITTED = readDevelopment();

describe('circuits/development.json', () => {
  it('is of the circuits as they are: else npm run shapes', () => {
    const committed = Object.entries(COMMITTED?.shapes ?? {}).map(([owner, { circuit }]) => [owner, circuit]);
    const now = BULK.map(([, spec]) => [`default/${spec.name}`, circuitKey({ source: mainCircuit(spec) })]);
    expect(committed).toEqual(now);
  });

  it('has the sizes that follow from the counts', () => {
    const { shapes } = readCounts();
    for (const [, { name }] of BULK) {
      const { constraints, wires, committed, domain } = COMMITTED!.shapes[`default/${name}`]!;
      expect({ constraints, wires, committed }).toEqual(shapes.default![name]);
      expect(domain).toBe(2 ** 18);
    }
  });

  it('is what a machine compiles that builds one of the shapes', { timeout: 1_800_000 }, async () => {
    const seed = testSeed();
    const [id, { name }] = BULK[randomOf(seed, 'bulk shape').int(BULK.length)]!;
    console.log(`bulk shape ${name}: DELTAPROOF_SEED=${seed}`);
    await buildShapes('default', [id]);
  });
});
