import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { rangeTerms, valueOfLimbs } from './lib/range.js';

/** A failed frame takes back its last change (`circuits/chips/undo.circom`). */
export const undo = defineChip({
  name: 'undo',
  template: 'Undo()',
  columns: {
    en: 1,
    ts: 1,
    call: 1,
    gas: 1,
    work: 1,
    jrn: 1,
    addr: 1,
    keyHi: 1,
    keyLo: 1,
    oldHi: 1,
    oldLo: 1,
    writeGap: 3,
    curHi: 1,
    curLo: 1,
    origHi: 1,
    origLo: 1,
    tx: 1,
    warm: 1,
    slotGap: 3,
  },
  terms: ({ en, ts, call, gas, work, jrn, writeGap, slotGap, ...row }) => {
    const { addr, keyHi, keyLo, oldHi, oldLo, curHi, curLo, origHi, origLo, tx, warm } = row;
    const end = { call, ok: 0n, gas, work, refund: 0n };
    const slot = { addr, keyHi, keyLo, origHi, origLo, tx, warm };
    const before = (gap: readonly bigint[]) => ts - 1n - valueOfLimbs(gap);
    return [
      term(-en, 'END', { ...end, ts, jrn }),
      term(en, 'END', { ...end, ts: ts + 1n, jrn: jrn - 1n }),
      term(-en, 'JRN', { ts: before(writeGap), idx: jrn - 1n, oldHi, oldLo, addr, keyHi, keyLo, kind: 0n }),
      term(-en, 'SLOT', { ...slot, ts: before(slotGap), curHi, curLo }),
      term(en, 'SLOT', { ...slot, ts, curHi: oldHi, curLo: oldLo }),
      ...rangeTerms(en, [...writeGap, ...slotGap]),
    ];
  },
});
