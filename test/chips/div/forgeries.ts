import { inverse, mod, toLimbs } from '../../../src/bus/field.js';
import { OP } from '../../../src/evm/opcodes.js';
import { does, type StepForgery, stepForgeries } from '../../helpers/chips/step-forgeries.js';
import { claims } from './claims.js';

const { DIV, SDIV, MOD, SMOD } = OP;
const HALF = 1n << 128n;
const MIN = 1n << 255n;
const minus = (x: bigint) => (1n << 256n) - x;
/** A = Q * B + R. */
const [Q, B, R] = [0x123456789abcdef0123456789abcdefn, (3n << 129n) + (0xfedcba98n << 96n) + 7n, (5n << 127n) + 1n];
const A = Q * B + R;
/** The same with small numbers: 100 = 14 * 7 + 2. */
const SMALL = [100n, 7n];

/** The quotient grows by 2^i, the divisor has the bit 2^j: the product is beyond 2^256 and in none of the two equations. */
const beyond = (part: string, i: bigint, j: bigint): StepForgery => ({
  name: `quotient plus 2^${i} times 2^${j} does not overflow: ${part}`,
  caughtBy: 'constraint',
  honest: does(DIV, [(3n << j) + 1n, 1n << j]),
  change: claims({ q: 3n + (1n << i), r: 1n }),
});

const honest = does(DIV, SMALL);

const QUOTIENT: readonly StepForgery[] = [
  {
    name: 'quotient one less, remainder beyond the divisor',
    caughtBy: 'RANGE12',
    honest: does(DIV, [A, B]),
    change: claims({ q: Q - 1n }),
  },
  {
    name: 'quotient one more, remainder negative',
    caughtBy: 'RANGE12',
    honest: does(DIV, [A, B]),
    change: claims({ q: Q + 1n }),
  },
  { name: 'quotient one less of small numbers', caughtBy: 'RANGE12', honest, change: claims({ q: 13n }) },
  { name: 'quotient one more of small numbers', caughtBy: 'RANGE12', honest, change: claims({ q: 15n }) },
  {
    name: 'quotient one more, remainder kept',
    caughtBy: 'constraint RANGE12',
    honest: does(DIV, [A, B]),
    change: claims({ q: Q + 1n, r: R }),
  },
  { name: 'remainder = divisor', caughtBy: 'RANGE12', honest: does(DIV, [98n, 7n]), change: claims({ q: 13n }) },
  {
    name: 'remainder = divisor, large',
    caughtBy: 'RANGE12',
    honest: does(MOD, [Q * B, B]),
    change: claims({ q: Q - 1n }),
  },
  { name: 'MOD leaves all: quotient 0', caughtBy: 'RANGE12', honest: does(MOD, [A, B]), change: claims({ q: 0n }) },
  {
    name: 'high halves called equal that are not',
    caughtBy: 'constraint',
    honest: does(DIV, [5n * (HALF + 10n) + HALF - 7n, HALF + 10n]),
    change: claims({ q: 4n, same: 1n }),
  },
  {
    name: 'remainder beyond the divisor, high halves called equal',
    caughtBy: 'constraint',
    honest: does(MOD, [A, B]),
    change: claims({ q: Q - 1n, same: 1n }),
  },
  {
    name: 'remainder = divisor, high halves called different',
    caughtBy: 'RANGE12',
    honest: does(DIV, [98n, 7n]),
    change: claims({ q: 13n, same: 0n }),
  },
  {
    name: 'remainder against no half: same = -1',
    caughtBy: 'constraint',
    honest: does(DIV, [107n, 7n]),
    change: claims({ q: 14n, same: -1n }),
  },
  {
    name: 'remainder = divisor, its 2^128 hidden in the low half',
    caughtBy: 'RANGE12',
    honest: does(DIV, [5n * HALF, HALF]),
    change: claims({ q: 4n, r: [0n, HALF] }),
  },
  {
    name: 'the same for MOD',
    caughtBy: 'RANGE12',
    honest: does(MOD, [5n * HALF, HALF]),
    change: claims({ q: 4n, r: [0n, HALF] }),
  },
  {
    name: 'a quotient in the field: a / b mod r, remainder 0',
    caughtBy: 'RANGE12',
    honest,
    change: claims({ q: [0n, mod(100n * inverse(7n))], r: 0n, same: 1n }),
  },
  beyond('q1 d3', 72n, 200n),
  beyond('q2 d2', 128n, 128n),
  beyond('q2 d3', 128n, 200n),
  beyond('q3 d1', 200n, 72n),
  beyond('q3 d2', 200n, 128n),
  beyond('q3 d3', 200n, 200n),
  {
    name: 'quotient plus 2^256 / b: the product is 2^256 more',
    caughtBy: 'constraint',
    honest: does(DIV, [100n, 4n]),
    change: claims({ q: 25n + (1n << 254n), r: 0n }),
  },
  {
    name: 'quotient plus 2^256',
    caughtBy: 'constraint RANGE12',
    honest: does(DIV, [100n, 1n]),
    change: claims({ q: 100n + (1n << 256n), r: 0n }),
  },
  {
    name: 'products beyond 2^256 cancel by a negative part',
    caughtBy: 'constraint RANGE12',
    honest: does(DIV, [(3n << 200n) + (3n << 128n), (1n << 200n) + HALF]),
    change: claims({ q: [1n, 3n - (1n << 72n) * ((1n << 72n) + 1n)], r: 0n }),
  },
];

