import { inverse, mod, R } from '../../../src/bus/field.js';
import { asIs, type Change, type Forgery } from '../../helpers/chips/words-world.js';
import type { Draft } from '../../helpers/execution-forger.js';

const [SHL, SHR, SAR, AND] = [0x1b, 0x1c, 0x1d, 0x16] as const;
const HALF = 1n << 128n;
const ONES = HALF - 1n;
const X = (0xabcdn << 230n) + (0x77n << 120n) + 0x1235n;
const NEGATIVE = (1n << 255n) + (5n << 128n) + 77n;
/** The least low half whose product with 2^127 reaches r. */
const WRAPS = R / (1n << 127n) + 1n;

/** What a row may claim; what is left out stays as it is. */
type Claim = Readonly<
  Partial<Record<'right' | 'arith' | 'far' | 'upper' | 'down' | 'negative' | 'steep' | 't' | 'pow', bigint>>
>;

/** Claims something; the product follows, less `wrap` times r in each half. */
function claims(claim: Claim, wrap: readonly [low: bigint, high: bigint] = [0n, 0n]): Change {
  return (row) => {
    for (const [name, value] of Object.entries(claim)) row.set(name, mod(value));
    const [hi, lo] = magnitudeOf(row);
    const [sHi, sLo] = row.columns.s as readonly [bigint, bigint];
    const factor = row.get('pow') * (1n + row.get('down'));
    const isFraction = factor > ONES + 1n;
    const excess = row.get('far') * (256n * sHi + sLo - 256n);
    row.limbs('magnitude', mod(row.get('arith') * hi));
    const [low, high] = isFraction ? [mod(lo * factor), mod(hi * factor)] : [lo * factor, hi * factor];
    const carry = halves(row, 'low', low + excess - wrap[0] * R);
    halves(row, 'high', high + carry - wrap[1] * R);
  };
}

/** x, or its complement. */
function magnitudeOf(row: Draft): readonly [hi: bigint, lo: bigint] {
  const [hi, lo] = row.columns.x as readonly [bigint, bigint];
  const negative = row.get('negative');
  return [hi + negative * (ONES - 2n * hi), lo + negative * (ONES - 2n * lo)];
}

/** Splits a product into a half and its carry; a negative one counts modulo r. */
function halves(row: Draft, half: 'low' | 'high', product: bigint): bigint {
  const value = product < 0n ? product + R : product;
  row.limbs(half, value % HALF).limbs(`${half}Carry`, value / HALF);
  return value / HALF;
}

/** Moves what `half` holds too much into its carry. */
const overflowing = (half: 'low' | 'high', times: bigint): Change => {
  return (row) => row.add(half, times * HALF).add(`${half}Carry`, -times);
};

/** One more in the low half, whatever that carries. */
const fraction: Change = (row) => {
  const carried = inverse(HALF);
  row.add('low', 1n).limbs('lowCarry', mod(row.value('lowCarry') - carried));
  return row.limbs('high', mod(row.value('high') - carried));
};

/** The excess is negative; everything else is as it must be. */
const tooFar: Change = (row, step) => {
  const [sHi, sLo] = row.columns.s as readonly [bigint, bigint];
  claims({ far: 1n, upper: 1n, down: 1n, pow: 0n, t: 0n, steep: 0n })(row, step);
  for (const limbs of ['lowCarry', 'high', 'highCarry']) row.limbs(limbs, 0n);
  return row.limbs('low', mod(256n * sHi + sLo - 256n));
};

