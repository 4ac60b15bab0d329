import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';

/** Receives a stack item that a frame left behind (`circuits/chips/drain.circom`). */
export const drain = defineChip({
  name: 'drain',
  template: 'Drain()',
  columns: { en: 1, ts: 1, call: 1, idx: 1, hi: 1, lo: 1 },
  terms: ({ en, ...item }) => [term(-en, 'STACK', item)],
});

/** Receives the journal entry of a change that stays (`circuits/chips/drain.circom`). */
export const drainjrn = defineChip({
  name: 'drainjrn',
  file: 'drain',
  template: 'DrainJournal()',
  columns: { en: 1, ts: 1, idx: 1, oldHi: 1, oldLo: 1, addr: 1, keyHi: 1, keyLo: 1 },
  terms: ({ en, ...entry }) => [term(-en, 'JRN', { ...entry, kind: 0n })],
});
