import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../build/package-root.js';
import { type Chip, cellCount, cellNames, cellsOf, type RowOf } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import { CircuitError } from '../errors/proof.js';
import type { ShapeSpec } from './types.js';

/** Chips by name, as in `src/chips/index.ts`. */
export type ChipRegistry = Readonly<Record<string, Chip>>;

/** A shape's number is one byte of a proof record. */
const MAX_SHAPES = 256;

/** The shapes of every key set; a shape's place in its list is its number on L1. */
export type KeySetShapes = Readonly<Record<string, readonly ShapeSpec[]>>;

/**
 * Every key set's shapes from `circuits/shapes.json`, where a name alone stands for the shape of that name in `default`.
 * @throws CircuitError `SHAPE_UNKNOWN` when `default` has no such shape
 */
export function readShapes(
  text: string = readFileSync(join(packageRoot(), 'circuits', 'shapes.json'), 'utf8'),
): KeySetShapes {
  const sets: Record<string, (ShapeSpec | string)[]> = JSON.parse(text);
  const named = (name: string) => {
    const spec = sets.default?.find((shape): shape is ShapeSpec => typeof shape !== 'string' && shape.name === name);
    if (spec !== undefined) return spec;
    throw new CircuitError('SHAPE_UNKNOWN', `Key set "default" of circuits/shapes.json has no shape "${name}".`);
  };
  return Object.fromEntries(
    Object.entries(sets).map(([keySet, shapes]) => [
      keySet,
      shapes.map((shape) => (typeof shape === 'string' ? named(shape) : shape)),
    ]),
  );
}

/**
 * The shapes of one key set, checked against the chips.
 * @throws CircuitError `SHAPE_UNKNOWN` (no such key set or chip), `SHAPE_INVALID` (names or counts)
 */
export function shapesOf(
  keySet: string,
  sets: KeySetShapes = readShapes(),
  chips: ChipRegistry = CHIPS,
): readonly ShapeSpec[] {
  const specs = Object.hasOwn(sets, keySet) ? sets[keySet]! : undefined;
  if (specs === undefined) {
    const known = Object.keys(sets).join(', ') || 'none';
    throw new CircuitError(
      'SHAPE_UNKNOWN',
      `There is no key set "${keySet}" in circuits/shapes.json (known: ${known}).`,
    );
  }
  if (specs.length === 0 || specs.length > MAX_SHAPES) {
    throw new CircuitError('SHAPE_INVALID', `Key set "${keySet}" has ${specs.length} shapes; 1 to ${MAX_SHAPES} fit.`);
  }
  if (new Set(specs.map(({ name }) => name)).size !== specs.length) {
    throw new CircuitError('SHAPE_INVALID', `Two shapes of key set "${keySet}" have the same name.`);
  }
  for (const spec of specs) checkSpec(spec, chips);
  return specs;
}

function checkSpec(spec: ShapeSpec, chips: ChipRegistry): void {
  const entries = Object.entries(spec.chips);
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(spec.name) || entries.length === 0) {
    throw new CircuitError('SHAPE_INVALID', `Shape "${spec.name}" needs a plain name and at least one chip.`);
  }
  for (const [name, rows] of entries) {
    chipOf(name, chips);
    if (!Number.isSafeInteger(rows) || rows < 1) {
      throw new CircuitError('SHAPE_INVALID', `Shape "${spec.name}" has ${rows} rows of chip "${name}".`);
    }
  }
}

function chipOf(name: string, chips: ChipRegistry): Chip {
  if (!Object.hasOwn(chips, name)) {
    throw new CircuitError('SHAPE_UNKNOWN', `There is no chip "${name}" (known: ${Object.keys(chips).join(', ')}).`);
  }
  return chips[name]!;
}

/** A chip's name as Circom can write it: chip names may hold dots. */
function identifier(chip: string): string {
  return chip.replace(/[^A-Za-z0-9]/g, '_');
}

/** The name of a chip's committed input array. */
export function inputName(chip: string): string {
  return `rows_${identifier(chip)}`;
}

/** The name of a chip's array of components, one a row. */
export function componentName(chip: string): string {
  return `row_${identifier(chip)}`;
}

/** The name of a chip's partial sums. */
export function sumName(chip: string): string {
  return `sum_${identifier(chip)}`;
}

/**
 * Circom source of a shape, to be compiled in `circuits/generated/`. Public: sum, alpha, beta. Private, and so committed:
 * per chip `rows_<chip>[rows][cells]`, cells in the order of {@link cellNames}. `sum` is the total of all rows' outputs.
 */
