import { compileCircuit } from '../../src/build/compile-circuits.js';
import type { Challenge } from '../../src/bus/tuple.js';
import type { TraceRow } from '../../src/chips/chip.js';
import { type AnyRow, mainCircuit, type ShapeInputs, shapeInputs, shapesOf } from '../../src/proof/shapes.js';
import { demandOf } from '../../src/trace/demand.js';
import { pack } from '../../src/trace/pack.js';
import { WIRE } from './chips/circuit.js';
import { ConstraintFailed, WitnessProgram } from './chips/witness.js';

/** The one shape of key set `test-code`. */
const [SPEC] = shapesOf('test-code') as [ReturnType<typeof shapesOf>[number]];

/** What its circuit makes of rows: their sum on the bus, or the name of the template that has no witness for them. */
export type Witnessed = { readonly sum: bigint } | { readonly refusedBy: string };

/** The rows as the cells of the one proof that holds them. */
export function inputsOf(rows: readonly TraceRow[]): ShapeInputs {
  const [proof, ...more] = pack(demandOf(rows), [SPEC]);
  if (proof === undefined || more.length > 0) throw new Error(`the rows fill ${1 + more.length} proofs, not one`);
  const byChip: Record<string, AnyRow[]> = {};
  for (const { chip, row } of rows) {
    byChip[chip] ??= [];
    byChip[chip].push(row);
  }
  return shapeInputs(SPEC, byChip);
}

/** The circuit, for rows that are not proven. */
export class CodeCircuit {
  readonly #program: WitnessProgram;

  private constructor(wasm: string) {
    this.#program = new WitnessProgram(wasm);
  }

  static async load(): Promise<CodeCircuit> {
    return new CodeCircuit((await compileCircuit({ name: SPEC.name, source: mainCircuit(SPEC) })).wasm);
  }

  run(rows: readonly TraceRow[], { alpha, beta }: Challenge): Witnessed {
    const cells = Object.entries(inputsOf(rows).signals).map(([name, list]) => [name, list.flat()] as const);
    try {
      const wires = this.#program.run({ ...Object.fromEntries(cells), alpha, beta }, WIRE.sum + 1);
      return { sum: wires[WIRE.sum]! };
    } catch (error) {
      if (error instanceof ConstraintFailed) return { refusedBy: /template (\w+)_\d+/.exec(error.message)![1]! };
      throw error;
    }
  }
}
