import { expansionRow } from '../../../src/chips/expansion.js';
import { expansionFor } from '../../../src/chips/lib/expand.js';
import { abc, age, all, MLOAD, MSTORE, memoryForgeries, sets } from '../../helpers/chips/memory-forgeries.js';
import type { Edit } from '../../helpers/execution-forger.js';

/** Adds to the cost of a row. */
const costs =
  (by: bigint): Edit =>
  (row) =>
    sets({ cost: row.get('cost') + by })(row);

/** An MSTORE that adds words up to 100. */
const grows = abc([MSTORE, 99n * 32n, 5n]);

/** Lies about what an expansion costs. */
export const FORGERIES = memoryForgeries('expansion', [
  { name: 'an expansion is free', caughtBy: 'EXPANSION', honest: grows, change: sets({ cost: 0n }) },
  { name: 'an expansion costs a unit less', caughtBy: 'EXPANSION', honest: grows, change: costs(-1n) },
  { name: 'an expansion costs a unit more', caughtBy: 'EXPANSION', honest: grows, change: costs(1n) },
  { name: 'an expansion gives gas', caughtBy: 'EXPANSION', honest: grows, change: sets({ cost: -100n }) },
  {
    name: 'gas is given where nothing grows',
    caughtBy: 'constraint',
    honest: abc([MSTORE, 32n, 5n]),
    change: sets({ cost: -100n }),
  },
  {
    name: 'memory that is large enough grows: a word is 0 again',
    caughtBy: 'EXPANSION MEM MEMNEW',
    honest: abc([MLOAD, 32n]),
    change: all(sets({ grow: 1n, value: { 0: 0n, 1: 0n }, old: [0n, 0n], gap: age(0n) })),
  },
  {
    name: 'an expansion counts twice',
    caughtBy: 'constraint EXPANSION MEM MEMNEW',
    honest: grows,
    change: sets({ grow: 2n }),
  },
  {
    name: 'price list: a unit less of the square',
    caughtBy: 'RANGE12',
    honest: grows,
    change: { row: costs(-1n), after: (world) => world.add('expansion', listed({ toQ: -1n, toR: 512n })) },
  },
  {
    name: 'price list: a unit more of the square before',
    caughtBy: 'RANGE12',
    honest: grows,
    change: { row: costs(-1n), after: (world) => world.add('expansion', listed({ fromQ: 1n, fromR: -512n })) },
  },
  {
    name: 'price list: a square that is none',
    caughtBy: 'constraint',
    honest: grows,
    change: { row: costs(-1n), after: (world) => world.add('expansion', listed({ toQ: -1n })) },
  },
  {
    name: 'price list: not used, and false',
    caughtBy: 'constraint',
    honest: grows,
    change: {
      row: costs(-1n),
      after: (world) => world.add('expansion', { ...listed({ toQ: -1n, toR: 512n }), en: 0n }),
    },
  },
  {
    name: 'price list: memory shrinks, for its price back',
    caughtBy: 'MEMNEW RANGE12',
    honest: abc([MSTORE, 99n * 32n, 5n], [MLOAD, 32n]),
    change: {
      row: sets({ grow: 1n, cost: -expansionFor(2n, 0n, 3_200n).cost }),
      after: (world) => world.add('expansion', shrinks()),
    },
  },
  {
    name: 'price list: more than 2^44 words',
    caughtBy: 'RANGE12',
    honest: abc(),
    change: { after: (world) => world.add('expansion', { ...tooMany(), m: 0n }) },
  },
]);

/** The row from 3 to 100 words, looked up once, off by these amounts. */
function listed(by: Partial<Record<'fromQ' | 'fromR' | 'toQ' | 'toR', bigint>>): object {
  const row = expansionRow(3n, 100n, 1n);
  const { fromQ = 0n, fromR = 0n, toQ = 0n, toR = 0n } = by;
  const moved = (limbs: readonly bigint[], amount: bigint) => [limbs[0]! + amount, ...limbs.slice(1)];
  return {
    ...row,
    fromQ: moved(row.fromQ, fromQ),
    toQ: moved(row.toQ, toQ),
    fromR: row.fromR + fromR,
    toR: row.toR + toR,
  };
}

/** From 3 to 2^43 + 4 words: the gap's top limb is 2^7. */
function tooMany(): object {
  return { ...expansionRow(3n, 4n + (1n << 43n)), en: 1n };
}

/** From 100 words to 2: memory's price back. */
function shrinks(): object {
  const row = { ...expansionRow(2n, 100n, 1n), gap: age(-99n).concat(0n) };
  return {
    ...row,
    from: expansionRow(100n, 101n).from,
    fromQ: row.toQ,
    fromR: row.toR,
    toQ: row.fromQ,
    toR: row.fromR,
  };
}
