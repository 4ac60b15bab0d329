import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zeroAddress } from 'viem';
import { mostProofs } from '../../src/trace/pack.js';
import { requestText } from '../../src/trace/request.js';
import { readTaskMetrics, TASK_METRICS } from '../metrics/tasks.js';
import { mostWork } from '../proving/durations.js';
import { stagesModule } from '../proving/service.js';
import { ArtifactFolder } from '../queue/artifacts.js';
import type { JsonValue } from '../queue/json.js';
import type { TraceResult } from '../queue/proof-pipeline.js';
import { type Part, type ProofRequest, rowCounts } from '../stages/parts.js';
import { REPLAYED, TRACED } from '../stages/trace-request.js';
import { TaskRunner } from '../worker/runner.js';
import type { BenchOn } from './posted.js';
import { type Loop, rulesFor, worstBatch, worstLoops } from './worst-batch.js';

/** Gas of the largest transaction that a batch is meant to take. */
const WORST_GAS = 5_500_000;

/** What it takes to come from a batch to the rows of its proofs. */
export interface WorstCost {
  /** What the one transaction repeats. */
  readonly loop: string;
  readonly gas: number;
  readonly rows: number;
  readonly proofs: number;
  /** What its rows promise at most; absent where the key set has no bulk shapes. */
  readonly mostProofs?: number;
  /** `trace` contains the balance of the bus, `pack` the writing of every proof's rows. */
  readonly seconds: { readonly replay: number; readonly trace: number; readonly pack: number; readonly total: number };
  /** Largest resident set of the process, with Node's default heap. */
  readonly peakMiB: number;
}

/** Stage `trace` on the worst batches: in a process of its own, as whoever proves runs it. */
export async function measureWorst(on: BenchOn, gas = WORST_GAS): Promise<WorstCost[]> {
  const costs: WorstCost[] = [];
  const specs = on.keySet.shapes.map(({ spec }) => spec);
  for (const loop of worstLoops(gas, specs)) costs.push(await measureLoop(on, loop, gas));
  return costs;
}

async function measureLoop({ keySet, rules, tell }: BenchOn, loop: Loop, gas: number): Promise<WorstCost> {
  tell(`${loop.name} for ${gas} gas`);
  const path = mkdtempSync(join(tmpdir(), 'deltaproof-bench-'));
  const metrics = join(path, 'tasks.jsonl');
  process.env[TASK_METRICS] = metrics;
  try {
    const artifacts = new ArtifactFolder(path);
    const batch = await worstBatch(loop, BigInt(gas), rulesFor(BigInt(gas), rules));
    const request: ProofRequest = {
      batch: await artifacts.put(Buffer.from(requestText(batch))),
      work: mostWork(batch).toString(),
      ...{ keySet: keySet.name, keySetHash: keySet.hash },
      ...{ l1ChainId: '1', verifier: zeroAddress, beneficiary: zeroAddress },
    };
    const marks = new Marks();
    const task = { stage: 'trace', key: 'bench', payload: { request } as unknown as JsonValue, timeoutMs: 86_400_000 };
    const runner = new TaskRunner({ module: stagesModule() }, artifacts);
    const options = { signal: new AbortController().signal, onProgress: (done: number) => marks.reach(done, tell) };
    const { result } = await runner.run(task, options);
    const total = marks.now();
    const parts = (result as unknown as TraceResult).parts as unknown as Part[];
    const demand = new Map<string, number>();
    for (const { rows } of parts) {
      for (const [chip, count] of rowCounts(await artifacts.get(rows)))
        demand.set(chip, (demand.get(chip) ?? 0) + count);
    }
    const most = mostProofs(
      demand,
      keySet.shapes.map(({ spec }) => spec),
    );
    return {
      loop: loop.name,
      gas,
      rows: [...demand.values()].reduce((sum, count) => sum + count, 0),
      proofs: parts.length,
      ...(Number.isFinite(most) ? { mostProofs: Math.floor(most) } : {}),
      seconds: { ...marks.seconds(total), total },
      peakMiB: readTaskMetrics(metrics)[0]!.peakMiB,
    };
  } finally {
    delete process.env[TASK_METRICS];
    rmSync(path, { recursive: true, force: true });
  }
}

/** When a trace has reached its stages, by its progress. */
class Marks {
  readonly #start = performance.now();
  readonly #reached = new Map<number, number>();
  #tenth = 0;

  now(): number {
    return (performance.now() - this.#start) / 1000;
  }

  reach(done: number, tell: (text: string) => void): void {
    for (const mark of [REPLAYED, TRACED]) {
      if (done >= mark && !this.#reached.has(mark)) this.#reached.set(mark, this.now());
    }
    if (10 * done < this.#tenth + 1) return;
    this.#tenth = Math.floor(10 * done);
    tell(`  ${10 * this.#tenth}% after ${this.now().toFixed(0)} s`);
  }

  seconds(total: number): Omit<WorstCost['seconds'], 'total'> {
    const replay = this.#reached.get(REPLAYED) ?? total;
    const traced = this.#reached.get(TRACED) ?? total;
    return { replay, trace: traced - replay, pack: total - traced };
  }
}
