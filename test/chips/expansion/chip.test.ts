import { describe, expect, it } from 'vitest';
import { OpenTuples } from '../../../src/bus/open.js';
import { expansion, expansionRow } from '../../../src/chips/expansion.js';
import { expansionFor } from '../../../src/chips/lib/expand.js';
import { FAR } from '../../../src/evm/opcode-tables.js';
import { expansionRows } from '../../../src/trace/execution/expansion-table.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';

describeChip(expansion, {
  words: [
    {
      goal: /^EXPANSION\.cost$/,
      limits: {
        from: 4095n,
        gap: 4095n,
        'from[3]': 127n,
        'gap[3]': 127n,
        fromQ: 4095n,
        toQ: 4095n,
        fromR: 511n,
        toR: 511n,
      },
      reason:
        'to > from, so the square of `to` divided by 512 is not less: the difference of quotients is not negative',
    },
  ],
  constraints: 35,
  rows: (random) => [
    expansionRow(random.bits(42), (1n << 42n) + random.bits(42), 2n + random.bits(20)),
    expansionRow(0n, 1n + random.bits(8), 1n),
    expansionRow((1n << 43n) - 2n, (1n << 43n) - 1n, 3n),
  ],
});

describe('expansion', () => {
  // The yellow paper's memory cost, in floating point where that is exact.
  const cost = (words: number) => 3 * words + Math.floor((words * words) / 512);
  const words = (bytes: number) => Math.ceil(bytes / 32);

  it.each([
    [0n, 0n, 0n, 0n, 0n],
    [0n, 1n << 255n, 0n, 0n, 0n],
    [0n, 0n, 1n, 1n, 3n],
    [0n, 31n, 1n, 1n, 3n],
    [0n, 31n, 2n, 2n, 6n],
    [3n, 64n, 32n, 0n, 0n],
    [3n, 65n, 32n, 1n, 3n],
    [22n, 704n, 1n, 1n, 4n],
    [0n, 0n, 724n * 32n, 724n, 3n * 724n + 1023n],
  ])('of %i words by an access to %i, %i bytes: %i words more for %i', (mem, offset, length, delta, gas) => {
    expect(expansionFor(mem, offset, length)).toEqual({
      to: mem + delta,
      delta,
      cost: gas,
      grow: delta > 0n ? 1n : 0n,
    });
  });

  it('costs the difference of what both sizes cost', () => {
    for (let mem = 0; mem < 3_000; mem += 97) {
      for (const [offset, length] of [
        [32 * mem, 1],
        [32 * mem - 1, 1],
        [32 * mem + 5_000, 77],
      ] as const) {
        const to = Math.max(mem, words(offset + length));
        const { cost: gas } = expansionFor(BigInt(mem), BigInt(offset), BigInt(length));
        expect(Number(gas)).toBe(cost(to) - cost(mem));
      }
    }
  });

  it('a far access costs more than any gas', () => {
    expect(expansionFor(1n << 37n, FAR, 1n).cost).toBeGreaterThan(1n << 74n);
  });

  it('the table has one row for each expansion that is looked up', () => {
    const lookup = (weight: bigint) => ({ weight, tuple: expansion.terms(expansionRow(3n, 5n, 1n))[0]!.tuple });
    const other = { weight: -1n, tuple: expansion.terms(expansionRow(3n, 6n, 1n))[0]!.tuple };
    const open = new OpenTuples();
    open.add([lookup(-1n), other, lookup(-1n), lookup(0n)]);
    expect(expansionRows(open).map(({ row }) => row)).toEqual([expansionRow(3n, 5n, 0n), expansionRow(3n, 6n, 0n)]);
  });
});
