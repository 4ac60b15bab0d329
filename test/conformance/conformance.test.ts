import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UNCOVERED_BAD } from '../../src/batch/transaction.js';
import { packageRoot } from '../../src/build/package-root.js';
import { UNCOVERED_OPCODES } from '../../src/evm/opcodes.js';
import { type CaseResult, runCase, tooLong } from './run-case.js';
import { ALL_TESTS, casesOf, FEW_TESTS, vectorFiles } from './vector.js';

/**
 * All rows of all cases but four, which have 100,000 words of memory and more: of them a seeded sample (`DELTAPROOF_SEED`).
 * `npm run conformance` takes every row, cases of more steps, and the rows of those that halt at an opcode out of this version.
 */
const OPTIONS = { maxSteps: 1_000, circuitRows: 1_100, halting: false };
/** The few of this repository, and all of them where they lie beside the project. `ran`: at least so many that pass run code. */
const SETS = [
  { folder: FEW_TESTS, passed: 48, ran: 39 },
  { folder: ALL_TESTS, passed: 340, ran: 300 },
].filter(({ folder }, i) => i === 0 || existsSync(join(packageRoot(), folder)));
console.log(`state tests of ${SETS.map(({ folder }) => folder).join(' and ')}, up to ${OPTIONS.maxSteps} steps`);

/** Everything for which a case may be unsupported. A new reason is looked at before it is listed here. */
const REASONS: ReadonlySet<string> = new Set([
  ...Object.values(UNCOVERED_OPCODES).map((name) => `opcode ${name}`),
  UNCOVERED_BAD.creation,
  UNCOVERED_BAD.precompile,
  'blob transaction',
  'gas limit of 2^56 or more: its work does not fit 64 bits',
  tooLong(OPTIONS.maxSteps),
  'state that no genesis has: Account .. of the state has storage, but nonce 0 and no code.',
  'state that no genesis has: Account .. of the state has .. bytes of code, above ...',
  'state that no genesis has: The balances of the state add up to .., which is not below 2^255.',
]);

type Named = CaseResult & { readonly name: string };

async function run(path: string): Promise<Named[]> {
  const results: Named[] = [];
  for (const file of vectorFiles(path)) {
    for (const vector of casesOf(file)) results.push({ name: vector.name, ...(await runCase(vector, OPTIONS)) });
  }
  return results;
}

/** Folders and vector files, in order. */
function entriesOf(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.flatMap((one) => (one.isDirectory() || one.name.endsWith('.json') ? [one.name] : [])).sort();
}

/** Names and reasons of the cases that are neither passed nor unsupported for a known reason. */
function unexpected(results: readonly Named[]): string[] {
  return results.flatMap((one) =>
    one.result === 'passed' || (one.result === 'unsupported' && REASONS.has(one.reason))
      ? []
      : [`${one.name}: ${one.reason}`],
  );
}

describe.each(SETS)('state tests of Ethereum in $folder', { timeout: 900_000 }, ({ folder, passed, ran }) => {
  const path = join(packageRoot(), folder);
  const results: Named[] = [];

  afterAll(() => {
    const reasons = new Map<string, number>();
    for (const one of results) {
      const key = one.result === 'passed' ? 'passed' : `${one.result}: ${one.reason}`;
      reasons.set(key, (reasons.get(key) ?? 0) + 1);
    }
    const lines = [...reasons].sort(([, a], [, b]) => b - a).map(([key, n]) => `${String(n).padStart(6)} ${key}`);
    console.log([`${results.length} cases of ${folder}`, ...lines].join('\n'));
  });

  it.each(entriesOf(path))('%s', async (entry) => {
    const some = await run(join(path, entry));
    results.push(...some);
    expect(unexpected(some)).toEqual([]);
  });

  it(`pass wherever they use covered opcodes only: at least ${passed}, ${ran} of them with code that runs`, () => {
    const all = results.flatMap((one) => (one.result === 'passed' ? [one] : []));
    expect(all.length).toBeGreaterThanOrEqual(passed);
    expect(all.filter(({ steps }) => steps > 0).length).toBeGreaterThanOrEqual(ran);
  });
});
