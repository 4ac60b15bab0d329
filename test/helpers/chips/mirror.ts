import { mod } from '../../../src/bus/field.js';
import { type Challenge, sumOf } from '../../../src/bus/tuple.js';
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
  const sum = circuit.witness(cellsOfRow(circuit, padding), challenge)[WIRE.sum]!;
  if (sum !== 0n) findings.push(`the padding row contributes ${sum}`);
  if (circuit.chip.terms(padding).some(({ weight }) => mod(weight) !== 0n))
    findings.push('padding has terms of non-zero weight');
  return findings;
}
