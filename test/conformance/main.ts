/**
 * `npm run conformance -- [folder] [--filter text] [--max-steps n] [--json file] [--no-circuits] [--no-halting]`: Ethereum's state tests,
 * each case as a batch of one transaction. Without a folder: `../shared/vectors/GeneralStateTests`, else the few in
 * `test/fixtures/state-tests`. Prints what passed, what is unsupported by reason, what failed; exit code 1 when anything failed or nothing
 * passed. Every row runs through its chip's circuit, unless `--no-circuits`. Cases that halt at an opcode out of this version are
 * unsupported, yet their rows are made and checked too, unless `--no-halting`.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../src/build/package-root.js';
import { type CaseResult, runCase } from './run-case.js';
import { ALL_TESTS, casesOf, FEW_TESTS, vectorFiles } from './vector.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    filter: { type: 'string', default: '' },
    'max-steps': { type: 'string', default: '100000' },
    json: { type: 'string' },
    circuits: { type: 'boolean', default: true },
    halting: { type: 'boolean', default: true },
  },
});
const all = join(packageRoot(), ALL_TESTS);
const folder = positionals[0] ?? (existsSync(all) ? all : join(packageRoot(), FEW_TESTS));
if (!existsSync(folder)) {
  console.error(`There is no folder or file ${folder}: name one of Ethereum's GeneralStateTests.`);
  process.exit(2);
}
console.log(`state tests of ${folder}`);
const options = {
  maxSteps: Number(values['max-steps']),
  circuitRows: values.circuits ? Number.POSITIVE_INFINITY : 0,
  halting: values.halting,
};

const results: ({ readonly name: string } & CaseResult)[] = [];
let told = Date.now();
for (const file of vectorFiles(folder)) {
  for (const vector of casesOf(file)) {
    if (!vector.name.includes(values.filter)) continue;
    const result = await runCase(vector, options);
    results.push({ name: vector.name, ...result });
    if (result.result === 'failed') console.error(`failed: ${vector.name}: ${result.reason}`);
  }
  if (!process.stderr.isTTY && Date.now() < told + 60_000) continue;
  told = Date.now();
  process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}${summary()}${process.stderr.isTTY ? ' ' : '\n'}`);
}
if (process.stderr.isTTY) process.stderr.write('\n');

const reasons = new Map<string, number>();
for (const one of results) {
  if (one.result === 'unsupported') reasons.set(one.reason, (reasons.get(one.reason) ?? 0) + 1);
}
const unsupported = [...reasons].sort(([, a], [, b]) => b - a);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ unsupported, results }, null, 2)}\n`);
for (const [reason, n] of unsupported) console.log(`unsupported ${String(n).padStart(6)}  ${reason}`);
const passed = results.flatMap((one) => (one.result === 'passed' ? [one] : []));
const total = (of: 'steps' | 'rows') => passed.reduce((sum, one) => sum + one[of], 0);
console.log(`${summary()}; ${total('steps')} steps and ${total('rows')} rows in those that passed`);
process.exit(count('failed') > 0 || passed.length === 0 ? 1 : 0);

function count(result: CaseResult['result']): number {
  return results.filter((one) => one.result === result).length;
}

function summary(): string {
  return `${results.length} cases: ${count('passed')} passed, ${count('failed')} failed, ${count('unsupported')} unsupported`;
}
