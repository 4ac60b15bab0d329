import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { zeroAddress } from 'viem';
import { RULES_V1 } from '../../../src/batch/rules.js';
import { UsageError } from '../../../src/errors/usage.js';
import { originOf } from '../../../src/trace/batch-trace.js';
import { address, choice, dataFolder, integer, redisUrl } from '../../config/options.js';
import { secondsByStage } from '../../proving/durations.js';
import { ProofService } from '../../proving/service.js';
import type { Job } from '../../queue/types.js';
import { traceRequest } from '../../stages/stages.js';
import { requestOfFile } from '../batch-work.js';
import { readyKeySet } from '../keys.js';
import { Output } from '../output.js';

const MODES = ['diff', 'root'] as const;

interface ProveOptions {
  readonly mode: string;
  readonly keySet: string;
  readonly l1ChainId: string;
  readonly verifier: string;
  readonly beneficiary: string;
  readonly out?: string;
  readonly data?: string;
  readonly redis?: string;
  readonly concurrency: string;
  readonly json?: boolean;
}

/** `prove` and `trace`: what works on a batch file. */
export function batchCommands(): Command[] {
  const prove = new Command('prove')
    .description('prove a batch file and write its bundle')
    .argument('<batch.json>', 'batch file (FORMATS.md)')
    .option('--mode <diff|root>', 'what to prove: the diff, or the state root after the batch', 'diff')
    .option('--out <file>', 'where the bundle goes (default: <batch>.bundle.json)')
    .option('--key-set <name>', 'key set of circuits/shapes.json', 'default')
    .option('--l1-chain-id <id>', 'chain that the bundle is for', '31337')
    .option('--verifier <address>', 'ProofVerifier that the bundle is for', zeroAddress)
    .option('--beneficiary <address>', 'who is paid for it', zeroAddress)
    .option('--data <folder>', 'jobs and artifacts (DELTAPROOF_DATA, default .deltaproof)')
    .option('--redis <url>', 'queue on Redis (DELTAPROOF_REDIS); "deltaproof worker" processes do the work')
    .option('--concurrency <n>', 'tasks at a time in this process (with --redis: 0, so that workers do all)')
    .option('--json', 'one JSON object on stdout')
    .action(proveFile);
  const trace = new Command('trace')
    .description('make and balance the rows of a batch file, without proving')
    .argument('<batch.json>', 'batch file (FORMATS.md)')
    .option('--mode <diff|root>', 'what would be proven', 'diff')
    .option('--json', 'one JSON object on stdout')
    .action(traceFile);
  return [prove, trace];
}

async function proveFile(path: string, options: ProveOptions): Promise<void> {
  const output = new Output(options.json === true);
  const redis = redisUrl(options.redis);
  const concurrency = integer('concurrency', options.concurrency ?? (redis === undefined ? '2' : '0'), 0, 64);
  const mode = choice('mode', options.mode, MODES);
  const l1ChainId = BigInt(integer('l1-chain-id', options.l1ChainId, 1, Number.MAX_SAFE_INTEGER));
  const verifier = address('verifier', options.verifier);
  const beneficiary = address('beneficiary', options.beneficiary);
  const request = await requestOfFile(path, RULES_V1, mode);
  const keySet = await readyKeySet(options.keySet, output);
  const service = await ProofService.open({
    path: dataFolder(options.data),
    ...(redis === undefined ? {} : { redis }),
  });
  try {
    if (concurrency > 0) await service.queue.work({ concurrency });
    const target = { keySet: keySet.name, keySetHash: keySet.hash, l1ChainId, verifier, beneficiary };
    const id = await service.submit(request, target);
    output.step(`Job ${id.slice(0, 12)}: batch ${request.batch.header.number}, mode ${mode}`);
    const stop = service.queue.onChange((job) => job.id === id && showProgress(job, output));
    const { bundle, text, job } = await service.bundleOf(id).finally(stop);
    const out = options.out ?? `${path.replace(/\.json$/, '')}.bundle.json`;
    writeBundle(out, text);
    const seconds = secondsByStage(job);
    const proofs = (bundle.proofs.length - 2) / 706;
    output.result({ bundle: out, job: id, mode, value: bundle.value, preRoot: bundle.preRoot, proofs, seconds }, [
      `${out}: ${proofs} proofs, ${mode} ${bundle.value}`,
    ]);
  } finally {
    await service.close();
  }
}

function writeBundle(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw new UsageError('USAGE_FILE', `Cannot write ${path}: ${(cause as Error).message}.`, {
      hint: 'Choose another --out; the finished job is kept, so this takes no second proof.',
      cause,
    });
  }
}

async function traceFile(path: string, options: { mode: string; json?: boolean }): Promise<void> {
  const output = new Output(options.json === true);
  const mode = choice('mode', options.mode, MODES);
  const request = await requestOfFile(path, RULES_V1, mode);
  const { rows, tables, value, l1, replay } = await traceRequest(request);
  const byChip: Record<string, number> = {};
  for (const { chip } of rows) byChip[chip] = (byChip[chip] ?? 0) + 1;
  const tuples = rows.reduce((sum, row) => sum + originOf(row).terms.length, 0);
  const l1Tuples = l1.reduce((sum, { terms }) => sum + terms.length, 0);
  const outcomes = replay.outcomes.map((outcome, i) => {
    const why = outcome.kind === 'bad' || outcome.kind === 'skipped' ? outcome.reason : undefined;
    return { item: i + 1, outcome: outcome.kind, ...(why === undefined ? {} : { reason: why }) };
  });
  const accounts = replay.accessList.length;
  const result = {
    mode,
    preRoot: request.preRoot,
    value,
    rows: byChip,
    tuples,
    l1Tuples,
    accounts,
    tables,
    balanced: true,
  };
  output.result({ ...result, outcomes }, [
    `batch ${request.batch.header.number}, mode ${mode}: value ${value}`,
    ...outcomes.map(
      ({ item, outcome, reason }) => `  item ${item}: ${outcome}${reason === undefined ? '' : ` (${reason})`}`,
    ),
    `rows: ${Object.entries(byChip)
      .map(([chip, count]) => `${chip} ${count}`)
      .join(', ')}`,
    `${tuples} tuples of rows and ${l1Tuples} of L1 balance; ${accounts} accounts in the access list`,
  ]);
}

function showProgress(job: Job, output: Output): void {
  const stage = job.stages.find(({ tasks, done }) => tasks === 0 || done < tasks) ?? job.stages.at(-1)!;
  output.progress(stage.name, stage.done, Math.max(stage.tasks, 1));
}
