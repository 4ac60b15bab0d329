import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { compileCircuit } from '../../../src/build/compile-circuits.js';
import { mainCircuit } from '../../../src/proof/shapes.js';
import type { ShapeSpec } from '../../../src/proof/types.js';
import { type ChipCircuit, frameOf, readConstraints, WIRE } from './circuit.js';

/** What the static rule reads of a circuit, be it of one row or of a whole shape. */
export type RuledCircuit = Pick<ChipCircuit, 'constraints' | 'cells' | 'powers' | 'frame' | 'nameOf'>;

/**
 * A shape's circuit as it is proven, compiled or from the cache, of any size: a shape of 2^18 takes seconds and about a gigabyte.
 * @throws CircuitError those of {@link compileCircuit}
 */
export async function shapeCircuit(spec: ShapeSpec): Promise<RuledCircuit> {
  const { r1cs, sym, info } = await compileCircuit({ name: spec.name, source: mainCircuit(spec) });
  const { constraints } = await readConstraints(r1cs);
  const names = await namesOf(sym);
  const powers = new Map<number, number>();
  for (const [wire, name] of names) {
    const power = /^main\.powers\.p\[(\d+)\]$/.exec(name)?.[1];
    if (power !== undefined && wire > WIRE.beta) powers.set(Number(power), wire);
  }
  const nameOf = (wire: number) => names.get(wire) ?? `wire ${wire}`;
  const cells = Array.from({ length: info.committed }, (_, k) => nameOf(WIRE.cells + k));
  return { constraints, cells, powers, frame: frameOf(constraints, powers, 2), nameOf };
}

/** The first name of each wire: lines are `label,wire,component,name`. */
async function namesOf(sym: string): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>();
  for await (const line of createInterface({ input: createReadStream(sym) })) {
    const [, wire, , name] = line.split(',');
    if (name === undefined || Number(wire) < 0) continue;
    const isPower = name.startsWith('main.powers.p[');
    if (isPower || !names.has(Number(wire))) names.set(Number(wire), name);
  }
  return names;
}
