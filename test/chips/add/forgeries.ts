import { inverse, mod } from '../../../src/bus/field.js';
import { type Forgery, split } from '../../helpers/chips/arithmetic.js';
import type { Edit } from '../../helpers/execution-forger.js';

const [ADD, MUL, SUB] = [0x01, 0x02, 0x03];
const HALF = 1n << 128n;
const TOP = (1n << 256n) - 1n;
const A = 0xdeadbeef_00000000_12345678_9abcdef0_0fedcba9_87654321_11111111_22222222n;
const B = 0xcafebabe_33333333_44444444_55555555_f6666666_77777777_88888888_99999999n;
/** Their sum, which carries out of both halves. */
const SUM = BigInt.asUintN(256, A + B);
const [HI, LO] = split(SUM);

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

/** Lies about a sum or a difference. */
export const ADD_FORGERIES: readonly Forgery[] = [
  ['result one more', 'constraint', ADD, [A, B], (row) => row.add('cLo', 1n)],
  ['result one more, by a carry of a fraction', 'constraint', ADD, [A, B], claims(HI, LO + 1n, 1n + over(-1n), 1n)],
  ['high half one more', 'constraint', ADD, [A, B], (row) => row.add('cHi', 1n)],
  ['low half plus 2^128, nothing carried', 'RANGE12', ADD, [A, B], claims(HI - 1n, LO + HALF, 0n, 1n)],
  ['low half plus 2^128 and nothing else', 'constraint RANGE12', ADD, [A, B], (row) => row.add('cLo', HALF)],
  ['high half plus 2^128: the sum does not wrap', 'RANGE12', ADD, [A, B], claims(HI + HALF, LO, 1n, 0n)],
  ['carry too large, low half negative', 'RANGE12', ADD, [1n, 2n], claims(1n, 3n - HALF, 1n, 0n)],
  ['carry too large, high half negative', 'RANGE12', ADD, [1n, 2n], claims(-HALF, 3n, 0n, 1n)],
  ['carry between the halves dropped', 'constraint', ADD, [A, B], claims(HI - 1n, LO, 1n, 1n)],
  ['a carry of 2', 'constraint RANGE12', ADD, [A, B], claims(HI + 1n, LO - HALF, 2n, 1n)],
  ['a carry of -1 makes 0 a large number', 'constraint RANGE12', ADD, [0n, 0n], claims(HALF - 1n, HALF, -1n, -1n)],
  [
    'top limb of the result a sixteenth: 16 times it is in range, it is not',
    'constraint RANGE12',
    ADD,
    [A, B],
    (row) => row.put('cLo', { 10: inverse(16n) }),
  ],
  ['0 is 2^128 in the low half', 'RANGE12', ADD, [TOP, 1n], claims(HALF - 1n, HALF, 0n, 0n)],
  ['SUB: difference one less', 'constraint', SUB, [B, 5n], (row) => row.add('cLo', -1n)],
  ['SUB below 0 does not wrap', 'RANGE12', SUB, [5n, 7n], claims(0n, -2n, 0n, 0n)],
  ['SUB below 0 wraps the low half only', 'RANGE12', SUB, [5n, 7n], claims(-1n, HALF - 2n, 1n, 0n)],
  ['SUB: low half plus 2^128', 'RANGE12', SUB, [(3n << 128n) + 5n, 7n], claims(3n, -2n, 0n, 0n)],
  ['SUB the other way round', 'constraint', SUB, [9n, 7n], claims(HALF - 1n, HALF - 2n, 1n, 1n)],
  ['SUB as ADD', 'CODE', SUB, [A, B], () => {}, ADD],
  ['ADD as SUB', 'CODE', ADD, [A, B], () => {}, SUB],
  [
    'MUL by 0 as half an ADD and half a SUB: any result',
    'constraint',
    ADD,
    [A, 0n],
    (row) => claims(7n, 9n, 0n, 0n)(row.set('sub', inverse(2n))),
    MUL,
  ],
  ['another item', 'STACK', ADD, [A, B], (row) => row.put('a', { 1: split(A)[1] + 1n }).add('cLo', 1n)],
  [
    'items whose carry went to the high half',
    'STACK',
    ADD,
    [A, B],
    (row) => row.put('a', { 0: split(A)[0] + 1n }).add('cHi', 1n),
  ],
  ['the row counts twice', 'constraint CODE EXEC STACK', ADD, [A, B], (row) => row.set('en', 2n)],
];