const CARRIES: readonly StepForgery[] = [
  {
    name: 'remainder one more, the carry a fraction',
    caughtBy: 'constraint RANGE12',
    honest: does(MOD, [A, B]),
    change: claims({ r: R + 1n }),
  },
  {
    name: 'low half of the remainder plus 2^128, carry one more',
    caughtBy: 'RANGE12',
    honest: does(MOD, [A, B]),
    change: claims({ r: [(R >> 128n) - 1n, (R % HALF) + HALF] }),
  },
  {
    name: 'low half of the remainder negative, carry one less',
    caughtBy: 'RANGE12',
    honest: does(MOD, [A, B]),
    change: claims({ r: [(R >> 128n) + 1n, (R % HALF) - HALF] }),
  },
  {
    name: 'carry dropped, the remainder takes it',
    caughtBy: 'constraint RANGE12',
    honest: does(MOD, [A, B]),
    change: (row) => {
      claims({ r: [row.value('rHi') + row.value('carry'), row.value('rLo')], same: 0n })(row);
      row.limbs('carry', 0n);
    },
  },
  {
    name: 'low half of the quotient plus 2^128',
    caughtBy: 'RANGE12',
    honest: does(DIV, [A, 5n]),
    change: claims({ q: [((A / 5n) >> 128n) - 1n, ((A / 5n) % HALF) + HALF] }),
  },
  {
    name: 'high half of the result plus 2^128',
    caughtBy: 'constraint RANGE12',
    honest,
    change: claims({ c: [HALF, 14n] }),
  },
  { name: 'the same by a borrow', caughtBy: 'RANGE12', honest, change: claims({ borrow: [0n, 1n] }) },
  {
    name: 'low half of the result plus 2^128 by a borrow',
    caughtBy: 'RANGE12',
    honest,
    change: claims({ borrow: [1n, 0n] }),
  },
  { name: 'a borrow of -1', caughtBy: 'constraint RANGE12', honest, change: claims({ borrow: [-1n, 0n] }) },
  {
    name: 'a borrow of a fraction: any high half',
    caughtBy: 'constraint',
    honest,
    change: claims({ borrow: [0n, inverse(HALF)], c: [1n, 14n] }),
  },
  {
    name: 'a borrow of a fraction: any low half',
    caughtBy: 'constraint',
    honest,
    change: claims({ borrow: [inverse(HALF), inverse(HALF) * inverse(HALF)], c: [0n, 15n] }),
  },
  { name: 'another result', caughtBy: 'constraint', honest, change: claims({ c: [0n, 15n] }) },
  {
    name: 'top limb of the remainder a sixteenth',
    caughtBy: 'constraint RANGE12',
    honest: does(MOD, [A, B]),
    change: (row) => {
      const limbs = row.columns.rLo as readonly bigint[];
      row.put('rLo', { 10: mod(limbs[10]! + inverse(16n)) }).add('cLo', 1n);
    },
  },
];

