import { type Term, term } from '../bus/tuple.js';
import { defineChip, type RowOf } from './chip.js';
import { binaryTerms, effectOf, POP, STEP_COLUMNS, type StepEffect } from './lib/step.js';

/** Nibbles of a half, and of them those that have a column in an item: all but the lowest. */
const NIBBLES = 32;
const UPPER = NIBBLES - 1;

const AND = effectOf('AND');

/** What AND, OR (or = 1) and XOR (xor = 1) do. */
export function bitwiseEffect(or: bigint, xor: bigint): StepEffect {
  return { ...AND, op: AND.op + or + 2n * xor };
}

const COLUMNS = {
  ...STEP_COLUMNS,
  or: 1,
  xor: 1,
  a: POP,
  b: POP,
  aNibbles: 2 * UPPER,
  bNibbles: 2 * UPPER,
  cNibbles: 2 * NIBBLES,
} as const;

type Row = RowOf<typeof COLUMNS>;

/** AND, OR, XOR (`circuits/chips/bitwise.circom`). */
export const bitwise = defineChip({
  name: 'bitwise',
  template: 'Bitwise()',
  columns: COLUMNS,
  terms: (row) => [
    ...binaryTerms(row, bitwiseEffect(row.or, row.xor), [row.a, row.b], [resultHalf(row, 0), resultHalf(row, 1)]),
    ...and4Terms(row, 0),
    ...and4Terms(row, 1),
  ],
});

function resultHalf(row: Row, half: 0 | 1): bigint {
  const both = valueOfNibbles(nibblesOf(row, half).map(([, , c]) => c));
  const sum = row.a[half]! + row.b[half]!;
  return both + row.or * (sum - 2n * both) + row.xor * (sum - 3n * both);
}

/** The nibbles of a half of a, b and a & b, lower ones first. */
function nibblesOf(row: Row, half: 0 | 1): [a: bigint, b: bigint, c: bigint][] {
  const all = (item: bigint, upper: readonly bigint[]) => {
    const rest = upper.slice(UPPER * half, UPPER * (half + 1));
    return [item - 16n * valueOfNibbles(rest), ...rest];
  };
  const [a, b] = [all(row.a[half]!, row.aNibbles), all(row.b[half]!, row.bNibbles)];
  return a.map((x, i) => [x, b[i]!, row.cNibbles[NIBBLES * half + i]!]);
}

function and4Terms(row: Row, half: 0 | 1): Term[] {
  return nibblesOf(row, half).map(([a, b, c]) => term(-row.en, 'AND4', { a, b, c }));
}

function valueOfNibbles(nibbles: readonly bigint[]): bigint {
  return nibbles.reduceRight((sum, nibble) => 16n * sum + nibble, 0n);
}
