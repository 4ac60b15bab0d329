import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { KeySet } from '../../../src/proof/keyset.js';
import type { PackingCost } from '../../../src/trace/pack.js';
import { choice, chooseEngine, ENGINE_OPTION, integer, packingCost, redisUrl } from '../../config/options.js';
import { type DemoReport, reportOf } from '../../demo/report.js';
import { drawScenario, type Scenario } from '../../demo/scenario.js';
import { Story } from '../../demo/story.js';
import { startWorkers } from '../../demo/workers.js';
import { TASK_METRICS } from '../../metrics/tasks.js';
import { MERKLE_OPTION, MERKLE_WORKERS_OPTION, merkleOptions } from '../../node/merkle-options.js';
import type { MerkleOptions } from '../../node/node.js';
import type { Job } from '../../queue/types.js';
import { abortOf, interruptible } from '../interrupt.js';
import { readyKeySet } from '../keys.js';
import { Output } from '../output.js';
import { PACKING_HELP } from '../queue.js';

interface DemoOptions {
  readonly case: string;
  readonly liar: string;
  readonly seed: string;
  readonly redis?: string;
  readonly accounts: string;
  readonly keySet: string;
  readonly packing?: string;
  readonly engine?: string;
  readonly merkle?: string;
  readonly merkleWorkers?: string;
  readonly json?: boolean;
}

/** `demo`: the main job on this machine, from a wrong batch to the settlement on L1. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('a wrong batch is challenged, bisected, proven and settled on a private L1')
    .option('--case <a|b>', 'a: the forged batch is disputed; b: a later one is, and bisection finds it', 'a')
    .option('--liar <sequencer|challenger>', 'who lies', 'sequencer')
    .option('--seed <text>', 'draws genesis, transactions and the forgery', '1')
    .option('--accounts <n>', 'accounts at genesis', '1000')
    .option('--redis <url>', 'job queue on Redis with two worker processes (DELTAPROOF_REDIS)')
    .option('--key-set <name>', 'key set of circuits/shapes.json', 'default')
    .option(...ENGINE_OPTION)
    .option(...MERKLE_OPTION)
    .option(...MERKLE_WORKERS_OPTION)
    .option('--packing <proof,shape,cell>', PACKING_HELP)
    .option('--json', 'one JSON object on stdout')
    .action(demo);
}

async function demo(options: DemoOptions): Promise<void> {
  const output = new Output(options.json === true);
  chooseEngine(options.engine);
  const scenario = drawScenario({
    case: choice('case', options.case, ['a', 'b']),
    liar: choice('liar', options.liar, ['sequencer', 'challenger']),
    seed: options.seed,
  });
  const accounts = integer('accounts', options.accounts, 100, 1_000_000);
  const redis = redisUrl(options.redis);
  const packing = packingCost(options.packing);
  const merkle = merkleOptions(options);
  const keySet = await readyKeySet(options.keySet, output);
  const scratch = mkdtempSync(join(tmpdir(), 'deltaproof-demo-'));
  const metrics = join(scratch, 'tasks.jsonl');
  process.env[TASK_METRICS] = metrics;
  try {
    output.step(`Demo: case ${scenario.case}, the ${scenario.liar} lies, seed ${scenario.seed}`);
    const report = await interruptible((signal) =>
      play(scenario, { accounts, redis, keySet, packing, merkle, metrics, path: join(scratch, 'net'), signal }, output),
    );
    output.result(report, storyLines(report));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface PlayOptions {
  readonly accounts: number;
  readonly redis: string | undefined;
  readonly packing: PackingCost | undefined;
  readonly merkle: MerkleOptions;
  readonly keySet: KeySet;
  readonly metrics: string;
  /** A folder that is not there yet. */
  readonly path: string;
  readonly signal: AbortSignal;
}

async function play(scenario: Scenario, options: PlayOptions, output: Output): Promise<DemoReport> {
  const { accounts, redis, packing, merkle, metrics, keySet, path, signal } = options;
  output.step(`A devnet: a private L1 with all contracts, and a sequencer on a genesis of ${accounts} accounts`);
  const on = {
    keySet,
    path,
    accounts,
    merkle,
    ...(redis === undefined ? {} : { redis }),
    ...(packing === undefined ? {} : { packing }),
  };
  const story = await Story.open(on, scenario, output);
  const { world, proofs } = story.net;
  try {
    signal.throwIfAborted();
    proofs.queue.onChange((job) => showStage(job, output));
    if (redis !== undefined) {
      world.onClose(startWorkers({ count: 2, redis, prefix: world.redisPrefix, data: world.proofsPath }));
    }
    const end = await Promise.race([story.play(), abortOf(signal)]);
    output.step(`Settled by proof: the ${end.winner} wins game ${end.game.id}`);
    return await reportOf(scenario, end, keySet, metrics);
  } finally {
    await story.close();
  }
}

function showStage({ stages }: Job, output: Output): void {
  const stage = stages.findLast(({ tasks }) => tasks > 0);
  if (stage !== undefined) output.progress(`proof job: ${stage.name}`, stage.done, stage.tasks);
}

function storyLines(report: DemoReport): string[] {
  const { forged, explanation, proven, seconds, l1Gas } = report;
  const second = (s: number) => `${s.toFixed(1)} s`;
  const [first = '', ...others] = explanation;
  return [
    `forged   batch ${forged.batch}, ${forged.field} of ${forged.address}: ${forged.claimed} instead of ${forged.truth}`,
    `explain  ${first}`,
    ...others.map((line) => `         ${line.trimStart()}`),
    `disputed batch ${report.disputedBatch}${report.rounds > 0 ? `, ${report.rounds} rounds of bisection` : ''}`,
    `proven   batch ${proven.batch} (${proven.mode}): ${report.proofs} proofs of ${report.shapes} shape, ${report.constraints} constraints`,
    `time     trace ${second(seconds.trace)}, commit ${second(seconds.commit)}, prove ${second(seconds.prove)}, verify ${second(seconds.verify)}`,
    `L1 gas   ${Object.entries(l1Gas)
      .map(([what, gas]) => `${what} ${gas}`)
      .join(', ')}`,
    `memory   ${report.peakMemoryMiB} MiB at most in one process`,
    `winner   ${report.winner}`,
  ];
}
