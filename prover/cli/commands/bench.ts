import { cpus, totalmem } from 'node:os';
import { Command } from 'commander';
import { RULES_V2 } from '../../../src/batch/rules.js';
import { BATCH_KINDS } from '../../../src/samples/transfers.js';
import { type BundleCost, measureBundles } from '../../bench/bundles.js';
import { type ChipCost, chipCosts } from '../../bench/chip-costs.js';
import { compareEngines, type EngineComparison, type EngineCost } from '../../bench/engines.js';
import { type ExecutionCost, measureExecution } from '../../bench/flat-state.js';
import type { BenchOn } from '../../bench/posted.js';
import { type MerkleReport, measureRoots } from '../../bench/roots.js';
import { measureSlope, type Slope } from '../../bench/slope.js';
import { measureWorst, type WorstCost } from '../../bench/worst.js';
import { choice, chooseEngine, ENGINE_OPTION, engineChoice } from '../../config/options.js';
import { checkWritable, writeResult } from '../files.js';
import { readyKeySet } from '../keys.js';
import { Output, toJson } from '../output.js';

interface BenchOptions {
  readonly keySet: string;
  readonly out: string;
  readonly only?: string;
  readonly engine?: string;
  readonly quick?: boolean;
  readonly full?: boolean;
  readonly json?: boolean;
}

const PARTS = ['chips', 'execution', 'slope', 'engine', 'bundles', 'merkle', 'worst'] as const;

/** `bench`: every figure of the README. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('measure chips, bundles, L1 gas and execution; writes JSON and a table')
    .option('--out <file>', 'where the JSON goes', 'bench.json')
    .option('--key-set <name>', 'key set of circuits/shapes.json', 'default')
    .option(`--only <${PARTS.join('|')}>`, 'one part of it')
    .option('--full', 'part merkle on a state of a million accounts too, which takes minutes to build once')
    .option('--quick', 'one run of 10 transfers on 1,000 accounts, for a first look')
    .option(...ENGINE_OPTION)
    .option('--json', 'the JSON on stdout too')
    .action(bench);
}

async function bench({
  keySet: name,
  out,
  only,
  engine,
  quick = false,
  full = false,
  json,
}: BenchOptions): Promise<void> {
  const output = new Output(json === true);
  chooseEngine(engine);
  checkWritable(out);
  const parts = only === undefined ? PARTS : [choice('only', only, PARTS)];
  const keySet = await readyKeySet(name, output);
  const on = { keySet, rules: RULES_V2, tell: (text: string) => output.detail(text) };
  const part = <T>(which: (typeof PARTS)[number], title: string, work: () => Promise<T[]>): Promise<T[]> => {
    if (!parts.includes(which)) return Promise.resolve([]);
    output.step(title);
    return work();
  };
  const chips = await part('chips', 'Constraints per row of every chip', () =>
    chipCosts((done, total) => output.progress('chips', done, total)),
  );
  const execution = await part('execution', 'Flat-KV execution against a trie-backed state manager', () =>
    measureFlatState(on, quick),
  );
  const slope = await part('slope', 'Constraints of all proofs per transfer', () => measureSlopes(on));
  const engines = await part('engine', 'The stage prove by engine', async () => [
    await compareEngines(on, engineChoice(engine), quick ? 1 : 3),
  ]);
  const bundles = await part('bundles', 'Bundles', () => measureAll(on, quick));
  const merkle = await part('merkle', 'State roots beside execution', async () => [
    await measureRoots({ ...on, quick, sizes: FLAT_SIZES.slice(0, quick ? 1 : full ? 3 : 2) }),
  ]);
  const worst = await part('worst', 'The largest batches, up to the rows of their proofs', () => measureWorst(on));
  const machine = {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? '',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  const report = {
    machine,
    keySet: name,
    chips,
    execution,
    slope,
    engine: engines[0] ?? {},
    bundles,
    merkle: merkle[0],
    worst,
  };
  await writeResult(out, `${toJson(report, 2)}\n`, 'The figures are lost.');
  output.result(only === 'engine' ? report.engine : only === 'merkle' ? report.merkle : report, [
    ...table(report),
    '',
    `JSON: ${out}`,
  ]);
}

async function measureFlatState({ rules }: BenchOn, quick: boolean): Promise<ExecutionCost[]> {
  const costs: ExecutionCost[] = [];
  for (const accounts of FLAT_SIZES.slice(0, quick ? 1 : 2)) {
    costs.push(await measureExecution(accounts, 100, quick ? 3 : 7, rules));
  }
  return costs;
}

async function measureSlopes(on: BenchOn): Promise<Slope[]> {
  const slopes: Slope[] = [];
  for (const kind of BATCH_KINDS) slopes.push(await measureSlope(on, kind, 1_000, [10, 50]));
  return slopes;
}

async function measureAll(on: BenchOn, quick: boolean): Promise<BundleCost[]> {
  const costs: BundleCost[] = [];
  const measure = async (runs: number, modes: readonly ('diff' | 'root')[], transfers: number, accounts: number) => {
    for (const kind of BATCH_KINDS) {
      const cases = modes.map((mode) => ({ mode, runs }));
      costs.push(...(await measureBundles(on, { kind, transfers, accounts }, cases)));
    }
  };
  await measure(quick ? 1 : 3, ['diff', 'root'], 10, 1_000);
  if (quick) return costs;
  await measure(1, ['diff'], 1, 1_000);
  await measure(1, ['diff'], 100, 1_000);
  await measure(1, ['diff', 'root'], 10, 100_000);
  return costs;
}

/** Accounts that flat state is compared on; the last one is built for minutes, once, and only with --full. */
const FLAT_SIZES = [10_000, 100_000, 1_000_000] as const;

