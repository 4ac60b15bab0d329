import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { EMPTY_CODE } from './lib/account.js';

/** The end of an account's cell: its last ACCT becomes ACCTEND (`circuits/chips/cellend.circom`). */
export const cellend = defineChip({
  name: 'cellend',
  template: 'CellEnd()',
  columns: {
    en: 1,
    ts: 1,
    addr: 1,
    nonce: 1,
    balHi: 1,
    balLo: 1,
    codeHi: 1,
    codeLo: 1,
    tx: 1,
    warm: 1,
    birth: 1,
    flags: 1,
  },
  terms: ({ en, ...cell }) => {
    const last = (value: bigint, empty: bigint) => value + cell.flags * (empty - value);
    return [
      term(-en, 'ACCT', cell),
      term(en, 'ACCTEND', {
        addr: cell.addr,
        nonce: last(cell.nonce, 0n),
        balHi: last(cell.balHi, 0n),
        balLo: last(cell.balLo, 0n),
        codeHi: last(cell.codeHi, EMPTY_CODE[0]),
        codeLo: last(cell.codeLo, EMPTY_CODE[1]),
      }),
    ];
  },
});
