import { concat, type Hex, keccak256, pad, toHex } from 'viem';
import { domain } from '../batch/header.js';
import { R } from '../bus/field.js';
import { type Challenge, challengeOf } from '../bus/tuple.js';
import type { ProofRecord, Statement, TranscriptContext } from './types.js';

/** What one proof is bound by before the challenge: its shape and the commitment to its rows. */
export type Commitment = Pick<ProofRecord, 'shape' | 'D'>;

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

/** keccak of FORMATS.md's "Tables". */
export function tablesHash(tables: Hex): Hex {
  return keccak256(tables);
}

/**
 * Seed and challenge of a bundle: everything that can enter the bus's sum is bound here. `commitments` in the order of
 * the records.
 */
export function transcript(
  { l1ChainId, verifier, beneficiary, keySetHash }: TranscriptContext,
  statement: Statement,
  tables: Hex,
  commitments: readonly Commitment[],
): Transcript {
  const head = words(
    ...[domain('transcript'), l1ChainId, verifier, beneficiary, keySetHash],
    ...[statementHash(statement), tablesHash(tables), BigInt(commitments.length)],
  );
  const seed = keccak256(concat([head, ...commitments.map(({ shape, D }) => concat([toHex(shape, { size: 1 }), D]))]));
  const draw = (i: number) => BigInt(keccak256(concat([seed, toHex(i, { size: 32 })]))) % R;
  return { seed, challenge: challengeOf(draw(1), draw(2)) };
}

/** The base of the batching coefficients 1, rho, rho^2, ...: drawn after every record. */
export function batchingBase(seed: Hex, proofs: Hex): bigint {
  return BigInt(keccak256(concat([seed, proofs]))) % R;
}
