import { bytesOf } from '../../../src/chips/lib/bytes.js';
import { limbsOf } from '../../../src/chips/lib/range.js';
import type { KeccakTable } from '../../../src/trace/execution/keccak-table.js';
import { A, abc, all, B, KECCAK256, memoryForgeries, sets } from '../../helpers/chips/memory-forgeries.js';
import { bytesOfWords, digestOf } from '../../helpers/chips/memory-world.js';
import type { Edit } from '../../helpers/execution-forger.js';
import { balances, hashOf, pushes } from './claims.js';

/** Hashes 70 bytes from offset 0: two whole words and six bytes. */
const seventy = abc([KECCAK256, 0n, 70n]);

/** Mask of the low half of a word. */
const HALF = (1n << 128n) - 1n;

/** Hashes 40 bytes from offset 5: one word over a border, and eight bytes. */
const forty = abc([KECCAK256, 5n, 40n]);

/** Hashes A, B and a byte of C, where L1 also hashes B, A and that byte, as input 1. */
const input = Uint8Array.from([...bytesOfWords(B, A), 0xd1]);
const other = { ...abc([KECCAK256, 0n, 65n]), hashes: (table: KeccakTable) => table.general(input) };
const claims = all(pushes(digestOf(input)), sets({ id: 1n }));

/** What the second half of a whole word of the input is said to be. */
const ends = (half: bigint): Edit => sets({ kept: limbsOf(half, 11) });

/** Lies about KECCAK256 of any bytes: row 0 is the opcode's, the others those of the words. */
export const FORGERIES = memoryForgeries('keccak256', [
  { name: 'another digest', caughtBy: 'KECCAK', honest: seventy, change: pushes(hashOf(A)) },
  {
    name: 'a word that is not there',
    caughtBy: 'KWORD MEM',
    honest: seventy,
    change: { at: 1, row: sets({ lo: 9n }) },
  },
  { name: 'the digest of another input, under its own id', caughtBy: 'COPY', honest: other, change: claims },
  {
    name: 'the digest of another input, its id handed on',
    caughtBy: 'KWORD',
    honest: other,
    change: [0, 1, 2, 3].map((at) => ({ at, row: at === 0 ? claims : sets({ id: 1n }) })),
  },
  { name: 'an input that is shorter', caughtBy: 'KECCAK', honest: seventy, change: pushes(hashOf(A, B)) },
  { name: 'the walk reads less', caughtBy: 'COPY', honest: seventy, change: { at: 1, row: sets({ left: 64n }) } },
  {
    name: 'the walk ends a word early',
    caughtBy: 'constraint COPY',
    honest: seventy,
    change: { at: 2, row: sets({ last: 1n }) },
  },
  {
    name: 'the walk goes on behind its end',
    caughtBy: 'COPY',
    honest: abc([KECCAK256, 0n, 96n]),
    change: { row: sets({ last: 0n }), at: 3 },
  },
  {
    name: 'the walk begins at another word',
    caughtBy: 'COPY KWORD',
    honest: seventy,
    change: { at: 1, row: sets({ i: 1n }) },
  },
  {
    name: 'the walk begins elsewhere in memory',
    caughtBy: 'COPY MEM',
    honest: seventy,
    change: { at: 1, row: sets({ word: 1n }) },
  },
  {
    name: 'the walk goes through another frame',
    caughtBy: 'COPY MEM',
    honest: seventy,
    change: { at: 1, row: sets({ call: 78n }) },
  },
  { name: 'a word is skipped', caughtBy: 'COPY', honest: seventy, change: { at: 2, row: sets({ en: 0n }) } },
  { name: 'no word is read', caughtBy: 'constraint COPY', honest: seventy, change: sets({ expand: { 0: 0n } }) },
  {
    name: 'fewer words are paid for',
    caughtBy: 'RANGE12',
    honest: seventy,
    change: all(sets({ words: 2n }), balances(2n, 0n)),
  },
  {
    name: 'the bytes behind the end are hashed too',
    caughtBy: 'KWORD POW2',
    honest: seventy,
    change: { at: 3, row: keeps(32n) },
  },
  {
    name: 'fewer bytes are hashed than the length says',
    caughtBy: 'KWORD POW2',
    honest: seventy,
    change: { at: 3, row: keeps(5n) },
  },
  {
    name: 'the last bytes come from nowhere',
    caughtBy: 'constraint KWORD',
    honest: seventy,
    change: { at: 3, row: sets({ kept: { 0: 9n }, gone: [...limbsOf(0n, 11)] }) },
  },
  {
    name: 'the second word of a border is not read',
    caughtBy: 'RANGE12',
    honest: abc([KECCAK256, 28n, 10n]),
    change: { row: sets({ two: 0n, slack: -6n, ages: { 3: 0n, 4: 0n, 5: 0n } }), at: 1 },
  },
  {
    name: 'the second word of a border is another',
    caughtBy: 'KWORD MEM',
    honest: forty,
    change: { at: 1, row: all(sets({ z2: bytesOf(9n) }), ends((A << 40n) & HALF)) },
  },
  {
    name: 'bytes swapped',
    caughtBy: 'KWORD MEM',
    honest: forty,
    change: { at: 1, row: sets({ z0: { 3: 0x0cn, 4: 0x0dn } }) },
  },
  {
    name: 'another shift',
    caughtBy: 'COPY KWORD',
    honest: forty,
    change: { at: 1, row: all(sets({ shift: { 4: 0n, 5: 1n } }), ends(((A << 48n) | (B >> 208n)) & HALF)) },
  },
  {
    name: 'half a word further on',
    caughtBy: 'COPY MEM',
    honest: forty,
    change: { at: 1, row: sets({ second: 1n }) },
  },
]);

/** How many bytes of the last word are kept, as far as the row can say so. */
function keeps(count: bigint): Edit {
  return (row) => {
    const z0 = row.columns.z0 as readonly bigint[];
    const half = z0.reduceRight((sum, byte) => sum * 256n + byte, 0n);
    const M = 256n ** (16n - (count > 16n ? 16n : count));
    sets({ M, kept: limbsOf(half / M, 11), gone: limbsOf(half % M, 11), short: limbsOf(M - 1n - (half % M), 11) })(row);
  };
}