export function mainCircuit(spec: ShapeSpec, chips: ChipRegistry = CHIPS): string {
  checkSpec(spec, chips);
  const parts = Object.entries(spec.chips).map(([name, rows]) => ({
    name: identifier(name),
    rows,
    chip: chipOf(name, chips),
  }));
  const includes = new Set(parts.map(({ chip }) => `include "../chips/${chip.file}.circom";`));
  return `pragma circom 2.2.0;
include "../bus.circom";
${[...includes].join('\n')}

template Main() {
    signal input alpha, beta;
${parts.map(({ name, rows, chip }) => `    signal input rows_${name}[${rows}][${cellCount(chip)}];`).join('\n')}
    signal output sum;
    component powers = Powers();
    powers.beta <== beta;
    var total = 0;
${parts.map(({ name, rows, chip }) => instances(name, rows, chip)).join('\n')}
    sum <== total;
}

component main {public [alpha, beta]} = Main();
`;
}

/** Terms of a partial sum: circom copies a growing expression at every addition, so one long sum would cost time squared. */
const PARTIAL_SUM = 512;

/** How many outputs of `rows` rows each partial sum of {@link mainCircuit} adds up. */
export function sumGroups(rows: number, chip: Chip): number[] {
  const group = groupOf(chip);
  return Array.from({ length: Math.ceil(rows / group) }, (_, i) => Math.min(group, rows - i * group) * chip.outputs);
}

/** Rows of a partial sum. */
function groupOf({ outputs }: Chip): number {
  return Math.max(1, Math.floor(PARTIAL_SUM / outputs));
}

function instances(name: string, rows: number, chip: Chip): string {
  const wires = cellNames(chip).map((cell, k) => `        row_${name}[i].${cell} <== rows_${name}[i][${k}];`);
  const group = groupOf(chip);
  const groups = Math.ceil(rows / group);
  return `
    component row_${name}[${rows}];
    signal sum_${name}[${groups}];
    var partial_${name} = 0;
    for (var i = 0; i < ${rows}; i++) {
        row_${name}[i] = ${chip.template};
        row_${name}[i].alpha <== alpha;
        row_${name}[i].p <== powers.p;
${wires.join('\n')}
        for (var k = 0; k < ${chip.outputs}; k++) { partial_${name} += row_${name}[i].o[k]; }
        if (i % ${group} == ${group - 1} || i == ${rows - 1}) {
            sum_${name}[i \\ ${group}] <== partial_${name};
            partial_${name} = 0;
        }
    }
    for (var j = 0; j < ${groups}; j++) { total += sum_${name}[j]; }`;
}

/** A row of any chip: a value per column. */
export type AnyRow = Readonly<Record<string, bigint | readonly bigint[]>>;

/** The private inputs of one proof. */
export interface ShapeInputs {
  /** Per Circom input array: rows of cells. */
  readonly signals: Readonly<Record<string, readonly (readonly bigint[])[]>>;
  /** All cells in the order of the committed wires. */
  readonly cells: readonly bigint[];
}

/**
 * The rows of one proof, padded to the shape.
 * @throws CircuitError `SHAPE_OVERFLOW` when a chip gets more rows than the shape holds, or a chip is not in it
 */
export function shapeInputs(
  spec: ShapeSpec,
  rowsByChip: Readonly<Record<string, readonly AnyRow[]>>,
  chips: ChipRegistry = CHIPS,
): ShapeInputs {
  for (const [name, rows] of Object.entries(rowsByChip)) {
    const room = Object.hasOwn(spec.chips, name) ? spec.chips[name]! : 0;
    if (rows.length > room) {
      throw new CircuitError(
        'SHAPE_OVERFLOW',
        `Shape "${spec.name}" holds ${room} rows of ${name}, not ${rows.length}.`,
      );
    }
  }
  const signals: Record<string, readonly (readonly bigint[])[]> = {};
  const cells: bigint[] = [];
  for (const [name, count] of Object.entries(spec.chips)) {
    const chip = chipOf(name, chips);
    const given = rowsByChip[name] ?? [];
    const padding = cellsOf(chip, chip.padding);
    const rows = Array.from({ length: count }, (_, i) =>
      i < given.length ? cellsOf(chip, given[i] as RowOf<typeof chip.columns>) : padding,
    );
    signals[inputName(name)] = rows;
    for (const row of rows) for (const cell of row) cells.push(cell);
  }
  return { signals, cells };
}
