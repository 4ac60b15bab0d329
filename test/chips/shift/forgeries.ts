import { inverse, mod, R } from '../../../src/bus/field.js';
import { OP } from '../../../src/evm/opcodes.js';
import { does, type RowChange, stepForgeries } from '../../helpers/chips/step-forgeries.js';
import type { Draft } from '../../helpers/execution-forger.js';

const { SHL, SHR, SAR, AND } = OP;
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
function claims(claim: Claim, wrap: readonly [low: bigint, high: bigint] = [0n, 0n]): RowChange {
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
const overflowing = (half: 'low' | 'high', times: bigint): RowChange => {
  return (row) => row.add(half, times * HALF).add(`${half}Carry`, -times);
};

/** One more in the low half, whatever that carries. */
const fraction: RowChange = (row) => {
  const carried = inverse(HALF);
  row.add('low', 1n).limbs('lowCarry', mod(row.value('lowCarry') - carried));
  return row.limbs('high', mod(row.value('high') - carried));
};

/** The excess is negative; everything else is as it must be. */
const tooFar: RowChange = (row, step) => {
  const [sHi, sLo] = row.columns.s as readonly [bigint, bigint];
  claims({ far: 1n, upper: 1n, down: 1n, pow: 0n, t: 0n, steep: 0n })(row, step);
  for (const limbs of ['lowCarry', 'high', 'highCarry']) row.limbs(limbs, 0n);
  return row.limbs('low', mod(256n * sHi + sLo - 256n));
};

const honest = does(SHL, [5n, X]);

/** Lies about SHL, SHR, SAR. */
export const FORGERIES = stepForgeries('shift', [
  {
    name: 'by 256 as by 0',
    caughtBy: 'constraint',
    honest: does(SHL, [256n, X]),
    change: claims({ far: 0n, upper: 0n, down: 0n, pow: 1n }),
  },
  {
    name: 'by 256 as by 0: upper = 2',
    caughtBy: 'constraint',
    honest: does(SHL, [256n, X]),
    change: claims({ far: 0n, upper: 2n, down: 0n, pow: 1n }),
  },
  {
    name: 'by 256 as by 255 to the right',
    caughtBy: 'constraint',
    honest: does(SHR, [256n, NEGATIVE]),
    change: claims({ far: 0n, t: 0n, pow: 1n }),
  },
  {
    name: 'by 2^128 as by 0',
    caughtBy: 'constraint',
    honest: does(SHL, [HALF, X]),
    change: claims({ far: 0n, upper: 0n, down: 0n, pow: 1n }),
  },
  { name: 'by 2^128 + 8 as by 8', caughtBy: 'STACK', honest: does(SHL, [HALF + 8n, X]), change: { items: [8n, X] } },
  {
    name: 'by 256 as by t = 256',
    caughtBy: 'POW2 RANGE12',
    honest: does(SHL, [256n, 9n]),
    change: claims({ far: 0n, upper: 0n, down: 0n, t: 256n, pow: 1n << 100n }),
  },
  {
    name: 'by 130 as by t = 130: nothing goes to the upper half',
    caughtBy: 'POW2',
    honest: does(SHL, [130n, 9n]),
    change: claims({ upper: 0n, steep: 1n, t: 130n, pow: 1n << 127n }),
  },
  { name: 'by 5 as by 133', caughtBy: 'constraint', honest, change: claims({ upper: 1n }) },
  { name: 'by 133 as by 5', caughtBy: 'constraint', honest: does(SHL, [133n, X]), change: claims({ upper: 0n }) },
  { name: 'by 5 as by 6', caughtBy: 'constraint', honest, change: claims({ t: 6n, pow: 64n }) },
  {
    name: 'by 5 as by 4 to the right',
    caughtBy: 'constraint',
    honest: does(SHR, [5n, X]),
    change: claims({ t: 123n, steep: 1n, pow: 1n << 123n }),
  },
  { name: 'the wrong power', caughtBy: 'POW2', honest, change: claims({ pow: 33n }) },
  {
    name: 'the power a fraction: SHL as SHR',
    caughtBy: 'POW2',
    honest: does(SHL, [4n, 256n]),
    change: claims({ pow: inverse(16n) }),
  },
  { name: 'by 255, passed as too far', caughtBy: 'RANGE12', honest: does(SHL, [255n, 3n]), change: tooFar },
  { name: 'by 0, passed as too far', caughtBy: 'RANGE12', honest: does(SHL, [0n, X]), change: tooFar },
  {
    name: 'by 255, passed as too far: -1 fits twelve limbs of a carry',
    caughtBy: 'constraint',
    honest: does(SHL, [255n, 3n]),
    change: claims({ far: 1n, down: 1n, pow: 0n, t: 0n, steep: 0n }),
  },
  {
    name: 'by 255, passed as too far: -1 fits eleven limbs of a carry, and its lowest limb is 0',
    caughtBy: 'constraint',
    honest: does(SHL, [255n, 3n]),
    change: claims({ far: 1n, down: 1n, pow: 0n }),
  },
  {
    name: 'by 300: not all gone, to the left',
    caughtBy: 'constraint',
    honest: does(SHL, [300n, X]),
    change: claims({ down: 0n, upper: 0n }),
  },
  {
    name: 'by 2^253: not all gone, to the right',
    caughtBy: 'constraint',
    honest: does(SHR, [1n << 253n, X]),
    change: claims({ upper: 0n }),
  },
  {
    name: 'by 300: the product beside the excess',
    caughtBy: 'constraint',
    honest: does(SHR, [300n, X]),
    change: claims({ pow: 1n << 20n }),
  },
  {
    name: 'by 300: half too far',
    caughtBy: 'constraint POW2',
    honest: does(SHL, [300n, X]),
    change: claims({ far: inverse(2n) }),
  },
  { name: 'SHR as SHL', caughtBy: 'CODE', honest: does(SHR, [5n, X]), change: { as: SHL } },
  { name: 'SHL as SHR', caughtBy: 'CODE', honest, change: { as: SHR } },
  {
    name: 'SHL the other way',
    caughtBy: 'constraint',
    honest,
    change: claims({ down: 1n, t: 122n, steep: 1n, pow: 1n << 122n }),
  },
  {
    name: 'SHL the other way, as SHR',
    caughtBy: 'CODE',
    honest,
    change: claims({ right: 1n, down: 1n, t: 122n, steep: 1n, pow: 1n << 122n }),
  },
  { name: 'SAR as SHR', caughtBy: 'CODE', honest: does(SAR, [5n, NEGATIVE]), change: { as: SHR } },
  { name: 'SHR as SAR', caughtBy: 'CODE', honest: does(SHR, [5n, NEGATIVE]), change: { as: SAR } },
  {
    name: 'SAR, sign dropped',
    caughtBy: 'RANGE12',
    honest: does(SAR, [5n, NEGATIVE]),
    change: claims({ negative: 0n }),
  },
  {
    name: 'SAR by 300, sign dropped',
    caughtBy: 'RANGE12',
    honest: does(SAR, [300n, NEGATIVE]),
    change: claims({ negative: 0n }),
  },
  {
    name: 'SAR, sign out of nothing',
    caughtBy: 'RANGE12',
    honest: does(SAR, [5n, X]),
    change: claims({ negative: 1n }),
  },
  {
    name: 'SAR of 0 by 300, sign out of nothing',
    caughtBy: 'RANGE12',
    honest: does(SAR, [300n, 0n]),
    change: claims({ negative: 1n }),
  },
  {
    name: 'SAR, half a sign',
    caughtBy: 'constraint RANGE12',
    honest: does(SAR, [5n, NEGATIVE]),
    change: claims({ negative: inverse(2n) }),
  },
  {
    name: 'SAR, sign dropped, of another magnitude',
    caughtBy: 'constraint',
    honest: does(SAR, [5n, NEGATIVE]),
    change: (row, step) => {
      claims({ negative: 0n })(row, step);
      row.limbs('magnitude', 5n);
    },
  },
  {
    name: 'SAR by 300 as right = 2: no sign',
    caughtBy: 'constraint',
    honest: does(SAR, [300n, NEGATIVE]),
    change: claims({ right: 2n, arith: 0n, negative: 0n }),
  },
  {
    name: 'SHR as left and arithmetic',
    caughtBy: 'constraint',
    honest: does(SHR, [5n, X]),
    change: { as: SHL, row: claims({ arith: 1n }) },
  },
  { name: 'SHL of the complement', caughtBy: 'constraint', honest, change: claims({ negative: 1n }) },
  {
    name: 'low half plus 2^128',
    caughtBy: 'RANGE12',
    honest,
    change: (row, step) => overflowing('low', 1n)(row.add('high', -1n), step),
  },
  { name: 'high half plus 2^128', caughtBy: 'RANGE12', honest, change: overflowing('high', 1n) },
  { name: 'high half minus 2^128', caughtBy: 'RANGE12', honest, change: overflowing('high', -1n) },
  {
    name: 'low half of more than 128 bits',
    caughtBy: 'RANGE12',
    honest: does(SHL, [200n, X]),
    change: (row, step) => overflowing('low', 1n)(row.add('high', -1n), step),
  },
  { name: 'low half, a fraction carried', caughtBy: 'RANGE12', honest, change: fraction },
  {
    name: 'r taken from a product',
    caughtBy: 'constraint',
    honest: does(SHL, [127n, WRAPS]),
    change: claims({}, [1n, 0n]),
  },
  {
    name: 'r taken from a product that is not steep',
    caughtBy: 'RANGE12',
    honest: does(SHL, [127n, WRAPS]),
    change: claims({ steep: 0n }, [1n, 0n]),
  },
  {
    name: 'twice r taken from a product',
    caughtBy: 'constraint',
    honest: does(SHL, [127n, 2n * WRAPS]),
    change: claims({}, [2n, 0n]),
  },
  {
    name: 'r taken from the upper product',
    caughtBy: 'constraint',
    honest: does(SHL, [127n, WRAPS << 128n]),
    change: claims({}, [0n, 1n]),
  },
  {
    name: 'the same to the right',
    caughtBy: 'constraint',
    honest: does(SHR, [0n, WRAPS << 128n]),
    change: claims({}, [0n, 1n]),
  },
  {
    name: 'r added to a product',
    caughtBy: 'constraint',
    honest: does(SHL, [100n, 3n]),
    change: claims({}, [-1n, 0n]),
  },
  {
    name: 'r added to a product that is called steep',
    caughtBy: 'constraint RANGE12',
    honest: does(SHL, [100n, 3n]),
    change: claims({ steep: 1n }, [-1n, 0n]),
  },
  {
    name: 'steep a half',
    caughtBy: 'constraint RANGE12',
    honest: does(SHL, [119n, 3n]),
    change: claims({ steep: inverse(2n) }, [-1n, 0n]),
  },
  { name: 'SHL of another item', caughtBy: 'STACK', honest: does(SHL, [5n, X + 1n]), change: { items: [5n, X] } },
  { name: 'SHL by another item', caughtBy: 'STACK', honest: does(SHL, [6n, X]), change: { items: [5n, X] } },
  { name: 'SHL by a row that is off', caughtBy: 'EXEC STACK', honest, change: (row) => row.set('en', 0n) },
  { name: 'AND as SHL', caughtBy: 'CODE', honest: does(AND, [5n, X]), change: { as: SHL } },
]);
