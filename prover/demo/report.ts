import type { KeySet } from '../../src/proof/keyset.js';
import { recordsOf } from '../../src/proof/parts.js';
import { judge } from '../../src/trace/claimed.js';
import { explain } from '../../src/trace/explain.js';
import { explainRequest } from '../explain/batch.js';
import { sideOfNode } from '../explain/side.js';
import { readTaskMetrics } from '../metrics/tasks.js';
import { forgedField } from '../node/forgery.js';
import { secondsByStage } from '../proving/durations.js';
import type { Scenario } from './scenario.js';
import type { StoryEnd } from './story.js';

/** What the demo's `--json` prints. */
export interface DemoReport {
  readonly case: 'a' | 'b';
  readonly liar: 'sequencer' | 'challenger';
  readonly seed: string;
  readonly disputedBatch: bigint;
  /** The forged batch, field and value. */
  readonly forged: {
    readonly batch: bigint;
    readonly field: string;
    readonly address: string;
    readonly truth: string;
    readonly claimed: string;
  };
  /** The forged field in words: claim and truth, the transaction, opcode and row that the claim contradicts. */
  readonly explanation: readonly string[];
  readonly rounds: number;
  /** The batch that was proven, and what about it. */
  readonly proven: { readonly batch: bigint; readonly mode: string };
  readonly winner: 'sequencer' | 'challenger';
  readonly proofs: number;
  readonly shapes: number;
  /** Constraints of all proofs, padding included. */
  readonly constraints: number;
  /** Rows in use, by chip. */
  readonly rows: Readonly<Record<string, number>>;
  readonly seconds: {
    readonly trace: number;
    readonly commit: number;
    readonly prove: number;
    readonly verify: number;
    readonly total: number;
  };
  /** Gas of the dispute's transactions by kind, and their total. */
  readonly l1Gas: Readonly<Record<string, bigint>>;
  /** Largest resident set of any process, MiB. */
  readonly peakMemoryMiB: number;
}

/** Puts the figures of a finished story together. */
export async function reportOf(
  scenario: Scenario,
  { forgery, disputed, winner, rounds, proof, prover, liar, sent }: StoryEnd,
  keySet: KeySet,
  metricsFile: string,
): Promise<DemoReport> {
  const { bundle, job } = proof;
  const records = recordsOf(bundle.parts);
  const { number } = bundle.header;
  const { request } = await prover.truth(number, bundle.mode);
  const truth = await explainRequest(request, await prover.state.asOf(number - 1n));
  const rows: Record<string, number> = {};
  for (const { chip } of truth.rows) rows[chip] = (rows[chip] ?? 0) + 1;
  const { wrong } = await judge(await sideOfNode(liar, number, bundle.mode, scenario.liar), truth);
  // Who drops all that happened to an account also drops its nonce.
  const told = wrong.filter(({ field }) => field === forgedField(forgery));
  const { trace = 0, commit = 0, prove = 0, bundle: verify = 0 } = secondsByStage(job);
  const l1Gas: Record<string, bigint> = {};
  for (const { what, receipt } of sent) l1Gas[what] = (l1Gas[what] ?? 0n) + receipt.gasUsed;
  const total = Object.values(l1Gas).reduce((sum, gas) => sum + gas, 0n);
  const own = Math.round(process.resourceUsage().maxRSS / 1024);
  return {
    case: scenario.case,
    liar: scenario.liar,
    seed: scenario.seed,
    disputedBatch: disputed,
    forged: {
      batch: forgery.number,
      field: forgery.field,
      address: forgery.address,
      truth: forgery.truth,
      claimed: forgery.claimed,
    },
    explanation: told.flatMap((one) => explain(one, truth.replay, 1)),
    rounds,
    proven: { batch: number, mode: bundle.mode },
    winner,
    proofs: records.length,
    shapes: new Set(records.map(({ shape }) => shape)).size,
    constraints: records.reduce((sum, { shape }) => sum + keySet.shapes[shape]!.constraints, 0),
    rows,
    seconds: { trace, commit, prove, verify, total: trace + commit + prove + verify },
    l1Gas: { total, ...l1Gas },
    peakMemoryMiB: Math.max(own, ...readTaskMetrics(metricsFile).map(({ peakMiB }) => peakMiB)),
  };
}
