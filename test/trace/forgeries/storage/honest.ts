import { ALICE, alice, claims, FRESH, fresh, OTHER, SET, set, storageForgeries, storeWith, world } from './world.js';

/** True batches: the world itself must be able to tell the truth. */
export const HONEST = storageForgeries('storage: truths', [], {
  nothing: world,
  'loads and stores': () => alice().load(SET).store(SET, 5n).store(FRESH, 1n).store(FRESH, 0n).load(FRESH),
  'warmed keys': () =>
    world()
      .call(ALICE, { keys: [set, fresh, set] })
      .store(SET, 0n),
  'a reverted frame': () => alice().store(SET, 5n).store(FRESH, 1n).store(SET, 6n).end(false),
  'out of gas in SSTORE': () => storeWith(2300n).store(SET, 5n).end(false),
  'out of gas in SLOAD, after a write': () => alice(6000n).store(SET, 5n).load(OTHER).end(false),
  'several transactions': () =>
    alice().store(SET, 5n).end(true).call(ALICE).store(SET, 7n).end(false).call(ALICE).load(SET),
  'a claim that is true': () => alice().store(SET, 5n, claims(7n, 7n, 5n)),
});
