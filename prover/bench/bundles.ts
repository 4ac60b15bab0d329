import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addressOf } from '../../src/batch/sample.js';
import type { Rules } from '../../src/batch/types.js';
import { bundleCalldata } from '../../src/l1/bundle-calldata.js';
import type { KeySet } from '../../src/proof/keyset.js';
import { decodeRecords } from '../../src/proof/record.js';
import type { Mode } from '../../src/proof/types.js';
import { calldataGas } from '../agents/l1-account.js';
import { Sequencer } from '../agents/sequencer.js';
import { World } from '../demo/world.js';
import { readTaskMetrics, TASK_METRICS } from '../metrics/tasks.js';
import { secondsByStage } from '../proving/durations.js';
import { ProofService } from '../proving/service.js';
import { medians } from './median.js';
import { plainTransfers } from './transfers.js';

/** Which bundle is measured. */
export interface BundleCase {
  readonly transfers: number;
  readonly accounts: number;
  readonly mode: Mode;
  readonly runs: number;
}

/** What a bundle costs. */
export interface BundleCost extends BundleCase {
  readonly proofs: number;
  readonly shapes: number;
  readonly constraints: number;
  /** Medians by stage; total from queueing to the verified bundle. */
  readonly seconds: Readonly<Record<'trace' | 'commit' | 'prove' | 'verify' | 'total', number>>;
  /** Largest resident set by stage, MiB, over all runs. */
  readonly peakMiB: Readonly<Record<string, number>>;
  /** The settling transaction on L1: total; its base and calldata; what the verifier uses; the dispute's own part. */
  readonly l1Gas: Readonly<Record<'total' | 'calldata' | 'verify' | 'dispute', number>>;
}

/** What is measured on. */
export interface BundleBench {
  readonly keySet: KeySet;
  readonly rules: Rules;
  readonly tell: (text: string) => void;
}

/**
 * Measures bundles of plain transfers of one batch in a world of its own: an honest sequencer posts it, the statement is proven
 * `runs` times from scratch, and the first bundle of each case is sent to L1.
 */
export async function measureBundles(
  { keySet, rules, tell }: BundleBench,
  batch: { readonly transfers: number; readonly accounts: number },
  modes: readonly { readonly mode: Mode; readonly runs: number }[],
): Promise<BundleCost[]> {
  const gas = new Map<string, bigint>();
  const world = await World.open({
    keySet,
    rules,
    seed: 'bench',
    accounts: batch.accounts,
    onSent: (_, { what, receipt }) => gas.set(what, receipt.gasUsed),
  });
  try {
    const node = await world.node('sequencer');
    const l1 = world.account('sequencer');
    const feeRecipient = addressOf('bench fee recipient');
    const unused = await world.proofs();
    const keys = { keySet: keySet.name, keySetHash: keySet.hash };
    const sequencer = new Sequencer({ node, l1, proofs: unused, keys, feeRecipient });
    await world.passTime(12n);
    await sequencer.post(await plainTransfers(world.genesis, node.state.view(), rules, batch.transfers));
    const costs: BundleCost[] = [];
    for (const { mode, runs } of modes) {
      const { request } = await node.truth(1n, mode);
      const target = {
        ...keys,
        l1ChainId: 31_337n,
        verifier: world.contracts.verifier,
        beneficiary: l1.account.address,
      };
      const samples: Awaited<ReturnType<typeof proveOnce>>[] = [];
      for (let run = 0; run < runs; run++) {
        tell(`${batch.transfers} transfers, ${batch.accounts} accounts, mode ${mode}, run ${run + 1} of ${runs}`);
        samples.push(await proveOnce(request, target));
      }
      const { bundle } = samples[0]!;
      const calldata = bundleCalldata(bundle);
      const call = l1.calls.prove(calldata, []);
      const receipt = await l1.send('prove', call);
      const intrinsic = calldataGas(call.data);
      const verify = await l1.verifierGas(calldata);
      const records = decodeRecords(bundle.proofs);
      const total = Number(receipt.gasUsed);
      costs.push({
        ...batch,
        mode,
        runs,
        proofs: records.length,
        shapes: new Set(records.map(({ shape }) => shape)).size,
        constraints: records.reduce((sum, { shape }) => sum + keySet.shapes[shape]!.constraints, 0),
        seconds: medians(samples.map(({ seconds }) => seconds)),
        peakMiB: peaks(samples.flatMap(({ metrics }) => metrics)),
        l1Gas: { total, calldata: intrinsic, verify, dispute: total - intrinsic - verify },
      });
    }
    return costs;
  } finally {
    await world.close();
  }
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
