import { toLimbs } from '../../../src/bus/field.js';
import { A, abc, age, ages, all, B, C, type MemoryForgery, MLOAD, MSTORE, sets } from '../../helpers/chips/memory.js';
import { MemoryWorld } from '../../helpers/chips/memory-world.js';
import type { Edit } from '../../helpers/execution-forger.js';

/** Steps of the frame after each other: a row that pushes items, and the opcode's. */
const STEP = 2n;

/** An MLOAD or MSTORE that says the memory is large enough. */
const unpaid = sets({ grow: 0n, cost: 0n });

/** An MLOAD that finds another word. */
const finds = (word: bigint): Edit => {
  const [hi, lo] = toLimbs(word);
  return sets({ value: { 0: hi, 1: lo }, old: [hi, lo] });
};

/** What a word holds, and since when. */
export const CELLS: readonly MemoryForgery[] = [
  ['a word that does not exist is read', 'MEM', () => abc().do(MLOAD, [96n], unpaid).finish()],
  ['a word that does not exist is written', 'MEM', () => abc().do(MSTORE, [96n, 5n], unpaid).finish()],
  [
    // MSTORE adds the word for all of the frame; its birth lies just before MSTORE, and so after MLOAD.
    'a word is read before it is paid for',
    'RANGE12',
    () =>
      abc()
        .do(MLOAD, [96n], all(unpaid, sets({ gap: age(-STEP) })))
        .do(MSTORE, [96n, 5n])
        .finish(),
  ],
  [
    'a word is read as it was before the last MSTORE',
    'MEM',
    () =>
      abc()
        .do(MSTORE, [32n, C])
        .do(MLOAD, [32n], all(finds(B), ages('gap', 0, 2n * STEP)))
        .finish(),
  ],
  [
    'a word is read as the next MSTORE leaves it',
    'MEM RANGE12',
    () =>
      abc()
        .do(MLOAD, [32n], all(finds(C), sets({ gap: age(-STEP - 1n) })))
        .do(MSTORE, [32n, C])
        .finish(),
  ],
  ['a word is read as another value', 'MEM', () => abc().do(MLOAD, [32n], finds(9n)).finish()],
  [
    'a word is read at another age',
    'MEM',
    () =>
      abc()
        .do(MLOAD, [32n], ages('gap', 0, 1n))
        .finish(),
  ],
  [
    'an age in limbs out of range',
    'RANGE12',
    () =>
      abc()
        .do(MLOAD, [32n], (row) => row.put('gap', { 0: limb(row, 0) + 4096n, 1: limb(row, 1) - 1n }))
        .finish(),
  ],
  [
    'MLOAD pushes another value',
    'constraint',
    () =>
      abc()
        .do(MLOAD, [32n], sets({ value: { 1: 9n } }))
        .finish(),
  ],
  [
    'MSTORE stores what is not on the stack',
    'STACK',
    () =>
      abc()
        .do(MSTORE, [32n, 7n], sets({ value: { 1: 9n } }))
        .finish(),
  ],
  [
    'another word is read',
    'STACK',
    () =>
      abc()
        .do(MLOAD, [64n], undefined, { args: [32n] })
        .finish(),
  ],
  [
    'an offset of 2^128 and more is cut',
    'STACK',
    () =>
      abc()
        .do(MLOAD, [(1n << 128n) + 32n], undefined, { args: [32n] })
        .finish(),
  ],
  [
    'an offset that 32 does not divide passes as aligned',
    'MEM',
    () =>
      abc()
        .do(MLOAD, [33n], sets({ offset: { 0: 33n } }), { args: [32n] })
        .finish(),
  ],
  [
    'MLOAD passes as MSTORE',
    'CODE STACK',
    () =>
      abc()
        .do(MLOAD, [32n], sets({ store: 1n }))
        .finish(),
  ],
];

function limb(row: Parameters<Edit>[0], i: number): bigint {
  return (row.columns.gap as readonly bigint[])[i]!;
}

/** Births and ends: rows of `memcell`. */
export const ENDS: readonly MemoryForgery[] = [
  ['a word that was never added is born', 'MEMNEW', () => abc().finish().add('memcell', cell(3n, 4n))],
  ['a word is born twice', 'MEMNEW', () => abc().finish().add('memcell', cell(1n, 2n))],
  ['a word is born earlier', 'MEM MEMNEW', () => abc().finish(at(1, (row) => row.set('ts', row.get('ts') - 1n)))],
  ['a word of another frame is born', 'MEM MEMNEW', () => abc().finish(at(1, sets({ call: 78n })))],
  ['a word is left out', 'MEMNEW', () => four().finish(at(2, sets({ en: 0n })))],
  ['a word is left out, and the walk goes on behind it', 'MEMNEW', () => four().finish(at(2, sets({ word: 3n })))],
  ['the walk ends early', 'constraint MEMNEW', () => four().finish(at(2, sets({ last: 1n })))],
  ['the walk goes on', 'MEMNEW', () => four().finish(at(3, sets({ last: 0n })))],
  [
    'the walk goes on, in more rows',
    'MEMNEW',
    () =>
      four()
        .finish(at(3, sets({ last: 0n })))
        .add('memcell', { ...cell(4n, 4n), last: 0n }),
  ],
  [
    'more words than were paid for',
    'MEMNEW',
    () => {
      const w = four().finish((row) => sets({ to: 5n, last: 0n })(row));
      const ts = w.rows.at(-1)!.row.ts as unknown as bigint;
      return w.add('memcell', { ...cell(4n, 5n), ts, t: ts });
    },
  ],
  [
    'a word ends before its last access',
    'MEM',
    () =>
      abc()
        .do(MSTORE, [32n, C])
        .finish(at(1, (row) => sets({ hi: toLimbs(B)[0], lo: toLimbs(B)[1], t: row.get('t') - 2n * STEP })(row))),
  ],
  ['a word ends as what it never was', 'MEM', () => abc().finish(at(1, sets({ lo: 9n })))],
];

/** A frame that adds four words at once. */
function four(): MemoryWorld {
  return new MemoryWorld().do(MSTORE, [96n, A]);
}

/** A row of a word that is not touched, the last one of its expansion when word + 1 = to. */
function cell(word: bigint, to: bigint): Readonly<Record<string, bigint>> {
  return { en: 1n, last: word + 1n === to ? 1n : 0n, call: 77n, word, to, ts: 1_000n, t: 1_000n, hi: 0n, lo: 0n };
}

/** Edits one row. */
function at(i: number, edit: Edit) {
  return (row: Parameters<Edit>[0], k: number): unknown => (k === i ? edit(row) : undefined);
}
