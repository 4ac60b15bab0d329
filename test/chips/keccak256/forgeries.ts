import { toLimbs } from '../../../src/bus/field.js';
import { bytesOf } from '../../../src/chips/lib/bytes.js';
import { growthWork } from '../../../src/chips/lib/expand.js';
import { limbsOf } from '../../../src/chips/lib/range.js';
import { WORK } from '../../../src/evm/work.js';
import { A, abc, all, B, C, KECCAK256, type MemoryForgery, sets } from '../../helpers/chips/memory.js';
import { bytesOfWords, digestOf, MemoryWorld } from '../../helpers/chips/memory-world.js';
import type { Edit } from '../../helpers/execution-forger.js';

const hashOf = (...words: bigint[]): bigint => digestOf(bytesOfWords(...words));

/** A row that pushes this word. */
const pushes = (word: bigint): Edit => sets({ hi: toLimbs(word)[0], lo: toLimbs(word)[1] });

/** Hashes A and B. */
const pair = (edit: Edit): MemoryWorld => abc().do(KECCAK256, [0n, 64n], edit);

/** KECCAK256 of two words. */
export const PAIRS: readonly MemoryForgery[] = [
  ['the digest of other words', 'KECCAK64', () => pair(pushes(hashOf(A, C))).finish()],
  [
    'the digest of other words, which are said to be there',
    'MEM',
    () => {
      const w = abc();
      w.machine.keccaks.pair(A, C);
      return w.do(KECCAK256, [0n, 64n], all(pushes(hashOf(A, C)), sets({ b: [...toLimbs(C)] }))).finish();
    },
  ],
  [
    'the words in the other order',
    'MEM',
    () => {
      const w = abc();
      w.machine.keccaks.pair(B, A);
      return w
        .do(KECCAK256, [0n, 64n], all(pushes(hashOf(B, A)), sets({ a: [...toLimbs(B)], b: [...toLimbs(A)] })))
        .finish();
    },
  ],
  ['one word, twice', 'KECCAK64 MEM', () => pair(sets({ b: [...toLimbs(A)] })).finish()],
  [
    'more than two words',
    'STACK',
    () =>
      abc()
        .do(KECCAK256, [0n, 96n], undefined, { args: [0n, 64n] })
        .finish(),
  ],
  [
    'an offset that 32 does not divide',
    'MEM',
    () =>
      abc()
        .do(KECCAK256, [1n, 64n], sets({ offset: { 0: 1n } }), { args: [0n, 64n] })
        .finish(),
  ],
  [
    'a word that does not exist',
    'MEM',
    () =>
      abc()
        .do(KECCAK256, [64n, 64n], all(sets({ grow: 0n, cost: 0n }), balances(2n, 0n)))
        .finish(),
  ],
  [
    'without the work for it',
    'RANGE12',
    () =>
      new MemoryWorld({ work: 10n ** 9n })
        .do(KECCAK256, [0n, 64n], balances(2n, 6n), { exec: { work: 1n << 44n } })
        .finish(),
  ],
  ['without the work for it, unseen', 'constraint', () => pair(sets({ spare: [0n, 0n, 0n, 0n] })).finish()],
];

/** Lets `spare` be what follows from the machine for an input of so many words and this price of memory, in range or not. */
function balances(words: bigint, expansion: bigint): Edit {
  return (row) => {
    const exec = row.columns.exec as readonly bigint[];
    const grown = growthWork({ grow: expansion > 0n ? 1n : 0n, delta: expansion / 3n });
    const work = exec[6]! - BigInt(WORK.keccak256) - BigInt(WORK.keccakWord) * words - grown;
    const gas = exec[5]! - 30n - 6n * words - expansion;
    row.limbs('spare', work - BigInt(WORK.gas) * gas);
  };
}

/** Hashes 70 bytes from offset 0: two whole words and six bytes. */
const seventy = (edit: Edit, at: number): MemoryWorld => abc().do(KECCAK256, [0n, 70n], edit, { at });

/** Mask of the low half of a word. */
const HALF = (1n << 128n) - 1n;

/** Hashes 40 bytes from offset 5: one word over a border, and eight bytes. */
const forty = (edit: Edit, at: number): MemoryWorld => abc().do(KECCAK256, [5n, 40n], edit, { at });

