import { toLimbs } from '../../../src/bus/field.js';
import { A, abc, B, C, frame, MSTORE, memoryForgeries, sets } from '../../helpers/chips/memory-forgeries.js';
import type { Edit } from '../../helpers/execution-forger.js';

/** A frame that adds four words at once. */
const four = frame({}, [MSTORE, 96n, A]);

/** Lies about births and ends of words. */
export const FORGERIES = memoryForgeries('memcell', [
  {
    name: 'a word that was never added is born',
    caughtBy: 'MEMNEW',
    honest: abc(),
    change: { after: (world) => world.add('memcell', cell(3n, 4n)) },
  },
  {
    name: 'a word is born twice',
    caughtBy: 'MEMNEW',
    honest: abc(),
    change: { after: (world) => world.add('memcell', cell(1n, 2n)) },
  },
  {
    name: 'a word is born earlier',
    caughtBy: 'MEM MEMNEW',
    honest: abc(),
    change: { ends: at(1, (row) => row.set('ts', row.get('ts') - 1n)) },
  },
  {
    name: 'a word of another frame is born',
    caughtBy: 'MEM MEMNEW',
    honest: abc(),
    change: { ends: at(1, sets({ call: 78n })) },
  },
  { name: 'a word is left out', caughtBy: 'MEMNEW', honest: four, change: { ends: at(2, sets({ en: 0n })) } },
  {
    name: 'a word is left out, and the walk goes on behind it',
    caughtBy: 'MEMNEW',
    honest: four,
    change: { ends: at(2, sets({ word: 3n })) },
  },
  {
    name: 'the walk ends early',
    caughtBy: 'constraint MEMNEW',
    honest: four,
    change: { ends: at(2, sets({ last: 1n })) },
  },
  { name: 'the walk goes on', caughtBy: 'MEMNEW', honest: four, change: { ends: at(3, sets({ last: 0n })) } },
  {
    name: 'the walk goes on, in more rows',
    caughtBy: 'MEMNEW',
    honest: four,
    change: { ends: at(3, sets({ last: 0n })), after: (world) => world.add('memcell', { ...cell(4n, 4n), last: 0n }) },
  },
  {
    name: 'more words than were paid for',
    caughtBy: 'MEMNEW',
    honest: four,
    change: {
      ends: (row) => sets({ to: 5n, last: 0n })(row),
      after: (world) => {
        const ts = world.rows.at(-1)!.row.ts as unknown as bigint;
        world.add('memcell', { ...cell(4n, 5n), ts, t: ts });
      },
    },
  },
  {
    name: 'a word ends before its last access',
    caughtBy: 'MEM',
    honest: abc([MSTORE, 32n, C]),
    change: { ends: at(1, (row) => sets({ hi: toLimbs(B)[0], lo: toLimbs(B)[1], t: row.get('t') - 4n })(row)) },
  },
  {
    name: 'a word ends as what it never was',
    caughtBy: 'MEM',
    honest: abc(),
    change: { ends: at(1, sets({ lo: 9n })) },
  },
]);

/** A row of a word that is not touched, the last one of its expansion when word + 1 = to. */
function cell(word: bigint, to: bigint): Readonly<Record<string, bigint>> {
  return { en: 1n, last: word + 1n === to ? 1n : 0n, call: 77n, word, to, ts: 1_000n, t: 1_000n, hi: 0n, lo: 0n };
}

/** Edits one row. */
function at(i: number, edit: Edit) {
  return (row: Parameters<Edit>[0], k: number): unknown => (k === i ? edit(row) : undefined);
}
