import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';

/** The end of a slot's cell: its last SLOT becomes SLOTEND (`circuits/chips/slotend.circom`). */
export const slotend = defineChip({
  name: 'slotend',
  template: 'SlotEnd()',
  columns: { en: 1, ts: 1, curHi: 1, curLo: 1, addr: 1, keyHi: 1, keyLo: 1, origHi: 1, origLo: 1, tx: 1, warm: 1 },
  terms: ({ en, ...cell }) => {
    const { addr, keyHi, keyLo, curHi, curLo } = cell;
    return [term(-en, 'SLOT', cell), term(en, 'SLOTEND', { addr, keyHi, keyLo, curHi, curLo })];
  },
});
