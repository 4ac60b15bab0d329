import { PLACES } from '../bus/layout.js';
import { type Term, type TupleFields, term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { memoryTerms } from './lib/memory.js';

/** Where a copy of memory to the input of a hash is: word `i` of the entry `id` comes from byte `offset` of the frame's memory on. */
export interface Hashing {
  readonly ts: bigint;
  readonly call: bigint;
  readonly id: bigint;
  readonly left: bigint;
  readonly i: bigint;
  readonly offset: bigint;
}

/** The copy as the bus has it. */
export function copyOf({ ts, call, id, left, i, offset }: Hashing): TupleFields<'COPY'> {
  const kinds = { fromKind: BigInt(PLACES.memory), toKind: BigInt(PLACES.hash) };
  return { ts, ...kinds, fromId: call, from: offset, left, toId: id, to: 32n * i };
}

/** The copy that the row of a word takes and, unless it is the last one, hands on. */
export function copyTerms(en: bigint, last: bigint, copy: Hashing): Term[] {
  const { ts, left, i, offset } = copy;
  const next = { ...copy, ts: ts + 1n, left: left - 32n, i: i + 1n, offset: offset + 32n };
  return [term(-en, 'COPY', copyOf(copy)), term(en - last, 'COPY', copyOf(next))];
}

/** A word that is copied from a whole word of memory to the input of a hash (`circuits/chips/copyword.circom`). */
export const copyword = defineChip({
  name: 'copyword',
  template: 'CopyWord()',
  columns: { en: 1, last: 1, ts: 1, call: 1, id: 1, left: 1, i: 1, word: 1, hi: 1, lo: 1, age: 3 },
  terms: ({ en, last, ts, call, id, left, i, word, hi, lo, age }) => [
    ...copyTerms(en, last, { ts, call, id, left, i, offset: 32n * word }),
    term(-en, 'KWORD', { word: i, id, hi, lo }),
    ...memoryTerms({ en, ts, call, word, old: [hi, lo], gap: age }),
  ],
});
