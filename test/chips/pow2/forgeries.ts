import { inverse } from '../../../src/bus/field.js';
import { OP } from '../../../src/evm/opcodes.js';
import { does, stepForgeries } from '../../helpers/chips/step-forgeries.js';

const { SHL, SHR } = OP;
const HALF = 1n << 128n;

/** Lies about SHL of 1. */
export const FORGERIES = stepForgeries('pow2', [
  { name: 'SHL of 2', caughtBy: 'STACK', honest: does(SHL, [160n, 2n]), change: { items: [160n, 1n] } },
  { name: 'SHL of 2^128 + 1', caughtBy: 'STACK', honest: does(SHL, [5n, HALF + 1n]), change: { items: [5n, 1n] } },
  { name: 'by 2^128 + 5 as by 5', caughtBy: 'STACK', honest: does(SHL, [HALF + 5n, 1n]), change: { items: [5n, 1n] } },
  { name: 'by 160 as by 32', caughtBy: 'STACK', honest: does(SHL, [160n, 1n]), change: (row) => row.set('upper', 0n) },
  {
    name: 'by 160 as by low = 160',
    caughtBy: 'POW2',
    honest: does(SHL, [160n, 1n]),
    change: (row) => row.set('upper', 0n).set('low', 160n),
  },
  {
    name: 'by 256 as upper = 2',
    caughtBy: 'constraint',
    honest: does(SHL, [256n, 1n]),
    change: { items: [0n, 1n], row: (row) => row.set('upper', 2n) },
  },
  {
    name: 'by 256 as by 128',
    caughtBy: 'POW2',
    honest: does(SHL, [256n, 1n]),
    change: { items: [128n, 1n], row: (row) => row.set('low', 128n) },
  },
  {
    name: 'by 64 as half of 128',
    caughtBy: 'constraint',
    honest: does(SHL, [64n, 1n]),
    change: { items: [0n, 1n], row: (row) => row.set('upper', inverse(2n)) },
  },
  {
    name: 'the wrong power',
    caughtBy: 'POW2',
    honest: does(SHL, [160n, 1n]),
    change: (row) => row.set('pow', 3n << 31n),
  },
  { name: 'SHR as SHL', caughtBy: 'CODE', honest: does(SHR, [160n, 1n]), change: { as: SHL } },
]);
