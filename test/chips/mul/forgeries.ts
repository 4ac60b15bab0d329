import { inverse, mod } from '../../../src/bus/field.js';
import type { Forgery } from '../../helpers/chips/arithmetic.js';
import type { Draft, Edit } from '../../helpers/execution-forger.js';

const MUL = 0x02;
const ADD = 0x01;
const HALF = 1n << 128n;
const TOP = (1n << 256n) - 1n;
const A = 0xdeadbeef_00000000_12345678_9abcdef0_0fedcba9_87654321_11111111_22222222n;
const B = 0xcafebabe_33333333_44444444_55555555_66666666_77777777_88888888_99999999n;

/** Claims other halves of the result; what is carried follows, modulo r if it must. */
function claims(edit: (hi: bigint, lo: bigint) => readonly [hi: bigint, lo: bigint]): Edit {
  return (row) => {
    const low = row.value('cLo') + HALF * row.value('carry0');
    const high = row.value('cHi') + HALF * row.value('carry1') - row.value('carry0');
    const [hi, lo] = edit(row.value('cHi'), row.value('cLo'));
    const carry0 = over(low - lo);
    row.limbs('cHi', hi).limbs('cLo', lo).limbs('carry0', carry0);
    row.limbs('carry1', over(high + carry0 - hi));
  };
}

/** x / 2^128, in integers where that is possible. */
function over(x: bigint): bigint {
  return mod(x) % HALF === 0n ? mod(x) / HALF : mod(x * inverse(HALF));
}

/** The row is an honest one for another a (its low half). */
function ofOther(aLo: bigint): Edit {
  return (row) => {
    const [x, y] = [(row.value('aHi') << 128n) + aLo, (row.value('bHi') << 128n) + row.value('bLo')];
    const c = (x * y) % (TOP + 1n);
    const [x0, x1] = [aLo % (1n << 72n), aLo >> 72n];
    const [y0, y1] = [row.value('bLo') % (1n << 72n), row.value('bLo') >> 72n];
    const low = x0 * row.value('bLo') + ((x1 * y0) << 72n);
    const [x2, x3] = [row.value('aHi') % (1n << 72n), row.value('aHi') >> 72n];
    const y2 = row.value('bHi') % (1n << 72n);
    const high = x0 * row.value('bHi') + x1 * ((y1 << 16n) + (y2 << 72n)) + x2 * row.value('bLo') + ((x3 * y0) << 72n);
    row
      .limbs('aLo', aLo)
      .limbs('carry0', low >> 128n)
      .limbs('carry1', (high + (low >> 128n)) >> 128n);
    row.limbs('cHi', c >> 128n).limbs('cLo', c % HALF);
  };
}

const lowPlus = (row: Draft) => row.add('cLo', 1n);

/** Lies about a product. */
export const MUL_FORGERIES: readonly Forgery[] = [
  ['result one more', 'constraint', MUL, [A, B], lowPlus],
  ['result one more, carries wrap modulo r', 'RANGE12', MUL, [A, B], claims((hi, lo) => [hi, lo + 1n])],
  ['high half one less', 'constraint', MUL, [A, B], (row) => row.add('cHi', -1n)],
  ['high half one less, its carry wraps modulo r', 'RANGE12', MUL, [A, B], claims((hi, lo) => [hi - 1n, lo])],
  ['low half plus 2^128, a carry less', 'RANGE12', MUL, [A, B], claims((hi, lo) => [hi - 1n, lo + HALF])],
  ['high half plus 2^128, a carry less', 'RANGE12', MUL, [A, B], claims((hi, lo) => [hi + HALF, lo])],
  ['low half plus 2^128 and nothing else', 'constraint RANGE12', MUL, [A, B], (row) => row.add('cLo', HALF)],
  ['carry too large, low half negative', 'RANGE12', MUL, [A, B], claims((hi, lo) => [hi + 1n, lo - HALF])],
  ['carry too large, high half negative', 'RANGE12', MUL, [A, B], claims((hi, lo) => [hi - HALF, lo])],
  ['carry between the halves dropped', 'constraint', MUL, [A, B], (row) => row.add('cHi', -row.value('carry0') % HALF)],
  ['the product does not wrap at 2^256', 'RANGE12', MUL, [TOP, TOP], claims((hi, lo) => [hi + 15n * HALF, lo])],
  [
    'top limb of the result a sixteenth: 16 times it is in range, it is not',
    'RANGE12',
    MUL,
    [A, B],
    (row) => {
      const by = inverse(16n);
      const hi = row.value('cHi');
      claims(() => [hi + (by << 120n), row.value('cLo')])(row);
      const limbs = Array.from({ length: 10 }, (_, i) => (hi >> BigInt(12 * i)) & 0xfffn);
      row.set('cHi', [...limbs, mod((hi >> 120n) + by)]);
    },
  ],
  ['everything for another a, but the item', 'constraint', MUL, [A, B], ofOther((A + 1n) % HALF)],
  [
    'everything for another a, the item too',
    'STACK',
    MUL,
    [A, B],
    (row) => {
      ofOther((A + 1n) % HALF)(row);
      row.put('a', { 1: (A + 1n) % HALF });
    },
  ],
  [
    'a limb of a carried over: the low part negative, the high part one more',
    'constraint RANGE12',
    MUL,
    [A, B],
    (row) => {
      const limbs = row.columns.aLo as readonly bigint[];
      row.put('aLo', { 5: mod(limbs[5]! - 4096n), 6: limbs[6]! + 1n }).add('cLo', 1n);
    },
  ],
  [
    'parts of a that only add up modulo r',
    'RANGE12',
    MUL,
    [5n, 1n << 72n],
    (row) => {
      // 5 = 0 + 2^72 * (5 / 2^72): times y1 = 1 that is 2^16 * (5 / 2^72) of high half instead of 2^72 * 5 of low half
      const part = mod(5n * inverse(1n << 72n));
      row.put('aLo', { 0: 0n, 6: part });
      const hi = mod((part << 16n) * 1n);
      row.limbs('cLo', 0n).limbs('carry0', 0n).limbs('cHi', hi).limbs('carry1', 0n);
    },
  ],
  ['ADD multiplies', 'CODE', MUL, [A, B], () => {}, ADD],
  ['MUL adds', 'CODE', ADD, [A, B], () => {}, MUL],
  ['the row counts twice', 'constraint CODE EXEC STACK', MUL, [A, B], (row) => row.set('en', 2n)],
];
