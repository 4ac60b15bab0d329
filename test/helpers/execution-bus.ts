import type { AccountAccess, Header, Rules } from '../../src/batch/types.js';
import { type Imbalance, imbalances, type Origin } from '../../src/bus/balance.js';
import type { Challenge, Term } from '../../src/bus/tuple.js';
import { cellsOf, type TraceRow } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { rangeTable, tables } from '../../src/chips/tables.js';
import { type ExecutionEnd, executionTerms } from '../../src/statement/execution-terms.js';
import { type ChipCircuit, chipCircuit } from './chips/circuit.js';
import { ConstraintFailed } from './chips/witness.js';
import type { Item } from './execution.js';

/** Rows of a batch's execution with all that L1 says about it. */
export interface ExecutionBundle {
  readonly rules: Rules;
  readonly header: Header;
  /** The items that are read. */
  readonly items: readonly Item[];
  readonly accessList: readonly AccountAccess[];
  readonly rows: readonly TraceRow[];
  readonly end: ExecutionEnd;
  readonly blockUses: readonly bigint[];
}

/** The circuits of these chips, by name; default those of transfers. */
export async function executionCircuits(
  names: readonly string[] = ['transfer', 'txskip', 'txbad', 'cellend'],
): Promise<ReadonlyMap<string, ChipCircuit>> {
  const circuits = new Map<string, ChipCircuit>();
  for (const name of names) circuits.set(name, await chipCircuit(CHIPS[name]!));
  return circuits;
}

/** Origins of the rows whose constraints cannot be satisfied. */
export function brokenRows(
  circuits: ReadonlyMap<string, ChipCircuit>,
  rows: readonly TraceRow[],
  challenge: Challenge,
): string[] {
  return rows
    .filter(({ chip, row }) => {
      const circuit = circuits.get(chip)!;
      try {
        circuit.witness(cellsOf(circuit.chip, row), challenge);
        return false;
      } catch (error) {
        if (error instanceof ConstraintFailed) return true;
        throw error;
      }
    })
    .map(({ origin }) => origin);
}

/** Terms of a row. */
export function termsOf({ chip, row }: TraceRow): Term[] {
  return CHIPS[chip]!.terms(row);
}

/** What does not balance, with the best range table there is: lookups that no table serves stay open. */
export function openTuples(bundle: ExecutionBundle, extra: readonly Term[] = []): Imbalance[] {
  const rows: Origin[] = bundle.rows.map((row) => ({ origin: row.origin, terms: termsOf(row) }));
  const served = rows.flatMap(({ terms }) => terms).filter(({ tuple }) => tuple.values[0]! < 4096n);
  const ranges = { origin: 'range table', terms: tables.terms(rangeTable(served)) };
  return imbalances([...executionTerms(bundle), ...rows, ranges, { origin: 'L1: extra', terms: extra }]);
}
