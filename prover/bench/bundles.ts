import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byteLength } from '../../src/batch/bytes.js';
import { replayBatch } from '../../src/execution/replay.js';
import { bundleCalldata } from '../../src/l1/bundle-calldata.js';
import { fitsOneTransaction } from '../../src/l1/plan-parts.js';
import type { L1Call } from '../../src/l1/send-call.js';
import { uploadOf, uploadSteps } from '../../src/l1/upload.js';
import { recordsOf } from '../../src/proof/parts.js';
import type { Bundle, Mode } from '../../src/proof/types.js';
import { calldataGas, type L1Account } from '../agents/l1-account.js';
import type { World } from '../demo/world.js';
import { readTaskMetrics, TASK_METRICS } from '../metrics/tasks.js';
import type { L2Node } from '../node/node.js';
import { secondsByStage } from '../proving/durations.js';
import { ProofService } from '../proving/service.js';
import { medians } from './median.js';
import { type BenchBatch, type BenchOn, withPosted } from './posted.js';

/** Which bundle is measured. */
export interface BundleCase extends BenchBatch {
  readonly mode: Mode;
  readonly runs: number;
}

/** What a bundle costs. */
export interface BundleCost extends BundleCase {
  readonly proofs: number;
  readonly shapes: number;
  readonly constraints: number;
  /** Steps of code and gas used in the batch. */
  readonly steps: number;
  readonly gasUsed: number;
  /** Medians by stage; total from queueing to the verified bundle. */
  readonly seconds: Readonly<Record<'trace' | 'commit' | 'prove' | 'verify' | 'total', number>>;
  /** Largest resident set by stage, MiB, over all runs. */
  readonly peakMiB: Readonly<Record<string, number>>;
  /** How it goes to L1: parts, and transactions that they take, the settling one included. */
  readonly parts: number;
  readonly transactions: number;
  /** These transactions: total; their base and calldata; what the verifier uses; the dispute's own part. */
  readonly l1Gas: Readonly<Record<'total' | 'calldata' | 'verify' | 'dispute', number>>;
  /** Size of their calldata; L1's nodes pass on up to 128 KiB a transaction. */
  readonly l1Bytes: number;
}

/** What is known of a bundle when it is settled. */
type OnL1 = 'parts' | 'transactions' | 'l1Gas' | 'l1Bytes';

/**
 * Measures bundles of one batch of transfers in a world of its own: an honest sequencer posts it, the statement is proven
 * `runs` times from scratch, and the first bundle of each case is sent to L1.
 */
export async function measureBundles(
  on: BenchOn,
  batch: BenchBatch,
  modes: readonly { readonly mode: Mode; readonly runs: number }[],
): Promise<BundleCost[]> {
  return withPosted(on, batch, async (world, node) => {
    const executed = await executionOf(node);
    const costs: BundleCost[] = [];
    for (const { mode, runs } of modes) {
      costs.push({ ...batch, mode, runs, ...executed, ...(await measureMode(on, batch, world, node, mode, runs)) });
    }
    return costs;
  });
}

async function measureMode(
  { keySet, tell }: BenchOn,
  { kind, transfers, accounts }: BenchBatch,
  world: World,
  node: L2Node,
  mode: Mode,
  runs: number,
) {
  const { request } = await node.truth(1n, mode);
  const l1 = world.account('sequencer');
  const target = {
    ...{ keySet: keySet.name, keySetHash: keySet.hash, l1ChainId: 31_337n },
    ...{ verifier: world.contracts.verifier, beneficiary: l1.account.address },
  };
  const samples: Awaited<ReturnType<typeof proveOnce>>[] = [];
  for (let run = 1; run <= runs; run++) {
    tell(`${transfers} ${kind} transfers, ${accounts} accounts, mode ${mode}, run ${run} of ${runs}`);
    samples.push(await proveOnce(request, target));
  }
  const { bundle } = samples[0]!;
  const records = recordsOf(bundle.parts);
  return {
    proofs: records.length,
    shapes: new Set(records.map(({ shape }) => shape)).size,
    constraints: records.reduce((sum, { shape }) => sum + keySet.shapes[shape]!.constraints, 0),
    seconds: medians(samples.map(({ seconds }) => seconds)),
    peakMiB: peaks(samples.flatMap(({ metrics }) => metrics)),
    ...(await settle(l1, bundle)),
  };
}

