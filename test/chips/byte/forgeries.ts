import { inverse, mod } from '../../../src/bus/field.js';
import { OP } from '../../../src/evm/opcodes.js';
import { does, type RowChange, stepForgeries } from '../../helpers/chips/step-forgeries.js';
import type { Draft } from '../../helpers/execution-forger.js';

const { SIGNEXTEND, BYTE, SHL } = OP;
const HALF = 1n << 128n;
/** Byte number i from the top is i + 1 or, in the lower half, i + 0x71. */
const X = 0x0102030405060708090a0b0c0d0e0f10_8182838485868788898a8b8c8d8e8f90n;

/** What a row may claim; what is left out stays as it is. */
type Claim = Readonly<Partial<Record<'extend' | 'far' | 'upper' | 'sign' | 'at' | 'rest', bigint>>>;

/** Claims something; digits follow from x at that place, but for a digit that is claimed. */
function claims(claim: Claim, pow?: bigint): RowChange {
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

const honest = does(BYTE, [5n, X]);

/** Lies about BYTE, SIGNEXTEND. */
export const FORGERIES = stepForgeries('byte', [
  { name: 'BYTE 5 as BYTE 4', caughtBy: 'constraint', honest, change: claims({ at: 11n }) },
  { name: 'BYTE 5 as BYTE 21', caughtBy: 'constraint', honest, change: claims({ upper: 0n }) },
  {
    name: 'BYTE 32 as BYTE 0',
    caughtBy: 'constraint',
    honest: does(BYTE, [32n, X]),
    change: claims({ far: 0n, at: 15n }),
  },
  {
    name: 'BYTE 32 as a byte below the lowest',
    caughtBy: 'POW2',
    honest: does(BYTE, [32n, X]),
    change: claims({ far: 0n, upper: 0n, at: mod(-1n) }, 1n),
  },
  {
    name: 'BYTE 2^128 as BYTE 0',
    caughtBy: 'constraint',
    honest: does(BYTE, [HALF, X]),
    change: claims({ far: 0n, at: 15n }),
  },
  {
    name: 'BYTE 16 by a place of 31 in the upper half',
    caughtBy: 'POW2',
    honest: does(BYTE, [16n, X]),
    change: claims({ at: mod(-1n), upper: 1n }, 1n),
  },
  { name: 'BYTE 31, passed as too far', caughtBy: 'RANGE12', honest: does(BYTE, [31n, X]), change: tooFar },
  { name: 'BYTE 0, passed as too far', caughtBy: 'RANGE12', honest: does(BYTE, [0n, X]), change: tooFar },
  {
    name: 'BYTE 40: not 0',
    caughtBy: 'constraint',
    honest: does(BYTE, [40n, X]),
    change: (row) => row.set('rest', 5n),
  },
  {
    name: 'BYTE 40: not 0, what is above takes it back',
    caughtBy: 'RANGE12',
    honest: does(BYTE, [40n, X]),
    change: (row) => row.set('rest', 5n).put('above', { 0: mod(-5n * inverse(256n)) }),
  },
  { name: 'BYTE one more', caughtBy: 'RANGE12', honest, change: oneMore },
  { name: 'BYTE one more, what is below takes it', caughtBy: 'RANGE12', honest, change: (row) => borrow(row, 1n) },
  { name: 'BYTE one less, what is below takes it', caughtBy: 'RANGE12', honest, change: (row) => borrow(row, -1n) },
  {
    name: 'BYTE of 256 more',
    caughtBy: 'RANGE12',
    honest,
    change: (row) => row.set('rest', row.get('rest') + 256n).add('above', -1n),
  },
  { name: 'BYTE with a bit of the one above', caughtBy: 'POW2', honest, change: claims({}, 1n << 79n) },
  { name: 'BYTE as SIGNEXTEND', caughtBy: 'CODE', honest, change: { as: SIGNEXTEND } },
  { name: 'SIGNEXTEND as BYTE', caughtBy: 'CODE', honest: does(SIGNEXTEND, [5n, X]), change: { as: BYTE } },
  {
    name: 'SIGNEXTEND counted from the top',
    caughtBy: 'constraint',
    honest: does(SIGNEXTEND, [5n, X]),
    change: claims({ upper: 1n, at: 10n }),
  },
  {
    name: 'SIGNEXTEND, sign dropped',
    caughtBy: 'RANGE12',
    honest: does(SIGNEXTEND, [5n, X]),
    change: (row) => row.set('rest', row.get('rest') + 128n).set('sign', 0n),
  },
  {
    name: 'SIGNEXTEND, sign out of nothing',
    caughtBy: 'RANGE12',
    honest: does(SIGNEXTEND, [20n, X]),
    change: (row) => row.set('rest', row.get('rest') - 128n).set('sign', 1n),
  },
  {
    name: 'SIGNEXTEND, sign of half',
    caughtBy: 'constraint',
    honest: does(SIGNEXTEND, [5n, X]),
    change: (row) => row.set('rest', row.get('rest') + 64n).set('sign', inverse(2n)),
  },
  {
    name: 'SIGNEXTEND, rest of a 32nd',
    caughtBy: 'RANGE12',
    honest: does(SIGNEXTEND, [5n, X]),
    change: (row) => fraction(row),
  },
  {
    name: 'SIGNEXTEND of the upper half as of the lower one',
    caughtBy: 'constraint',
    honest: does(SIGNEXTEND, [20n, X]),
    change: claims({ upper: 0n }),
  },
  {
    name: 'SIGNEXTEND 40 as SIGNEXTEND 8',
    caughtBy: 'constraint',
    honest: does(SIGNEXTEND, [40n, X]),
    change: claims({ far: 0n, upper: 0n, at: 8n }),
  },
  {
    name: 'SIGNEXTEND 40: the sign of the lower half fills',
    caughtBy: 'constraint',
    honest: does(SIGNEXTEND, [40n, X]),
    change: (row) => row.set('upper', 0n),
  },
  {
    name: 'SIGNEXTEND 40: bytes are cut',
    caughtBy: 'constraint',
    honest: does(SIGNEXTEND, [40n, X]),
    change: (row) => row.put('above', { 0: 1n }),
  },
  { name: 'SIGNEXTEND 5, passed as too far', caughtBy: 'RANGE12', honest: does(SIGNEXTEND, [5n, X]), change: tooFar },
  { name: 'of another word', caughtBy: 'STACK', honest: does(BYTE, [5n, X << 8n]), change: { items: [5n, X] } },
  { name: 'at another place', caughtBy: 'STACK', honest: does(BYTE, [6n, X]), change: { items: [5n, X] } },
  { name: 'SHL as BYTE', caughtBy: 'CODE', honest: does(SHL, [5n, X]), change: { as: BYTE } },
  { name: 'BYTE by a row that is off', caughtBy: 'EXEC STACK', honest, change: (row) => row.set('en', 0n) },
]);

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
