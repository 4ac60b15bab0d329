import { mod } from '../../../../src/bus/field.js';
import type { Columns, RowOf } from '../../../../src/chips/chip.js';
import { type ChipCircuit, cellsOfRow, randomChallenge, WIRE } from '../circuit.js';
import type { Random } from '../random.js';
import { buildProgram } from './program.js';
import { Replay } from './run.js';

/**
 * Looks for two assignments with the same cells: all cells are fixed, every wire that then still is open is changed, and what follows from it is computed anew. If every constraint holds, the wire is a free hint.
 * (Changing wires one by one, as `mutation.ts` does, does not see two hints that move together.)
 */
export function hintFindings(circuit: ChipCircuit, rows: readonly RowOf<Columns>[], random: Random): string[] {
  const cells = circuit.cells.map((_, k) => WIRE.cells + k);
  const program = buildProgram(circuit, { early: cells });
  return rows.flatMap((row, i) => {
    const base = circuit.witness(cellsOfRow(circuit, row), randomChallenge(random));
    const replay = new Replay(circuit, program, base);
    // A cell that follows from others in the program stays too: the constraint that it follows from then tests.
    const same = cells.map((cell) => [cell, base[cell]!] as const);
    const open = program.steps.filter((step) => step.wire >= WIRE.cells + cells.length && replay.isOpen(step));
    return open.flatMap(({ wire }) => {
      const values = [1n - base[wire]!, base[wire]! + 1n, random.field()].map(mod);
      const free = values.find(
        (value) => replay.violations({ wires: new Map([...same, [wire, value]]) }, 1).length === 0,
      );
      return free === undefined
        ? []
        : [`row ${i}: ${circuit.nameOf(wire)} may be ${free} instead of ${base[wire]}, with the same cells`];
    });
  });
}
