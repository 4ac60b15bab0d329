import { mod, toLimbs } from '../../../../src/bus/field.js';
import { limbsOf } from '../../../../src/chips/lib/range.js';
import { sstoreEffect } from '../../../../src/chips/sstore.js';
import { stoppedBy } from '../../../helpers/chips/broken.js';
import type { Draft, Edit } from '../../../helpers/execution-forger.js';
import { Forgeries, type Forgery } from '../../../helpers/forgery.js';
import { StorageWorld } from '../../../helpers/storage-world.js';

export const ALICE = 0xa11cen;
export const BOB = 0xb0bn;
/** Keys of slots that are 0, 7 and 9 before the batch; Bob's slot SET is 8. */
export const FRESH = 1n;
export const SET = 2n;
export const OTHER = 3n;
export const bobs = { address: BOB, key: SET };
export const set = { address: ALICE, key: SET };
export const fresh = { address: ALICE, key: FRESH };
export const other = { address: ALICE, key: OTHER };

/** Forgeries of storage: `honest` is a world up to the lie, `change` goes on with it. Worlds end honestly, whatever is still to come. */
export function storageForgeries(
  what: string,
  list: readonly Forgery<() => StorageWorld, (w: StorageWorld) => unknown>[],
  truths: Readonly<Record<string, () => StorageWorld>> = {},
): Forgeries<() => StorageWorld, (w: StorageWorld) => unknown> {
  return new Forgeries(
    what,
    (honest, change) => {
      const made = honest();
      change?.(made);
      return stoppedBy(made.finish().rows, made.open());
    },
    list,
    truths,
  );
}

/** A batch on these slots, nothing done yet. */
export function world(): StorageWorld {
  return new StorageWorld([
    { ...fresh, pre: 0n },
    { ...set, pre: 7n },
    { ...other, pre: 9n },
    { ...bobs, pre: 8n },
  ]);
}

/** Alice's code runs, everything cold. */
export const alice = (gas?: bigint): StorageWorld => world().call(ALICE, gas === undefined ? {} : { gas });

/** The same with gas for one SSTORE (after two pushes) that has this much. */
export const storeWith = (gas: bigint): StorageWorld => alice(gas + 6n);

/** Where a slot's cells stand in the column `slot`. */
const CELL = { curLo: 1, oldLo: 3, warm: 4, first: 5, gap: 6, txGap: 9 } as const;

/** Replaces cells of a row's slot. */
export const slot =
  (cells: Partial<Record<keyof typeof CELL, bigint>>): Edit =>
  (row) =>
    row.put(
      'slot',
      Object.fromEntries(Object.entries(cells).map(([name, v]) => [CELL[name as keyof typeof CELL], mod(v)])),
    );

/** Edits in order. */
export const all =
  (...edits: Edit[]): Edit =>
  (row) => {
    for (const edit of edits) edit(row);
  };

/** Replaces columns. */
export const columns =
  (values: Readonly<Record<string, bigint | readonly bigint[]>>): Edit =>
  (row) => {
    for (const [name, value] of Object.entries(values)) row.set(name, value);
  };

/** Lets an SSTORE's limbs say that its gas is enough (oog = 0), or that it is not, as far as that can be said. */
export const settles =
  (oog: bigint): Edit =>
  (row) => {
    row.set('oog', oog);
    const gas = (row.columns.exec as readonly bigint[])[5]!;
    const { needed } = sstoreEffect(row.columns.slot as readonly bigint[], flagsOf(row));
    const spare = oog === 1n ? needed - 1n - gas : gas - needed;
    if (spare >= 0n) row.set('low', limbsOf(spare & 0xffffffn, 2));
    else row.set('low', [mod(spare), 0n]);
    row.set('high', limbsOf(oog === 1n ? gas : spare < 0n ? 0n : spare >> 24n, 4));
  };

/** Lets an SSTORE claim its price and refund for other words than the true ones. */
export const claims = (orig: bigint, cur: bigint, next: bigint): Edit =>
  all((row) => {
    const [o, c, n] = [toLimbs(orig), toLimbs(cur), toLimbs(next)];
    const flag = (condition: boolean) => (condition ? 1n : 0n);
    row.set('isSet', [flag(orig !== 0n), flag(cur !== 0n), flag(next !== 0n)]);
    row.set('differs', [flag(c[0] !== o[0]), flag(c[1] !== o[1]), flag(n[0] !== o[0]), flag(n[1] !== o[1])]);
    row.set('dirty', flag(cur !== orig));
    row.set('changes', flag(next !== orig));
  }, settles(0n));

function flagsOf(row: Draft) {
  const list = (name: string) => row.columns[name] as readonly bigint[];
  return { isSet: list('isSet'), differs: list('differs'), dirty: row.get('dirty'), changes: row.get('changes') };
}
