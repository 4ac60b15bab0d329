import { inverse, mod } from '../../../src/bus/field.js';
import type { Forgery } from '../../helpers/chips/arithmetic.js';
import type { Draft, Edit } from '../../helpers/execution-forger.js';

const [LT, GT, SLT, SGT, EQ, ISZERO, AND, OR] = [0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17] as const;
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

/** Lies about an order, an equality. */
export const COMPARE_FORGERIES: readonly Forgery[] = [
  ['LT with swapped operands', 'RANGE12', LT, [Y, X], claims({ less: 1n })],
  ['LT denied', 'RANGE12', LT, [X, Y], claims({ less: 0n })],
  ['LT of equal words', 'RANGE12', LT, [X, X], claims({ less: 1n, equal: 0n })],
  ['GT of equal words', 'RANGE12', GT, [X, X], claims({ equal: 0n })],
  ['GT denied by equality', 'constraint', GT, [Y, X], claims({ equal: 1n })],
  ['GT denied by the other order', 'RANGE12', GT, [Z, X], claims({ less: 1n })],
  ['low halves decide though the high ones differ', 'constraint', LT, [X, Z], claims({ same: 1n, less: 0n })],
  ['high halves decide though they are equal: less', 'RANGE12', LT, [Y, X], claims({ same: 0n, less: 1n })],
  ['high halves decide though they are equal: greater', 'RANGE12', GT, [X, Y], claims({ same: 0n, less: 0n })],
  ['half decides that is neither: same = 2', 'constraint RANGE12', LT, [Y, X], claims({ same: 2n, less: 1n })],
  [
    'half decides that is neither: same = -1',
    'constraint',
    LT,
    [(5n << 128n) + 20n, (5n << 128n) + 10n],
    claims({ same: -1n, less: 1n }),
  ],
  ['less and equal at once', 'constraint', LT, [X, X], claims({ less: 1n })],
  ['less = -1: greater by the wrong sign', 'constraint', LT, [Y, X], claims({ less: -1n })],
  ['less a fraction', 'constraint', LT, [Y, X], claims({ less: mod(inverse(2n) * (1n - inverse(10n))) })],
  ['EQ of words with different low halves', 'constraint', EQ, [X, Y], claims({ equal: 1n })],
  ['EQ of words with different high halves', 'constraint', EQ, [X, X + HALF], claims({ equal: 1n })],
  ['the same, high halves called equal', 'constraint', EQ, [X, X + HALF], claims({ equal: 1n, same: 1n })],
  ['EQ by equal high halves alone', 'constraint', EQ, [X, Y], claims({ equal: 1n, same: 0n })],
  [
    'EQ of words whose halves differ by 1 and -1',
    'constraint',
    EQ,
    [X, X + HALF - 1n],
    claims({ equal: 1n, same: 0n }),
  ],
  [
    'EQ by a half that is neither: 0 between 1 and -1',
    'constraint',
    EQ,
    [X, X + HALF - 1n],
    claims({ equal: 1n, same: inverse(2n) }),
  ],
  ['EQ with slack for the difference', 'constraint', EQ, [Y, X], (row) => row.set('equal', 1n).limbs('slack', 10n)],
  ['EQ denied: less', 'RANGE12', EQ, [X, X], claims({ equal: 0n, less: 1n })],
  ['EQ denied: greater', 'RANGE12', EQ, [X, X], claims({ equal: 0n })],
  ['EQ denied by high halves', 'RANGE12', EQ, [X, X], claims({ equal: 0n, same: 0n })],
  ['EQ half true: the result is a half', 'constraint RANGE12', EQ, [X, Y], claims({ equal: inverse(2n) })],
  ['ISZERO of 1', 'constraint', ISZERO, [1n], claims({ equal: 1n })],
  ['ISZERO of 2^128', 'constraint', ISZERO, [HALF], claims({ equal: 1n, same: 1n })],
  ['ISZERO of 0 denied', 'RANGE12', ISZERO, [0n], claims({ equal: 0n })],
  [
    'ISZERO of 1, compared with a word out of nowhere',
    'constraint',
    ISZERO,
    [1n],
    (row) => {
      row.put('b', { 1: 1n });
      claims({ equal: 1n, same: 1n })(row);
    },
  ],
  [
    'ISZERO of 2^128, compared with a word out of nowhere',
    'constraint',
    ISZERO,
    [HALF],
    (row) => {
      row.put('b', { 0: 1n });
      claims({ equal: 1n, same: 1n })(row);
    },
  ],
  ['EQ as ISZERO: an item stays', 'CODE STACK', ISZERO, [0n, 5n], () => {}, EQ],
  ['ISZERO as EQ: an item too many goes', 'CODE STACK', EQ, [0n, 0n], () => {}, ISZERO],
  ['LT as GT', 'CODE', GT, [X, Y], () => {}, LT],
  ['LT as SLT', 'CODE', SLT, [MINUS_ONE, 1n], () => {}, LT],
  ['SLT as LT', 'CODE', LT, [MINUS_ONE, 1n], () => {}, SLT],
  ['AND as a comparison: signed and equal', 'constraint', EQ, [X, X], (row) => row.set('sgn', 1n), AND],
  ['the same with both halves moved', 'constraint', EQ, [X, X], claims({ sgn: 1n }), AND],
  ['OR as a comparison', 'constraint STACK', ISZERO, [0n, 5n], claims({ sgn: 1n }), OR],
  ['AND by gt = 6', 'constraint', LT, [X, Y], claims({ gt: 6n }), AND],
  ['AND by sgn = 3', 'constraint RANGE12', LT, [X, Y], claims({ sgn: 3n }), AND],
  ['AND by eq = 3/2', 'constraint', LT, [X, Y], claims({ eq: 6n * inverse(4n) }), AND],
  ['SLT: -1 passed as positive', 'RANGE12', SLT, [MINUS_ONE, 1n], claims({ aTop: 0n, less: 0n })],
  ['SLT: 1 passed as negative', 'RANGE12', SLT, [1n, 0n], claims({ aTop: 1n, same: 0n, less: 1n })],
  ['SGT: -1 passed as positive', 'RANGE12', SGT, [1n, MINUS_ONE], claims({ bTop: 0n, less: 1n })],
  ['SGT: the minimum passed as positive', 'RANGE12', SGT, [MIN, 1n], claims({ aTop: 0n, less: 0n })],
  ['SGT: 2^255 - 1 passed as negative', 'RANGE12', SGT, [MIN - 1n, 1n], claims({ aTop: 1n, less: 1n })],
  ['LT: a sign where none counts', 'RANGE12', LT, [MINUS_ONE, 1n], claims({ aTop: 1n, less: 1n })],
  ['GT: a sign where none counts', 'RANGE12', GT, [1n, MINUS_ONE], claims({ bTop: 1n, less: 0n })],
  ['SLT: sign of two', 'constraint RANGE12', SLT, [1n, 0n], claims({ aTop: 2n, same: 0n, less: 1n })],
  [
    'SLT: sign a fraction that moves a anywhere',
    'constraint',
    SLT,
    [2n << 128n, 1n << 128n],
    claims({ aTop: mod(2n * inverse(HALF)), less: 1n }),
  ],
  [
    "SLT: high half's limbs of another number",
    'constraint',
    SLT,
    [MINUS_ONE, 1n],
    (row) => {
      claims({ aTop: 0n, less: 0n })(row);
      row.limbs('aHigh', 0n);
    },
  ],
  ['pushed by a row that is off', 'CODE EXEC STACK', LT, [X, Y], (row) => row.set('en', 0n)],
  [
    'ISZERO off: its second item has weight 0, not -1',
    'CODE EXEC STACK',
    ISZERO,
    [1n],
    (row) => row.set('en', 0n).set('equal', 0n),
  ],
];
