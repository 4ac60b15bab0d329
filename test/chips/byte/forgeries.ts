import { inverse, mod } from '../../../src/bus/field.js';
import { asIs, type Change, type Forgery } from '../../helpers/chips/words-world.js';
import type { Draft } from '../../helpers/execution-forger.js';

const [SIGNEXTEND, BYTE, SHL] = [0x0b, 0x1a, 0x1b] as const;
const HALF = 1n << 128n;
/** Byte number i from the top is i + 1 or, in the lower half, i + 0x71. */
const X = 0x0102030405060708090a0b0c0d0e0f10_8182838485868788898a8b8c8d8e8f90n;

/** What a row may claim; what is left out stays as it is. */
type Claim = Readonly<Partial<Record<'extend' | 'far' | 'upper' | 'sign' | 'at' | 'rest', bigint>>>;

/** Claims something; digits follow from x at that place, but for a digit that is claimed. */
function claims(claim: Claim, pow?: bigint): Change {
  return (row) => {
    for (const [name, value] of Object.entries(claim)) row.set(name, mod(value));
    const [hi, lo] = row.columns.x as readonly [bigint, bigint];
    const base = pow ?? 1n << (8n * row.get('at'));
    const half = row.get('upper') === 1n ? hi : lo;
    const byte = (half / base) % 256n;
    if (claim.sign === undefined && claim.rest === undefined) row.set('sign', byte >> 7n).set('rest', byte & 127n);
    row.limbs('above', half / (256n * base)).limbs('below', half % base);
    row.limbs('room', base - 1n - (half % base));
  };
}

/** The byte is one more; what is above follows modulo r. */
function oneMore(row: Draft): unknown {
  row.set('rest', row.get('rest') + 1n);
  return row.limbs('above', mod(row.value('above') - inverse(256n)));
}

/** Lies about BYTE, SIGNEXTEND. */
export const BYTE_FORGERIES: readonly Forgery[] = [
  ['BYTE 5 as BYTE 4', 'constraint', BYTE, [5n, X], claims({ at: 11n })],
  ['BYTE 5 as BYTE 21', 'constraint', BYTE, [5n, X], claims({ upper: 0n })],
  ['BYTE 32 as BYTE 0', 'constraint', BYTE, [32n, X], claims({ far: 0n, at: 15n })],
  ['BYTE 32 as a byte below the lowest', 'POW2', BYTE, [32n, X], claims({ far: 0n, upper: 0n, at: mod(-1n) }, 1n)],
  ['BYTE 2^128 as BYTE 0', 'constraint', BYTE, [HALF, X], claims({ far: 0n, at: 15n })],
  ['BYTE 16 by a place of 31 in the upper half', 'POW2', BYTE, [16n, X], claims({ at: mod(-1n), upper: 1n }, 1n)],
  ['BYTE 31, passed as too far', 'RANGE12', BYTE, [31n, X], tooFar],
  ['BYTE 0, passed as too far', 'RANGE12', BYTE, [0n, X], tooFar],
  ['BYTE 40: not 0', 'constraint', BYTE, [40n, X], (row) => row.set('rest', 5n)],
  [
    'BYTE 40: not 0, what is above takes it back',
    'RANGE12',
    BYTE,
    [40n, X],
    (row) => row.set('rest', 5n).put('above', { 0: mod(-5n * inverse(256n)) }),
  ],
  ['BYTE one more', 'RANGE12', BYTE, [5n, X], oneMore],
  ['BYTE one more, what is below takes it', 'RANGE12', BYTE, [5n, X], (row) => borrow(row, 1n)],
  ['BYTE one less, what is below takes it', 'RANGE12', BYTE, [5n, X], (row) => borrow(row, -1n)],
  ['BYTE of 256 more', 'RANGE12', BYTE, [5n, X], (row) => row.set('rest', row.get('rest') + 256n).add('above', -1n)],
  ['BYTE with a bit of the one above', 'POW2', BYTE, [5n, X], claims({}, 1n << 79n)],
  ['BYTE as SIGNEXTEND', 'CODE', SIGNEXTEND, [5n, X], asIs, { at: BYTE }],
  ['SIGNEXTEND as BYTE', 'CODE', BYTE, [5n, X], asIs, { at: SIGNEXTEND }],
  ['SIGNEXTEND counted from the top', 'constraint', SIGNEXTEND, [5n, X], claims({ upper: 1n, at: 10n })],
  [
    'SIGNEXTEND, sign dropped',
    'RANGE12',
    SIGNEXTEND,
    [5n, X],
    (row) => row.set('rest', row.get('rest') + 128n).set('sign', 0n),
  ],
  [
    'SIGNEXTEND, sign out of nothing',
    'RANGE12',
    SIGNEXTEND,
    [20n, X],
    (row) => row.set('rest', row.get('rest') - 128n).set('sign', 1n),
  ],
  [
    'SIGNEXTEND, sign of half',
    'constraint',
    SIGNEXTEND,
    [5n, X],
    (row) => row.set('rest', row.get('rest') + 64n).set('sign', inverse(2n)),
  ],
  ['SIGNEXTEND, rest of a 32nd', 'RANGE12', SIGNEXTEND, [5n, X], (row) => fraction(row)],
  ['SIGNEXTEND of the upper half as of the lower one', 'constraint', SIGNEXTEND, [20n, X], claims({ upper: 0n })],
  ['SIGNEXTEND 40 as SIGNEXTEND 8', 'constraint', SIGNEXTEND, [40n, X], claims({ far: 0n, upper: 0n, at: 8n })],
  [
    'SIGNEXTEND 40: the sign of the lower half fills',
    'constraint',
    SIGNEXTEND,
    [40n, X],
    (row) => row.set('upper', 0n),
  ],
  ['SIGNEXTEND 40: bytes are cut', 'constraint', SIGNEXTEND, [40n, X], (row) => row.put('above', { 0: 1n })],
  ['SIGNEXTEND 5, passed as too far', 'RANGE12', SIGNEXTEND, [5n, X], tooFar],
  ['of another word', 'STACK', BYTE, [5n, X], asIs, { found: [5n, X << 8n] }],
  ['at another place', 'STACK', BYTE, [5n, X], asIs, { found: [6n, X] }],
  ['SHL as BYTE', 'CODE', BYTE, [5n, X], asIs, { at: SHL }],
  ['BYTE by a row that is off', 'EXEC STACK', BYTE, [5n, X], (row) => row.set('en', 0n)],
];

/** The excess is negative; everything else is as it must be. */
function tooFar(row: Draft): unknown {
  const [hi, lo] = row.columns.i as readonly [bigint, bigint];
  row.set('far', 1n).set('upper', 1n).set('at', 0n).set('sign', 0n).set('rest', 0n);
  return row
    .limbs('above', 0n)
    .limbs('room', 0n)
    .limbs('below', mod(32n * hi + lo - 32n));
}

/** Takes from what is below the byte for the byte. */
function borrow(row: Draft, amount: bigint): unknown {
  const pow = 1n << (8n * row.get('at'));
  row.set('rest', row.get('rest') + amount);
  return row
    .limbs('below', mod(row.value('below') - amount * pow))
    .limbs('room', mod(row.value('room') + amount * pow));
}

/** rest is no integer, 32 times it is; above makes up for it. */
function fraction(row: Draft): unknown {
  const by = inverse(32n);
  row.set('rest', mod(row.get('rest') + by));
  return row.limbs('above', mod(row.value('above') - by * inverse(256n)));
}
