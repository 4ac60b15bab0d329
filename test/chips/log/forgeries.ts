import { abc, LOG0, type MemoryForgery, sets } from '../../helpers/chips/memory.js';

/** LOG2 of 70 bytes, which memory has, and of 70 from byte 60 on, which it has not. */
const ITEMS = [0n, 70n, 11n, 12n];
const BEYOND = [60n, 70n, 11n, 12n];

/** LOG. */
export const LOGS: readonly MemoryForgery[] = [
  [
    'a length that is shorter',
    'STACK',
    () =>
      abc()
        .do(LOG0 + 2, ITEMS, undefined, { args: [0n, 69n, 11n, 12n] })
        .finish(),
  ],
  [
    'a length of 2^128 and more',
    'STACK',
    () =>
      abc()
        .do(LOG0 + 2, [0n, (1n << 128n) + 70n, 11n, 12n], undefined, { args: ITEMS })
        .finish(),
  ],
  [
    'a topic less',
    'CODE',
    () =>
      abc()
        .do(LOG0 + 2, ITEMS, undefined, { op: LOG0 + 1, args: ITEMS.slice(0, 3) })
        .finish(),
  ],
  [
    'a topic that is another',
    'STACK',
    () =>
      abc()
        .do(LOG0 + 2, ITEMS, sets({ topic: { 1: 9n } }))
        .finish(),
  ],
  [
    'the second topic without the first',
    'constraint STACK',
    () =>
      abc()
        .do(LOG0 + 1, [0n, 70n, 11n], sets({ has: [0n, 1n, 0n, 0n] }))
        .finish(),
  ],
  [
    'nothing is logged',
    'constraint',
    () =>
      abc()
        .do(LOG0 + 2, BEYOND, sets({ expand: [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n] }))
        .finish(),
  ],
  [
    'memory is large enough',
    'RANGE12',
    () =>
      abc()
        .do(LOG0 + 2, BEYOND, sets({ expand: { 1: 0n, 2: 0n, 4: -2n } }))
        .finish(),
  ],
  [
    'memory is large enough, nothing to spare',
    'constraint',
    () =>
      abc()
        .do(LOG0 + 2, BEYOND, sets({ expand: { 1: 0n, 2: 0n } }))
        .finish(),
  ],
  [
    'a word less',
    'RANGE12',
    () =>
      abc()
        .do(LOG0 + 2, BEYOND, sets({ expand: { 2: 3n, 3: 30n - 32n } }))
        .finish(),
  ],
  [
    'a word more',
    'RANGE12',
    () =>
      abc()
        .do(LOG0 + 2, BEYOND, sets({ expand: { 2: 9n, 3: 30n + 32n } }))
        .finish(),
  ],
  [
    'an expansion is free',
    'EXPANSION',
    () =>
      abc()
        .do(LOG0 + 2, BEYOND, sets({ expand: { 2: 0n } }))
        .finish(),
  ],
  [
    'part of a word',
    'EXPANSION MEMNEW',
    () =>
      abc()
        .do(LOG0 + 2, BEYOND, sets({ expand: { 3: 29n } }))
        .finish(),
  ],
];
