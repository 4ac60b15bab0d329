import { inverse, mod } from '../../../src/bus/field.js';
import { type Forgery, split } from '../../helpers/chips/arithmetic.js';
import { claims } from '../../helpers/chips/division.js';

const [DIV, SDIV, MOD, SMOD] = [0x04, 0x05, 0x06, 0x07] as const;
const HALF = 1n << 128n;
const MIN = 1n << 255n;
const minus = (x: bigint) => (1n << 256n) - x;
/** A = Q * B + R. */
const [Q, B, R] = [0x123456789abcdef0123456789abcdefn, (3n << 129n) + (0xfedcba98n << 96n) + 7n, (5n << 127n) + 1n];
const A = Q * B + R;
/** The same with small numbers: 100 = 14 * 7 + 2. */
const SMALL = [100n, 7n];

/** The quotient grows by 2^i, the divisor has the bit 2^j: the product is beyond 2^256 and in none of the two equations. */
const beyond = (part: string, i: bigint, j: bigint): Forgery => [
  `quotient plus 2^${i} times 2^${j} does not overflow: ${part}`,
  'constraint',
  DIV,
  [(3n << j) + 1n, 1n << j],
  claims({ q: 3n + (1n << i), r: 1n }),
];

const QUOTIENT: readonly Forgery[] = [
  ['quotient one less, remainder beyond the divisor', 'RANGE12', DIV, [A, B], claims({ q: Q - 1n })],
  ['quotient one more, remainder negative', 'RANGE12', DIV, [A, B], claims({ q: Q + 1n })],
  ['quotient one less of small numbers', 'RANGE12', DIV, SMALL, claims({ q: 13n })],
  ['quotient one more of small numbers', 'RANGE12', DIV, SMALL, claims({ q: 15n })],
  ['quotient one more, remainder kept', 'constraint RANGE12', DIV, [A, B], claims({ q: Q + 1n, r: R })],
  ['remainder = divisor', 'RANGE12', DIV, [98n, 7n], claims({ q: 13n })],
  ['remainder = divisor, large', 'RANGE12', MOD, [Q * B, B], claims({ q: Q - 1n })],
  ['MOD leaves all: quotient 0', 'RANGE12', MOD, [A, B], claims({ q: 0n })],
  [
    'high halves called equal that are not',
    'constraint',
    DIV,
    [5n * (HALF + 10n) + HALF - 7n, HALF + 10n],
    claims({ q: 4n, same: 1n }),
  ],
  [
    'remainder beyond the divisor, high halves called equal',
    'constraint',
    MOD,
    [A, B],
    claims({ q: Q - 1n, same: 1n }),
  ],
  ['remainder = divisor, high halves called different', 'RANGE12', DIV, [98n, 7n], claims({ q: 13n, same: 0n })],
  ['remainder against no half: same = -1', 'constraint', DIV, [107n, 7n], claims({ q: 14n, same: -1n })],
  [
    'remainder = divisor, its 2^128 hidden in the low half',
    'RANGE12',
    DIV,
    [5n * HALF, HALF],
    claims({ q: 4n, r: [0n, HALF] }),
  ],
  ['the same for MOD', 'RANGE12', MOD, [5n * HALF, HALF], claims({ q: 4n, r: [0n, HALF] })],
  [
    'a quotient in the field: a / b mod r, remainder 0',
    'RANGE12',
    DIV,
    SMALL,
    claims({ q: [0n, mod(100n * inverse(7n))], r: 0n, same: 1n }),
  ],
  beyond('q1 d3', 72n, 200n),
  beyond('q2 d2', 128n, 128n),
  beyond('q2 d3', 128n, 200n),
  beyond('q3 d1', 200n, 72n),
  beyond('q3 d2', 200n, 128n),
  beyond('q3 d3', 200n, 200n),
  [
    'quotient plus 2^256 / b: the product is 2^256 more',
    'constraint',
    DIV,
    [100n, 4n],
    claims({ q: 25n + (1n << 254n), r: 0n }),
  ],
  ['quotient plus 2^256', 'constraint RANGE12', DIV, [100n, 1n], claims({ q: 100n + (1n << 256n), r: 0n })],
  [
    'products beyond 2^256 cancel by a negative part',
    'constraint RANGE12',
    DIV,
    [(3n << 200n) + (3n << 128n), (1n << 200n) + HALF],
    claims({ q: [1n, 3n - (1n << 72n) * ((1n << 72n) + 1n)], r: 0n }),
  ],
];

