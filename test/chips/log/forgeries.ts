import { abc, LOG0, memoryForgeries, sets } from '../../helpers/chips/memory-forgeries.js';

/** LOG2 of 70 bytes, which memory has, and of 70 from byte 60 on, which it has not. */
const ITEMS = [0n, 70n, 11n, 12n];
const BEYOND = [60n, 70n, 11n, 12n];

const honest = abc([LOG0 + 2, ...ITEMS]);
const grows = abc([LOG0 + 2, ...BEYOND]);

/** Lies about LOG. */
export const FORGERIES = memoryForgeries('log', [
  { name: 'a length that is shorter', caughtBy: 'STACK', honest, change: { args: [0n, 69n, 11n, 12n] } },
  {
    name: 'a length of 2^128 and more',
    caughtBy: 'STACK',
    honest: abc([LOG0 + 2, 0n, (1n << 128n) + 70n, 11n, 12n]),
    change: { args: ITEMS },
  },
  { name: 'a topic less', caughtBy: 'CODE', honest, change: { op: LOG0 + 1, args: ITEMS.slice(0, 3) } },
  { name: 'a topic that is another', caughtBy: 'STACK', honest, change: sets({ topic: { 1: 9n } }) },
  {
    name: 'the second topic without the first',
    caughtBy: 'constraint STACK',
    honest: abc([LOG0 + 1, 0n, 70n, 11n]),
    change: sets({ has: [0n, 1n, 0n, 0n] }),
  },
  {
    name: 'nothing is logged',
    caughtBy: 'constraint',
    honest: grows,
    change: sets({ expand: [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n] }),
  },
  {
    name: 'memory is large enough',
    caughtBy: 'RANGE12',
    honest: grows,
    change: sets({ expand: { 1: 0n, 2: 0n, 4: -2n } }),
  },
  {
    name: 'memory is large enough, nothing to spare',
    caughtBy: 'constraint',
    honest: grows,
    change: sets({ expand: { 1: 0n, 2: 0n } }),
  },
  { name: 'a word less', caughtBy: 'RANGE12', honest: grows, change: sets({ expand: { 2: 3n, 3: 30n - 32n } }) },
  { name: 'a word more', caughtBy: 'RANGE12', honest: grows, change: sets({ expand: { 2: 9n, 3: 30n + 32n } }) },
  { name: 'an expansion is free', caughtBy: 'EXPANSION', honest: grows, change: sets({ expand: { 2: 0n } }) },
  { name: 'part of a word', caughtBy: 'EXPANSION MEMNEW', honest: grows, change: sets({ expand: { 3: 29n } }) },
]);
