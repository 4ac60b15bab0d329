import { bn254 } from '@noble/curves/bn254.js';
import { afterAll, expect, it } from 'vitest';
import { R } from '../../src/bus/field.js';
import { Kernel, type Pointer } from '../../src/engine/kernel.js';
import { coordinates, type Group, POINT, putWords } from '../../src/engine/points.js';
import { Pool } from '../../src/engine/pool.js';
import type { Bases } from '../../src/engine/prepared-key.js';
import { Sum } from '../../src/engine/sum.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';

const THREADS = 3;
const WIDTH = 8;
const seed = testSeed();
const kernel = new Kernel();
const pool = new Pool(kernel, THREADS);
afterAll(() => pool.close());

const [one, two] = [bn254.G1.Point.BASE.toAffine(), bn254.G2.Point.BASE.toAffine()];
const GENERATOR = { g1: [one.x, one.y], g2: [two.x.c0, two.x.c1, two.y.c0, two.y.c1] };

/** Multiples of the generator, packed. */
function multiples(group: Group, factors: readonly bigint[]): Pointer {
  const { call } = kernel;
  const base = putWords(kernel, GENERATOR[group]);
  call[`${group}_pack`](base, base, 1);
  const table = kernel.alloc(call[`${group}_table_bytes`](WIDTH));
  const scratch = kernel.alloc(call[`${group}_multiples_scratch`](WIDTH));
  call[`${group}_table`](table, base, WIDTH, scratch);
  const out = kernel.alloc(factors.length * POINT[group]);
  call[`${group}_multiples`](table, WIDTH, putWords(kernel, factors), factors.length, out, scratch);
  return out;
}

/** The sum by threads, in up to so many parts. */
async function summed(group: Group, bases: Bases, scalars: Pointer, parts: number) {
  const sum = new Sum(kernel, group, bases, scalars, parts);
  const bytes = Math.max(...sum.tasks.map(({ scratch }) => scratch));
  pool.useScratch(Array.from({ length: THREADS }, () => kernel.alloc(bytes)));
  await Promise.all(sum.tasks.map((task) => pool.run(task)));
  return { tasks: sum.tasks.length, total: coordinates(kernel, group, sum.total()) };
}

it.each([
  ['g1', 4096, 1],
  ['g1', 4097, 2],
  ['g1', 12_289, 3],
  ['g1', 20_000, 3],
  ['g2', 5_000, 2],
] as const)('%s: %i multiples are summed in %i parts, of all wires or some', async (group, count, parts) => {
  const mark = kernel.mark();
  const random = randomOf(seed, `${group} ${count}`);
  const factors = Array.from({ length: count }, () => random.field());
  const at = multiples(group, factors);
  // Every third wire has no base.
  const wires = Uint32Array.from(factors, (_, i) => i + Math.floor(i / 2));
  const values = Array.from({ length: wires.at(-1)! + 1 }, () => random.field());
  const scalars = putWords(kernel, values);
  for (const named of [undefined, wires]) {
    const factor = factors.reduce((sum, m, i) => (sum + m * values[named?.[i] ?? i]!) % R, 0n);
    const expected = coordinates(kernel, group, multiples(group, [factor]));
    const bases = { count, wires: named, at };
    const { tasks, total } = await summed(group, bases, scalars, THREADS);
    expect(tasks).toBe(parts);
    expect(total, `DELTAPROOF_SEED=${seed}`).toEqual(expected);
    expect((await summed(group, bases, scalars, 1)).total).toEqual(expected);
  }
  kernel.release(mark);
});
