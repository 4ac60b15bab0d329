import { ALICE, all, bobs, columns, other, SET, type StorageForgery, set, slot, world } from './world.js';

/** The walk over a transaction's access list. */
export const WARM: StorageForgery[] = [
  [
    'warm key of another transaction',
    'WARM',
    () =>
      world()
        .call(ALICE, { keys: [set] })
        .end(true)
        .begin([other])
        .warm(set)
        .run(ALICE)
        .end(true),
  ],
  ['warm key: another slot than listed', 'WARM', () => world().begin([set]).warm(other).run(ALICE).end(true)],
  ['warm key of another account', 'WARM', () => world().begin([set]).warm(bobs).run(ALICE).end(true)],
  ['warm key left out', 'WARMING', () => world().begin([set, other]).warm(set).run(ALICE, 1_000_000n, 2n).end(true)],
  ['all warm keys left out', 'WARMING', () => world().begin([set]).run(ALICE, 1_000_000n, 1n).end(true)],
  [
    'warm key twice, another left out',
    'WARM',
    () => world().begin([set, other]).warm(set).warm(set).run(ALICE).end(true),
  ],
  [
    'warm key twice, by its number',
    'WARMING',
    () =>
      world()
        .begin([set, other])
        .warm(set)
        .warm(set, columns({ n: 1n }))
        .run(ALICE)
        .end(true),
  ],
  [
    'warm key that is in no list',
    'WARM WARMING',
    () => world().begin([]).warm(set).run(ALICE, 1_000_000n, 1n).end(true),
  ],
  ['warm keys in another order', 'WARM', () => world().begin([set, other]).warm(other).warm(set).run(ALICE).end(true)],
  [
    'warm key under another transaction',
    'WARM WARMING',
    () =>
      world()
        .begin([set])
        .warm(set, all(columns({ tx: 2n }), slot({ txGap: 1n })))
        .run(ALICE)
        .end(true),
  ],
  [
    'warm key that is no first touch',
    'SLOT',
    () =>
      world()
        .begin([set])
        .warm(set, slot({ first: 0n }))
        .run(ALICE)
        .store(SET, 5n)
        .end(true),
  ],
  [
    'warm key that changes its slot',
    'SLOT',
    () =>
      world()
        .begin([set])
        .warm(set, slot({ curLo: 5n }))
        .run(ALICE)
        .end(true),
  ],
  [
    'warm key at another time',
    'SLOT WARMING',
    () =>
      world()
        .begin([set])
        .warm(set, columns({ ts: 100n }))
        .run(ALICE)
        .end(true),
  ],
];
