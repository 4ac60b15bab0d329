import { inverse, mod } from '../../../src/bus/field.js';
import type { OneStep } from '../../helpers/chips/one-step.js';
import { asIs, type Change, type Forgery } from '../../helpers/chips/words-world.js';
import type { Draft } from '../../helpers/execution-forger.js';

const [LOAD, ISZERO] = [0x35, 0x15] as const;
const HALF = 1n << 128n;
/** Bytes 1 to 100: words 0 to 3, of which the last has four bytes. */
const frame = { data: Uint8Array.from({ length: 100 }, (_, i) => i + 1) };

/** Halves of the words of calldata, with zeros after its end. */
function halvesOf(data: Uint8Array, at: number): readonly [bigint, bigint] {
  const hex = Buffer.from(data.subarray(32 * at, 32 * at + 32))
    .toString('hex')
    .padEnd(64, '0');
  return [BigInt(`0x${hex.slice(0, 32)}`), BigInt(`0x${hex.slice(32)}`)];
}

/** What a row may claim; what is left out stays as it is. */
type Claim = Readonly<
  Partial<Record<'addr' | 'tx' | 'dataLen' | 'beyond' | 'last' | 'upper' | 'shift' | 'pow', bigint>>
>;

/** Claims something, and words; the bytes follow. */
function claims(claim: Claim, word?: readonly bigint[]): Change {
  return (row) => {
    for (const [name, value] of Object.entries(claim)) row.set(name, mod(value));
    if (word !== undefined) row.set('word', word);
    const words = row.columns.word as readonly [bigint, bigint, bigint, bigint];
    const [aHi, aLo] = row.columns.a as readonly [bigint, bigint];
    const beyond = row.get('beyond');
    const half = (i: number) => words[i + (row.get('upper') === 1n ? 1 : 0)]!;
    const cuts: bigint[] = [];
    const part = (name: string, product: bigint) => {
      const value = product < 0n ? mod(product) : product;
      row.limbs(name, value % HALF);
      cuts.unshift(value / HALF);
      return value / HALF;
    };
    const carry = part('rest', half(2) * row.get('pow') + beyond * ((aHi << 24n) + aLo - row.get('dataLen')));
    part('high', half(0) * row.get('pow') + part('low', half(1) * row.get('pow') + (1n - beyond) * carry));
    row.set(
      'cut',
      cuts.flatMap((cut) => limbs(cut)),
    );
  };
}

/** Ten limbs, what does not fit in the lowest one. */
function limbs(value: bigint): bigint[] {
  const fits = value < 1n << 120n;
  return Array.from({ length: 10 }, (_, i) => (fits ? (value >> BigInt(12 * i)) & 0xfffn : i === 0 ? value : 0n));
}

/** Adds to one of the three cuts, modulo r. */
const cutMore = (row: Draft, i: number, amount: bigint) => {
  const cut = row.columns.cut as readonly bigint[];
  return row.put('cut', { [10 * i]: mod(cut[10 * i]! + amount) });
};

/** Words of the other frame's calldata, as its own transaction has them. */
const ofOther = (claim: (step: OneStep) => Claim): Change => {
  return (row, step) => {
    const { data } = step.other.frame;
    return claims(claim(step), [...halvesOf(data, 0), ...halvesOf(data, 1)])(row, step);
  };
};

