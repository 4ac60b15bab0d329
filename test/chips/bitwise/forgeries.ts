import { inverse, mod } from '../../../src/bus/field.js';
import { ADDRESS_MASK } from '../../../src/chips/mask.js';
import { asIs, type Forgery } from '../../helpers/chips/words-world.js';
import type { Draft } from '../../helpers/execution-forger.js';

const [ISZERO, AND, OR, XOR, NOT] = [0x15, 0x16, 0x17, 0x18, 0x19] as const;
const [X, Y] = [(0xabcdn << 200n) + 0x1234n, (0xf0f0n << 200n) + 0xff7fn];
/** A word with bits above an address. */
const Z = (0x77n << 180n) + (5n << 128n) + 99n;
const SIXTEENTH = inverse(16n);

/** The carry of 16 out of an upper nibble: the digits say the same number, one of them is no nibble. */
const borrowed = (row: Draft, nibbles: string, i: number) => {
  const list = row.columns[nibbles] as readonly bigint[];
  row.put(nibbles, { [i]: list[i]! + 16n, [i + 1]: list[i + 1]! - 1n });
};

/** Adds to an element of a list. */
const plus = (row: Draft, name: string, i: number, amount: bigint) =>
  row.put(name, { [i]: mod((row.columns[name] as readonly bigint[])[i]! + amount) });

/** Lies about AND, OR, XOR. */
export const BITWISE_FORGERIES: readonly Forgery[] = [
  ['AND with a bit more', 'AND4', AND, [X, Y], (row) => plus(row, 'cNibbles', 33, 8n)],
  ['AND with a bit less', 'AND4', AND, [X, Y], (row) => row.put('cNibbles', { 33: 0n })],
  ['AND plus 2^128', 'AND4', AND, [X, Y], (row) => plus(row, 'cNibbles', 31, 16n)],
  ['AND, a carry from nibble to nibble', 'AND4', AND, [X, Y], (row) => plus(row, 'cNibbles', 0, 16n)],
  [
    'AND, halves swapped',
    'AND4',
    AND,
    [X, Y],
    (row) => {
      const c = row.columns.cNibbles as readonly bigint[];
      row.set('cNibbles', [...c.slice(32), ...c.slice(0, 32)]);
    },
  ],
  [
    'nibble of 16',
    'AND4',
    AND,
    [X, Y],
    (row) => {
      borrowed(row, 'aNibbles', 31);
      plus(row, 'cNibbles', 33, 1n);
    },
  ],
  [
    'lowest nibble of 16, by the ones above it',
    'AND4',
    OR,
    [X, Y],
    (row) => {
      plus(row, 'aNibbles', 31, -1n);
      plus(row, 'cNibbles', 32, 1n);
    },
  ],
  [
    'nibble a fraction: one more in the one below',
    'AND4',
    XOR,
    [X, Y],
    (row) => {
      plus(row, 'bNibbles', 31, -SIXTEENTH);
      plus(row, 'cNibbles', 32, -1n);
    },
  ],
  [
    'nibbles of another number',
    'AND4',
    AND,
    [X, Y],
    (row) => {
      plus(row, 'aNibbles', 40, 1n);
      plus(row, 'cNibbles', 41, 1n);
    },
  ],
  ['OR as AND', 'CODE', AND, [X, Y], asIs, { at: OR }],
  ['AND as OR', 'CODE', OR, [X, Y], asIs, { at: AND }],
  ['XOR as OR', 'CODE', OR, [X, Y], asIs, { at: XOR }],
  ['OR as XOR', 'CODE', XOR, [X, Y], asIs, { at: OR }],
  ['AND of another item', 'STACK', AND, [X, Y], asIs, { found: [X, Y + 1n] }],
  [
    'NOT as OR and XOR at once: an item too many goes',
    'constraint',
    OR,
    [X, Y],
    (row) => row.set('xor', 1n),
    { at: NOT },
  ],
  ['OR twice in place of XOR', 'constraint', OR, [X, Y], (row) => row.set('or', 2n), { at: XOR }],
  [
    'OR less than nothing: XOR and minus one OR',
    'constraint',
    XOR,
    [X, Y],
    (row) => row.set('or', mod(-1n)),
    { at: OR },
  ],
  ['XOR by half: OR', 'constraint', XOR, [X, Y], (row) => row.set('xor', inverse(2n)), { at: OR }],
  ['AND by a row that is off', 'EXEC STACK', AND, [X, Y], (row) => row.set('en', 0n)],
  ['AND twice', 'constraint EXEC STACK', AND, [X, Y], (row) => row.set('en', 2n)],
];

