import { concat, type Hex, keccak256, pad, toHex } from 'viem';
import { domain } from '../batch/header.js';
import { R } from '../bus/field.js';
import { type Challenge, challengeOf } from '../bus/tuple.js';
import type { Statement, TranscriptContext } from './types.js';

/** The challenge and what it was drawn from. */
export interface Transcript {
  readonly seed: Hex;
  readonly challenge: Challenge;
}

/** Number of a mode in hashes and on L1. */
export const MODE_NUMBER = { diff: 0, root: 1 } as const;

/** `abi.encode` of static values: each one word. */
function words(...values: readonly (Hex | bigint)[]): Hex {
  return concat(values.map((value) => (typeof value === 'bigint' ? toHex(value, { size: 32 }) : pad(value))));
}

/** FORMATS.md, "Statement and transcript". */
export function statementHash({ batchHash, preRoot, mode, value }: Statement): Hex {
  return keccak256(words(domain('statement'), batchHash, preRoot, BigInt(MODE_NUMBER[mode]), value));
}

/**
 * Seed and challenge of a bundle: everything that can enter the bus's sum is bound here. `frozen` is the link to its first part
 * (`chainOf`).
 */
export function transcript(
  { l1ChainId, verifier, beneficiary, keySetHash, rulesHash }: TranscriptContext,
  statement: Statement,
  frozen: Hex,
): Transcript {
  const seed = keccak256(
    words(
      ...[domain('transcript'), l1ChainId, verifier, beneficiary, keySetHash, rulesHash],
      ...[statementHash(statement), frozen],
    ),
  );
  const draw = (i: number) => BigInt(keccak256(concat([seed, toHex(i, { size: 32 })]))) % R;
  return { seed, challenge: challengeOf(draw(1), draw(2)) };
}

/**
 * The base of the batching coefficients 1, rho, rho^2, ... of a part with proofs: drawn after all its records.
 * @param due the link to the part
 * @param proofs its body
 */
export function batchingBase(seed: Hex, due: Hex, proofs: Hex): bigint {
  return BigInt(keccak256(concat([seed, due, proofs]))) % R;
}
