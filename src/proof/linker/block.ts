import { endOfSide, forEachWire, TERM_WORDS } from '../../build/r1cs.js';

/** Wires that every circuit of rows begins with: 1, then what is public. */
export const FRAME = { one: 0, sum: 1, alpha: 2, beta: 3, wires: 4 } as const;
/** Wires of beta^2 .. beta^31, which all rows of a circuit share. */
export const POWERS = 30;

/** Constraints as words (see `wordsOf` in `src/build/r1cs.ts`), over the wires of a {@link Block}. */
export type Words = Uint32Array<ArrayBuffer>;

/**
 * One row of a chip, as circom compiles it. Its wires: those of {@link FRAME}, the row's committed cells, the {@link POWERS},
 * then the wires of its own, `inner` many.
 */
export interface Block {
  readonly cells: number;
  readonly inner: number;
  /** Circom's signals ("labels") of a row, those that it merged with others included. */
  readonly labels: number;
  /** Of each inner wire, which of these signals it is. */
  readonly labelOf: Uint32Array;
  /** Inner wires that hold the template's outputs, in order; outputs that are always 0 have none. */
  readonly outputs: readonly number[];
  /** Constraints with factors. */
  readonly products: Words;
  /** Constraints without, which circom writes before the sums: what its merging of signals has left of products. */
  readonly reduced: Words;
  /** Constraints without, which it writes after the sums. */
  readonly linear: Words;
}

/** What stands once in every circuit of rows: the powers of beta. Wires: {@link FRAME}, then {@link POWERS}. */
export interface Powers {
  readonly labels: number;
  /** Of each power's wire, which signal of the component it is. */
  readonly labelOf: Uint32Array;
  readonly products: Words;
}

/** Compiled rows: a block for each chip, by name. */
export interface Blocks {
  readonly powers: Powers;
  readonly chips: ReadonlyMap<string, Block>;
}

/** Constraints of the first of some equal rows, over the shape's wires. */
export interface Template {
  readonly rows: number;
  readonly products: Words;
  readonly reduced: Words;
  readonly linear: Words;
  /** Wires from a row to the next. */
  readonly cells: number;
  readonly inner: number;
}

/** How many constraints these are. */
export function constraintsIn(words: Words): number {
  let count = 0;
  for (let at = 0; at < words.length; count++) at = endOfConstraint(words, at);
  return count;
}

/** Where the constraint that starts at `at` ends. */
export function endOfConstraint(words: Words, at: number): number {
  return endOfSide(words, endOfSide(words, endOfSide(words, at)));
}

/** The same constraints over other wires, terms in {@link sortTerms}' order. */
export function renumbered(words: Words, wireOf: (wire: number) => number): Words {
  const result = words.slice();
  for (let at = 0; at < words.length; at = endOfSide(words, at)) {
    forEachWire(words, at, (wire, term) => {
      result[term] = wireOf(wire);
    });
  }
  sortTerms(result);
  return result;
}

/** More terms than a side has. */
const MAX_TERMS = 2 ** 20;

/** Orders the terms of every side as circom does: by the little-endian bytes of the wire's number. */
export function sortTerms(words: Uint32Array): void {
  for (let at = 0; at < words.length; at = endOfSide(words, at)) {
    let [last, sorted] = [-1, true];
    for (let term = at + 1, end = endOfSide(words, at); term < end; term += TERM_WORDS) {
      const key = bytesReversed(words[term]!);
      sorted &&= key > last;
      last = key;
    }
    if (!sorted) sortSide(words, at);
  }
}

function sortSide(words: Uint32Array, at: number): void {
  const terms = words.slice(at + 1, endOfSide(words, at));
  // Key and place in one number, below 2^52.
  const keys = Float64Array.from(
    { length: words[at]! },
    (_, i) => bytesReversed(terms[i * TERM_WORDS]!) * MAX_TERMS + i,
  );
  keys.sort();
  for (const [to, key] of keys.entries()) {
    const from = (key % MAX_TERMS) * TERM_WORDS;
    words.set(terms.subarray(from, from + TERM_WORDS), at + 1 + to * TERM_WORDS);
  }
}

function bytesReversed(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}
