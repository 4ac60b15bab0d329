import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UNCOVERED_OPCODES } from '../../src/batch/opcodes.js';
import { UNCOVERED_BAD } from '../../src/batch/transaction.js';
import { packageRoot } from '../../src/l1/package-root.js';
import { type CaseResult, runCase } from './run-case.js';
import { casesOf, vectorFiles } from './vector.js';

/**
 * All rows of all cases but four, which have 100,000 words of memory and more: of them a seeded sample (`DELTAPROOF_SEED`).
 * `npm run conformance` takes every row, cases of more steps, and the rows of those that halt at an opcode out of this version.
 */
const OPTIONS = { maxSteps: 1_000, circuitRows: 1_100, halting: false };
const FEW = join(packageRoot(), 'test/fixtures/state-tests');
const ALL = join(packageRoot(), '../shared/vectors/GeneralStateTests');

/** Everything for which a case may be unsupported. A new reason is looked at before it is listed here. */
const REASONS: ReadonlySet<string> = new Set([
  ...Object.values(UNCOVERED_OPCODES).map((name) => `opcode ${name}`),
  UNCOVERED_BAD.creation,
  UNCOVERED_BAD.precompile,
  'blob transaction',
  'gas limit of the transaction above 2^56: L1 holds work in 64 bits',
  `more than ${OPTIONS.maxSteps} steps (an option of the run)`,
  'state that no genesis has: Account .. of the state has storage, but nonce 0 and no code.',
  'state that no genesis has: Account .. of the state has .. bytes of code, above ...',
  'state that no genesis has: The balances of the state add up to .., which is not below 2^255.',
]);

type Named = CaseResult & { readonly name: string };

async function run(folder: string): Promise<Named[]> {
  const results: Named[] = [];
  for (const file of vectorFiles(folder)) {
    for (const vector of casesOf(file)) results.push({ name: vector.name, ...(await runCase(vector, OPTIONS)) });
  }
  return results;
}

/** Names and reasons of the cases that are neither passed nor unsupported for a known reason. */
function unexpected(results: readonly Named[]): string[] {
  return results.flatMap((one) =>
    one.result === 'passed' || (one.result === 'unsupported' && REASONS.has(one.reason))
      ? []
      : [`${one.name}: ${one.reason}`],
  );
}

describe('state tests of Ethereum', { timeout: 900_000 }, () => {
  it('that are part of this repository pass', async () => {
    const results = await run(FEW);
    expect(results.filter(({ result }) => result !== 'passed')).toEqual([]);
    expect(results.length).toBeGreaterThan(30);
  });
});

describe.skipIf(!existsSync(ALL))(`state tests of Ethereum in ${ALL}`, { timeout: 900_000 }, () => {
  const results: Named[] = [];

  afterAll(() => {
    const reasons = new Map<string, number>();
    for (const one of results) {
      const key = one.result === 'passed' ? 'passed' : `${one.result}: ${one.reason}`;
      reasons.set(key, (reasons.get(key) ?? 0) + 1);
    }
    console.log(
      [...reasons]
        .sort(([, a], [, b]) => b - a)
        .map(([key, n]) => `${String(n).padStart(6)} ${key}`)
        .join('\n'),
    );
  });

  it.each(existsSync(ALL) ? readdirSync(ALL).sort() : [])('%s', async (folder) => {
    const some = await run(join(ALL, folder));
    results.push(...some);
    expect(unexpected(some)).toEqual([]);
  });

  it('pass wherever they use covered opcodes only, 300 of them with code that runs', () => {
    const passed = results.flatMap((one) => (one.result === 'passed' ? [one] : []));
    expect(passed.filter(({ steps }) => steps > 0).length).toBeGreaterThanOrEqual(300);
  });
});
