import { readFileSync } from 'node:fs';
import { readSectionsOf } from '../../build/binfile.js';
import { endOfSide, forEachWire, readR1cs, wordsOf } from '../../build/r1cs.js';
import { type Chip, cellCount } from '../../chips/chip.js';
import { CircuitError } from '../../errors/proof.js';
import { componentName, sumName } from '../shapes.js';
import { type Block, type Blocks, endOfConstraint, FRAME, POWERS, renumbered, type Words } from './block.js';

/** Signals of a component: the first one's label, how many, and the labels of its outputs `o`. */
interface Component {
  readonly first: number;
  count: number;
  readonly outputLabels: number[];
}

/**
 * Splits circom's r1cs of one row of every chip (`rowsSpec`, factors as circom wrote them) into blocks. That nothing is lost or misread is checked by who
 * calls it: the blocks, linked again, are that r1cs byte by byte.
 * @throws CircuitError `CIRCUIT_FORMAT`
 */
export async function splitRows(chips: readonly Chip[], r1csFile: string, symFile: string): Promise<Blocks> {
  const r1cs = await readR1cs(r1csFile);
  const [labels] = (await readSectionsOf(r1csFile, 'r1cs', [3])) as [Buffer];
  const labelOf = (wire: number) => Number(labels.readBigUInt64LE(8 * wire));
  const { components, wireNamed } = readSymbols(symFile);
  const powers = components.get('powers')!;
  const firstOf = new Map<number, number>();
  for (let wire = 0; wire < r1cs.wires; wire++) firstOf.set(labelOf(wire), wire);
  const rows = chips.map((chip) => ({ chip, component: components.get(`${componentName(chip.name)}[0]`)! }));
  const powersFirst = firstWire(powers, firstOf);

  // Which block a wire belongs to, and which wire of the block it is.
  const owner = new Int32Array(r1cs.wires).fill(-1);
  const own = new Uint32Array(r1cs.wires);
  for (let wire = 0; wire < FRAME.wires; wire++) own[wire] = wire;
  let cell: number = FRAME.wires;
  const parts = rows.map(({ chip, component }, index) => {
    const cells = cellCount(chip);
    for (let i = 0; i < cells; i++, cell++) {
      owner[cell] = index;
      own[cell] = FRAME.wires + i;
    }
    const wires: { wire: number; label: number }[] = [];
    for (let label = 0; label < component.count; label++) {
      const wire = firstOf.get(component.first + label);
      if (wire !== undefined) wires.push({ wire, label });
    }
    // A sum of one output is that output's wire.
    const alias = chip.outputs === 1 ? (wireNamed.get(`main.${sumName(chip.name)}[0]`) ?? FRAME.sum) : undefined;
    if (alias !== undefined)
      wires.push({ wire: alias < 0 ? FRAME.sum : alias, label: component.outputLabels[0]! - component.first });
    wires.sort((x, y) => x.label - y.label);
    for (const [i, { wire }] of wires.entries()) {
      owner[wire] = index;
      own[wire] = FRAME.wires + cells + POWERS + i;
    }
    // An output that is always 0 has no wire.
    const isOutput = new Set(component.outputLabels.map((label) => label - component.first));
    const outputs = [...wires.keys()].filter((i) => isOutput.has(wires[i]!.label));
    return { cells, wires, outputs, labels: component.count };
  });

  const all = wordsOf(r1cs) as Words;
  const chunks = parts.map(() => ({ products: [] as Words[], reduced: [] as Words[], linear: [] as Words[] }));
  const chain: Words[] = [];
  let afterSums = false;
  for (let at = 0; at < all.length; ) {
    const end = endOfConstraint(all, at);
    const words = all.subarray(at, end);
    const linear = all[at] === 0 && all[endOfSide(all, at)] === 0;
    const { index, isFrame } = ownerOf(words, owner, powersFirst);
    if (index === -1 && !isFrame) chain.push(words);
    if (index !== -1 && !isFrame) chunks[index]![linear ? (afterSums ? 'linear' : 'reduced') : 'products'].push(words);
    afterSums ||= isFrame;
    at = end;
  }
  if (!afterSums && chunks.some(({ reduced }) => reduced.length > 0)) {
    throw new CircuitError(
      'CIRCUIT_FORMAT',
      'One row of one output has no sum: where its linear constraints belong is unknown.',
    );
  }
  const shared = (cells: number) => (wire: number) =>
    wire >= powersFirst && wire < powersFirst + POWERS ? wire - powersFirst + FRAME.wires + cells : own[wire]!;
  const blocks = parts.map(({ cells, wires, outputs, labels }, index): Block => {
    const wireOf = shared(cells);
    return {
      ...{ cells, inner: wires.length, labels, outputs, labelOf: Uint32Array.from(wires, ({ label }) => label) },
      products: renumbered(joined(chunks[index]!.products), wireOf),
      reduced: renumbered(joined(chunks[index]!.reduced), wireOf),
      linear: renumbered(joined(chunks[index]!.linear), wireOf),
    };
  });
  return {
    powers: {
      labels: powers.count,
      labelOf: Uint32Array.from({ length: POWERS }, (_, i) => labelOf(powersFirst + i) - powers.first),
      products: renumbered(joined(chain), shared(0)),
    },
    chips: new Map(rows.map(({ chip }, index) => [chip.name, blocks[index]!])),
  };
}

/** The block that a constraint belongs to, -1 for none; the frame's are those that define a sum of several terms. */
function ownerOf(words: Words, owner: Int32Array, powersFirst: number): { index: number; isFrame: boolean } {
  let [index, isFrame] = [-1, false];
  for (let side = 0, at = 0; side < 3; side++, at = endOfSide(words, at)) {
    forEachWire(words, at, (wire) => {
      const isSum = owner[wire] === -1 && (wire === FRAME.sum || (wire >= FRAME.wires && wire < powersFirst));
      if (isSum) isFrame = true;
      if (owner[wire] !== -1) index = owner[wire]!;
    });
  }
  return { index, isFrame };
}

function joined(chunks: readonly Words[]): Words {
  const result = new Uint32Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    result.set(chunk, at);
    at += chunk.length;
  }
  return result;
}

function firstWire({ first, count }: Component, firstOf: ReadonlyMap<number, number>): number {
  for (let label = first; label < first + count; label++) {
    const wire = firstOf.get(label);
    if (wire !== undefined) return wire;
  }
  throw new CircuitError('CIRCUIT_FORMAT', 'The powers of beta have no wires.');
}

/** Components of the main circuit, and the wires of its own signals (-1: merged with another). Lines are `label,wire,component,name`. */
function readSymbols(file: string) {
  const components = new Map<string, Component>();
  const wireNamed = new Map<string, number>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [label, wire, , name] = line.split(',');
    const [, path, rest] = /^main\.([^.]+)\.(.+)$/.exec(name ?? '') ?? [];
    if (path === undefined) {
      if (name !== undefined) wireNamed.set(name, Number(wire));
      continue;
    }
    let component = components.get(path);
    if (component === undefined) {
      component = { first: Number(label), count: 0, outputLabels: [] };
      components.set(path, component);
    }
    component.count = Number(label) - component.first + 1;
    if (/^o\[\d+\]$/.test(rest!)) component.outputLabels.push(Number(label));
  }
  return { components, wireNamed };
}
