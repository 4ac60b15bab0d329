import { describe, expect, it } from 'vitest';
import { solveFamilies } from '../../src/work/solve.js';
import type { Unit } from '../../src/work/units.js';

const unit = (name: string, rows: Unit['rows'], gas: number): Unit => ({
  name,
  rows,
  work: {},
  l1: { bytes: 0, execution: 0 },
  gas,
});

/** What a family's prices leave of its shape: 0 when they fill it. */
const spare = (
  chips: readonly string[],
  price: Readonly<Record<string, number>>,
  cost: Readonly<Record<string, number>>,
) => 1 - chips.reduce((sum, chip) => sum + cost[chip]! / price[chip]!, 0);

describe('solveFamilies', () => {
  const cost = { a: 100, b: 50, c: 10, d: 200 };
  const units = [unit('a', { a: 1 }, 3), unit('b', { b: 1 }, 5), unit('c and d', { c: 2, d: 1 }, 8)];

  it('finds the optimum that has a closed form: one family, units of one chip each', () => {
    // Every price is w * gas, and the family is full: w is the sum of cost / gas.
    const own = [unit('a', { a: 1 }, 3), unit('b', { b: 1 }, 5)];
    const { w, price } = solveFamilies(own, cost, [1]);
    expect(w).toBeCloseTo(100 / 3 + 50 / 5, 0);
    expect(price.a! / 3).toBeCloseTo(w, 0);
    expect(price.b! / 5).toBeCloseTo(w, 0);
  });

  it('fills every family, charges no unit more than w, and has each chip once', () => {
    for (const room of [[1], [1, 1], [0.9, 1, 1]]) {
      const { families, price, w } = solveFamilies(units, cost, room);
      expect(families.flat().sort()).toEqual(['a', 'b', 'c', 'd']);
      families.forEach((chips, i) => {
        expect(spare(chips, price, cost)).toBeCloseTo(1 - room[i]!, 2);
      });
      for (const { rows, gas } of units) {
        const charged = Object.entries(rows).reduce((sum, [chip, n]) => sum + n * price[chip]!, 0) / gas!;
        expect(charged).toBeLessThanOrEqual(w * 1.000001);
      }
    }
  });

  it('charges less with more families, and the same every time', () => {
    const [one, two] = [solveFamilies(units, cost, [1]), solveFamilies(units, cost, [1, 1])];
    expect(two.w).toBeLessThan(one.w);
    expect(solveFamilies(units, cost, [1, 1])).toEqual(two);
  });
});
