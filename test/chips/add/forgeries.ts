import { inverse, mod, toLimbs } from '../../../src/bus/field.js';
import { OP } from '../../../src/evm/opcodes.js';
import { does, stepForgeries } from '../../helpers/chips/step-forgeries.js';
import type { Edit } from '../../helpers/execution-forger.js';

const { ADD, MUL, SUB } = OP;
const HALF = 1n << 128n;
const TOP = (1n << 256n) - 1n;
const A = 0xdeadbeef_00000000_12345678_9abcdef0_0fedcba9_87654321_11111111_22222222n;
const B = 0xcafebabe_33333333_44444444_55555555_f6666666_77777777_88888888_99999999n;
/** Their sum, which carries out of both halves. */
const SUM = BigInt.asUintN(256, A + B);
const [HI, LO] = toLimbs(SUM);

/** Claims these halves of the result, and carries. */
function claims(hi: bigint, lo: bigint, carry0: bigint, carry1: bigint): Edit {
  return (row) =>
    row
      .limbs('cHi', hi)
      .limbs('cLo', lo)
      .set('carry', [mod(carry0), mod(carry1)]);
}

/** x / 2^128 in the field. */
const over = (x: bigint) => mod(x * inverse(HALF));

const honest = does(ADD, [A, B]);

/** Lies about a sum or a difference. */
export const FORGERIES = stepForgeries('add', [
  { name: 'result one more', caughtBy: 'constraint', honest, change: (row) => row.add('cLo', 1n) },
  {
    name: 'result one more, by a carry of a fraction',
    caughtBy: 'constraint',
    honest,
    change: claims(HI, LO + 1n, 1n + over(-1n), 1n),
  },
  { name: 'high half one more', caughtBy: 'constraint', honest, change: (row) => row.add('cHi', 1n) },
  {
    name: 'low half plus 2^128, nothing carried',
    caughtBy: 'RANGE12',
    honest,
    change: claims(HI - 1n, LO + HALF, 0n, 1n),
  },
  {
    name: 'low half plus 2^128 and nothing else',
    caughtBy: 'constraint RANGE12',
    honest,
    change: (row) => row.add('cLo', HALF),
  },
  {
    name: 'high half plus 2^128: the sum does not wrap',
    caughtBy: 'RANGE12',
    honest,
    change: claims(HI + HALF, LO, 1n, 0n),
  },
  {
    name: 'carry too large, low half negative',
    caughtBy: 'RANGE12',
    honest: does(ADD, [1n, 2n]),
    change: claims(1n, 3n - HALF, 1n, 0n),
  },
  {
    name: 'carry too large, high half negative',
    caughtBy: 'RANGE12',
    honest: does(ADD, [1n, 2n]),
    change: claims(-HALF, 3n, 0n, 1n),
  },
  { name: 'carry between the halves dropped', caughtBy: 'constraint', honest, change: claims(HI - 1n, LO, 1n, 1n) },
  { name: 'a carry of 2', caughtBy: 'constraint RANGE12', honest, change: claims(HI + 1n, LO - HALF, 2n, 1n) },
  {
    name: 'a carry of -1 makes 0 a large number',
    caughtBy: 'constraint RANGE12',
    honest: does(ADD, [0n, 0n]),
    change: claims(HALF - 1n, HALF, -1n, -1n),
  },
  {
    name: 'top limb of the result a sixteenth: 16 times it is in range, it is not',
    caughtBy: 'constraint RANGE12',
    honest,
    change: (row) => row.put('cLo', { 10: inverse(16n) }),
  },
  {
    name: '0 is 2^128 in the low half',
    caughtBy: 'RANGE12',
    honest: does(ADD, [TOP, 1n]),
    change: claims(HALF - 1n, HALF, 0n, 0n),
  },
  {
    name: 'SUB: difference one less',
    caughtBy: 'constraint',
    honest: does(SUB, [B, 5n]),
    change: (row) => row.add('cLo', -1n),
  },
  {
    name: 'SUB below 0 does not wrap',
    caughtBy: 'RANGE12',
    honest: does(SUB, [5n, 7n]),
    change: claims(0n, -2n, 0n, 0n),
  },
  {
    name: 'SUB below 0 wraps the low half only',
    caughtBy: 'RANGE12',
    honest: does(SUB, [5n, 7n]),
    change: claims(-1n, HALF - 2n, 1n, 0n),
  },
  {
    name: 'SUB: low half plus 2^128',
    caughtBy: 'RANGE12',
    honest: does(SUB, [(3n << 128n) + 5n, 7n]),
    change: claims(3n, -2n, 0n, 0n),
  },
  {
    name: 'SUB the other way round',
    caughtBy: 'constraint',
    honest: does(SUB, [9n, 7n]),
    change: claims(HALF - 1n, HALF - 2n, 1n, 1n),
  },
  { name: 'SUB as ADD', caughtBy: 'CODE', honest, change: { as: SUB } },
  { name: 'ADD as SUB', caughtBy: 'CODE', honest: does(SUB, [A, B]), change: { as: ADD } },
  {
    name: 'MUL by 0 as half an ADD and half a SUB: any result',
    caughtBy: 'constraint',
    honest: does(MUL, [A, 0n]),
    change: { as: ADD, row: (row) => claims(7n, 9n, 0n, 0n)(row.set('sub', inverse(2n))) },
  },
  {
    name: 'another item',
    caughtBy: 'STACK',
    honest,
    change: (row) => row.put('a', { 1: toLimbs(A)[1] + 1n }).add('cLo', 1n),
  },
  {
    name: 'items whose carry went to the high half',
    caughtBy: 'STACK',
    honest,
    change: (row) => row.put('a', { 0: toLimbs(A)[0] + 1n }).add('cHi', 1n),
  },
  { name: 'the row counts twice', caughtBy: 'constraint EXEC STACK', honest, change: (row) => row.set('en', 2n) },
]);
