import { inverse, mod, R } from '../../../src/bus/field.js';
import { fromLittleEndian } from '../../../src/bus/little-endian.js';
import type { Challenge } from '../../../src/bus/tuple.js';
import type { Plan } from '../../../src/engine/plan.js';
import { type Matrix, termsOf } from '../../../src/engine/rows.js';
import { BLOCK_STEP, DIVISION, NONE, STEP } from '../../../src/engine/steps.js';

/** What a plan gives: every wire, and the combinations A and B of every constraint. */
export interface Solution {
  readonly witness: readonly bigint[];
  readonly a: readonly bigint[];
  readonly b: readonly bigint[];
  /** The first constraint that does not hold. */
  readonly violated: number | undefined;
}

/** Runs a plan step by step as `src/engine/steps.ts` defines it, on bigints: what the engine is held against. */
export function solveByBigint(
  plan: Plan,
  cells: readonly bigint[],
  { alpha, beta }: Pick<Challenge, 'alpha' | 'beta'>,
): Solution {
  const { wires, publics, committed, rows, steps, blocks } = plan;
  const numbers = (bytes: Uint8Array) =>
    Array.from({ length: bytes.length / 32 }, (_, i) => fromLittleEndian(Buffer.from(bytes), 32 * i));
  const [k, weights] = [numbers(plan.coefficients), numbers(plan.weights)];
  const value = new Array<bigint>(wires + plan.slots).fill(0n);
  [value[0], value[publics - 1], value[publics]] = [1n, alpha, beta];
  if (cells.length !== committed) throw new Error(`${committed} cells are committed, ${cells.length} were given.`);
  cells.forEach((cell, i) => {
    value[publics + 1 + i] = cell;
  });

  const combinations = (constraint: number) =>
    termsOf(rows, constraint).map((terms) => mod(terms.reduce((sum, [wire, x]) => sum + value[wire]! * k[x]!, 0n)));
  const product = (constraint: number, target: number, x: number) => {
    const [a, b, c] = combinations(constraint) as [bigint, bigint, bigint];
    value[target] = mod((a * b - c) * k[x]!);
  };
  const run = ([operation, to, from, x]: readonly number[]) => {
    if (operation === STEP.PRODUCT) product(from!, to!, x!);
    else if (operation === STEP.ADD) value[to!] = mod(value[to!]! + value[from!]! * k[x!]!);
    else value[to!] = mod(value[from!]! * k[x!]!);
  };
  const divide = ([constraint, target, x, matrix]: readonly number[]) => {
    const all = combinations(constraint!);
    const [own, other] = matrix === 0 ? [all[0]!, all[1]!] : [all[1]!, all[0]!];
    return [target!, other === 0n ? 0n : mod((all[2]! * inverse(other) - own) * k[x!]!)] as const;
  };

  for (let at = 0; at < steps.length; ) {
    const words = (count: number) => {
      at += count;
      return steps.subarray(at - count, at);
    };
    const [operation] = words(1);
    if (operation === STEP.PRODUCT) {
      const [constraint, target, x] = words(3);
      product(constraint!, target!, x!);
    } else if (operation === STEP.DIVIDE) {
      const [count] = words(1);
      const found = Array.from({ length: count! }, () => divide([...words(DIVISION)]));
      for (const [target, x] of found) value[target] = x;
    } else if (operation === STEP.DIGITS) {
      const [constraint, matrix, x, count] = words(4);
      let rest = mod(combinations(constraint!)[matrix as Matrix]! * k[x!]!);
      for (let i = 0; i < count!; i++) {
        const [target, weight] = words(2);
        if (rest < weights[weight!]!) continue;
        rest -= weights[weight!]!;
        if (target !== NONE) value[target!] = 1n;
      }
    } else if (operation === STEP.BLOCK) {
      const [block, wireCount, constraintCount] = words(3);
      const [local, constraints] = [words(wireCount!), words(constraintCount!)];
      const placeOf = (number: number) => local[number] ?? wires + number - wireCount!;
      for (let i = 0; i < blocks[block!]!; i++) {
        const [op, to, from, y] = blocks.subarray(block! + 1 + BLOCK_STEP * i, block! + 1 + BLOCK_STEP * (i + 1));
        run([op!, placeOf(to!), op === STEP.PRODUCT ? constraints[from!]! : placeOf(from!), y!]);
      }
    } else throw new Error(`Step ${operation} at ${at - 1}.`);
  }

  const [a, b]: bigint[][] = [[], []];
  let violated: number | undefined;
  for (let constraint = 0; constraint < rows.offsets.length; constraint++) {
    const [x, y, z] = combinations(constraint) as [bigint, bigint, bigint];
    a!.push(x);
    b!.push(y);
    if (violated === undefined && (x * y - z) % R !== 0n) violated = constraint;
  }
  return { witness: value.slice(0, wires), a: a!, b: b!, violated };
}
