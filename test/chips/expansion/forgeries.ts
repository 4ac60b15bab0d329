import { expansionRow } from '../../../src/chips/expansion.js';
import { expansionFor } from '../../../src/chips/lib/expand.js';
import { abc, age, all, type MemoryForgery, MLOAD, MSTORE, sets } from '../../helpers/chips/memory.js';
import type { MemoryWorld } from '../../helpers/chips/memory-world.js';
import type { Edit } from '../../helpers/execution-forger.js';

/** Adds to the cost of a row. */
const costs =
  (by: bigint): Edit =>
  (row) =>
    sets({ cost: row.get('cost') + by })(row);

/** An MSTORE that adds words up to 100, with this edit. */
const grows = (edit: Edit): MemoryWorld => abc().do(MSTORE, [99n * 32n, 5n], edit);

/** What an expansion costs. */
export const PRICES: readonly MemoryForgery[] = [
  ['an expansion is free', 'EXPANSION', () => grows(sets({ cost: 0n })).finish()],
  ['an expansion costs a unit less', 'EXPANSION', () => grows(costs(-1n)).finish()],
  ['an expansion costs a unit more', 'EXPANSION', () => grows(costs(1n)).finish()],
  ['an expansion gives gas', 'EXPANSION', () => grows(sets({ cost: -100n })).finish()],
  [
    'gas is given where nothing grows',
    'constraint',
    () =>
      abc()
        .do(MSTORE, [32n, 5n], sets({ cost: -100n }))
        .finish(),
  ],
  [
    'memory that is large enough grows: a word is 0 again',
    'EXPANSION MEM MEMNEW',
    () =>
      abc()
        .do(MLOAD, [32n], all(sets({ grow: 1n, value: { 0: 0n, 1: 0n }, old: [0n, 0n], gap: age(0n) })))
        .finish(),
  ],
  ['an expansion counts twice', 'constraint EXPANSION MEM MEMNEW', () => grows(sets({ grow: 2n })).finish()],
  [
    'price list: a unit less of the square',
    'RANGE12',
    () =>
      grows(costs(-1n))
        .add('expansion', listed({ toQ: -1n, toR: 512n }))
        .finish(),
  ],
  [
    'price list: a unit more of the square before',
    'RANGE12',
    () =>
      grows(costs(-1n))
        .add('expansion', listed({ fromQ: 1n, fromR: -512n }))
        .finish(),
  ],
  [
    'price list: a square that is none',
    'constraint',
    () =>
      grows(costs(-1n))
        .add('expansion', listed({ toQ: -1n }))
        .finish(),
  ],
  [
    'price list: not used, and false',
    'constraint',
    () =>
      grows(costs(-1n))
        .add('expansion', { ...listed({ toQ: -1n, toR: 512n }), en: 0n })
        .finish(),
  ],
  [
    'price list: memory shrinks, for its price back',
    'MEMNEW RANGE12',
    () => {
      const w = grows(() => {});
      const { cost } = expansionFor(2n, 0n, 3_200n);
      const row = { ...expansionRow(2n, 100n, 1n), gap: age(-99n).concat(0n) };
      const back = {
        ...row,
        from: expansionRow(100n, 101n).from,
        fromQ: row.toQ,
        fromR: row.toR,
        toQ: row.fromQ,
        toR: row.fromR,
      };
      return w
        .do(MLOAD, [32n], sets({ grow: 1n, cost: -cost }))
        .add('expansion', back)
        .finish();
    },
  ],
  [
    'price list: more than 2^44 words',
    'RANGE12',
    () =>
      abc()
        .finish()
        .add('expansion', { ...tooMany(), m: 0n }),
  ],
];

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