const CARRIES: readonly Forgery[] = [
  ['remainder one more, the carry a fraction', 'constraint RANGE12', MOD, [A, B], claims({ r: R + 1n })],
  [
    'low half of the remainder plus 2^128, carry one more',
    'RANGE12',
    MOD,
    [A, B],
    claims({ r: [(R >> 128n) - 1n, (R % HALF) + HALF] }),
  ],
  [
    'low half of the remainder negative, carry one less',
    'RANGE12',
    MOD,
    [A, B],
    claims({ r: [(R >> 128n) + 1n, (R % HALF) - HALF] }),
  ],
  [
    'carry dropped, the remainder takes it',
    'constraint RANGE12',
    MOD,
    [A, B],
    (row) => {
      claims({ r: [row.value('rHi') + row.value('carry'), row.value('rLo')], same: 0n })(row);
      row.limbs('carry', 0n);
    },
  ],
  [
    'low half of the quotient plus 2^128',
    'RANGE12',
    DIV,
    [A, 5n],
    claims({ q: [((A / 5n) >> 128n) - 1n, ((A / 5n) % HALF) + HALF] }),
  ],
  ['high half of the result plus 2^128', 'constraint RANGE12', DIV, SMALL, claims({ c: [HALF, 14n] })],
  ['the same by a borrow', 'RANGE12', DIV, SMALL, claims({ borrow: [0n, 1n] })],
  ['low half of the result plus 2^128 by a borrow', 'RANGE12', DIV, SMALL, claims({ borrow: [1n, 0n] })],
  ['a borrow of -1', 'constraint RANGE12', DIV, SMALL, claims({ borrow: [-1n, 0n] })],
  [
    'a borrow of a fraction: any high half',
    'constraint',
    DIV,
    SMALL,
    claims({ borrow: [0n, inverse(HALF)], c: [1n, 14n] }),
  ],
  [
    'a borrow of a fraction: any low half',
    'constraint',
    DIV,
    SMALL,
    claims({ borrow: [inverse(HALF), inverse(HALF) * inverse(HALF)], c: [0n, 15n] }),
  ],
  ['another result', 'constraint', DIV, SMALL, claims({ c: [0n, 15n] })],
  [
    'top limb of the remainder a sixteenth',
    'constraint RANGE12',
    MOD,
    [A, B],
    (row) => {
      const limbs = row.columns.rLo as readonly bigint[];
      row.put('rLo', { 10: mod(limbs[10]! + inverse(16n)) }).add('cLo', 1n);
    },
  ],
];

const ZERO: readonly Forgery[] = [
  ['DIV by zero gives a', 'constraint', DIV, [100n, 0n], claims({ c: [0n, 100n] })],
  ['DIV by zero gives 2^256 - 1', 'RANGE12', DIV, [100n, 0n], claims({ zero: 0n, q: minus(1n), r: 100n })],
  ['MOD by zero gives a: zero denied', 'RANGE12', MOD, [100n, 0n], claims({ zero: 0n, q: 0n, r: 100n })],
  ['MOD by zero gives a: as by 1', 'RANGE12', MOD, [100n, 0n], claims({ q: 0n, r: 100n })],
  ['SDIV by zero gives -1', 'RANGE12', SDIV, [minus(1n), 0n], claims({ zero: 0n, q: 1n, r: 1n })],
  ['SMOD by zero gives a', 'RANGE12', SMOD, [minus(9n), 0n], claims({ zero: 0n, q: 0n, r: 9n })],
  ['a divisor passed off as zero', 'constraint', DIV, SMALL, claims({ zero: 1n })],
  ['the same, only the high half not 0', 'constraint', DIV, [A, HALF], claims({ zero: 1n })],
  [
    'SMOD by zero gives a: 0 passed as negative, its absolute value 2^256',
    'RANGE12',
    SMOD,
    [5n, 0n],
    claims({ zero: 0n, bTop: 1n }),
  ],
  ['zero = 2: divided by b + 2', 'constraint', DIV, SMALL, claims({ zero: 2n, c: [0n, 11n] })],
  ['zero = -6: divided by 1', 'constraint', DIV, SMALL, claims({ zero: -6n, q: 100n, r: 0n, same: 1n, c: [0n, 100n] })],
];

