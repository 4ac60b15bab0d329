import { createHash } from 'node:crypto';
import { sumOf } from '../../src/bus/tuple.js';
import { cellsOf, type TraceRow } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { type ChipCircuit, chipSum, randomChallenge } from '../helpers/chips/circuit.js';
import { randomOf } from '../helpers/chips/random.js';

const circuits = new Map<string, Promise<ChipCircuit['sum']>>();
/** Hashes of rows that were checked: cases of one test have most rows in common. */
const checked = new Set<string>();
const MOST_CHECKED = 1_000_000;
const challenge = randomChallenge(randomOf(1, 'conformance'));

/**
 * Runs every row through its chip's circuit: all constraints hold, and its sum is that of its tuples.
 * @throws Error naming the row
 */
export async function checkRows(rows: readonly TraceRow[]): Promise<void> {
  for (const { chip: name, row, origin } of rows) {
    const chip = CHIPS[name]!;
    const cells = cellsOf(chip, row);
    const hash = createHash('sha256').update(`${name} ${cells.join()}`).digest('base64');
    if (checked.has(hash)) continue;
    const circuit = circuits.get(name) ?? chipSum(chip);
    circuits.set(name, circuit);
    let sum: bigint;
    try {
      sum = (await circuit)(cells, challenge);
    } catch (cause) {
      throw new Error(`a constraint of ${name} does not hold: ${origin}`, { cause });
    }
    if (sum !== sumOf(chip.terms(row), challenge)) throw new Error(`${name} and its mirror disagree: ${origin}`);
    if (checked.size === MOST_CHECKED) checked.clear();
    checked.add(hash);
  }
}
