import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { SLOT_ACCESS, slotTerms } from './lib/slot.js';

/** A storage key of a transaction's access list is touched (`circuits/chips/warm.circom`). */
export const warm = defineChip({
  name: 'warm',
  template: 'Warm()',
  columns: { en: 1, ts: 1, tx: 1, n: 1, addr: 1, keyHi: 1, keyLo: 1, slot: SLOT_ACCESS },
  terms: ({ en, ts, tx, n, addr, keyHi, keyLo, slot }) => [
    term(-en, 'WARMING', { ts, n, tx }),
    term(en, 'WARMING', { ts: ts + 1n, n: n + 1n, tx }),
    term(-en, 'WARM', { n, addr, keyHi, keyLo, tx }),
    ...slotTerms(slot, { en, addr, key: [keyHi, keyLo], time: ts, tx }),
  ],
});
