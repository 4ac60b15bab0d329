import { TERM_WORDS } from '../../build/r1cs.js';
import { R } from '../../bus/field.js';
import { littleEndian } from '../../bus/little-endian.js';
import { type ChipRegistry, componentName, sumGroups } from '../shapes.js';
import type { ShapeSpec } from '../types.js';
import {
  type Block,
  type Blocks,
  constraintsIn,
  FRAME,
  POWERS,
  renumbered,
  sortTerms,
  type Template,
  type Words,
} from './block.js';
import { R1csWriter } from './writer.js';

/** A linked circuit: the bytes of its r1cs file and its sizes. */
export interface Linked {
  readonly file: Uint8Array;
  readonly constraints: number;
  readonly wires: number;
  /** Outputs and public inputs. */
  readonly publics: number;
  readonly committed: number;
}

/** Rows of one chip in a shape, and where their wires and signals stand. */
interface Part {
  readonly block: Block;
  readonly rows: number;
  /** Outputs in each partial sum, and the wires of these sums; a sum of one output is that output. */
  readonly groups: readonly number[];
  /** Rows in each partial sum but the last. */
  readonly perGroup: number;
  readonly sums: readonly number[];
  readonly firstCell: number;
  firstInner: number;
  /** The last row, when its one output is a partial sum by itself: that output's inner wire, and the sum's wire. */
  readonly alias: { readonly inner: number; readonly wire: number } | undefined;
}

const ONE = coefficient(1n);
const MINUS_ONE = coefficient(R - 1n);

/**
 * The r1cs of a shape from its chips' rows: exactly the bytes that circom's `--O1` makes of `mainCircuit(spec)`, factors ordered
 * by `orderFactors`. Order of wires: 1, sum, alpha, beta; cells; partial sums; powers of beta; rows' own wires. Constraints:
 * powers; rows; what is reduced of them; sums; rows' linear ones. Cells and sums are in the order of the shape, rows in the order of the chips' names.
 */
export function link({ chips }: Pick<ShapeSpec, 'chips'>, blocks: Blocks, registry: ChipRegistry): Linked {
  const names = Object.keys(chips);
  const { parts, committed, sums, signals } = layOut(chips, blocks, registry);
  const firstPower = FRAME.wires + committed + sums;
  const byName = names.map((name, i) => ({ name: componentName(name), part: parts[i]! }));
  const sorted = byName.sort((x, y) => (x.name < y.name ? -1 : 1)).map(({ part }) => part);
  let wires = firstPower + POWERS;
  for (const part of sorted) {
    part.firstInner = wires;
    wires += part.rows * part.block.inner - (part.alias === undefined ? 0 : 1);
  }

  const templates = sorted.flatMap((part) => templatesOf(part, firstPower));
  const powers = renumbered(blocks.powers.products, (wire) =>
    wire < FRAME.wires ? wire : wire - FRAME.wires + firstPower,
  );
  const sumWords = sumsOf(parts);

  const perRow = templates.flatMap(({ rows, products, reduced, linear }) =>
    [products, reduced, linear].map((words) => ({ rows, words })),
  );
  const writer = new R1csWriter({
    words: perRow.reduce((sum, { rows, words }) => sum + rows * words.length, powers.length + sumWords.length),
    constraints: perRow.reduce(
      (sum, { rows, words }) => sum + rows * constraintsIn(words),
      constraintsIn(powers) + constraintsIn(sumWords),
    ),
    ...{ wires, committed },
  });
  writer.constraints(powers);
  for (const template of templates) writer.rows(template.products, template, firstPower);
  for (const template of templates) writer.rows(template.reduced, template, firstPower);
  writer.constraints(sumWords);
  for (const template of templates) writer.rows(template.linear, template, firstPower);
  writeSignals(writer, sorted, blocks, { firstPower, signals });
  return { file: writer.file(), constraints: writer.count, wires, publics: FRAME.wires - 1, committed };
}

