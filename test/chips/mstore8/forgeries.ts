import { inverse, mod } from '../../../src/bus/field.js';
import { abc, C, carries, MSTORE8, memoryForgeries, sets, shiftOf } from '../../helpers/chips/memory-forgeries.js';
import type { Edit } from '../../helpers/execution-forger.js';

const honest = abc([MSTORE8, 5n, C]);

/** Lies about MSTORE8 of the byte 0xe1 to place 5. */
export const FORGERIES = memoryForgeries('mstore8', [
  { name: 'another byte', caughtBy: 'RANGE12', honest, change: stores(0xe2n) },
  { name: 'another byte of the item', caughtBy: 'STACK', honest, change: sets({ new: 0xefn }) },
  { name: 'a byte of 256 and more', caughtBy: 'BYTE', honest, change: stores(0xe1n + 256n) },
  { name: 'a byte further on', caughtBy: 'MEM', honest, change: sets({ shift: shiftOf(6) }) },
  { name: 'in the other half', caughtBy: 'MEM', honest, change: sets({ second: 1n }) },
  { name: 'in two places', caughtBy: 'constraint MEM', honest, change: sets({ shift: { 0: 1n } }) },
  { name: 'another byte of the word changes', caughtBy: 'MEM', honest, change: sets({ bytes: { 3: 9n } }) },
  { name: 'bytes of the word out of range', caughtBy: 'BYTE', honest, change: carries('bytes', 10) },
  { name: 'the other half changes', caughtBy: 'MEM', honest, change: sets({ other: 9n }) },
  {
    name: 'a word that does not exist',
    caughtBy: 'MEM',
    honest: abc([MSTORE8, 99n, C]),
    change: sets({ grow: 0n, cost: 0n }),
  },
]);

/** Lets the item's low half be 256 * rest + byte with another byte. */
function stores(byte: bigint): Edit {
  return (row) => {
    const low = 256n * row.value('rest') + row.get('new');
    row.set('new', byte);
    row.limbs('rest', mod((low - byte) * inverse(256n)));
  };
}
