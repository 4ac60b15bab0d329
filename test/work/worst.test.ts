import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { packageRoot } from '../../src/build/package-root.js';
import { shapesOf } from '../../src/proof/shapes.js';
import { UNITS } from '../../src/work/units.js';
import { ENGINE, type WorstReport, worstReport } from '../../src/work/worst.js';
import { textOf } from '../repository/files.js';

const SHAPES = shapesOf('default');
const run = (...args: string[]) =>
  execFileSync(process.execPath, ['--import', 'tsx', 'src/work/commands/worst.ts', ...args], {
    cwd: packageRoot(),
    encoding: 'utf8',
  });

describe('npm run worst', () => {
  it('prints budget, units and worst as plain JSON numbers', () => {
    const report = JSON.parse(run('--json')) as WorstReport;
    expect(Object.keys(report)).toEqual(['budget', 'units', 'worst']);
    expect(Object.keys(report.budget).sort()).toEqual(['bytes', 'gas', 'items', 'work']);
    expect(Object.keys(report.worst).sort()).toEqual(['ether', 'hours', 'l1Bytes', 'l1Gas', 'proofs', 'transactions']);
    const numbers = [...Object.values(report.budget), ...Object.values(report.worst)];
    expect(numbers.every((value) => typeof value === 'number' && value > 0)).toBe(true);
    expect(report.units.map(({ unit }) => unit)).toEqual(UNITS.map(({ name }) => name));
    for (const { work, price } of report.units) expect([typeof work, typeof price]).toEqual(['number', 'number']);
    expect(report).toEqual(worstReport(SHAPES, RULES_V2));
  });

  it('names engine and gas price for people', () => {
    for (const text of [run(), run('--help')]) {
      expect(text).toContain(`${ENGINE.seconds} s a proof of 2^18 with ${ENGINE.name} (`);
      expect(text).toContain('ether: at 200 gwei');
    }
  });

  it('is what docs/COVERED.md says of the worst batch', () => {
    const { proofs, hours, l1Gas, transactions, ether } = worstReport(SHAPES, RULES_V2).worst;
    const [, ...said] =
      /at most ([\d,]+) proofs of 2\^18, which take ([\d.]+) hours with (.+?), and ([\d.]+)M gas in (\d+) L1 transactions .*: ([\d.]+) ether/.exec(
        textOf('docs/COVERED.md'),
      )!;
    const millions = (l1Gas / 1e6).toFixed(1);
    expect(said).toEqual([
      proofs.toLocaleString('en'),
      `${hours}`,
      ENGINE.name,
      millions,
      `${transactions}`,
      `${ether}`,
    ]);
  });
});

describe('the worst batch', () => {
  const { budget, worst } = worstReport(SHAPES, RULES_V2);

  it('takes at most 40 transactions of L1', () => {
    expect(worst.transactions).toBeLessThanOrEqual(40);
  });

  it('takes at most a proof for 262,000 work, and one for each shape', () => {
    expect(worst.proofs).toBeLessThanOrEqual(budget.work / 262_000 + SHAPES.length);
  });

  it('takes more of everything for more work', () => {
    const more = worstReport(SHAPES, { ...RULES_V2, workBudget: 2n * RULES_V2.workBudget }).worst;
    for (const field of ['proofs', 'l1Gas', 'l1Bytes', 'transactions', 'hours', 'ether'] as const)
      expect(more[field], field).toBeGreaterThan(1.5 * worst[field]);
  });

  it('is one that rules cannot charge less than', () => {
    const cheap = worstReport(SHAPES, { ...RULES_V2, w2: RULES_V2.w2 / 4n }).worst;
    expect(cheap.l1Bytes).toBeGreaterThan(worst.l1Bytes);
    expect(cheap.l1Gas).toBeGreaterThan(worst.l1Gas);
  });
});