/** Lies about SHL, SHR, SAR. */
export const SHIFT_FORGERIES: readonly Forgery[] = [
  ['by 256 as by 0', 'constraint', SHL, [256n, X], claims({ far: 0n, upper: 0n, down: 0n, pow: 1n })],
  ['by 256 as by 0: upper = 2', 'constraint', SHL, [256n, X], claims({ far: 0n, upper: 2n, down: 0n, pow: 1n })],
  ['by 256 as by 255 to the right', 'constraint', SHR, [256n, NEGATIVE], claims({ far: 0n, t: 0n, pow: 1n })],
  ['by 2^128 as by 0', 'constraint', SHL, [HALF, X], claims({ far: 0n, upper: 0n, down: 0n, pow: 1n })],
  ['by 2^128 + 8 as by 8', 'STACK', SHL, [8n, X], asIs, { found: [HALF + 8n, X] }],
  [
    'by 256 as by t = 256',
    'POW2 RANGE12',
    SHL,
    [256n, 9n],
    claims({ far: 0n, upper: 0n, down: 0n, t: 256n, pow: 1n << 100n }),
  ],
  [
    'by 130 as by t = 130: nothing goes to the upper half',
    'POW2',
    SHL,
    [130n, 9n],
    claims({ upper: 0n, steep: 1n, t: 130n, pow: 1n << 127n }),
  ],
  ['by 5 as by 133', 'constraint', SHL, [5n, X], claims({ upper: 1n })],
  ['by 133 as by 5', 'constraint', SHL, [133n, X], claims({ upper: 0n })],
  ['by 5 as by 6', 'constraint', SHL, [5n, X], claims({ t: 6n, pow: 64n })],
  ['by 5 as by 4 to the right', 'constraint', SHR, [5n, X], claims({ t: 123n, steep: 1n, pow: 1n << 123n })],
  ['the wrong power', 'POW2', SHL, [5n, X], claims({ pow: 33n })],
  ['the power a fraction: SHL as SHR', 'POW2', SHL, [4n, 256n], claims({ pow: inverse(16n) })],
  ['by 255, passed as too far', 'RANGE12', SHL, [255n, 3n], tooFar],
  ['by 0, passed as too far', 'RANGE12', SHL, [0n, X], tooFar],
  [
    'by 255, passed as too far: -1 fits twelve limbs of a carry',
    'constraint',
    SHL,
    [255n, 3n],
    claims({ far: 1n, down: 1n, pow: 0n, t: 0n, steep: 0n }),
  ],
  [
    'by 255, passed as too far: -1 fits eleven limbs of a carry, and its lowest limb is 0',
    'constraint',
    SHL,
    [255n, 3n],
    claims({ far: 1n, down: 1n, pow: 0n }),
  ],
  ['by 300: not all gone, to the left', 'constraint', SHL, [300n, X], claims({ down: 0n, upper: 0n })],
  ['by 2^253: not all gone, to the right', 'constraint', SHR, [1n << 253n, X], claims({ upper: 0n })],
  ['by 300: the product beside the excess', 'constraint', SHR, [300n, X], claims({ pow: 1n << 20n })],
  ['by 300: half too far', 'constraint POW2', SHL, [300n, X], claims({ far: inverse(2n) })],
  ['SHR as SHL', 'CODE', SHL, [5n, X], asIs, { at: SHR }],
  ['SHL as SHR', 'CODE', SHR, [5n, X], asIs, { at: SHL }],
  ['SHL the other way', 'constraint', SHL, [5n, X], claims({ down: 1n, t: 122n, steep: 1n, pow: 1n << 122n })],
  [
    'SHL the other way, as SHR',
    'CODE',
    SHL,
    [5n, X],
    claims({ right: 1n, down: 1n, t: 122n, steep: 1n, pow: 1n << 122n }),
  ],
  ['SAR as SHR', 'CODE', SHR, [5n, NEGATIVE], asIs, { at: SAR }],
  ['SHR as SAR', 'CODE', SAR, [5n, NEGATIVE], asIs, { at: SHR }],
  ['SAR, sign dropped', 'RANGE12', SAR, [5n, NEGATIVE], claims({ negative: 0n })],
  ['SAR by 300, sign dropped', 'RANGE12', SAR, [300n, NEGATIVE], claims({ negative: 0n })],
  ['SAR, sign out of nothing', 'RANGE12', SAR, [5n, X], claims({ negative: 1n })],
  ['SAR of 0 by 300, sign out of nothing', 'RANGE12', SAR, [300n, 0n], claims({ negative: 1n })],
  ['SAR, half a sign', 'constraint RANGE12', SAR, [5n, NEGATIVE], claims({ negative: inverse(2n) })],
  [
    'SAR, sign dropped, of another magnitude',
    'constraint',
    SAR,
    [5n, NEGATIVE],
    (row, step) => {
      claims({ negative: 0n })(row, step);
      row.limbs('magnitude', 5n);
    },
  ],
  [
    'SAR by 300 as right = 2: no sign',
    'constraint',
    SAR,
    [300n, NEGATIVE],
    claims({ right: 2n, arith: 0n, negative: 0n }),
  ],
  ['SHR as left and arithmetic', 'constraint', SHL, [5n, X], claims({ arith: 1n }), { at: SHR }],
  ['SHL of the complement', 'constraint', SHL, [5n, X], claims({ negative: 1n })],
  ['low half plus 2^128', 'RANGE12', SHL, [5n, X], (row, step) => overflowing('low', 1n)(row.add('high', -1n), step)],
  ['high half plus 2^128', 'RANGE12', SHL, [5n, X], overflowing('high', 1n)],
  ['high half minus 2^128', 'RANGE12', SHL, [5n, X], overflowing('high', -1n)],
  [
    'low half of more than 128 bits',
    'RANGE12',
    SHL,
    [200n, X],
    (row, step) => overflowing('low', 1n)(row.add('high', -1n), step),
  ],
  ['low half, a fraction carried', 'RANGE12', SHL, [5n, X], fraction],
  ['r taken from a product', 'constraint', SHL, [127n, WRAPS], claims({}, [1n, 0n])],
  ['r taken from a product that is not steep', 'RANGE12', SHL, [127n, WRAPS], claims({ steep: 0n }, [1n, 0n])],
  ['twice r taken from a product', 'constraint', SHL, [127n, 2n * WRAPS], claims({}, [2n, 0n])],
  ['r taken from the upper product', 'constraint', SHL, [127n, WRAPS << 128n], claims({}, [0n, 1n])],
  ['the same to the right', 'constraint', SHR, [0n, WRAPS << 128n], claims({}, [0n, 1n])],
  ['r added to a product', 'constraint', SHL, [100n, 3n], claims({}, [-1n, 0n])],
  [
    'r added to a product that is called steep',
    'constraint RANGE12',
    SHL,
    [100n, 3n],
    claims({ steep: 1n }, [-1n, 0n]),
  ],
  ['steep a half', 'constraint RANGE12', SHL, [119n, 3n], claims({ steep: inverse(2n) }, [-1n, 0n])],
  ['SHL of another item', 'STACK', SHL, [5n, X], asIs, { found: [5n, X + 1n] }],
  ['SHL by another item', 'STACK', SHL, [5n, X], asIs, { found: [6n, X] }],
  ['SHL by a row that is off', 'EXEC STACK', SHL, [5n, X], (row) => row.set('en', 0n)],
  ['AND as SHL', 'CODE', SHL, [5n, X], asIs, { at: AND }],
];

