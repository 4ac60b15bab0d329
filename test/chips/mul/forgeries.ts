import { inverse, mod } from '../../../src/bus/field.js';
import { OP } from '../../../src/evm/opcodes.js';
import { does, stepForgeries } from '../../helpers/chips/step-forgeries.js';
import type { Draft, Edit } from '../../helpers/execution-forger.js';

const { MUL } = OP;
const { ADD } = OP;
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

const honest = does(MUL, [A, B]);

/** Lies about a product. */
export const FORGERIES = stepForgeries('mul', [
  { name: 'result one more', caughtBy: 'constraint', honest, change: lowPlus },
  {
    name: 'result one more, carries wrap modulo r',
    caughtBy: 'RANGE12',
    honest,
    change: claims((hi, lo) => [hi, lo + 1n]),
  },
  { name: 'high half one less', caughtBy: 'constraint', honest, change: (row) => row.add('cHi', -1n) },
  {
    name: 'high half one less, its carry wraps modulo r',
    caughtBy: 'RANGE12',
    honest,
    change: claims((hi, lo) => [hi - 1n, lo]),
  },
  {
    name: 'low half plus 2^128, a carry less',
    caughtBy: 'RANGE12',
    honest,
    change: claims((hi, lo) => [hi - 1n, lo + HALF]),
  },
  {
    name: 'high half plus 2^128, a carry less',
    caughtBy: 'RANGE12',
    honest,
    change: claims((hi, lo) => [hi + HALF, lo]),
  },
  {
    name: 'low half plus 2^128 and nothing else',
    caughtBy: 'constraint RANGE12',
    honest,
    change: (row) => row.add('cLo', HALF),
  },
  {
    name: 'carry too large, low half negative',
    caughtBy: 'RANGE12',
    honest,
    change: claims((hi, lo) => [hi + 1n, lo - HALF]),
  },
  {
    name: 'carry too large, high half negative',
    caughtBy: 'RANGE12',
    honest,
    change: claims((hi, lo) => [hi - HALF, lo]),
  },
  {
    name: 'carry between the halves dropped',
    caughtBy: 'constraint',
    honest,
    change: (row) => row.add('cHi', -row.value('carry0') % HALF),
  },
  {
    name: 'the product does not wrap at 2^256',
    caughtBy: 'RANGE12',
    honest: does(MUL, [TOP, TOP]),
    change: claims((hi, lo) => [hi + 15n * HALF, lo]),
  },
  {
    name: 'top limb of the result a sixteenth: 16 times it is in range, it is not',
    caughtBy: 'RANGE12',
    honest,
    change: (row) => {
      const by = inverse(16n);
      const hi = row.value('cHi');
      claims(() => [hi + (by << 120n), row.value('cLo')])(row);
      const limbs = Array.from({ length: 10 }, (_, i) => (hi >> BigInt(12 * i)) & 0xfffn);
      row.set('cHi', [...limbs, mod((hi >> 120n) + by)]);
    },
  },
  { name: 'everything for another a, but the item', caughtBy: 'constraint', honest, change: ofOther((A + 1n) % HALF) },
  {
    name: 'everything for another a, the item too',
    caughtBy: 'STACK',
    honest,
    change: (row) => {
      ofOther((A + 1n) % HALF)(row);
      row.put('a', { 1: (A + 1n) % HALF });
    },
  },
  {
    name: 'a limb of a carried over: the low part negative, the high part one more',
    caughtBy: 'constraint RANGE12',
    honest,
    change: (row) => {
      const limbs = row.columns.aLo as readonly bigint[];
      row.put('aLo', { 5: mod(limbs[5]! - 4096n), 6: limbs[6]! + 1n }).add('cLo', 1n);
    },
  },
  {
    name: 'parts of a that only add up modulo r',
    caughtBy: 'RANGE12',
    honest: does(MUL, [5n, 1n << 72n]),
    change: (row) => {
      // 5 = 0 + 2^72 * (5 / 2^72): times y1 = 1 that is 2^16 * (5 / 2^72) of high half instead of 2^72 * 5 of low half
      const part = mod(5n * inverse(1n << 72n));
      row.put('aLo', { 0: 0n, 6: part });
      const hi = mod((part << 16n) * 1n);
      row.limbs('cLo', 0n).limbs('carry0', 0n).limbs('cHi', hi).limbs('carry1', 0n);
    },
  },
  { name: 'ADD multiplies', caughtBy: 'CODE', honest: does(ADD, [A, B]), change: { as: MUL } },
  { name: 'MUL adds', caughtBy: 'CODE', honest, change: { as: ADD } },
  { name: 'the row counts twice', caughtBy: 'constraint EXEC STACK', honest, change: (row) => row.set('en', 2n) },
]);
