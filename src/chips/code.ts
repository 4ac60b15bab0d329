import { type Term, term } from '../bus/tuple.js';
import { defineChip } from './chip.js';

/** Bytes of a row: four words. */
export const CODE_ROW = 128;

const HALVES = ['hi0', 'lo0', 'hi1', 'lo1', 'hi2', 'lo2', 'hi3', 'lo3'] as const;

/** 128 bytes of a code: supplies CODE and DEST of each (`circuits/chips/code.circom`). */
export const code = defineChip({
  name: 'code',
  template: 'Code()',
  outputs: 133,
  columns: {
    en: 1,
    code: 1,
    at: 1,
    skip: 1,
    last: 1,
    byte: CODE_ROW,
    move: CODE_ROW,
    dest: CODE_ROW,
    mCode: CODE_ROW,
    mDest: CODE_ROW,
  },
  terms: ({ en, code, at, skip, last, byte, move, dest, mCode, mDest }): Term[] => {
    const left = move.reduce((sum, by) => sum + by - 1n, skip);
    const pc = (i: number) => BigInt(CODE_ROW) * at + BigInt(i);
    return [
      term(-en, 'CODEWALK', { at, code, skip }),
      term(en * (1n - last), 'CODEWALK', { at: at + 1n, code, skip: left }),
      term(-en, 'CODEWORDS', { at, code, ...codeWords(byte) }),
      term(-en, 'RANGE12', { x: left }),
      ...byte.flatMap((op, i) => [
        term(-en, 'BYTE', { x: op, move: move[i]!, dest: dest[i]! }),
        term(en * mCode[i]!, 'CODE', { op, code, pc: pc(i) }),
        term(en * mDest[i]!, 'DEST', { valid: dest[i]!, code, pc: pc(i) }),
      ]),
    ];
  },
});

/** The eight halves of four words that 128 bytes are. */
function codeWords(bytes: readonly bigint[]): Readonly<Record<(typeof HALVES)[number], bigint>> {
  const half = (h: number) => bytes.slice(16 * h, 16 * h + 16).reduce((sum, byte) => 256n * sum + byte, 0n);
  return Object.fromEntries(HALVES.map((name, h) => [name, half(h)])) as Record<(typeof HALVES)[number], bigint>;
}