const ZERO: readonly StepForgery[] = [
  {
    name: 'DIV by zero gives a',
    caughtBy: 'constraint',
    honest: does(DIV, [100n, 0n]),
    change: claims({ c: [0n, 100n] }),
  },
  {
    name: 'DIV by zero gives 2^256 - 1',
    caughtBy: 'RANGE12',
    honest: does(DIV, [100n, 0n]),
    change: claims({ zero: 0n, q: minus(1n), r: 100n }),
  },
  {
    name: 'MOD by zero gives a: zero denied',
    caughtBy: 'RANGE12',
    honest: does(MOD, [100n, 0n]),
    change: claims({ zero: 0n, q: 0n, r: 100n }),
  },
  {
    name: 'MOD by zero gives a: as by 1',
    caughtBy: 'RANGE12',
    honest: does(MOD, [100n, 0n]),
    change: claims({ q: 0n, r: 100n }),
  },
  {
    name: 'SDIV by zero gives -1',
    caughtBy: 'RANGE12',
    honest: does(SDIV, [minus(1n), 0n]),
    change: claims({ zero: 0n, q: 1n, r: 1n }),
  },
  {
    name: 'SMOD by zero gives a',
    caughtBy: 'RANGE12',
    honest: does(SMOD, [minus(9n), 0n]),
    change: claims({ zero: 0n, q: 0n, r: 9n }),
  },
  { name: 'a divisor passed off as zero', caughtBy: 'constraint', honest, change: claims({ zero: 1n }) },
  {
    name: 'the same, only the high half not 0',
    caughtBy: 'constraint',
    honest: does(DIV, [A, HALF]),
    change: claims({ zero: 1n }),
  },
  {
    name: 'SMOD by zero gives a: 0 passed as negative, its absolute value 2^256',
    caughtBy: 'RANGE12',
    honest: does(SMOD, [5n, 0n]),
    change: claims({ zero: 0n, bTop: 1n }),
  },
  { name: 'zero = 2: divided by b + 2', caughtBy: 'constraint', honest, change: claims({ zero: 2n, c: [0n, 11n] }) },
  {
    name: 'zero = -6: divided by 1',
    caughtBy: 'constraint',
    honest,
    change: claims({ zero: -6n, q: 100n, r: 0n, same: 1n, c: [0n, 100n] }),
  },
];

