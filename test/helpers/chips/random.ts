import { R } from '../../../src/bus/field.js';

/** Random values for tests, all from one seed. */
export interface Random {
  /** Uniform in [0, n). */
  int(n: number): number;
  /** Uniform below 2^bits. */
  bits(bits: number): bigint;
  /** A field element. */
  field(): bigint;
  bool(): boolean;
  pick<T>(list: readonly T[]): T;
}

const { DELTAPROOF_SEED, DELTAPROOF_RUN_SEED } = process.env;
const SEED = Number(DELTAPROOF_SEED || DELTAPROOF_RUN_SEED || Date.now()) >>> 0;

/**
 * The seed of this test file's run: `DELTAPROOF_SEED`, else that of the run of all tests (`DELTAPROOF_RUN_SEED`, of `.ci/run`), else
 * drawn from the clock. Print it when a test uses it.
 */
export function testSeed(): number {
  return SEED;
}

/** A generator (mulberry32, public domain, T. Ettinger) for `seed` and a name that keeps the users of one seed apart. */
export function randomOf(seed: number, name: string): Random {
  let state = seed >>> 0;
  for (const c of name) state = Math.imul(state ^ c.charCodeAt(0), 0x01000193) >>> 0;
  const next32 = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  const bits = (count: number) => {
    let x = 0n;
    for (let have = 0; have < count; have += 32) x = (x << 32n) | BigInt(next32());
    return x & ((1n << BigInt(count)) - 1n);
  };
  const int = (n: number) => next32() % n;
  return { int, bits, field: () => bits(320) % R, bool: () => int(2) === 1, pick: (list) => list[int(list.length)]! };
}
