/**
 * `npm run shapes -- [--solve] [--keys]`: makes circuits/shapes.json, counts.json and development.json from the circuits as they are.
 *
 * --solve: measures the chips, fills the mixed shapes (src/work/mixed.ts), solves the bulk shapes for the units (src/work/units.ts), writes shapes and counts,
 * and says what `WORK` (src/evm/work.ts) and the rules must charge: when something is charged too little that is to be put right first.
 * --keys: links the bulk shapes, makes their development keys and writes them. Without either: both, unless the first
 * finds something.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RULES_V2 } from '../../batch/rules.js';
import { packageRoot } from '../../build/package-root.js';
import { developmentPath } from '../../proof/development.js';
import { developmentKeys, type KeySetProgress } from '../../proof/keyset.js';
import { KEY_VERSION } from '../../proof/setup/seeds.js';
import { readShapes } from '../../proof/shapes.js';
import type { ShapeSpec } from '../../proof/types.js';
import { solveBulk } from '../bulk.js';
import { measureChips } from '../counts.js';
import { countsOf, countsPath, countsText } from '../counts-file.js';
import { filled, mixedShapes, twice } from '../mixed.js';
import { ordinaryRows } from '../ordinary.js';
import { brokenPromises } from '../promise.js';
import { SOLVED_UNITS } from '../units.js';

const { values } = parseArgs({
  options: { solve: { type: 'boolean', default: false }, keys: { type: 'boolean', default: false } },
});
const shapesPath = join(packageRoot(), 'circuits', 'shapes.json');
const both = values.solve === values.keys;

if (both || values.solve) await solve();
if (both || values.keys) await makeKeys();

async function solve(): Promise<void> {
  const counts = await measureChips();
  const bulk = solveBulk(SOLVED_UNITS, counts);
  const sets: Record<string, (ShapeSpec | string)[]> = JSON.parse(readFileSync(shapesPath, 'utf8'));
  const mixed = mixedShapes(await ordinaryRows(RULES_V2)).map((shape) => filled(shape, counts));
  const shapes = [...mixed, ...bulk];
  sets.default = shapes;
  const code = mixed.find(({ name }) => name === 'code')!;
  sets.large = [...shapes.map(({ name }) => name), twice(code, 'code-large')];
  writeFileSync(shapesPath, `${JSON.stringify(sets, null, 2)}\n`);
  writeFileSync(countsPath(), countsText(countsOf(counts, readShapes())));
  const broken = brokenPromises(bulk, RULES_V2);
  if (broken.length === 0) return console.log('The bulk shapes keep what work promises.');
  for (const line of broken) console.error(line);
  console.error('Put right what is charged (src/evm/work.ts, src/batch/rules.ts), then run this again.');
  process.exit(1);
}

async function makeKeys(): Promise<void> {
  const seen = new Set<string>();
  const onProgress = ({ step, shape, done }: KeySetProgress) => {
    const line = `${step} ${shape}${done === 1 ? ': done' : ''}`;
    if (!seen.has(line)) console.error(line);
    seen.add(line);
  };
  const keys = await developmentKeys('default', { onProgress });
  writeFileSync(developmentPath(), `${JSON.stringify({ version: KEY_VERSION, ...keys }, null, 2)}\n`);
  console.log(`${Object.keys(keys.shapes).length} keys are written to ${developmentPath()}.`);
  process.exit(0);
}
