/**
 * The program of a plan: 32-bit words, each step an operation and its arguments. `value[w]` is wire w's value, 0 before it is set; from
 * the number of wires on, `value` goes on with slots, which hold sums that are no wires. `k[x]` is the coefficient of number x; A, B, C are a
 * constraint's combinations of the values as they are when the step runs.
 *
 * | step | arguments | effect |
 * |---|---|---|
 * | PRODUCT | constraint, target, x | value[target] = (A * B - C) * k[x] |
 * | ADD | target, source, x | value[target] += value[source] * k[x] |
 * | SET | target, source, x | value[target] = value[source] * k[x] |
 * | DIVIDE | n, then n times: constraint, target, x, matrix | of the two factors, F is `matrix`' (it holds the target), G the other: value[target] = (C / G - F) * k[x], and 0 where G is 0. No division of the step reads another's target. |
 * | DIGITS | constraint, matrix, x, n, then n times: target, weight | rest = (combination `matrix`) * k[x] as a number below r; then in order: where rest is at least the weight, value[target] = 1 and rest falls by the weight. Target NONE: a digit that is no wire. |
 * | BLOCK | block, wires, constraints, wire..., constraint... | the steps of a block (PRODUCT, ADD, SET), on these wires and constraints: it numbers them from 0, and the slots on from its number of wires |
 */
export const STEP = { PRODUCT: 1, ADD: 2, SET: 3, DIVIDE: 4, DIGITS: 5, BLOCK: 6 } as const;

/** Target of a digit that is no wire. */
export const NONE = 0xffffffff;

/** A step of a block. */
export type BlockStep = readonly [operation: number, to: number, from: number, coefficient: number];

/** Words of a {@link BlockStep}. */
export const BLOCK_STEP = 4;

/** Words of a division. */
export const DIVISION = 4;
