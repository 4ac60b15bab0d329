import { describe, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { compileCircuit } from '../../src/build/compile-circuits.js';
import { readR1cs } from '../../src/build/r1cs.js';
import { cellNames, type TraceRow } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { Kernel } from '../../src/engine/kernel.js';
import { planOf } from '../../src/engine/plan.js';
import { type AnyRow, mainCircuit, type ShapeInputs, shapeInputs, shapesOf } from '../../src/proof/shapes.js';
import type { ShapeSpec } from '../../src/proof/types.js';
import { violationOf } from '../../src/proof/violation.js';
import { sampleGenesis } from '../../src/samples/accounts.js';
import { transfersOf } from '../../src/samples/transfers.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { demandOf } from '../../src/trace/demand.js';
import { pack } from '../../src/trace/pack.js';
import { randomChallenge, WIRE } from '../helpers/chips/circuit.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { ConstraintFailed, WitnessProgram } from '../helpers/chips/witness.js';
import { mixedBatch } from '../helpers/code-batch.js';
import { PlanRunner } from '../helpers/engine/run-plan.js';
import { solveByBigint } from '../helpers/engine/solve-plan.js';
import { traced } from '../helpers/traced.js';

const random = randomOf(testSeed(), 'solve');
const [SMALL] = shapesOf('test') as [ShapeSpec];
const [CALLS] = shapesOf('test-code') as [ShapeSpec];

/** The cells of the one proof that holds these rows. */
function inputsOf(spec: ShapeSpec, rows: readonly TraceRow[]): ShapeInputs {
  expect(pack(demandOf(rows), [spec]).length).toBeLessThanOrEqual(1);
  const byChip: Record<string, AnyRow[]> = {};
  for (const { chip, row } of rows) byChip[chip] = [...(byChip[chip] ?? []), row];
  return shapeInputs(spec, byChip);
}

/** A shape's circuit with its plan and its witness program. */
async function shape(spec: ShapeSpec) {
  const { r1cs, wasm } = await compileCircuit({ name: spec.name, source: mainCircuit(spec) });
  const plan = planOf(await readR1cs(r1cs));
  const program = new WitnessProgram(wasm);
  const byCircom = ({ signals }: ShapeInputs, { alpha, beta }: ReturnType<typeof randomChallenge>) => {
    const flat = Object.entries(signals).map(([name, rows]) => [name, rows.flat()] as const);
    return program.run({ ...Object.fromEntries(flat), alpha, beta });
  };
  return { plan, engine: new PlanRunner(new Kernel(), plan), byCircom };
}

describe('whole batches, solved', { timeout: 300_000 }, () => {
  console.log(`solve: DELTAPROOF_SEED=${testSeed()}`);

  it.each([
    ['transfers of value', SMALL, transfers],
    ['calls', CALLS, async () => (await tracedOf(await mixedBatch())).rows],
    ['padding alone', CALLS, async () => []],
  ] as const)('%s: every wire, A and B as circom and bigints have them', async (_name, spec, rowsOf) => {
    const { plan, engine, byCircom } = await shape(spec);
    const inputs = inputsOf(spec, await rowsOf());
    const challenge = randomChallenge(random);
    const { witness, a, b, violated } = engine.run(inputs.cells, challenge);
    expect(violated).toBeUndefined();
    expect(differing(witness, byCircom(inputs, challenge))).toEqual([]);
    const expected = solveByBigint(plan, inputs.cells, challenge);
    const zeros = (length: number) => new Array<bigint>(length).fill(0n);
    const size = 2 ** plan.power;
    const publics = witness.slice(0, WIRE.cells);
    expect(differing(a, [...expected.a, ...publics, ...zeros(size - expected.a.length - publics.length)])).toEqual([]);
    expect(differing(b, [...expected.b, ...zeros(size - expected.b.length)])).toEqual([]);
  });

  it('a changed cell that breaks a constraint is found, in its row, and refused by circom as well', async () => {
    const { plan, engine, byCircom } = await shape(CALLS);
    const inputs = inputsOf(CALLS, (await tracedOf(await mixedBatch())).rows);
    const challenge = randomChallenge(random);
    const places = placesOf(CALLS);
    const flags = [...places.keys()].filter((at) => places[at]!.cell === 'en');
    const draw = (from: readonly number[], isFlag: boolean) =>
      Array.from({ length: 6 }, () => ({ at: random.pick(from), isFlag }));
    for (const { at, isFlag } of [...draw([...places.keys()], false), ...draw(flags, true)]) {
      const cells = inputs.cells.with(at, inputs.cells[at]! + 2n);
      const { violated } = engine.run(cells, challenge);
      // A flag that is neither 0 nor 1 breaks every chip; another cell may break nothing but the balance of the bus.
      if (isFlag) expect(violated, `cell ${at}`).toBeDefined();
      if (violated === undefined) continue;
      const byProgram = () => byCircom(withCells(inputs, cells), challenge);
      expect(isRefused(byProgram), `cell ${at}`).toBe(true);
      const { chip, row } = places[at]!;
      expect(violationOf(plan, CALLS, violated, cells)).toMatchObject({
        code: 'PROOF_WITNESS',
        message: expect.stringContaining(`row ${row} of chip ${chip} `),
      });
    }
  });
});

async function transfers(): Promise<readonly TraceRow[]> {
  const genesis = sampleGenesis('solve', 1_000);
  const txs = await transfersOf('value', genesis, new MemoryState(genesis.state), RULES_V2, 2);
  return (await traced(genesis.state, txs, 'diff', RULES_V2)).rows;
}

function tracedOf({ state, txs }: Awaited<ReturnType<typeof mixedBatch>>) {
  return traced(state, txs, 'diff', RULES_V2);
}

/** Places where two lists differ, at most ten. */
function differing(one: readonly bigint[], two: readonly bigint[]): number[] {
  expect(one).toHaveLength(two.length);
  return [...one.keys()].filter((i) => one[i] !== two[i]).slice(0, 10);
}

function isRefused(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch (error) {
    if (error instanceof ConstraintFailed) return true;
    throw error;
  }
}

/** The same signals with other cells. */
function withCells({ signals }: ShapeInputs, cells: readonly bigint[]): ShapeInputs {
  let at = 0;
  const take = (row: readonly bigint[]) => {
    at += row.length;
    return cells.slice(at - row.length, at);
  };
  return { signals: Object.fromEntries(Object.entries(signals).map(([name, rows]) => [name, rows.map(take)])), cells };
}

/** Chip, row and name of every cell, in order. */
function placesOf({ chips }: ShapeSpec): { chip: string; row: number; cell: string }[] {
  return Object.entries(chips).flatMap(([chip, rows]) => {
    const names = cellNames(CHIPS[chip]!);
    return Array.from({ length: rows }, (_, row) => names.map((cell) => ({ chip, row, cell }))).flat();
  });
}
