import { toLimbs } from '../../../src/bus/field.js';
import { A, abc, all, B, C, frame, KECCAK256, memoryForgeries, sets } from '../../helpers/chips/memory-forgeries.js';
import { balances, hashOf, pushes } from '../keccak256/claims.js';

/** Hashes A and B. */
const pair = abc([KECCAK256, 0n, 64n]);

/** Lies about KECCAK256 of two words. */
export const FORGERIES = memoryForgeries('keccak64', [
  { name: 'the digest of other words', caughtBy: 'KECCAK64', honest: pair, change: pushes(hashOf(A, C)) },
  {
    name: 'the digest of other words, which are said to be there',
    caughtBy: 'MEM',
    honest: { ...pair, hashes: (table) => table.pair(A, C) },
    change: all(pushes(hashOf(A, C)), sets({ b: [...toLimbs(C)] })),
  },
  {
    name: 'the words in the other order',
    caughtBy: 'MEM',
    honest: { ...pair, hashes: (table) => table.pair(B, A) },
    change: all(pushes(hashOf(B, A)), sets({ a: [...toLimbs(B)], b: [...toLimbs(A)] })),
  },
  { name: 'one word, twice', caughtBy: 'KECCAK64 MEM', honest: pair, change: sets({ b: [...toLimbs(A)] }) },
  { name: 'more than two words', caughtBy: 'STACK', honest: abc([KECCAK256, 0n, 96n]), change: { args: [0n, 64n] } },
  {
    name: 'an offset that 32 does not divide',
    caughtBy: 'MEM',
    honest: abc([KECCAK256, 1n, 64n]),
    change: { row: sets({ offset: { 0: 1n } }), args: [0n, 64n] },
  },
  {
    name: 'a word that does not exist',
    caughtBy: 'MEM',
    honest: abc([KECCAK256, 64n, 64n]),
    change: all(sets({ grow: 0n, cost: 0n }), balances(2n, 0n)),
  },
  {
    name: 'without the work for it',
    caughtBy: 'RANGE12',
    honest: frame({ work: 10n ** 9n }, [KECCAK256, 0n, 64n]),
    change: { row: balances(2n, 6n), exec: { work: 1n << 44n } },
  },
  {
    name: 'without the work for it, unseen',
    caughtBy: 'constraint',
    honest: pair,
    change: sets({ spare: [0n, 0n, 0n, 0n] }),
  },
]);
