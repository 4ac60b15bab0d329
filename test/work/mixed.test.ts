import { describe, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { shapesOf } from '../../src/proof/shapes.js';
import { shapeCounts } from '../../src/work/counts.js';
import { readCounts } from '../../src/work/counts-file.js';
import { filled, mixedShapes, twice } from '../../src/work/mixed.js';
import { ordinaryRows } from '../../src/work/ordinary.js';

const { chips: COUNTS } = readCounts();
const size = (chips: Readonly<Record<string, number>>) => shapeCounts({ chips }, COUNTS).constraints;

describe('mixed shapes', () => {
  it('are what npm run shapes makes of ordinary batches', { timeout: 300_000 }, async () => {
    const mixed = mixedShapes(await ordinaryRows(RULES_V2));
    expect(shapesOf('default').filter(({ bulk }) => bulk !== true)).toEqual(
      mixed.map((shape) => filled(shape, COUNTS)),
    );
  });

  it('fill their domains but for a hundredth', () => {
    for (const { name, chips, bulk } of shapesOf('default')) {
      if (bulk === true) continue;
      const constraints = size(chips);
      const domain = 2 ** Math.round(Math.log2(constraints));
      expect(constraints + 4, name).toBeLessThanOrEqual(domain);
      expect(constraints, name).toBeGreaterThan(0.99 * domain);
    }
  });
});

describe('filled', () => {
  const mixed = { name: 'a', domain: 4_096, fill: { swap: 30, add: 10 }, fixed: { div: 2 } };

  it('keeps the proportions, and what is fixed, up to the last row that fits', () => {
    const { chips } = filled(mixed, COUNTS);
    expect(Object.keys(chips)).toEqual(['add', 'div', 'swap']);
    expect(chips.div).toBe(2);
    expect(Math.abs(chips.swap! - 3 * chips.add!)).toBeLessThan(3);
    expect(size(chips) + 4).toBeLessThanOrEqual(4_096);
    expect(size({ ...chips, swap: chips.swap! + 1, add: chips.add! + 1 }) + 4).toBeGreaterThan(4_096);
    expect(filled(mixed, COUNTS)).toEqual({ name: 'a', chips });
  });

  it('leaves what is fixed as it is, however much of it the batches have', () => {
    const { chips } = filled({ ...mixed, fill: { ...mixed.fill, div: 500 } }, COUNTS);
    expect(chips).toEqual(filled(mixed, COUNTS).chips);
  });

  it('has a row of each chip at least, or says that the domain is too small', () => {
    expect(filled({ ...mixed, fill: { swap: 1_000, add: 1e-6 } }, COUNTS).chips.add).toBe(1);
    expect(() => filled({ ...mixed, fixed: { div: 30 } }, COUNTS)).toThrow(RangeError);
  });
});

describe('twice', () => {
  it('doubles with the tables of a batch once', () => {
    expect(twice({ name: 'a', chips: { tables: 1, bits: 1, add: 3 } }, 'b')).toEqual({
      name: 'b',
      chips: { tables: 1, bits: 1, add: 6 },
    });
  });
});
