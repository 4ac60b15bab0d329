import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../../src/build/artifacts.js';
import { type ChipCircuit, WIRE } from './circuit.js';

/**
 * Writes `<cache>/reports/chips/<chip>.json` for people: sizes of one row, how many of its constraints have an assignment
 * that only they reject, how many are listed as following from the others.
 */
export function writeReport(
  { chip, constraints, frame, wires, cells, powers }: ChipCircuit,
  deletion: { missing: number; unlisted: number },
): void {
  const folder = join(cacheFolder(), 'reports', 'chips');
  mkdirSync(folder, { recursive: true });
  const own = constraints.filter((_, i) => !frame.has(i));
  const linear = own.filter(({ a, b }) => a.wires.length === 0 || b.wires.length === 0).length;
  const report = {
    chip: chip.name,
    nonLinear: own.length - linear,
    linear,
    // Without the constant, the challenge, its powers and the total.
    wires: wires - WIRE.cells - powers.size,
    committed: cells.length,
    rejected: own.length - deletion.missing,
    listed: deletion.missing - deletion.unlisted,
    unlisted: deletion.unlisted,
  };
  writeFileSync(join(folder, `${chip.name}.json`), `${JSON.stringify(report, null, 2)}\n`);
}
