import type { Imbalance } from '../../../src/bus/balance.js';
import type { Challenge } from '../../../src/bus/tuple.js';
import { cellsOf, type TraceRow } from '../../../src/chips/chip.js';
import { CHIPS } from '../../../src/chips/index.js';
import { type ChipCircuit, chipCircuit, randomChallenge } from './circuit.js';
import { randomOf, testSeed } from './random.js';
import { ConstraintFailed } from './witness.js';

const challenge = randomChallenge(randomOf(testSeed(), 'forgeries'));
const circuits = new Map<string, Promise<ChipCircuit>>();

/** Whether a row breaks a constraint of its chip: no witness satisfies it. */
export async function isBroken({ chip, row }: Pick<TraceRow, 'chip' | 'row'>, at = challenge): Promise<boolean> {
  const circuit = circuits.get(chip) ?? chipCircuit(CHIPS[chip]!);
  circuits.set(chip, circuit);
  const { witness } = await circuit;
  try {
    witness(cellsOf(CHIPS[chip]!, row), at);
    return false;
  } catch (error) {
    if (error instanceof ConstraintFailed) return true;
    throw error;
  }
}

/** Origins of the rows that break a constraint of their chip. */
export async function brokenRows(rows: readonly TraceRow[], at: Challenge): Promise<string[]> {
  const broken = await Promise.all(rows.map((row) => isBroken(row, at)));
  return rows.filter((_, i) => broken[i]).map(({ origin }) => origin);
}

/** What stops rows, as forgeries say it: `constraint` if one of them breaks its chip's, and the kinds of the tuples that are open. */
export async function stoppedBy(
  rows: readonly Pick<TraceRow, 'chip' | 'row'>[],
  open: readonly Pick<Imbalance, 'tuple'>[],
): Promise<string> {
  const broken = (await Promise.all(rows.map((row) => isBroken(row)))).includes(true) ? ['constraint'] : [];
  return [...broken, ...[...new Set(open.map(({ tuple }) => tuple.name))].sort()].join(' ');
}