/** Where cells and sums stand, chip by chip in the order of the shape. */
function layOut(chips: ShapeSpec['chips'], blocks: Blocks, registry: ChipRegistry) {
  const entries = Object.entries(chips).map(([name, rows]) => {
    const chip = registry[name]!;
    const groups = sumGroups(rows, chip);
    return { block: blocks.chips.get(name)!, rows, groups, perGroup: groups[0]! / chip.outputs };
  });
  const committed = entries.reduce((sum, { rows, block }) => sum + rows * block.cells, 0);
  const signals = entries.reduce((sum, { groups }) => sum + groups.length, 0);
  // The only partial sum of a shape is its sum.
  const sums = signals === 1 ? 0 : signals;
  let [firstCell, nextSum] = [FRAME.wires as number, FRAME.wires + committed];
  const parts = entries.map(({ block, rows, groups, perGroup }): Part => {
    const wires = groups.map(() => (sums === 0 ? FRAME.sum : nextSum++));
    const alias = groups.at(-1) === 1 ? { inner: block.outputs[0]!, wire: wires.at(-1)! } : undefined;
    const part = { block, rows, groups, perGroup, sums: wires, firstCell, firstInner: 0, alias };
    firstCell += rows * block.cells;
    return part;
  });
  return { parts, committed, sums, signals };
}

function templatesOf({ block, rows, firstCell, firstInner, alias }: Part, firstPower: number): Template[] {
  const { cells, inner } = block;
  const template = (row: number, count: number, other?: Part['alias']): Template => {
    const wireOf = (wire: number) => {
      if (wire < FRAME.wires) return wire;
      const index = wire - FRAME.wires - cells;
      if (index < 0) return firstCell + row * cells + wire - FRAME.wires;
      if (index < POWERS) return firstPower + index;
      const own = index - POWERS;
      if (own === other?.inner) return other.wire;
      return firstInner + row * inner + own - (other !== undefined && own > other.inner ? 1 : 0);
    };
    const [products, reduced] = [renumbered(block.products, wireOf), renumbered(block.reduced, wireOf)];
    return { rows: count, products, reduced, linear: renumbered(block.linear, wireOf), cells, inner };
  };
  if (alias === undefined) return [template(0, rows)];
  const last = template(rows - 1, 1, alias);
  return rows === 1 ? [last] : [template(0, rows - 1), last];
}

/** The linear constraints of partial sums and of their total: 0 * 0 = terms - sum. */
function sumsOf(parts: readonly Part[]): Words {
  const words: number[] = [];
  const define = (sum: number, terms: readonly number[]) => {
    words.push(0, 0, 1 + terms.length, sum, ...MINUS_ONE);
    for (const term of terms) words.push(term, ...ONE);
  };
  for (const { block, rows, groups, perGroup, sums, firstInner } of parts) {
    for (const [j, terms] of groups.entries()) {
      if (terms === 1) continue;
      const last = Math.min(rows, (j + 1) * perGroup);
      const wires: number[] = [];
      for (let row = j * perGroup; row < last; row++) {
        for (const output of block.outputs) wires.push(firstInner + row * block.inner + output);
      }
      define(sums[j]!, wires);
    }
  }
  const all = parts.flatMap(({ sums }) => sums);
  if (all.length > 1) define(FRAME.sum, all);
  const result = Uint32Array.from(words);
  sortTerms(result);
  return result;
}

/** Which of circom's signals each wire is. */
function writeSignals(
  writer: R1csWriter,
  sorted: readonly Part[],
  { powers }: Blocks,
  { firstPower, signals }: { readonly firstPower: number; readonly signals: number },
): void {
  // Signals of the main circuit: those with wires of the same number, then a lone partial sum, which has none.
  for (let wire = 0; wire < firstPower; wire++) writer.signal(wire);
  let first = signals === 1 ? firstPower + 1 : firstPower;
  for (const label of powers.labelOf) writer.signal(first + label);
  first += powers.labels;
  for (const { block, rows, alias } of sorted) {
    for (let row = 0; row < rows; row++, first += block.labels) {
      const dropped = row === rows - 1 ? alias?.inner : undefined;
      block.labelOf.forEach((label, inner) => {
        if (inner !== dropped) writer.signal(first + label);
      });
    }
  }
  writer.signals(first);
}

function coefficient(value: bigint): Uint32Array {
  const bytes = Buffer.alloc(4 * (TERM_WORDS - 1));
  littleEndian(value, bytes);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, TERM_WORDS - 1);
}
