import { describe, expect, it } from 'vitest';
import { compileCircuit } from '../../src/build/compile-circuits.js';
import { CHIPS } from '../../src/chips/index.js';
import { mainCircuit, readShapes } from '../../src/proof/shapes.js';
import { measureChip, measureChips, shapeCounts } from '../../src/work/counts.js';
import { countsDifferences, countsOf, countsText, readCounts } from '../../src/work/counts-file.js';
import { TEST_CHIPS, TEST_SHAPES } from '../fixtures/test-chips.js';

describe('circuits/counts.json', () => {
  it('is what the circuits have: else npm run counts -- --write', { timeout: 600_000 }, async () => {
    expect(countsDifferences(readCounts(), countsOf(await measureChips(), readShapes()))).toEqual([]);
  });

  it('has the form that npm run counts writes', () => {
    const counts = readCounts();
    expect(readCounts(countsText(counts))).toEqual(counts);
  });

  it('tells what changed', () => {
    const counts = readCounts();
    const { add, mul } = counts.chips;
    const other = {
      chips: { ...counts.chips, add: { ...add!, constraints: add!.constraints + 1 }, twin: mul! },
      shapes: { ...counts.shapes, 'test-parts': {} },
    };
    expect(countsDifferences(counts, other)).toEqual([
      `chip add: constraints ${add!.constraints}, now ${add!.constraints + 1}`,
      'chip twin: new',
      ...Object.keys(counts.shapes['test-parts']!).map((name) => `shape test-parts/${name}: gone`),
    ]);
  });
});

describe('shapeCounts', () => {
  it('says what circom makes of a shape', async () => {
    const rows = Object.fromEntries(
      await Promise.all(
        Object.entries(TEST_CHIPS).map(async ([name, chip]) => [name, await measureChip(chip)] as const),
      ),
    );
    const many = { name: 'many', chips: { mark: 700, 'sink.any': 520 } };
    for (const spec of [...TEST_SHAPES.tiny!, many]) {
      const { info } = await compileCircuit({ name: spec.name, source: mainCircuit(spec, TEST_CHIPS) });
      const { constraints, wires, committed } = info;
      expect(shapeCounts(spec, rows, TEST_CHIPS)).toEqual({ constraints, wires, committed });
    }
  });
});

describe('key set test-parts', () => {
  it('has shapes of at most 2^13 that hold every chip of version 2', () => {
    const shapes = readShapes()['test-parts']!;
    const { chips } = readCounts();
    for (const shape of shapes) expect(shapeCounts(shape, chips).constraints + 4).toBeLessThanOrEqual(2 ** 13);
    const held = new Set(shapes.flatMap((shape) => Object.keys(shape.chips)));
    expect(Object.keys(CHIPS).filter((chip) => !held.has(chip))).toEqual([]);
  });
});
