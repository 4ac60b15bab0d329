import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zeroAddress } from 'viem';
import { planParts } from '../../src/l1/plan-parts.js';
import type { EngineName } from '../../src/proof/engines.js';
import type { KeyedShape } from '../../src/proof/keyset.js';
import { l1Items } from '../../src/statement/l1-transactions.js';
import { type BatchRequest, requestText } from '../../src/trace/request.js';
import { Spool } from '../../src/trace/spool.js';
import { chooseEngine } from '../config/options.js';
import { readTaskMetrics, TASK_METRICS } from '../metrics/tasks.js';
import { mostWork } from '../proving/durations.js';
import { stagesModule } from '../proving/service.js';
import { ArtifactFolder } from '../queue/artifacts.js';
import type { JsonValue } from '../queue/json.js';
import { encodePlan, encodeRows, type Part, type ProofRequest, type Shared } from '../stages/parts.js';
import { traceRequestInto } from '../stages/trace-request.js';
import { TaskRunner } from '../worker/runner.js';
import { medians } from './median.js';
import { type BenchOn, withPosted } from './posted.js';

/** The engine that others are compared with. */
const REFERENCE: EngineName = 'snarkjs';
/** The shapes that it is done on: a small and a large one. */
const SHAPES = ['few', 'code'] as const;
/** Transfers whose rows fill these shapes. */
const TRANSFERS = 20;

/** Medians of the stage `prove`, witness and self-check included, each time in a process of its own, from its start to its end. */
export interface EngineCost {
  readonly wallS: number;
  readonly cpuS: number;
  /** Largest resident set of the process over all runs, MiB. */
  readonly peakMiB?: number;
}

/** Two engines on one shape, by their names, and how much less the other one takes than the reference. */
export type EngineComparison = Readonly<Record<string, EngineCost | number>>;

/** Compares `engine` with snarkjs, shape by shape, `runs` times each. */
export function compareEngines(
  on: BenchOn,
  engine: EngineName,
  runs: number,
): Promise<Record<(typeof SHAPES)[number], EngineComparison>> {
  return withPosted(on, { kind: 'ERC-20', transfers: TRANSFERS, accounts: 1_000 }, async (_world, node) => {
    const { request } = await node.truth(1n, 'diff');
    const path = mkdtempSync(join(tmpdir(), 'deltaproof-bench-'));
    const spool = Spool.open();
    try {
      const { replay, tables, value } = await traceRequestInto(request, spool, () => undefined);
      const items = l1Items(request.batch.txs, replay.read);
      const comparisons: [string, EngineComparison][] = [];
      for (const name of SHAPES) {
        const shape = on.keySet.shapes.find(({ spec }) => spec.name === name);
        if (shape === undefined) throw new RangeError(`Key set ${on.keySet.name} has no shape "${name}".`);
        const plan = planParts({ mode: 'diff', tables, items }, [shape.id]);
        const bench = new ProveBench(new ArtifactFolder(path), on);
        await bench.commit(shape, request, encodePlan(plan), value, rowsThatFit(shape, spool));
        comparisons.push([name, await compared(bench, engine, runs, on.tell)]);
      }
      return Object.fromEntries(comparisons) as Record<(typeof SHAPES)[number], EngineComparison>;
    } finally {
      spool.close();
      rmSync(path, { recursive: true, force: true });
    }
  });
}

/** The engines take turns, so that a machine that gets slower does for all of them. */
async function compared(bench: ProveBench, engine: EngineName, runs: number, tell: BenchOn['tell']) {
  const samples = new Map([...new Set([REFERENCE, engine])].map((name) => [name, [] as Required<EngineCost>[]]));
  for (let run = 1; run <= runs; run++) {
    for (const [name, own] of samples) {
      tell(`prove ${bench.shape} with ${name}, run ${run} of ${runs}`);
      own.push(await bench.prove(name));
    }
  }
  const costs = new Map<string, EngineCost>();
  for (const [name, own] of samples) {
    const { wallS, cpuS } = medians(own);
    costs.set(
      name,
      name === REFERENCE ? { wallS, cpuS } : { wallS, cpuS, peakMiB: Math.max(...own.map((one) => one.peakMiB)) },
    );
  }
  const [reference, other] = [costs.get(REFERENCE)!, costs.get(engine)!];
  const ratios = { ratioCpu: reference.cpuS / other.cpuS, ratioWall: reference.wallS / other.wallS };
  return { ...Object.fromEntries(costs), ...ratios };
}

/** As many of the rows as the shape holds. */
function rowsThatFit({ spec }: KeyedShape, spool: Spool): Buffer {
  const counts = spool.counts();
  const rows = Object.entries(spec.chips).map(([chip, room]) => {
    return [chip, { from: 0, to: Math.min(room, counts.get(chip) ?? 0) }] as const;
  });
  const found = rows.filter(([, { to }]) => to > 0);
  return encodeRows({ rows: Object.fromEntries(found) }, (chip, range) => spool.read(chip, range));
}

/** One shape's rows, committed to, and proven as often as is asked. */
class ProveBench {
  shape = '';
  readonly #artifacts: ArtifactFolder;
  readonly #on: BenchOn;
  #payload: JsonValue = null;

  constructor(artifacts: ArtifactFolder, on: BenchOn) {
    this.#artifacts = artifacts;
    this.#on = on;
  }

  async commit(
    { id, spec, constraints }: KeyedShape,
    batch: BatchRequest,
    plan: Uint8Array,
    value: bigint,
    rows: Uint8Array,
  ): Promise<void> {
    const { name: keySet, hash: keySetHash } = this.#on.keySet;
    const request: ProofRequest = {
      batch: await this.#artifacts.put(Buffer.from(requestText(batch))),
      work: mostWork(batch).toString(),
      ...{ keySet, keySetHash, l1ChainId: '31337', verifier: zeroAddress, beneficiary: zeroAddress },
    };
    const shared: Shared = { request, plan: await this.#artifacts.put(plan), value: value.toString() };
    const part: Part = { keySet, keySetHash, shape: id, constraints, rows: await this.#artifacts.put(rows) };
    chooseEngine(REFERENCE);
    const { result } = await this.#run('commit', { part } as unknown as JsonValue);
    const commitments = await this.#artifacts.put(Buffer.from(JSON.stringify([result])));
    this.shape = spec.name;
    this.#payload = { shared, part, index: 0, commitments } as unknown as JsonValue;
  }

  async prove(engine: EngineName): Promise<Required<EngineCost>> {
    const metrics = join(this.#artifacts.root, `tasks-${engine}.jsonl`);
    rmSync(metrics, { force: true });
    process.env[TASK_METRICS] = metrics;
    chooseEngine(engine);
    const start = performance.now();
    try {
      await this.#run('prove', this.#payload);
      const wallS = (performance.now() - start) / 1000;
      const { cpuSeconds, peakMiB } = readTaskMetrics(metrics)[0]!;
      return { wallS, cpuS: cpuSeconds, peakMiB };
    } finally {
      delete process.env[TASK_METRICS];
    }
  }

  #run(stage: string, payload: JsonValue) {
    const runner = new TaskRunner({ module: stagesModule() }, this.#artifacts);
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    return runner.run({ stage, key: `bench ${stage}`, payload, timeoutMs: 3_600_000 }, options);
  }
}
