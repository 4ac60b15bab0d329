import { forEachTerm, type R1cs, wordsOf } from '../build/r1cs.js';
import { CircuitError } from '../errors/proof.js';
import { type Coefficients, MINUS_ONE, ONE } from './coefficients.js';

/**
 * The constraints of a circuit, packed. `words` holds for each constraint its combinations A, B, C, each as a head (numbers of terms, see
 * {@link COUNT}), then the wires with coefficient 1, the wires with coefficient -1, and pairs (wire, number of the coefficient).
 */
export interface Rows {
  readonly words: Uint32Array;
  /** Where in `words` each constraint begins. */
  readonly offsets: Uint32Array;
}

/**
 * A head: in the lowest {@link COUNT} bits the number of terms with coefficient 1, in as many bits above them that with -1; the highest bit is set
 * when there are others: then a second word has their number.
 */
const COUNT = 15;
const OTHERS = 0x80000000;
const MASK = (1 << COUNT) - 1;

/** Matrices by number, as in {@link forEachTerm}. */
export const A = 0;
export const B = 1;
export const C = 2;
export type Matrix = typeof A | typeof B | typeof C;

/**
 * Packs the constraints, order kept.
 * @throws CircuitError `CIRCUIT_UNSOLVED` when a combination has more terms than a head can say
 */
export function packRows(r1cs: R1cs, coefficients: Coefficients): Rows {
  const offsets = new Uint32Array(r1cs.constraints);
  const source = wordsOf(r1cs);
  // A count of 4 bytes becomes at most two words, and a term of 36 bytes as many.
  const words = new Uint32Array(r1cs.bytes.length / 4 + 3 * r1cs.constraints);
  let at = 0;
  let next = 0;
  let [plus, minus, others]: number[][] = [[], [], []];
  const close = (combinations: number) => {
    for (; next < combinations; next++) {
      if (next % 3 === 0) offsets[next / 3] = at;
      words[at++] = headOf(plus!.length, minus!.length, others!.length, Math.floor(next / 3));
      if (others!.length > 0) words[at++] = others!.length / 2;
      for (const list of [plus!, minus!, others!]) for (const word of list) words[at++] = word;
      [plus, minus, others] = [[], [], []];
    }
  };
  forEachTerm(r1cs, (constraint, matrix, wire, coefficientAt) => {
    close(3 * constraint + matrix);
    const coefficient = coefficients.read(source, coefficientAt / 4);
    if (coefficient === ONE) plus!.push(wire);
    else if (coefficient === MINUS_ONE) minus!.push(wire);
    else others!.push(wire, coefficient);
  });
  close(3 * r1cs.constraints);
  return { words: words.slice(0, at), offsets };
}

function headOf(plus: number, minus: number, others: number, constraint: number): number {
  if (plus >> COUNT || minus >> COUNT) {
    throw new CircuitError(
      'CIRCUIT_UNSOLVED',
      `Constraint ${constraint} adds up ${plus + minus} wires: more than a plan can say.`,
    );
  }
  return (plus | (minus << COUNT) | (others > 0 ? OTHERS : 0)) >>> 0;
}

/** Calls `visit` for every term of a constraint: matrix, wire, number of the coefficient. */
export function forEachTermOf(
  { words, offsets }: Rows,
  constraint: number,
  visit: (matrix: Matrix, wire: number, coefficient: number) => void,
): void {
  let at = offsets[constraint]!;
  for (let matrix = 0; matrix < 3; matrix++) {
    const head = words[at++]!;
    const others = head & OTHERS ? words[at++]! : 0;
    const plusEnd = at + (head & MASK);
    const minusEnd = plusEnd + ((head >>> COUNT) & MASK);
    const end = minusEnd + 2 * others;
    for (; at < plusEnd; at++) visit(matrix as Matrix, words[at]!, ONE);
    for (; at < minusEnd; at++) visit(matrix as Matrix, words[at]!, MINUS_ONE);
    for (; at < end; at += 2) visit(matrix as Matrix, words[at]!, words[at + 1]!);
  }
}

/** A term of a combination: wire and number of the coefficient. */
export type Term = readonly [wire: number, coefficient: number];

/** The terms of a constraint's A, B and C. */
export function termsOf(rows: Rows, constraint: number): [Term[], Term[], Term[]] {
  const terms: [Term[], Term[], Term[]] = [[], [], []];
  forEachTermOf(rows, constraint, (matrix, wire, coefficient) => terms[matrix].push([wire, coefficient]));
  return terms;
}
