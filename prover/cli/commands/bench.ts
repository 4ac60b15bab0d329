import { cpus, totalmem } from 'node:os';
import { Command } from 'commander';
import { rulesOfKeys } from '../../../src/l1/keys-fit.js';
import { type BundleCost, measureBundles } from '../../bench/bundles.js';
import { type ChipCost, chipCosts } from '../../bench/chip-costs.js';
import { type ExecutionCost, measureExecution } from '../../bench/flat-state.js';
import { checkWritable, writeResult } from '../files.js';
import { readyKeySet } from '../keys.js';
import { Output, toJson } from '../output.js';

interface BenchOptions {
  readonly keySet: string;
  readonly out: string;
  readonly quick?: boolean;
  readonly json?: boolean;
}

/** `bench`: every figure of the README. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('measure chips, bundles, L1 gas and execution; writes JSON and a table')
    .option('--out <file>', 'where the JSON goes', 'bench.json')
    .option('--key-set <name>', 'key set of circuits/shapes.json', 'default')
    .option('--quick', 'one run of 10 transfers on 1,000 accounts, for a first look')
    .option('--json', 'the JSON on stdout too')
    .action(bench);
}

async function bench({ keySet: name, out, quick = false, json }: BenchOptions): Promise<void> {
  const output = new Output(json === true);
  checkWritable(out);
  const keySet = await readyKeySet(name, output);
  const rules = rulesOfKeys(keySet.shapes);
  output.step('Constraints per row of every chip');
  const chips = await chipCosts((done, total) => output.progress('chips', done, total));
  output.step('Flat-KV execution against a trie-backed state manager');
  const execution: ExecutionCost[] = [];
  for (const accounts of quick ? [10_000] : [10_000, 100_000]) {
    execution.push(await measureExecution(accounts, 100, quick ? 3 : 7, rules));
  }
  output.step('Bundles');
  const on = { keySet, rules, tell: (text: string) => output.detail(text) };
  const runs = quick ? 1 : 3;
  const modes = [
    { mode: 'diff', runs },
    { mode: 'root', runs },
  ] as const;
  const bundles = await measureBundles(on, { transfers: 10, accounts: 1_000 }, modes);
  if (!quick) {
    bundles.push(...(await measureBundles(on, { transfers: 100, accounts: 1_000 }, [{ mode: 'diff', runs: 1 }])));
    const once = modes.map(({ mode }) => ({ mode, runs: 1 }));
    bundles.push(...(await measureBundles(on, { transfers: 10, accounts: 100_000 }, once)));
  }
  const machine = {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? '',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  const report = { machine, chips, execution, bundles };
  await writeResult(out, `${toJson(report, 2)}\n`, 'The figures are lost.');
  output.result(report, [...table(chips, execution, bundles), '', `JSON: ${out}`]);
}

function table(
  chips: readonly ChipCost[],
  execution: readonly ExecutionCost[],
  bundles: readonly BundleCost[],
): string[] {
  return [
    '| chip | constraints per row | committed cells |',
    '|---|---|---|',
    ...chips.map(({ chip, constraints, cells }) => `| ${chip} | ${constraints} | ${cells} |`),
    '',
    '| execution of 100 transfers | flat KV, ms | trie-backed, ms | ratio |',
    '|---|---|---|---|',
    ...execution.map(
      ({ accounts, flatMs, trieMs, ratio }) =>
        `| ${accounts} accounts | ${flatMs.toFixed(1)} | ${trieMs.toFixed(1)} | ${ratio.toFixed(1)} |`,
    ),
    '',
    '| bundle | proofs | trace, s | commit, s | prove, s | verify, s | total, s | peak MiB | L1 gas | of it calldata, verifier, dispute |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...bundles.map(({ transfers, accounts, mode, proofs, seconds, peakMiB, l1Gas }) => {
      const s = (name: keyof BundleCost['seconds']) => seconds[name].toFixed(1);
      const what = `${transfers} transfers, ${accounts} accounts, ${mode}`;
      const parts = `${l1Gas.calldata}, ${l1Gas.verify}, ${l1Gas.dispute}`;
      const peak = Math.max(...Object.values(peakMiB));
      return `| ${what} | ${proofs} | ${s('trace')} | ${s('commit')} | ${s('prove')} | ${s('verify')} | ${s('total')} | ${peak} | ${l1Gas.total} | ${parts} |`;
    }),
  ];
}
