import { inverse, mod } from '../../../src/bus/field.js';
import { OP } from '../../../src/evm/opcodes.js';
import type { OneStep } from '../../helpers/chips/one-step.js';
import { does, type RowChange, stepForgeries } from '../../helpers/chips/step-forgeries.js';
import type { Draft } from '../../helpers/execution-forger.js';

const { CALLDATALOAD: LOAD, ISZERO } = OP;
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
function claims(claim: Claim, word?: readonly bigint[]): RowChange {
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
const ofOther = (claim: (step: OneStep) => Claim): RowChange => {
  return (row, step) => {
    const { data } = step.other.frame;
    return claims(claim(step), [...halvesOf(data, 0), ...halvesOf(data, 1)])(row, step);
  };
};

/** CALLDATALOAD of this offset. */
const loads = (offset: bigint) => does(LOAD, [offset], { frame });

const honest = loads(4n);

/** Lies about CALLDATALOAD. */
export const FORGERIES = stepForgeries('calldataload', [
  {
    name: 'beyond the end: a word out of nothing',
    caughtBy: 'TXDATA',
    honest: loads(128n),
    change: claims({ beyond: 0n, last: 1n }, [7n, 0n, 0n, 0n]),
  },
  {
    name: 'beyond the end: word 0',
    caughtBy: 'TXDATA',
    honest: loads(128n),
    change: claims({ beyond: 0n, last: 1n }, [...halvesOf(frame.data, 0), 0n, 0n]),
  },
  {
    name: 'beyond the end: words in spite of it',
    caughtBy: 'constraint',
    honest: loads(128n),
    change: claims({}, [7n, 0n, 0n, 0n]),
  },
  {
    name: 'beyond the end: the excess is taken on',
    caughtBy: 'constraint',
    honest: loads(HALF),
    change: (row) => row.add('low', 1n << 24n),
  },
  {
    name: 'beyond the end: 2^128 + 4 as 4',
    caughtBy: 'constraint',
    honest: loads(HALF + 4n),
    change: claims({ beyond: 0n, shift: 4n, pow: 1n << 32n }, [...halvesOf(frame.data, 0), ...halvesOf(frame.data, 1)]),
  },
  {
    name: 'beyond the end: 2^128 + 4 found, 4 taken',
    caughtBy: 'STACK',
    honest: loads(HALF + 4n),
    change: { items: [4n] },
  },
  {
    name: 'the last byte, passed as beyond',
    caughtBy: 'RANGE12',
    honest: loads(99n),
    change: claims({ beyond: 1n, last: 0n, shift: 0n, pow: 1n }, [0n, 0n, 0n, 0n]),
  },
  {
    name: 'the first byte, passed as beyond',
    caughtBy: 'RANGE12',
    honest: loads(0n),
    change: claims({ beyond: 1n }, [0n, 0n, 0n, 0n]),
  },
  { name: 'half beyond', caughtBy: 'constraint TXDATA', honest, change: claims({ beyond: inverse(2n) }) },
  {
    name: 'beyond, of shorter calldata',
    caughtBy: 'ENV',
    honest: loads(99n),
    change: claims({ dataLen: 90n, beyond: 1n, last: 0n, shift: 0n, pow: 1n }, [0n, 0n, 0n, 0n]),
  },
  {
    name: 'a second word that does not exist',
    caughtBy: 'TXDATA',
    honest: loads(99n),
    change: claims({ last: 0n }, [...halvesOf(frame.data, 3), 7n << 120n, 0n]),
  },
  {
    name: 'a second word beside the last one',
    caughtBy: 'constraint',
    honest: loads(99n),
    change: claims({}, [...halvesOf(frame.data, 3), 7n << 120n, 0n]),
  },
  {
    name: 'a second word that exists, passed as none',
    caughtBy: 'RANGE12',
    honest,
    change: claims({ last: 1n }, [...halvesOf(frame.data, 0), 0n, 0n]),
  },
  {
    name: 'no second word, by shorter calldata',
    caughtBy: 'ENV',
    honest,
    change: claims({ last: 1n, dataLen: 32n }, [...halvesOf(frame.data, 0), 0n, 0n]),
  },
  {
    name: 'second word: the third',
    caughtBy: 'TXDATA',
    honest,
    change: claims({}, [...halvesOf(frame.data, 0), ...halvesOf(frame.data, 2)]),
  },
  {
    name: 'first word: the second',
    caughtBy: 'TXDATA',
    honest,
    change: claims({}, [...halvesOf(frame.data, 1), ...halvesOf(frame.data, 2)]),
  },
  {
    name: 'halves of a word swapped',
    caughtBy: 'TXDATA',
    honest: loads(0n),
    change: claims({}, [...[...halvesOf(frame.data, 0)].reverse(), ...halvesOf(frame.data, 1)]),
  },
  { name: 'words of another transaction', caughtBy: 'TXDATA', honest, change: ofOther(() => ({})) },
  {
    name: 'words of another transaction, with its number',
    caughtBy: 'FRAME',
    honest,
    change: ofOther(({ other }) => ({ tx: other.frame.tx })),
  },
  {
    name: 'words of another transaction, as its frame',
    caughtBy: 'FRAME',
    honest,
    change: ofOther(({ other }) => ({ tx: other.frame.tx, addr: BigInt(other.frame.address) })),
  },
  {
    name: 'second word of another transaction',
    caughtBy: 'TXDATA',
    honest,
    change: (row, step) => claims({}, [...halvesOf(frame.data, 0), ...halvesOf(step.other.frame.data, 1)])(row, step),
  },
  { name: 'one byte further', caughtBy: 'TXDATA', honest, change: claims({ shift: 5n, pow: 1n << 40n }) },
  { name: 'sixteen bytes further', caughtBy: 'TXDATA', honest, change: claims({ upper: 1n }) },
  {
    name: 'sixteen bytes further by the shift',
    caughtBy: 'POW2',
    honest: loads(16n),
    change: claims({ upper: 0n, shift: 16n, pow: 1n }),
  },
  {
    name: 'thirty-two bytes back by the shift',
    caughtBy: 'POW2',
    honest: loads(36n),
    change: claims({ shift: 36n, pow: 1n << 32n }, [...halvesOf(frame.data, 0), ...halvesOf(frame.data, 1)]),
  },
  {
    name: 'upper = 2: a word back',
    caughtBy: 'constraint',
    honest: loads(36n),
    change: claims({ upper: 2n }, [...halvesOf(frame.data, 0), ...halvesOf(frame.data, 1)]),
  },
  { name: 'the wrong power', caughtBy: 'POW2', honest, change: claims({ pow: 1n << 40n }) },
  { name: 'the power a fraction', caughtBy: 'POW2', honest, change: claims({ pow: 3n }) },
  {
    name: 'high half plus 2^128',
    caughtBy: 'RANGE12',
    honest,
    change: (row) => cutMore(row.add('high', HALF), 0, -1n),
  },
  {
    name: 'low half plus 2^128',
    caughtBy: 'RANGE12',
    honest,
    change: (row) => cutMore(row.add('low', HALF).add('high', -1n), 1, -1n),
  },
  {
    name: 'low half one more, a fraction carried',
    caughtBy: 'RANGE12',
    honest,
    change: (row) => moveUp(row.add('low', 1n)),
  },
  {
    name: 'high half one more, a fraction cut',
    caughtBy: 'RANGE12',
    honest,
    change: (row) => cutMore(row.add('high', 1n), 0, -inverse(HALF)),
  },
  { name: 'low half one more', caughtBy: 'constraint', honest, change: (row) => row.add('low', 1n) },
  { name: 'ISZERO as CALLDATALOAD', caughtBy: 'CODE', honest: does(ISZERO, [4n], { frame }), change: { as: LOAD } },
  { name: 'of another offset', caughtBy: 'STACK', honest: loads(36n), change: { items: [4n] } },
  { name: 'by a row that is off', caughtBy: 'constraint EXEC STACK', honest, change: (row) => row.set('en', 0n) },
]);

/** Lets both cuts above the low half take what it has too much. */
function moveUp(row: Draft): unknown {
  const carried = inverse(HALF);
  cutMore(row, 1, -carried);
  return cutMore(row, 0, -carried * carried);
}
