import { inverse, mod, R } from '../bus/field.js';
import { A, C, type Term } from './rows.js';

/** A digit: the wire that is 0 or not, and what it then adds. Without a wire: a digit that is no wire of its own. */
export interface Digit {
  readonly wire: number | undefined;
  readonly weight: bigint;
}

/**
 * Wires that follow from one combination as the digits of a number: the known part of combination `matrix`, times `scale`, is
 * the sum of the weights of those digits that are 1. Weights fall, each is more than all after it together, and all together are below r: so the digits
 * are determined, greedily from the first.
 */
export interface Digits {
  readonly matrix: typeof A | typeof C;
  readonly scale: bigint;
  readonly digits: readonly Digit[];
}

/** A constraint's A, B, C with their coefficients. */
export type Combinations = readonly [readonly Term[], readonly Term[], readonly Term[]];

/**
 * The digits that a constraint determines, if it does: unknown wires that are 0 or one value (see `isBit`) in a linear constraint 0 = C,
 * or in A * (A - k) = 0, where A = k * (one more digit).
 */
export function digitsOf(
  combinations: Combinations,
  isKnown: (wire: number) => boolean,
  isBit: (wire: number) => boolean,
  read: (coefficient: number) => bigint,
): Digits | undefined {
  const [a, b, c] = combinations;
  const linear = a.length === 0 || b.length === 0;
  const matrix = linear ? C : A;
  const [other, used] = linear ? [[...a, ...b], c] : [c, a];
  if (other.some(([wire]) => !isKnown(wire)) || (!linear && c.length > 0)) return undefined;
  const unknown = used.filter(([wire]) => !isKnown(wire));
  if (unknown.length === 0 || !unknown.every(([wire]) => isBit(wire))) return undefined;
  // known + sum x_i * wire_i = 0 or k * digit: the weights are -x_i and k, up to a factor.
  const digits: Digit[] = unknown.map(([wire, x]) => ({ wire, weight: mod(-read(x)) }));
  if (!linear) {
    const k = constantDifference(a, b, read);
    if (k === undefined) return undefined;
    digits.push({ wire: undefined, weight: k });
  }
  return scaled(matrix, digits);
}

/** k when B = A - k for a constant k other than 0. */
function constantDifference(
  a: readonly Term[],
  b: readonly Term[],
  read: (coefficient: number) => bigint,
): bigint | undefined {
  const difference = new Map<number, bigint>();
  for (const [terms, sign] of [
    [a, 1n],
    [b, -1n],
  ] as const) {
    for (const [wire, x] of terms) difference.set(wire, mod((difference.get(wire) ?? 0n) + sign * read(x)));
  }
  const k = difference.get(0) ?? 0n;
  difference.delete(0);
  return k === 0n || [...difference.values()].some((x) => x !== 0n) ? undefined : k;
}

/** The digits with the factor that makes the smallest of them 1, or some other of them: what makes their weights grow fast enough. */
function scaled(matrix: Digits['matrix'], digits: readonly Digit[]): Digits | undefined {
  for (const scale of factors(digits)) {
    const weighted = digits.map(({ wire, weight }) => ({ wire, weight: (weight * scale) % R }));
    weighted.sort((x, y) => (x.weight > y.weight ? -1 : 1));
    if (outgrow(weighted)) return { matrix, scale, digits: weighted };
  }
  return undefined;
}

function* factors(digits: readonly Digit[]): Generator<bigint> {
  yield* [1n, R - 1n];
  for (const { weight } of digits) yield* [inverse(weight), mod(-inverse(weight))];
}

/** Whether each weight, falling, is more than all after it together, and all together are below r. */
function outgrow(digits: readonly Digit[]): boolean {
  let sum = 0n;
  for (let i = digits.length - 1; i >= 0; i--) {
    if (digits[i]!.weight <= sum) return false;
    sum += digits[i]!.weight;
    if (sum >= R) return false;
  }
  return true;
}
