import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disputedBatch, midpoint, rounds } from '../../src/dispute/bisection.js';

const range = fc.tuple(fc.bigInt(0n, 2n ** 40n), fc.bigInt(1n, 5_000n)).map(([lo, size]) => [lo, lo + size] as const);

describe('bisection', () => {
  it('ends at the first denied batch, within the stated number of rounds', () => {
    fc.assert(
      fc.property(range, fc.nat(), ([lo, hi], pick) => {
        const fault = lo + 1n + (BigInt(pick) % (hi - lo));
        let asked = 0;
        const agree = (n: bigint) => {
          asked += 1;
          expect(n > lo && n < hi).toBe(true);
          return n < fault;
        };
        expect(disputedBatch(lo, hi, agree)).toBe(fault);
        expect(asked).toBeLessThanOrEqual(rounds(lo, hi));
      }),
    );
  });

  it('ends at a batch agreed before and denied, however inconsistent the answers are', () => {
    fc.assert(
      fc.property(range, fc.array(fc.boolean(), { minLength: 13, maxLength: 13 }), ([lo, hi], answers) => {
        const said = new Map<bigint, boolean>([
          [lo, true],
          [hi, false],
        ]);
        let i = 0;
        const x = disputedBatch(lo, hi, (n) => {
          said.set(n, answers[i++]!);
          return said.get(n)!;
        });
        expect([said.get(x - 1n), said.get(x)]).toEqual([true, false]);
      }),
    );
  });

  it('counts rounds as the ceiling of the logarithm', () => {
    expect([1n, 2n, 3n, 4n, 5n, 8n, 9n, 4_096n, 4_097n].map((size) => rounds(7n, 7n + size))).toEqual([
      0, 1, 2, 2, 3, 3, 4, 12, 13,
    ]);
  });

  it('refuses what has no middle', () => {
    expect(() => midpoint(3n, 4n)).toThrow(expect.objectContaining({ code: 'DISPUTE_RANGE' }));
    expect(() => rounds(4n, 4n)).toThrow(expect.objectContaining({ code: 'DISPUTE_RANGE' }));
    expect(midpoint(3n, 6n)).toBe(4n);
  });
});