interface Report {
  readonly chips: readonly ChipCost[];
  readonly execution: readonly ExecutionCost[];
  readonly slope: readonly Slope[];
  readonly engine: Readonly<Record<string, EngineComparison>>;
  readonly bundles: readonly BundleCost[];
  readonly merkle: MerkleReport | undefined;
  readonly worst: readonly WorstCost[];
}

function table({ chips, execution, slope, engine, bundles, merkle, worst }: Report): string[] {
  return [
    ...rows('| chip | constraints per row | committed cells |', chips, ({ chip, constraints, cells }) => [
      chip,
      constraints,
      cells,
    ]),
    ...rows(
      '| execution of 100 transfers | flat KV, ms | trie-backed, ms | ratio |',
      execution,
      ({ accounts, flatMs, trieMs, ratio }) => [
        `${accounts} accounts`,
        flatMs.toFixed(1),
        trieMs.toFixed(1),
        ratio.toFixed(1),
      ],
    ),
    ...rows(
      '| transfers | constraints of all proofs | per transfer |',
      slope,
      ({ kind, transfers, constraints, perTransfer }) => [
        `${kind}, ${transfers.join(' and ')}`,
        constraints.join(' and '),
        perTransfer,
      ],
    ),
    ...rows('| prove, s | wall | CPU | peak MiB |', enginesOf(engine), ([shape, name, { wallS, cpuS, peakMiB }]) => [
      `${shape}, ${name}`,
      wallS.toFixed(1),
      cpuS.toFixed(1),
      peakMiB ?? '',
    ]),
    ...rows(
      '| bundle | proofs | trace, s | commit, s | prove, s | verify, s | total, s | steps/s | gas/s | peak MiB | parts | transactions | L1 gas | of it calldata, verifier, dispute | KiB on L1 |',
      bundles,
      ({ kind, transfers, accounts, mode, proofs, steps, gasUsed, seconds, peakMiB, ...onL1 }) => [
        `${transfers} ${kind} transfers, ${accounts} accounts, ${mode}`,
        proofs,
        ...(['trace', 'commit', 'prove', 'verify', 'total'] as const).map((stage) => seconds[stage].toFixed(1)),
        Math.round(steps / seconds.total),
        Math.round(gasUsed / seconds.total),
        Math.max(...Object.values(peakMiB)),
        onL1.parts,
        onL1.transactions,
        onL1.l1Gas.total,
        `${onL1.l1Gas.calldata}, ${onL1.l1Gas.verify}, ${onL1.l1Gas.dispute}`,
        (onL1.l1Bytes / 1024).toFixed(1),
      ],
    ),
    ...merkleTable(merkle),
    ...rows(
      '| worst batch | rows | proofs | promised at most | replay, s | trace and balance, s | pack, s | total, s | peak MiB |',
      worst,
      ({ loop, gas, rows, proofs, mostProofs, seconds, peakMiB }) => [
        `${gas} gas of ${loop}`,
        rows,
        proofs,
        mostProofs ?? 'no bulk shapes',
        ...(['replay', 'trace', 'pack', 'total'] as const).map((stage) => seconds[stage].toFixed(1)),
        peakMiB,
      ],
    ),
  ];
}

function merkleTable(report: MerkleReport | undefined): string[] {
  if (report === undefined) return [];
  const { fixtures, catchUp, flat, diskMiBPer1000 } = report;
  const ms = (x: number) => x.toFixed(0);
  return [
    ...rows(
      '| roots of a block, ms | accounts | execution | merkleisation | one after the other | beside each other | ratio | blocked, threads and inline |',
      Object.entries(fixtures),
      ([name, { accounts, execMs, merkleMs, afterMs, optimisticMs, ratio, blockedMs }]) => [
        ...[name, accounts, ms(execMs), ms(merkleMs), ms(afterMs), ms(optimisticMs)],
        ratio.toFixed(2),
        `${ms(blockedMs.threads)}, ${ms(blockedMs.inline)}`,
      ],
    ),
    ...rows('| accounts | trie-backed / flat execution |', Object.entries(flat), ([size, ratio]) => [
      size,
      ratio.toFixed(1),
    ]),
    '',
    `Catch-up of 100 blocks, merged: ${catchUp.ratio.toFixed(1)} times faster, ${catchUp.fewerHashes.toFixed(1)} times fewer hashes.`,
    `Nodes of 1,000 batches: ${diskMiBPer1000.toFixed(1)} MiB.`,
  ];
}

function enginesOf(shapes: Report['engine']): [shape: string, engine: string, EngineCost][] {
  return Object.entries(shapes).flatMap(([shape, comparison]) =>
    Object.entries(comparison).flatMap(([name, cost]): [string, string, EngineCost][] =>
      typeof cost === 'number' ? [] : [[shape, name, cost]],
    ),
  );
}

/** A Markdown table; nothing when there is nothing in it. */
function rows<T>(head: string, items: readonly T[], cellsOf: (item: T) => readonly (string | number)[]): string[] {
  if (items.length === 0) return [];
  const rule = head.replaceAll(/[^|]+/g, '---');
  return ['', head, rule, ...items.map((item) => `| ${cellsOf(item).join(' | ')} |`)];
}
