import { ALICE, all, bobs, columns, other, SET, set, slot, storageForgeries, world } from './world.js';

/** The walk over a transaction's access list. */
export const WARM = storageForgeries('storage: access lists', [
  {
    name: 'warm key of another transaction',
    caughtBy: 'WARM',
    honest: () =>
      world()
        .call(ALICE, { keys: [set] })
        .end(true)
        .begin([other]),
    change: (w) => w.warm(set),
  },
  {
    name: 'warm key: another slot than listed',
    caughtBy: 'WARM',
    honest: () => world().begin([set]),
    change: (w) => w.warm(other),
  },
  {
    name: 'warm key of another account',
    caughtBy: 'WARM',
    honest: () => world().begin([set]),
    change: (w) => w.warm(bobs),
  },
  {
    name: 'warm key left out',
    caughtBy: 'WARMING',
    honest: () => world().begin([set, other]),
    change: (w) => w.warm(set).run(ALICE, 1_000_000n, 2n),
  },
  {
    name: 'all warm keys left out',
    caughtBy: 'WARMING',
    honest: () => world().begin([set]),
    change: (w) => w.run(ALICE, 1_000_000n, 1n),
  },
  {
    name: 'warm key twice, another left out',
    caughtBy: 'WARM',
    honest: () => world().begin([set, other]),
    change: (w) => w.warm(set).warm(set),
  },
  {
    name: 'warm key twice, by its number',
    caughtBy: 'WARMING',
    honest: () => world().begin([set, other]),
    change: (w) => w.warm(set).warm(set, columns({ n: 1n })),
  },
  {
    name: 'warm key that is in no list',
    caughtBy: 'WARM WARMING',
    honest: () => world().begin([]),
    change: (w) => w.warm(set).run(ALICE, 1_000_000n, 1n),
  },
  {
    name: 'warm keys in another order',
    caughtBy: 'WARM',
    honest: () => world().begin([set, other]),
    change: (w) => w.warm(other).warm(set),
  },
  {
    name: 'warm key under another transaction',
    caughtBy: 'WARM WARMING',
    honest: () => world().begin([set]),
    change: (w) => w.warm(set, all(columns({ tx: 2n }), slot({ txGap: 1n }))),
  },
  {
    name: 'warm key that is no first touch',
    caughtBy: 'SLOT',
    honest: () => world().begin([set]),
    change: (w) =>
      w
        .warm(set, slot({ first: 0n }))
        .run(ALICE)
        .store(SET, 5n),
  },
  {
    name: 'warm key that changes its slot',
    caughtBy: 'SLOT',
    honest: () => world().begin([set]),
    change: (w) => w.warm(set, slot({ curLo: 5n })),
  },
  {
    name: 'warm key at another time',
    caughtBy: 'SLOT WARMING',
    honest: () => world().begin([set]),
    change: (w) => w.warm(set, columns({ ts: 100n })),
  },
]);
