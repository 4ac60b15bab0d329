import { mod } from '../../../src/bus/field.js';
import { type Challenge, fingerprint, sumOf, type Term } from '../../../src/bus/tuple.js';
import type { Columns, RowOf } from '../../../src/chips/chip.js';
import { type ChipCircuit, cellsOfRow, holds, randomChallenge, show, WIRE } from './circuit.js';
import type { Random } from './random.js';

/** What the circuit computes for a row, against what `terms(row)` adds up to. Empty: they agree and every constraint holds. */
export function mirrorFindings(
  circuit: ChipCircuit,
  rows: readonly RowOf<Columns>[],
  random: Random,
  challenge: Challenge = randomChallenge(random),
): string[] {
  return rows.flatMap((row, i) => {
    const values = circuit.witness(cellsOfRow(circuit, row), challenge);
    const broken = circuit.constraints.findIndex((constraint) => !holds(constraint, values));
    if (broken !== -1)
      return [`row ${i}: the witness program accepts what the r1cs does not: ${show(circuit, broken)}`];
    const expected = sumOf(circuit.chip.terms(row), challenge);
    return values[WIRE.sum] === expected
      ? []
      : [`row ${i}: circuit sum ${values[WIRE.sum]}, terms(row) sum ${expected}`];
  });
}

/** The padding row satisfies every constraint and contributes nothing, in the circuit and in TypeScript. */
export function paddingFindings(circuit: ChipCircuit, random: Random): string[] {
  const { padding } = circuit.chip;
  const challenge = randomChallenge(random);
  const findings = mirrorFindings(circuit, [padding], random, challenge);
  const sum = circuit.sum(cellsOfRow(circuit, padding), challenge);
  if (sum !== 0n) findings.push(`the padding row contributes ${sum}`);
  if (circuit.chip.terms(padding).some(({ weight }) => mod(weight) !== 0n))
    findings.push('padding has terms of non-zero weight');
  return findings;
}

/** Whether `terms` add up to `sum`: as one fraction, without the inverses of `sumOf`, for thousands of rows. */
export function addUpTo(sum: bigint, terms: readonly Term[], challenge: Challenge): boolean {
  let [numerator, denominator] = [0n, 1n];
  for (const { weight, tuple } of terms) {
    if (mod(weight) === 0n) continue;
    const f = fingerprint(tuple, challenge);
    numerator = mod(numerator * f + weight * denominator);
    denominator = mod(denominator * f);
  }
  return denominator !== 0n && mod(sum * denominator) === numerator;
}
