import { inverse, mod } from '../../../src/bus/field.js';
import { OP } from '../../../src/evm/opcodes.js';
import { does, stepForgeries } from '../../helpers/chips/step-forgeries.js';
import type { Draft, Edit } from '../../helpers/execution-forger.js';

const { LT, GT, SLT, SGT, EQ, ISZERO, AND, OR } = OP;
const HALF = 1n << 128n;
const MINUS_ONE = (1n << 256n) - 1n;
const MIN = 1n << 255n;
/** Words with the same high half. */
const [X, Y] = [(5n << 128n) + 10n, (5n << 128n) + 20n];
/** A word whose high half is larger and whose low half is smaller. */
const Z = (6n << 128n) + 3n;

/** What a row may claim; what is left out stays as it is. */
type Claim = Readonly<Partial<Record<'less' | 'equal' | 'same' | 'sgn' | 'gt' | 'eq' | 'aTop' | 'bTop', bigint>>>;

/** Claims something; limbs follow, modulo r if they must. */
function claims(claim: Claim): Edit {
  return (row) => {
    for (const [flag, value] of Object.entries(claim)) row.set(flag, mod(value));
    const [aHi, bHi] = [high(row, 'a'), high(row, 'b')];
    const [, aLo] = row.columns.a as readonly [bigint, bigint];
    const [, bLo] = row.columns.b as readonly [bigint, bigint];
    const distance = aHi - bHi + row.get('same') * (aLo - bLo - aHi + bHi);
    row.limbs('aHigh', mod(16n * aHi)).limbs('bHigh', mod(16n * bHi));
    row.limbs('slack', mod((1n - 2n * row.get('less')) * distance - 1n + row.get('equal')));
  };
}

/** The high half of an item as it is compared. */
function high(row: Draft, item: 'a' | 'b'): bigint {
  const [hi] = row.columns[item] as readonly [bigint];
  return hi + (row.get('sgn') << 127n) - row.get(`${item}Top`) * HALF;
}

const honest = does(LT, [Y, X]);

