import { describe, expect, it } from 'vitest';
import { imbalances } from '../../../src/bus/balance.js';
import { R } from '../../../src/bus/field.js';
import { term } from '../../../src/bus/tuple.js';
import { limbs128, range128Terms, rangeTerms } from '../../../src/chips/lib/range.js';
import { rangeTable, rangeTableChip, tables } from '../../../src/chips/tables.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';

// The harness in full on a table of 20 (any weight but 0 is "in use"), and sampled on the real one.
describeChip(rangeTableChip('tables-small', 20), {
  constraints: 21,
  rows: (random) => [{ m: Array.from({ length: 20 }, () => 2n + random.bits(20)) }],
});

describeChip(tables, {
  constraints: 4097,
  mutations: 3,
  rows: (random) => [{ m: Array.from({ length: 4096 }, () => 2n + random.bits(20)) }],
});

describe('rangeTable', () => {
  const lookups = [
    ...range128Terms(1n, limbs128(0xff123456789abcdef0123456789abcden)),
    ...rangeTerms(1n, [0n, 4095n, 4095n]),
    ...rangeTerms(0n, [4096n]),
    term(1n, 'TXBAD', { idx: 1n, use: 9n }),
  ];

  it('balances every lookup and nothing else', () => {
    const row = rangeTable(lookups);
    const left = imbalances([
      { origin: 'rows', terms: lookups },
      { origin: 'table', terms: tables.terms(row) },
    ]);
    expect(left.map(({ tuple }) => tuple.name)).toEqual(['TXBAD']);
    expect((row.m as readonly bigint[])[4095]).toBe(2n);
  });

  it.each([4096n, R - 1n])('refuses a lookup of %s', (x) => {
    expect(() => rangeTable(rangeTerms(1n, [x]))).toThrow(
      expect.objectContaining({ code: 'CHIP_LOOKUP_OUT_OF_RANGE' }),
    );
  });
});