const SIGNS: readonly StepForgery[] = [
  {
    name: 'SDIV: sign of a denied',
    caughtBy: 'RANGE12',
    honest: does(SDIV, [minus(100n), 7n]),
    change: claims({ aTop: 0n }),
  },
  {
    name: 'SDIV: sign of b denied',
    caughtBy: 'RANGE12',
    honest: does(SDIV, [100n, minus(7n)]),
    change: claims({ bTop: 0n }),
  },
  {
    name: 'SDIV: both denied',
    caughtBy: 'RANGE12',
    honest: does(SDIV, [minus(7n), minus(100n)]),
    change: claims({ aTop: 0n, bTop: 0n }),
  },
  { name: 'SDIV: a passed as negative', caughtBy: 'RANGE12', honest: does(SDIV, SMALL), change: claims({ aTop: 1n }) },
  { name: 'SDIV: b passed as negative', caughtBy: 'RANGE12', honest: does(SDIV, SMALL), change: claims({ bTop: 1n }) },
  {
    name: 'SDIV of the minimum: sign denied',
    caughtBy: 'RANGE12',
    honest: does(SDIV, [MIN, 7n]),
    change: claims({ aTop: 0n }),
  },
  {
    name: 'SDIV by the minimum: sign denied',
    caughtBy: 'RANGE12',
    honest: does(SDIV, [MIN, MIN]),
    change: claims({ bTop: 0n }),
  },
  {
    name: 'SDIV by 2^255 - 1: passed as negative',
    caughtBy: 'RANGE12',
    honest: does(SDIV, [MIN - 1n, MIN - 1n]),
    change: claims({ bTop: 1n }),
  },
  {
    name: 'DIV: sign of a counts',
    caughtBy: 'constraint',
    honest: does(DIV, [minus(100n), 7n]),
    change: claims({ aTop: 1n }),
  },
  {
    name: 'DIV: sign of b counts',
    caughtBy: 'constraint',
    honest: does(DIV, [100n, minus(7n)]),
    change: claims({ bTop: 1n }),
  },
  {
    name: 'DIV: two signs that cancel modulo r',
    caughtBy: 'constraint RANGE12',
    honest: does(DIV, [minus(100n), 7n]),
    change: claims({ aTop: 1n, bTop: -1n, isNegative: true, q: 14n, r: 2n }),
  },
  {
    name: 'MOD: sign of a counts',
    caughtBy: 'constraint',
    honest: does(MOD, [minus(100n), 7n]),
    change: claims({ aTop: 1n }),
  },
  {
    name: 'SDIV: result not negated',
    caughtBy: 'constraint',
    honest: does(SDIV, [minus(100n), 7n]),
    change: claims({ isNegative: false }),
  },
  {
    name: 'SDIV: result negated, both negative',
    caughtBy: 'constraint',
    honest: does(SDIV, [minus(100n), minus(7n)]),
    change: claims({ isNegative: true }),
  },
  {
    name: 'SDIV of the minimum by -1 gives 0',
    caughtBy: 'constraint',
    honest: does(SDIV, [MIN, minus(1n)]),
    change: claims({ c: [0n, 0n] }),
  },
  {
    name: 'SDIV of the minimum by -1 gives 2^255 - 1',
    caughtBy: 'RANGE12',
    honest: does(SDIV, [MIN, minus(1n)]),
    change: claims({ q: MIN - 1n }),
  },
  {
    name: 'a borrow of 2',
    caughtBy: 'constraint RANGE12',
    honest: does(SDIV, [MIN, 1n]),
    change: claims({ borrow: [0n, 2n] }),
  },
  {
    name: 'SDIV rounds down: -7 / 2 = -4',
    caughtBy: 'RANGE12',
    honest: does(SDIV, [minus(7n), 2n]),
    change: claims({ q: 4n }),
  },
  {
    name: 'SDIV leaves a negative 0',
    caughtBy: 'RANGE12',
    honest: does(SDIV, [minus(3n), 7n]),
    change: claims({ borrow: [1n, 1n] }),
  },
  {
    name: 'SMOD takes the sign of the divisor',
    caughtBy: 'constraint',
    honest: does(SMOD, [100n, minus(7n)]),
    change: claims({ isNegative: true }),
  },
  {
    name: 'SMOD is never negative',
    caughtBy: 'constraint',
    honest: does(SMOD, [minus(100n), 7n]),
    change: claims({ isNegative: false }),
  },
  {
    name: 'SMOD is the residue below the divisor',
    caughtBy: 'constraint',
    honest: does(SMOD, [minus(100n), 7n]),
    change: claims({ c: [0n, 5n] }),
  },
  {
    name: 'SMOD with sign of a denied',
    caughtBy: 'RANGE12',
    honest: does(SMOD, [minus(100n), 7n]),
    change: claims({ aTop: 0n }),
  },
  {
    name: 'SMOD result one short: complement without its one',
    caughtBy: 'constraint',
    honest: does(SMOD, [minus(100n), 7n]),
    change: claims({ c: toLimbs(minus(3n)) }),
  },
  {
    name: 'SDIV: a is not the complement plus one',
    caughtBy: 'constraint',
    honest: does(SDIV, [minus(7n), 7n]),
    change: (row) =>
      row
        .limbs('qLo', 0n)
        .limbs('rLo', 6n)
        .limbs('slack', 0n)
        .limbs('cLo', 0n)
        .limbs('cHi', 0n)
        .set('borrow', [0n, 0n]),
  },
  {
    name: 'SMOD: sign of a a fraction that makes 101 of 100',
    caughtBy: 'constraint RANGE12',
    honest: does(SMOD, SMALL),
    change: claims({ aTop: inverse(HALF - 201n), q: 14n, r: 3n, isNegative: false }),
  },
  {
    name: "SDIV: top limb of b's half a 32nd",
    caughtBy: 'constraint RANGE12',
    honest: does(SDIV, [100n, minus(7n)]),
    change: (row) => {
      claims({ bTop: 0n })(row);
      const limbs = row.columns.bHi as readonly bigint[];
      row.put('bHi', { 10: mod(limbs[10]! * inverse(32n)) });
    },
  },
  { name: 'DIV as SDIV', caughtBy: 'CODE', honest: does(DIV, [minus(100n), 7n]), change: { as: SDIV } },
  { name: 'SDIV as DIV', caughtBy: 'CODE', honest: does(SDIV, [minus(100n), 7n]), change: { as: DIV } },
  { name: 'DIV as MOD', caughtBy: 'CODE', honest, change: { as: MOD } },
  { name: 'SMOD as MOD', caughtBy: 'CODE', honest: does(SMOD, [minus(100n), 7n]), change: { as: MOD } },
  {
    name: 'SMOD by sgn = 3, mod = 0',
    caughtBy: 'constraint',
    honest: does(SMOD, SMALL),
    change: { as: DIV, row: claims({ sgn: 3n }) },
  },
  {
    name: 'DIV by sgn = 0, mod = 0 but the remainder pushed',
    caughtBy: 'constraint',
    honest,
    change: claims({ c: [0n, 2n] }),
  },
  {
    name: 'ADD divides by mod = -3/2',
    caughtBy: 'constraint',
    honest: does(OP.ADD, SMALL),
    change: { as: DIV, row: claims({ mod: -3n * inverse(2n) }) },
  },
  {
    name: 'divisor swapped for another item',
    caughtBy: 'STACK',
    honest,
    change: (row) => {
      row.put('b', { 1: 9n });
      claims({})(row);
    },
  },
  {
    name: 'dividend and divisor swapped',
    caughtBy: 'STACK',
    honest: does(DIV, [7n, 100n]),
    change: (row) => {
      row.put('a', { 1: 100n }).put('b', { 1: 7n });
      claims({})(row);
    },
  },
];

/** Lies about a division. */
export const FORGERIES = stepForgeries('div', [...QUOTIENT, ...CARRIES, ...ZERO, ...SIGNS]);