const SIGNS: readonly Forgery[] = [
  ['SDIV: sign of a denied', 'RANGE12', SDIV, [minus(100n), 7n], claims({ aTop: 0n })],
  ['SDIV: sign of b denied', 'RANGE12', SDIV, [100n, minus(7n)], claims({ bTop: 0n })],
  ['SDIV: both denied', 'RANGE12', SDIV, [minus(7n), minus(100n)], claims({ aTop: 0n, bTop: 0n })],
  ['SDIV: a passed as negative', 'RANGE12', SDIV, SMALL, claims({ aTop: 1n })],
  ['SDIV: b passed as negative', 'RANGE12', SDIV, SMALL, claims({ bTop: 1n })],
  ['SDIV of the minimum: sign denied', 'RANGE12', SDIV, [MIN, 7n], claims({ aTop: 0n })],
  ['SDIV by the minimum: sign denied', 'RANGE12', SDIV, [MIN, MIN], claims({ bTop: 0n })],
  ['SDIV by 2^255 - 1: passed as negative', 'RANGE12', SDIV, [MIN - 1n, MIN - 1n], claims({ bTop: 1n })],
  ['DIV: sign of a counts', 'constraint', DIV, [minus(100n), 7n], claims({ aTop: 1n })],
  ['DIV: sign of b counts', 'constraint', DIV, [100n, minus(7n)], claims({ bTop: 1n })],
  [
    'DIV: two signs that cancel modulo r',
    'constraint RANGE12',
    DIV,
    [minus(100n), 7n],
    claims({ aTop: 1n, bTop: -1n, isNegative: true, q: 14n, r: 2n }),
  ],
  ['MOD: sign of a counts', 'constraint', MOD, [minus(100n), 7n], claims({ aTop: 1n })],
  ['SDIV: result not negated', 'constraint', SDIV, [minus(100n), 7n], claims({ isNegative: false })],
  ['SDIV: result negated, both negative', 'constraint', SDIV, [minus(100n), minus(7n)], claims({ isNegative: true })],
  ['SDIV of the minimum by -1 gives 0', 'constraint', SDIV, [MIN, minus(1n)], claims({ c: [0n, 0n] })],
  ['SDIV of the minimum by -1 gives 2^255 - 1', 'RANGE12', SDIV, [MIN, minus(1n)], claims({ q: MIN - 1n })],
  ['a borrow of 2', 'constraint RANGE12', SDIV, [MIN, 1n], claims({ borrow: [0n, 2n] })],
  ['SDIV rounds down: -7 / 2 = -4', 'RANGE12', SDIV, [minus(7n), 2n], claims({ q: 4n })],
  ['SDIV leaves a negative 0', 'RANGE12', SDIV, [minus(3n), 7n], claims({ borrow: [1n, 1n] })],
  ['SMOD takes the sign of the divisor', 'constraint', SMOD, [100n, minus(7n)], claims({ isNegative: true })],
  ['SMOD is never negative', 'constraint', SMOD, [minus(100n), 7n], claims({ isNegative: false })],
  ['SMOD is the residue below the divisor', 'constraint', SMOD, [minus(100n), 7n], claims({ c: [0n, 5n] })],
  ['SMOD with sign of a denied', 'RANGE12', SMOD, [minus(100n), 7n], claims({ aTop: 0n })],
  [
    'SMOD result one short: complement without its one',
    'constraint',
    SMOD,
    [minus(100n), 7n],
    claims({ c: split(minus(3n)) }),
  ],
  [
    'SDIV: a is not the complement plus one',
    'constraint',
    SDIV,
    [minus(7n), 7n],
    (row) =>
      row
        .limbs('qLo', 0n)
        .limbs('rLo', 6n)
        .limbs('slack', 0n)
        .limbs('cLo', 0n)
        .limbs('cHi', 0n)
        .set('borrow', [0n, 0n]),
  ],
  [
    'SMOD: sign of a a fraction that makes 101 of 100',
    'constraint RANGE12',
    SMOD,
    SMALL,
    claims({ aTop: inverse(HALF - 201n), q: 14n, r: 3n, isNegative: false }),
  ],
  [
    "SDIV: top limb of b's half a 32nd",
    'constraint RANGE12',
    SDIV,
    [100n, minus(7n)],
    (row) => {
      claims({ bTop: 0n })(row);
      const limbs = row.columns.bHi as readonly bigint[];
      row.put('bHi', { 10: mod(limbs[10]! * inverse(32n)) });
    },
  ],
  ['DIV as SDIV', 'CODE', SDIV, [minus(100n), 7n], () => {}, DIV],
  ['SDIV as DIV', 'CODE', DIV, [minus(100n), 7n], () => {}, SDIV],
  ['DIV as MOD', 'CODE', MOD, SMALL, () => {}, DIV],
  ['SMOD as MOD', 'CODE', MOD, [minus(100n), 7n], () => {}, SMOD],
  ['SMOD by sgn = 3, mod = 0', 'constraint', DIV, SMALL, claims({ sgn: 3n }), SMOD],
  ['DIV by sgn = 0, mod = 0 but the remainder pushed', 'constraint', DIV, SMALL, claims({ c: [0n, 2n] })],
  ['ADD divides by mod = -3/2', 'constraint', DIV, SMALL, claims({ mod: -3n * inverse(2n) }), 0x01],
  [
    'divisor swapped for another item',
    'STACK',
    DIV,
    SMALL,
    (row) => {
      row.put('b', { 1: 9n });
      claims({})(row);
    },
  ],
  [
    'dividend and divisor swapped',
    'STACK',
    DIV,
    [7n, 100n],
    (row) => {
      row.put('a', { 1: 100n }).put('b', { 1: 7n });
      claims({})(row);
    },
  ],
];

/** Lies about a division. */
export const DIV_FORGERIES: readonly Forgery[] = [...QUOTIENT, ...CARRIES, ...ZERO, ...SIGNS];
