import { toLimbs } from '../../bus/field.js';
import type { RowOf, TraceRow } from '../../chips/chip.js';
import { memcell } from '../../chips/memcell.js';
import type { Memory } from './memory.js';

/** The rows that give birth to the words of a finished frame's memory and take them back, one a word. */
export function memoryRows(memory: Memory, call: bigint, origin: string): TraceRow[] {
  return memory.expansions.flatMap(({ from, to, ts }) =>
    Array.from({ length: Number(to - from) }, (_, i): TraceRow => {
      const word = from + BigInt(i);
      const end = memory.at(word);
      const [hi, lo] = toLimbs(end.value);
      const last = word + 1n === to ? 1n : 0n;
      const row: RowOf<typeof memcell.columns> = { en: 1n, last, call, word, to, ts, t: end.ts, hi, lo };
      return {
        chip: memcell.name,
        row: row as unknown as TraceRow['row'],
        origin: `${origin}, word ${word} of memory`,
      };
    }),
  );
}
