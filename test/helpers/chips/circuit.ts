import { readFileSync } from 'node:fs';
import { compileCircuit } from '../../../src/build/compile-circuits.js';
import { forEachTerm, readR1cs } from '../../../src/build/r1cs.js';
import { R } from '../../../src/bus/field.js';
import { type Challenge, challengeOf } from '../../../src/bus/tuple.js';
import { type Chip, type Columns, cellNames, cellsOf, type RowOf } from '../../../src/chips/chip.js';
import { inputName, mainCircuit } from '../../../src/proof/shapes.js';
import type { Random } from './random.js';
import { WitnessProgram } from './witness.js';

/** A linear combination: coefficient by wire, sparse. Wire 0 is the constant 1. */
export interface Linear {
  readonly wires: readonly number[];
  readonly coefficients: readonly bigint[];
}

/** One constraint a * b = c. */
export interface Constraint {
  readonly a: Linear;
  readonly b: Linear;
  readonly c: Linear;
}

/** Wires of every circuit of {@link chipCircuit}: 1, sum, alpha, beta, then the committed cells. */
export const WIRE = { one: 0, sum: 1, alpha: 2, beta: 3, cells: 4 } as const;

/** A circuit of one row of one chip, with everything that the tests of a chip share. */
export interface ChipCircuit {
  readonly chip: Chip;
  readonly constraints: readonly Constraint[];
  readonly wires: number;
  /** The compiled circuit's file. */
  readonly r1cs: string;
  /** Names of the row's cells; cell k is wire WIRE.cells + k. */
  readonly cells: readonly string[];
  /** Wires that hold beta^2..beta^31, by power; beta itself is WIRE.beta. */
  readonly powers: ReadonlyMap<number, number>;
  /** Constraints that are the shape's and not the chip's: the powers of beta and the total of several outputs. */
  readonly frame: ReadonlySet<number>;
  /** A wire's name as in the chip's source, e.g. `k.sel[3]`. */
  nameOf(wire: number): string;
  /** The witness of one row given as cells. Throws ConstraintFailed. */
  witness(cells: readonly bigint[], challenge: Challenge): bigint[];
  /** The circuit's sum for one row. Throws ConstraintFailed. */
  sum(cells: readonly bigint[], challenge: Challenge): bigint;
}

/** Compiles (or takes from the cache) the circuit of one row of `chip`. */
export async function chipCircuit<C extends Columns>(typed: Chip<C>): Promise<ChipCircuit> {
  const chip = typed as unknown as Chip;
  const { r1cs: r1csFile, wasm, sym } = await compiledRow(chip);
  const { constraints, wires } = await readConstraints(r1csFile);
  const names = readNames(sym, wires);
  const cells = cellNames(chip);
  for (const [k, cell] of cells.entries()) names[WIRE.cells + k] = cell;
  const powers = new Map<number, number>();
  names.forEach((name, wire) => {
    const power = /^main\.powers\.p\[(\d+)\]$/.exec(name)?.[1];
    if (power !== undefined && wire > WIRE.beta) powers.set(Number(power), wire);
  });
  const program = new WitnessProgram(wasm);
  const input = inputName(chip.name);
  return {
    chip,
    constraints,
    wires,
    r1cs: r1csFile,
    cells,
    powers,
    frame: frameOf(constraints, powers, chip.outputs),
    nameOf: (wire) => names[wire] ?? `wire ${wire}`,
    witness: (row, { alpha, beta }) => program.run({ alpha, beta, [input]: row }),
    sum: sumBy(program, chip),
  };
}

/** Only the sum of {@link chipCircuit}, without reading the constraints: for those who run many rows of all chips. */
export async function chipSum(chip: Chip): Promise<ChipCircuit['sum']> {
  return sumBy(new WitnessProgram((await compiledRow(chip)).wasm), chip);
}

function sumBy(program: WitnessProgram, chip: Chip): ChipCircuit['sum'] {
  const input = inputName(chip.name);
  return (row, { alpha, beta }) => program.run({ alpha, beta, [input]: row }, WIRE.sum + 1)[WIRE.sum]!;
}

function compiledRow(chip: Chip) {
  const shape = { name: `chip-${chip.name.replace(/[^A-Za-z0-9]/g, '-')}`, chips: { [chip.name]: 1 } };
  return compileCircuit({ name: shape.name, source: mainCircuit(shape, { [chip.name]: chip }) });
}

/** Cells of a row of this circuit's chip. */
export function cellsOfRow<C extends Columns>(circuit: ChipCircuit, row: RowOf<C>): bigint[] {
  return cellsOf(circuit.chip as unknown as Chip<C>, row);
}