/** Lies about CALLDATALOAD. */
export const CALLDATALOAD_FORGERIES: readonly Forgery[] = [
  [
    'beyond the end: a word out of nothing',
    'TXDATA',
    LOAD,
    [128n],
    claims({ beyond: 0n, last: 1n }, [7n, 0n, 0n, 0n]),
    { frame },
  ],
  [
    'beyond the end: word 0',
    'TXDATA',
    LOAD,
    [128n],
    claims({ beyond: 0n, last: 1n }, [...halvesOf(frame.data, 0), 0n, 0n]),
    { frame },
  ],
  ['beyond the end: words in spite of it', 'constraint', LOAD, [128n], claims({}, [7n, 0n, 0n, 0n]), { frame }],
  ['beyond the end: the excess is taken on', 'constraint', LOAD, [HALF], (row) => row.add('low', 1n << 24n), { frame }],
  [
    'beyond the end: 2^128 + 4 as 4',
    'constraint',
    LOAD,
    [HALF + 4n],
    claims({ beyond: 0n, shift: 4n, pow: 1n << 32n }, [...halvesOf(frame.data, 0), ...halvesOf(frame.data, 1)]),
    { frame },
  ],
  ['beyond the end: 2^128 + 4 found, 4 taken', 'STACK', LOAD, [4n], asIs, { frame, found: [HALF + 4n] }],
  [
    'the last byte, passed as beyond',
    'RANGE12',
    LOAD,
    [99n],
    claims({ beyond: 1n, last: 0n, shift: 0n, pow: 1n }, [0n, 0n, 0n, 0n]),
    { frame },
  ],
  ['the first byte, passed as beyond', 'RANGE12', LOAD, [0n], claims({ beyond: 1n }, [0n, 0n, 0n, 0n]), { frame }],
  ['half beyond', 'constraint TXDATA', LOAD, [4n], claims({ beyond: inverse(2n) }), { frame }],
  [
    'beyond, of shorter calldata',
    'ENV',
    LOAD,
    [99n],
    claims({ dataLen: 90n, beyond: 1n, last: 0n, shift: 0n, pow: 1n }, [0n, 0n, 0n, 0n]),
    { frame },
  ],
  [
    'a second word that does not exist',
    'TXDATA',
    LOAD,
    [99n],
    claims({ last: 0n }, [...halvesOf(frame.data, 3), 7n << 120n, 0n]),
    { frame },
  ],
  [
    'a second word beside the last one',
    'constraint',
    LOAD,
    [99n],
    claims({}, [...halvesOf(frame.data, 3), 7n << 120n, 0n]),
    { frame },
  ],
  [
    'a second word that exists, passed as none',
    'RANGE12',
    LOAD,
    [4n],
    claims({ last: 1n }, [...halvesOf(frame.data, 0), 0n, 0n]),
    { frame },
  ],
  [
    'no second word, by shorter calldata',
    'ENV',
    LOAD,
    [4n],
    claims({ last: 1n, dataLen: 32n }, [...halvesOf(frame.data, 0), 0n, 0n]),
    { frame },
  ],
  [
    'second word: the third',
    'TXDATA',
    LOAD,
    [4n],
    claims({}, [...halvesOf(frame.data, 0), ...halvesOf(frame.data, 2)]),
    { frame },
  ],
  [
    'first word: the second',
    'TXDATA',
    LOAD,
    [4n],
    claims({}, [...halvesOf(frame.data, 1), ...halvesOf(frame.data, 2)]),
    { frame },
  ],
  [
    'halves of a word swapped',
    'TXDATA',
    LOAD,
    [0n],
    claims({}, [...[...halvesOf(frame.data, 0)].reverse(), ...halvesOf(frame.data, 1)]),
    { frame },
  ],
  ['words of another transaction', 'TXDATA', LOAD, [4n], ofOther(() => ({})), { frame }],
  [
    'words of another transaction, with its number',
    'FRAME',
    LOAD,
    [4n],
    ofOther(({ other }) => ({ tx: other.frame.tx })),
    { frame },
  ],
  [
    'words of another transaction, as its frame',
    'FRAME',
    LOAD,
    [4n],
    ofOther(({ other }) => ({ tx: other.frame.tx, addr: BigInt(other.frame.address) })),
    { frame },
  ],
  [
    'second word of another transaction',
    'TXDATA',
    LOAD,
    [4n],
    (row, step) => claims({}, [...halvesOf(frame.data, 0), ...halvesOf(step.other.frame.data, 1)])(row, step),
    { frame },
  ],
  ['one byte further', 'TXDATA', LOAD, [4n], claims({ shift: 5n, pow: 1n << 40n }), { frame }],
  ['sixteen bytes further', 'TXDATA', LOAD, [4n], claims({ upper: 1n }), { frame }],
  ['sixteen bytes further by the shift', 'POW2', LOAD, [16n], claims({ upper: 0n, shift: 16n, pow: 1n }), { frame }],
  [
    'thirty-two bytes back by the shift',
    'POW2',
    LOAD,
    [36n],
    claims({ shift: 36n, pow: 1n << 32n }, [...halvesOf(frame.data, 0), ...halvesOf(frame.data, 1)]),
    { frame },
  ],
  [
    'upper = 2: a word back',
    'constraint',
    LOAD,
    [36n],
    claims({ upper: 2n }, [...halvesOf(frame.data, 0), ...halvesOf(frame.data, 1)]),
    { frame },
  ],
  ['the wrong power', 'POW2', LOAD, [4n], claims({ pow: 1n << 40n }), { frame }],
  ['the power a fraction', 'POW2', LOAD, [4n], claims({ pow: 3n }), { frame }],
  ['high half plus 2^128', 'RANGE12', LOAD, [4n], (row) => cutMore(row.add('high', HALF), 0, -1n), { frame }],
  [
    'low half plus 2^128',
    'RANGE12',
    LOAD,
    [4n],
    (row) => cutMore(row.add('low', HALF).add('high', -1n), 1, -1n),
    { frame },
  ],
  ['low half one more, a fraction carried', 'RANGE12', LOAD, [4n], (row) => moveUp(row.add('low', 1n)), { frame }],
  [
    'high half one more, a fraction cut',
    'RANGE12',
    LOAD,
    [4n],
    (row) => cutMore(row.add('high', 1n), 0, -inverse(HALF)),
    { frame },
  ],
  ['low half one more', 'constraint', LOAD, [4n], (row) => row.add('low', 1n), { frame }],
  ['ISZERO as CALLDATALOAD', 'CODE', LOAD, [4n], asIs, { frame, at: ISZERO }],
  ['of another offset', 'STACK', LOAD, [4n], asIs, { frame, found: [36n] }],
  ['by a row that is off', 'constraint EXEC STACK', LOAD, [4n], (row) => row.set('en', 0n), { frame }],
];

/** Lets both cuts above the low half take what it has too much. */
function moveUp(row: Draft): unknown {
  const carried = inverse(HALF);
  cutMore(row, 1, -carried);
  return cutMore(row, 0, -carried * carried);
}