/** Lies about AND with the mask of an address. */
export const MASK_FORGERIES: readonly Forgery[] = [
  [
    'a bit above the address is kept',
    'RANGE12',
    AND,
    [ADDRESS_MASK, Z],
    (row) => row.add('kept', 1n << 32n).add('cut', -1n),
  ],
  [
    'a bit of the address is cut',
    'RANGE12',
    AND,
    [ADDRESS_MASK, Z],
    (row) => row.limbs('kept', 0n).limbs('cut', row.value('cut') + 5n * inverse(1n << 32n)),
  ],
  ['nothing is cut', 'RANGE12', AND, [ADDRESS_MASK, Z], (row) => row.limbs('kept', Z >> 128n).limbs('cut', 0n)],
  [
    'top limb a sixteenth',
    'RANGE12',
    AND,
    [ADDRESS_MASK, Z],
    (row) => {
      row.put('kept', { 2: SIXTEENTH });
      const moved = (5n - row.value('kept')) * inverse(1n << 32n);
      row.limbs('cut', mod(row.value('cut') + moved));
    },
  ],
  ['a bit more', 'constraint', AND, [ADDRESS_MASK, Z], (row) => row.add('kept', 1n)],
  ['low half of another word', 'STACK', AND, [ADDRESS_MASK, Z], (row) => row.put('a', { 1: 98n })],
  [
    'high half of another word',
    'constraint STACK',
    AND,
    [ADDRESS_MASK, Z],
    (row) => row.put('a', { 0: 0n }).add('kept', -1n),
  ],
  ['another mask', 'STACK', AND, [ADDRESS_MASK, Z], asIs, { found: [1n, Z] }],
  ['a mask with a longer high half', 'STACK', AND, [ADDRESS_MASK, Z], asIs, { found: [(1n << 184n) - 1n, Z] }],
  ['a mask with holes in its low half', 'STACK', AND, [Z, ADDRESS_MASK], asIs, { found: [Z, ADDRESS_MASK - 2n] }],
  [
    'value and mask change places',
    'STACK',
    AND,
    [ADDRESS_MASK, Z],
    (row) => row.set('second', 1n).limbs('kept', 0n).limbs('cut', 0n).put('a', { 0: 0n }),
  ],
  [
    'mask at half a place',
    'constraint STACK',
    AND,
    [ADDRESS_MASK, Z],
    (row) => row.set('second', inverse(2n)).add('kept', 1n),
  ],
  ['OR as AND with the mask', 'CODE', AND, [ADDRESS_MASK, Z], asIs, { at: OR }],
];

/** Lies about NOT. */
export const NOT_FORGERIES: readonly Forgery[] = [
  ['NOT of another item', 'STACK', NOT, [X], asIs, { found: [Y] }],
  ['NOT of a later item', 'RANGE12 STACK', NOT, [X], (row) => row.put('a', { 0: 0n, 2: mod(-1n), 3: 0n, 4: 0n })],
  ['ISZERO as NOT', 'CODE', NOT, [X], asIs, { at: ISZERO }],
  ['NOT of an item of another frame', 'EXEC STACK', NOT, [X], (row) => row.put('exec', { 1: 7n })],
];
