import { sumOf } from '../../src/bus/tuple.js';
import { cellsOf, type TraceRow } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { type ChipCircuit, chipSum, randomChallenge } from '../helpers/chips/circuit.js';
import { randomOf } from '../helpers/chips/random.js';

const circuits = new Map<string, Promise<ChipCircuit['sum']>>();
const challenge = randomChallenge(randomOf(1, 'conformance'));

/**
 * Runs every row through its chip's circuit: all constraints hold, and its sum is that of its tuples.
 * @throws Error naming the row
 */
export async function checkRows(rows: readonly TraceRow[]): Promise<void> {
  for (const { chip: name, row, origin } of rows) {
    const chip = CHIPS[name]!;
    const circuit = circuits.get(name) ?? chipSum(chip);
    circuits.set(name, circuit);
    let sum: bigint;
    try {
      sum = (await circuit)(cellsOf(chip, row), challenge);
    } catch (cause) {
      throw new Error(`a constraint of ${name} does not hold: ${origin}`, { cause });
    }
    if (sum !== sumOf(chip.terms(row), challenge)) throw new Error(`${name} and its mirror disagree: ${origin}`);
  }
}
