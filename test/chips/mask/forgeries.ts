import { inverse, mod } from '../../../src/bus/field.js';
import { ADDRESS_MASK } from '../../../src/chips/mask.js';
import { OP } from '../../../src/evm/opcodes.js';
import { does, stepForgeries } from '../../helpers/chips/step-forgeries.js';

const { AND, OR } = OP;
/** A word with bits above an address. */
const Z = (0x77n << 180n) + (5n << 128n) + 99n;

const honest = does(AND, [ADDRESS_MASK, Z]);

/** Lies about AND with the mask of an address. */
export const FORGERIES = stepForgeries('mask', [
  {
    name: 'a bit above the address is kept',
    caughtBy: 'RANGE12',
    honest,
    change: (row) => row.add('kept', 1n << 32n).add('cut', -1n),
  },
  {
    name: 'a bit of the address is cut',
    caughtBy: 'RANGE12',
    honest,
    change: (row) => row.limbs('kept', 0n).limbs('cut', row.value('cut') + 5n * inverse(1n << 32n)),
  },
  {
    name: 'nothing is cut',
    caughtBy: 'RANGE12',
    honest,
    change: (row) => row.limbs('kept', Z >> 128n).limbs('cut', 0n),
  },
  {
    name: 'top limb a sixteenth',
    caughtBy: 'RANGE12',
    honest,
    change: (row) => {
      row.put('kept', { 2: inverse(16n) });
      const moved = (5n - row.value('kept')) * inverse(1n << 32n);
      row.limbs('cut', mod(row.value('cut') + moved));
    },
  },
  { name: 'a bit more', caughtBy: 'constraint', honest, change: (row) => row.add('kept', 1n) },
  { name: 'low half of another word', caughtBy: 'STACK', honest, change: (row) => row.put('a', { 1: 98n }) },
  {
    name: 'high half of another word',
    caughtBy: 'constraint STACK',
    honest,
    change: (row) => row.put('a', { 0: 0n }).add('kept', -1n),
  },
  { name: 'another mask', caughtBy: 'STACK', honest: does(AND, [1n, Z]), change: { items: [ADDRESS_MASK, Z] } },
  {
    name: 'a mask with a longer high half',
    caughtBy: 'STACK',
    honest: does(AND, [(1n << 184n) - 1n, Z]),
    change: { items: [ADDRESS_MASK, Z] },
  },
  {
    name: 'a mask with holes in its low half',
    caughtBy: 'STACK',
    honest: does(AND, [Z, ADDRESS_MASK - 2n]),
    change: { items: [Z, ADDRESS_MASK] },
  },
  {
    name: 'value and mask change places',
    caughtBy: 'STACK',
    honest,
    change: (row) => row.set('second', 1n).limbs('kept', 0n).limbs('cut', 0n).put('a', { 0: 0n }),
  },
  {
    name: 'mask at half a place',
    caughtBy: 'constraint STACK',
    honest,
    change: (row) => row.set('second', inverse(2n)).add('kept', 1n),
  },
  { name: 'OR as AND with the mask', caughtBy: 'CODE', honest: does(OR, [ADDRESS_MASK, Z]), change: { as: AND } },
]);
