import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../build/package-root.js';
import type { KeySetShapes } from '../proof/shapes.js';
import { type ChipCounts, type ShapeCounts, shapeCounts } from './counts.js';

/** `circuits/counts.json`: what a row of each chip takes, and each shape of each key set. */
export interface Counts {
  readonly chips: Readonly<Record<string, ChipCounts>>;
  /** By key set, then shape. */
  readonly shapes: Readonly<Record<string, Readonly<Record<string, ShapeCounts>>>>;
}

/** Where the committed counts stand. */
export function countsPath(): string {
  return join(packageRoot(), 'circuits', 'counts.json');
}

/** The committed counts. */
export function readCounts(text: string = readFileSync(countsPath(), 'utf8')): Counts {
  return JSON.parse(text) as Counts;
}

/** The counts of all shapes from those of the chips. */
export function countsOf(chips: Counts['chips'], sets: KeySetShapes): Counts {
  const shapes = Object.entries(sets).map(([set, list]) => [
    set,
    Object.fromEntries(list.map((shape) => [shape.name, shapeCounts(shape, chips)])),
  ]);
  return { chips, shapes: Object.fromEntries(shapes) };
}

/** The text of {@link countsPath}: a line for each chip and shape. */
export function countsText(counts: Counts): string {
  const lines = (values: Readonly<Record<string, object>>, indent: string) =>
    Object.entries(values).map(([name, value]) => `${indent}${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  const sets = Object.entries(counts.shapes).map(
    ([set, shapes]) => `    ${JSON.stringify(set)}: {\n${lines(shapes, '      ').join(',\n')}\n    }`,
  );
  return `{\n  "chips": {\n${lines(counts.chips, '    ').join(',\n')}\n  },\n  "shapes": {\n${sets.join(',\n')}\n  }\n}\n`;
}

/** What differs, in words: `chip register: constraints 22, now 28`. Nothing when both are the same. */
export function countsDifferences(committed: Counts, now: Counts): string[] {
  const sets = [...new Set([...Object.keys(committed.shapes), ...Object.keys(now.shapes)])];
  return [
    ...differences('chip', committed.chips, now.chips),
    ...sets.flatMap((set) => differences(`shape ${set}/`, committed.shapes[set] ?? {}, now.shapes[set] ?? {})),
  ];
}

function differences<T extends object>(
  what: string,
  before: Readonly<Record<string, T>>,
  now: Readonly<Record<string, T>>,
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((name) => {
    const label = what.endsWith('/') ? `${what}${name}` : `${what} ${name}`;
    const [a, b] = [before[name], now[name]];
    if (a === undefined) return [`${label}: new`];
    if (b === undefined) return [`${label}: gone`];
    const fields = (Object.keys(b) as (keyof T)[]).filter((field) => a[field] !== b[field]);
    return fields.length === 0
      ? []
      : [`${label}: ${fields.map((field) => `${String(field)} ${a[field]}, now ${b[field]}`).join('; ')}`];
  });
}