/** Proves on L1 what no game is about: what a settlement costs but for the bonds. */
async function settle(l1: L1Account, bundle: Bundle): Promise<Pick<BundleCost, OnL1>> {
  const parts = bundle.parts.length;
  if (!fitsOneTransaction(bundle.parts)) return { parts, ...(await settleUploaded(l1, bundle)) };
  const calldata = bundleCalldata(bundle);
  const call = l1.calls.prove(calldata, []);
  const { gasUsed } = await l1.send('prove', call);
  const intrinsic = calldataGas(call.data);
  const verify = await l1.verifierGas(calldata);
  const total = Number(gasUsed);
  const l1Gas = { total, calldata: intrinsic, verify, dispute: total - intrinsic - verify };
  return { parts, transactions: 1, l1Gas, l1Bytes: byteLength(call.data) };
}

/** The same for a bundle that needs several transactions: the verifier's are those of the upload. */
async function settleUploaded(l1: L1Account, bundle: Bundle): Promise<Omit<Pick<BundleCost, OnL1>, 'parts'>> {
  const upload = uploadOf(bundle);
  const calls: { what: string; call: L1Call }[] = [...uploadSteps(upload, 0)];
  calls.push({ what: 'proveUploaded', call: l1.calls.proveUploaded(upload.statement, upload.frozen, []) });
  const l1Gas = { total: 0, calldata: 0, verify: 0, dispute: 0 };
  let l1Bytes = 0;
  for (const { what, call } of calls) {
    const gas = Number((await l1.send(what, call)).gasUsed);
    const intrinsic = calldataGas(call.data);
    l1Gas.total += gas;
    l1Gas.calldata += intrinsic;
    l1Gas[what === 'proveUploaded' ? 'dispute' : 'verify'] += gas - intrinsic;
    l1Bytes += byteLength(call.data);
  }
  return { transactions: calls.length, l1Gas, l1Bytes };
}

/** What the VM has to do for batch 1. */
async function executionOf(node: L2Node): Promise<Pick<BundleCost, 'steps' | 'gasUsed'>> {
  const { batch } = await node.state.batch(1n);
  const { replay } = await replayBatch(await node.state.asOf(0n), batch, node.rules);
  const runs = replay.outcomes.flatMap((outcome) => (outcome.kind === 'executed' ? [outcome.run] : []));
  const steps = runs.reduce((sum, run) => sum + (run?.steps.length ?? 0), 0);
  return { steps, gasUsed: Number(replay.gasUsed) };
}

type Target = Parameters<ProofService['submit']>[1];
type Request = Parameters<ProofService['submit']>[0];

/** One bundle with nothing in place but circuits and keys. */
async function proveOnce(request: Request, target: Target) {
  const path = mkdtempSync(join(tmpdir(), 'deltaproof-bench-'));
  const file = join(path, 'tasks.jsonl');
  process.env[TASK_METRICS] = file;
  const service = await ProofService.open({ path });
  try {
    await service.queue.work({ concurrency: 2 });
    const { bundle, job } = await service.prove(request, target);
    const { trace = 0, commit = 0, prove = 0, bundle: verify = 0 } = secondsByStage(job);
    const total = (job.finishedAt! - job.createdAt) / 1000;
    return { bundle, seconds: { trace, commit, prove, verify, total }, metrics: readTaskMetrics(file) };
  } finally {
    await service.close();
    delete process.env[TASK_METRICS];
    rmSync(path, { recursive: true, force: true });
  }
}

function peaks(metrics: readonly { stage: string; peakMiB: number }[]): Record<string, number> {
  const peak: Record<string, number> = {};
  for (const { stage, peakMiB } of metrics) peak[stage] = Math.max(peak[stage] ?? 0, peakMiB);
  return peak;
}