/** Lies about SHL of 1. */
export const POW2_FORGERIES: readonly Forgery[] = [
  ['SHL of 2', 'STACK', SHL, [160n, 1n], asIs, { found: [160n, 2n] }],
  ['SHL of 2^128 + 1', 'STACK', SHL, [5n, 1n], asIs, { found: [5n, HALF + 1n] }],
  ['by 2^128 + 5 as by 5', 'STACK', SHL, [5n, 1n], asIs, { found: [HALF + 5n, 1n] }],
  ['by 160 as by 32', 'STACK', SHL, [160n, 1n], (row) => row.set('upper', 0n)],
  ['by 160 as by low = 160', 'POW2', SHL, [160n, 1n], (row) => row.set('upper', 0n).set('low', 160n)],
  ['by 256 as upper = 2', 'constraint', SHL, [0n, 1n], (row) => row.set('upper', 2n), { found: [256n, 1n] }],
  ['by 256 as by 128', 'POW2', SHL, [128n, 1n], (row) => row.set('low', 128n), { found: [256n, 1n] }],
  ['by 64 as half of 128', 'constraint', SHL, [0n, 1n], (row) => row.set('upper', inverse(2n)), { found: [64n, 1n] }],
  ['the wrong power', 'POW2', SHL, [160n, 1n], (row) => row.set('pow', 3n << 31n)],
  ['SHR as SHL', 'CODE', SHL, [160n, 1n], asIs, { at: SHR }],
];