/** A challenge no prover could know. */
export function randomChallenge(random: Random): Challenge {
  return challengeOf(random.field(), random.field());
}

/** Every wire of a constraint, once. */
export function wiresOf({ a, b, c }: Constraint): number[] {
  return [...new Set([...a.wires, ...b.wires, ...c.wires])];
}

/** For every wire the constraints it stands in, by number. */
export function usesOf({ constraints, wires }: ChipCircuit): number[][] {
  const uses: number[][] = Array.from({ length: wires }, () => []);
  constraints.forEach((constraint, i) => {
    for (const wire of wiresOf(constraint)) uses[wire]!.push(i);
  });
  return uses;
}

/** sum coefficient * value, not reduced. */
export function evaluate({ wires, coefficients }: Linear, values: readonly bigint[]): bigint {
  let sum = 0n;
  for (let i = 0; i < wires.length; i++) sum += coefficients[i]! * values[wires[i]!]!;
  return sum;
}

/** Whether a constraint holds: THE checker; everything the harness says about violations comes from it. */
export function holds({ a, b, c }: Constraint, values: readonly bigint[]): boolean {
  return (evaluate(a, values) * evaluate(b, values) - evaluate(c, values)) % R === 0n;
}

/** A constraint in readable form, for failure messages. */
export function show(circuit: Pick<ChipCircuit, 'constraints' | 'nameOf'>, index: number): string {
  const { a, b, c } = circuit.constraints[index]!;
  const side = ({ wires, coefficients }: Linear) => {
    const terms = wires.slice(0, 6).map((wire, i) => {
      const k = coefficients[i]! > R / 2n ? coefficients[i]! - R : coefficients[i]!;
      const short = k > 10n ** 12n || k < -(10n ** 12n) ? 'K' : `${k}`;
      return wire === 0 ? short : k === 1n ? circuit.nameOf(wire) : `${short}*${circuit.nameOf(wire)}`;
    });
    if (wires.length > 6) terms.push(`... (${wires.length} terms)`);
    return terms.length === 0 ? '0' : terms.join(' + ');
  };
  return `#${index}: (${side(a)}) * (${side(b)}) = ${side(c)}`;
}

/** The constraints of an r1cs file. */
export async function readConstraints(file: string): Promise<{ constraints: Constraint[]; wires: number }> {
  const r1cs = await readR1cs(file);
  const build = () => ({ wires: [] as number[], coefficients: [] as bigint[] });
  const list = Array.from({ length: r1cs.constraints }, () => [build(), build(), build()] as const);
  // Large circuits repeat few coefficients: one object each.
  const read = new Map<string, bigint>();
  forEachTerm(r1cs, (constraint, matrix, wire, at) => {
    const bytes = r1cs.bytes.toString('latin1', at, at + 32);
    let coefficient = read.get(bytes) ?? 0n;
    if (coefficient === 0n) {
      for (let word = 3; word >= 0; word--)
        coefficient = (coefficient << 64n) | r1cs.bytes.readBigUInt64LE(at + 8 * word);
      read.set(bytes, coefficient);
    }
    const side = list[constraint]![matrix]!;
    side.wires.push(wire);
    side.coefficients.push(coefficient);
  });
  return { constraints: list.map(([a, b, c]) => ({ a, b, c })), wires: r1cs.wires };
}

/** The row's component in the main circuit. */
const ROW = /^main\.row\w*\[0\]\./;

/** .sym lines are `label,wire,component,name`; of the names of one wire the shortest is kept, the row's prefix cut off. */
function readNames(file: string, wires: number): string[] {
  const names = Array<string>(wires);
  names[WIRE.one] = '1';
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, wire, , full] = line.split(',');
    if (full === undefined || Number(wire) < 0) continue;
    const name = full.replace(ROW, '');
    const old = names[Number(wire)];
    if (old === undefined || name.length < old.length) names[Number(wire)] = name;
  }
  return names;
}

/** Constraints of the powers of beta, and of the total of several outputs. */
export function frameOf(
  constraints: readonly Constraint[],
  powers: ReadonlyMap<number, number>,
  outputs: number,
): Set<number> {
  const powerWires = new Set([WIRE.beta, ...powers.values()]);
  const frame = new Set<number>();
  constraints.forEach(({ a, b, c }, i) => {
    const all = [...a.wires, ...b.wires, ...c.wires];
    const chain = a.wires.length === 1 && b.wires.length === 1 && all.every((wire) => powerWires.has(wire));
    const total = outputs > 1 && all.includes(WIRE.sum);
    if (chain || total) frame.add(i);
  });
  return frame;
}