/** Lies about an order, an equality. */
export const FORGERIES = stepForgeries('compare', [
  { name: 'LT with swapped operands', caughtBy: 'RANGE12', honest, change: claims({ less: 1n }) },
  { name: 'LT denied', caughtBy: 'RANGE12', honest: does(LT, [X, Y]), change: claims({ less: 0n }) },
  { name: 'LT of equal words', caughtBy: 'RANGE12', honest: does(LT, [X, X]), change: claims({ less: 1n, equal: 0n }) },
  { name: 'GT of equal words', caughtBy: 'RANGE12', honest: does(GT, [X, X]), change: claims({ equal: 0n }) },
  { name: 'GT denied by equality', caughtBy: 'constraint', honest: does(GT, [Y, X]), change: claims({ equal: 1n }) },
  { name: 'GT denied by the other order', caughtBy: 'RANGE12', honest: does(GT, [Z, X]), change: claims({ less: 1n }) },
  {
    name: 'low halves decide though the high ones differ',
    caughtBy: 'constraint',
    honest: does(LT, [X, Z]),
    change: claims({ same: 1n, less: 0n }),
  },
  {
    name: 'high halves decide though they are equal: less',
    caughtBy: 'RANGE12',
    honest,
    change: claims({ same: 0n, less: 1n }),
  },
  {
    name: 'high halves decide though they are equal: greater',
    caughtBy: 'RANGE12',
    honest: does(GT, [X, Y]),
    change: claims({ same: 0n, less: 0n }),
  },
  {
    name: 'half decides that is neither: same = 2',
    caughtBy: 'constraint RANGE12',
    honest,
    change: claims({ same: 2n, less: 1n }),
  },
  {
    name: 'half decides that is neither: same = -1',
    caughtBy: 'constraint',
    honest: does(LT, [(5n << 128n) + 20n, (5n << 128n) + 10n]),
    change: claims({ same: -1n, less: 1n }),
  },
  { name: 'less and equal at once', caughtBy: 'constraint', honest: does(LT, [X, X]), change: claims({ less: 1n }) },
  { name: 'less = -1: greater by the wrong sign', caughtBy: 'constraint', honest, change: claims({ less: -1n }) },
  {
    name: 'less a fraction',
    caughtBy: 'constraint',
    honest,
    change: claims({ less: mod(inverse(2n) * (1n - inverse(10n))) }),
  },
  {
    name: 'EQ of words with different low halves',
    caughtBy: 'constraint',
    honest: does(EQ, [X, Y]),
    change: claims({ equal: 1n }),
  },
  {
    name: 'EQ of words with different high halves',
    caughtBy: 'constraint',
    honest: does(EQ, [X, X + HALF]),
    change: claims({ equal: 1n }),
  },
  {
    name: 'the same, high halves called equal',
    caughtBy: 'constraint',
    honest: does(EQ, [X, X + HALF]),
    change: claims({ equal: 1n, same: 1n }),
  },
  {
    name: 'EQ by equal high halves alone',
    caughtBy: 'constraint',
    honest: does(EQ, [X, Y]),
    change: claims({ equal: 1n, same: 0n }),
  },
  {
    name: 'EQ of words whose halves differ by 1 and -1',
    caughtBy: 'constraint',
    honest: does(EQ, [X, X + HALF - 1n]),
    change: claims({ equal: 1n, same: 0n }),
  },
  {
    name: 'EQ by a half that is neither: 0 between 1 and -1',
    caughtBy: 'constraint',
    honest: does(EQ, [X, X + HALF - 1n]),
    change: claims({ equal: 1n, same: inverse(2n) }),
  },
  {
    name: 'EQ with slack for the difference',
    caughtBy: 'constraint',
    honest: does(EQ, [Y, X]),
    change: (row) => row.set('equal', 1n).limbs('slack', 10n),
  },
  { name: 'EQ denied: less', caughtBy: 'RANGE12', honest: does(EQ, [X, X]), change: claims({ equal: 0n, less: 1n }) },
  { name: 'EQ denied: greater', caughtBy: 'RANGE12', honest: does(EQ, [X, X]), change: claims({ equal: 0n }) },
  {
    name: 'EQ denied by high halves',
    caughtBy: 'RANGE12',
    honest: does(EQ, [X, X]),
    change: claims({ equal: 0n, same: 0n }),
  },
  {
    name: 'EQ half true: the result is a half',
    caughtBy: 'constraint RANGE12',
    honest: does(EQ, [X, Y]),
    change: claims({ equal: inverse(2n) }),
  },
  { name: 'ISZERO of 1', caughtBy: 'constraint', honest: does(ISZERO, [1n]), change: claims({ equal: 1n }) },
  {
    name: 'ISZERO of 2^128',
    caughtBy: 'constraint',
    honest: does(ISZERO, [HALF]),
    change: claims({ equal: 1n, same: 1n }),
  },
  { name: 'ISZERO of 0 denied', caughtBy: 'RANGE12', honest: does(ISZERO, [0n]), change: claims({ equal: 0n }) },
  {
    name: 'ISZERO of 1, compared with a word out of nowhere',
    caughtBy: 'constraint',
    honest: does(ISZERO, [1n]),
    change: (row) => {
      row.put('b', { 1: 1n });
      claims({ equal: 1n, same: 1n })(row);
    },
  },
  {
    name: 'ISZERO of 2^128, compared with a word out of nowhere',
    caughtBy: 'constraint',
    honest: does(ISZERO, [HALF]),
    change: (row) => {
      row.put('b', { 0: 1n });
      claims({ equal: 1n, same: 1n })(row);
    },
  },
  { name: 'EQ as ISZERO: an item stays', caughtBy: 'CODE STACK', honest: does(EQ, [0n, 5n]), change: { as: ISZERO } },
  {
    name: 'ISZERO as EQ: an item too many goes',
    caughtBy: 'CODE',
    honest: does(ISZERO, [0n, 0n]),
    change: { as: EQ },
  },
  { name: 'LT as GT', caughtBy: 'CODE', honest: does(LT, [X, Y]), change: { as: GT } },
  { name: 'LT as SLT', caughtBy: 'CODE', honest: does(LT, [MINUS_ONE, 1n]), change: { as: SLT } },
  { name: 'SLT as LT', caughtBy: 'CODE', honest: does(SLT, [MINUS_ONE, 1n]), change: { as: LT } },
  {
    name: 'AND as a comparison: signed and equal',
    caughtBy: 'constraint',
    honest: does(AND, [X, X]),
    change: { as: EQ, row: (row) => row.set('sgn', 1n) },
  },
  {
    name: 'the same with both halves moved',
    caughtBy: 'constraint',
    honest: does(AND, [X, X]),
    change: { as: EQ, row: claims({ sgn: 1n }) },
  },
  {
    name: 'OR as a comparison',
    caughtBy: 'constraint STACK',
    honest: does(OR, [0n, 5n]),
    change: { as: ISZERO, row: claims({ sgn: 1n }) },
  },
  {
    name: 'AND by gt = 6',
    caughtBy: 'constraint',
    honest: does(AND, [X, Y]),
    change: { as: LT, row: claims({ gt: 6n }) },
  },
  {
    name: 'AND by sgn = 3',
    caughtBy: 'constraint RANGE12',
    honest: does(AND, [X, Y]),
    change: { as: LT, row: claims({ sgn: 3n }) },
  },
  {
    name: 'AND by eq = 3/2',
    caughtBy: 'constraint',
    honest: does(AND, [X, Y]),
    change: { as: LT, row: claims({ eq: 6n * inverse(4n) }) },
  },
  {
    name: 'SLT: -1 passed as positive',
    caughtBy: 'RANGE12',
    honest: does(SLT, [MINUS_ONE, 1n]),
    change: claims({ aTop: 0n, less: 0n }),
  },
  {
    name: 'SLT: 1 passed as negative',
    caughtBy: 'RANGE12',
    honest: does(SLT, [1n, 0n]),
    change: claims({ aTop: 1n, same: 0n, less: 1n }),
  },
  {
    name: 'SGT: -1 passed as positive',
    caughtBy: 'RANGE12',
    honest: does(SGT, [1n, MINUS_ONE]),
    change: claims({ bTop: 0n, less: 1n }),
  },
  {
    name: 'SGT: the minimum passed as positive',
    caughtBy: 'RANGE12',
    honest: does(SGT, [MIN, 1n]),
    change: claims({ aTop: 0n, less: 0n }),
  },
  {
    name: 'SGT: 2^255 - 1 passed as negative',
    caughtBy: 'RANGE12',
    honest: does(SGT, [MIN - 1n, 1n]),
    change: claims({ aTop: 1n, less: 1n }),
  },
  {
    name: 'LT: a sign where none counts',
    caughtBy: 'RANGE12',
    honest: does(LT, [MINUS_ONE, 1n]),
    change: claims({ aTop: 1n, less: 1n }),
  },
  {
    name: 'GT: a sign where none counts',
    caughtBy: 'RANGE12',
    honest: does(GT, [1n, MINUS_ONE]),
    change: claims({ bTop: 1n, less: 0n }),
  },
  {
    name: 'SLT: sign of two',
    caughtBy: 'constraint RANGE12',
    honest: does(SLT, [1n, 0n]),
    change: claims({ aTop: 2n, same: 0n, less: 1n }),
  },
  {
    name: 'SLT: sign a fraction that moves a anywhere',
    caughtBy: 'constraint',
    honest: does(SLT, [2n << 128n, 1n << 128n]),
    change: claims({ aTop: mod(2n * inverse(HALF)), less: 1n }),
  },
  {
    name: "SLT: high half's limbs of another number",
    caughtBy: 'constraint',
    honest: does(SLT, [MINUS_ONE, 1n]),
    change: (row) => {
      claims({ aTop: 0n, less: 0n })(row);
      row.limbs('aHigh', 0n);
    },
  },
  {
    name: 'pushed by a row that is off',
    caughtBy: 'EXEC STACK',
    honest: does(LT, [X, Y]),
    change: (row) => row.set('en', 0n),
  },
  {
    name: 'ISZERO off: its second item has weight 0, not -1',
    caughtBy: 'EXEC STACK',
    honest: does(ISZERO, [1n]),
    change: (row) => row.set('en', 0n).set('equal', 0n),
  },
]);