/** KECCAK256 of any bytes: row 0 is the opcode's, the others those of the words. */
export const INPUTS: readonly MemoryForgery[] = [
  ['another digest', 'KECCAK', () => seventy(pushes(hashOf(A)), 0).finish()],
  ['a word that is not there', 'KWORD MEM', () => seventy(sets({ lo: 9n }), 1).finish()],
  [
    'the digest of another input, under its own id',
    'HASHING',
    () => other((w, id, digest) => w.do(KECCAK256, [0n, 64n + 1n], all(pushes(digest), sets({ id })))),
  ],
  [
    'the digest of another input, its id handed on',
    'KWORD',
    () =>
      other((w, id, digest) => {
        w.do(KECCAK256, [0n, 65n], all(pushes(digest), sets({ id })));
        for (const i of [1, 2, 3]) w.amend(-i, sets({ id }));
        return w;
      }),
  ],
  ['an input that is shorter', 'KECCAK', () => seventy(pushes(hashOf(A, B)), 0).finish()],
  ['the walk reads less', 'HASHING', () => seventy(sets({ left: 64n }), 1).finish()],
  ['the walk ends a word early', 'constraint HASHING', () => seventy(sets({ last: 1n }), 2).finish()],
  [
    'the walk goes on behind its end',
    'HASHING',
    () =>
      abc()
        .do(KECCAK256, [0n, 96n], sets({ last: 0n }), { at: 3 })
        .finish(),
  ],
  ['the walk begins at another word', 'HASHING KWORD', () => seventy(sets({ i: 1n }), 1).finish()],
  ['the walk begins elsewhere in memory', 'HASHING MEM', () => seventy(sets({ word: 1n }), 1).finish()],
  ['the walk goes through another frame', 'HASHING MEM', () => seventy(sets({ call: 78n }), 1).finish()],
  ['a word is skipped', 'HASHING', () => seventy(sets({ en: 0n }), 2).finish()],
  ['no word is read', 'constraint HASHING', () => seventy(sets({ expand: { 0: 0n } }), 0).finish()],
  ['fewer words are paid for', 'RANGE12', () => seventy(all(sets({ words: 2n }), balances(2n, 0n)), 0).finish()],
  ['the bytes behind the end are hashed too', 'KWORD POW2', () => seventy(keeps(32n), 3).finish()],
  ['fewer bytes are hashed than the length says', 'KWORD POW2', () => seventy(keeps(5n), 3).finish()],
  [
    'the last bytes come from nowhere',
    'constraint KWORD',
    () => seventy(sets({ kept: { 0: 9n }, gone: [...limbsOf(0n, 11)] }), 3).finish(),
  ],
  [
    'the second word of a border is not read',
    'RANGE12',
    () =>
      abc()
        .do(KECCAK256, [28n, 10n], sets({ two: 0n, slack: -6n, ages: { 3: 0n, 4: 0n, 5: 0n } }), { at: 1 })
        .finish(),
  ],
  [
    'the second word of a border is another',
    'KWORD MEM',
    () => forty(all(sets({ z2: bytesOf(9n) }), ends((A << 40n) & HALF)), 1).finish(),
  ],
  ['bytes swapped', 'KWORD MEM', () => forty(sets({ z0: { 3: 0x0cn, 4: 0x0dn } }), 1).finish()],
  [
    'another shift',
    'HASHING KWORD',
    () => forty(all(sets({ shift: { 4: 0n, 5: 1n } }), ends(((A << 48n) | (B >> 208n)) & HALF)), 1).finish(),
  ],
  ['half a word further on', 'HASHING MEM', () => forty(sets({ second: 1n }), 1).finish()],
];

/** What the second half of a whole word of the input is said to be. */
const ends = (half: bigint): Edit => sets({ kept: limbsOf(half, 11) });

/** How many bytes of the last word are kept, as far as the row can say so. */
function keeps(count: bigint): Edit {
  return (row) => {
    const z0 = row.columns.z0 as readonly bigint[];
    const half = z0.reduceRight((sum, byte) => sum * 256n + byte, 0n);
    const M = 256n ** (16n - (count > 16n ? 16n : count));
    sets({ M, kept: limbsOf(half / M, 11), gone: limbsOf(half % M, 11), short: limbsOf(M - 1n - (half % M), 11) })(row);
  };
}

/** A frame that hashes A, B and a byte of C, where L1 also hashes B, A and that byte. */
function other(make: (w: MemoryWorld, id: bigint, digest: bigint) => MemoryWorld): MemoryWorld {
  const w = abc();
  const input = Uint8Array.from([...bytesOfWords(B, A), 0xd1]);
  const id = w.machine.keccaks.general(input);
  return make(w, id, digestOf(input)).finish();
}
