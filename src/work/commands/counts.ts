/**
 * `npm run counts -- [--write]`: constraints, wires and committed cells of a row of every chip, with its rows in every shape, measured by compiling
 * one row of each and compared with `circuits/counts.json`. Exit code 1, and the differences, when they are not the same; `--write`
 * writes the file anew, and `docs/OPCODES.md`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readShapes } from '../../proof/shapes.js';
import { measureChips } from '../counts.js';
import { type Counts, countsDifferences, countsOf, countsPath, countsText, readCounts } from '../counts-file.js';
import { opcodesPage, opcodesPagePath } from '../opcodes-page.js';

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const sets = readShapes();
const counts = countsOf(await measureChips(), sets);
console.log(table(counts));
if (values.write) {
  writeFileSync(countsPath(), countsText(counts));
  writeFileSync(opcodesPagePath(), opcodesPage(counts));
  console.log(`\n${countsPath()} and ${opcodesPagePath()} are written.`);
} else {
  const differences = countsDifferences(readCounts(), counts);
  for (const line of differences) console.error(line);
  if (differences.length > 0) {
    console.error('These are not the counts of circuits/counts.json. When that is meant: npm run counts -- --write');
    process.exitCode = 1;
  }
}

/** One line for each chip; the shapes of all key sets, those of one name and content once. */
function table({ chips, shapes }: Counts): string {
  const seen = new Map<string, Readonly<Record<string, number>>>();
  for (const [set, list] of Object.entries(sets)) {
    for (const { name, chips: rows } of list) {
      const label = set === 'default' || seen.has(name) ? name : `${set}/${name}`;
      if (!seen.has(label)) seen.set(label, rows);
    }
  }
  const perChip = Object.entries(chips).map(([name, { constraints, wires, cells }]) => {
    const rows = [...seen].flatMap(([shape, of]) => (of[name] === undefined ? [] : [`${shape} ${of[name]}`]));
    return [name, constraints, wires, cells, rows.join(', ')];
  });
  const perShape = Object.entries(shapes).flatMap(([set, list]) =>
    Object.entries(list).map(([name, counts]) => [
      `${set}/${name}`,
      counts.constraints,
      counts.wires,
      counts.committed,
      '',
    ]),
  );
  const head = ['chip', 'constraints', 'wires', 'cells', 'rows in shapes'];
  return [head, ...perChip, [], ['shape', 'constraints', 'wires', 'cells', ''], ...perShape].map(line).join('\n');
}

function line([name = '', ...rest]: readonly (string | number)[]): string {
  const words = rest.at(-1) ?? '';
  return `${String(name).padEnd(24)}${rest
    .slice(0, -1)
    .map((value) => String(value).padStart(13))
    .join('')}  ${words}`.trimEnd();
}
