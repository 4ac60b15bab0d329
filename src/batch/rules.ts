import { concat, type Hex, keccak256 } from 'viem';
import { WORK } from '../evm/work.js';
import { word } from './bytes.js';
import { MAX_CODE_BYTES } from './genesis.js';
import type { Rules } from './types.js';

/** Version 2, the newest: a transaction to an account with code runs it, in one frame (FORMATS.md says why each value is what it is). */
export const RULES_V2: Rules = {
  version: 2n,
  chainId: 42_113n,
  baseFee: 1_000_000_000n,
  gasLimit: 30_000_000n,
  maxItems: 1_000,
  maxBytes: 112_640,
  w0: 545_000n,
  w1: BigInt(WORK.gas),
  w2: 315n,
  wAccess: 244_000n,
  wCode: BigInt(WORK.codeByte * MAX_CODE_BYTES),
  workBudget: 592_000_000n,
};

/** Every released version, none of which ever changes: whatever changes f, like an opcode more, is a new one. */
const RELEASED: readonly Rules[] = [RULES_V2];

/** Fields in the order of Solidity's `Rules`. */
const FIELDS = [
  ...(['version', 'chainId', 'baseFee', 'gasLimit', 'maxItems', 'maxBytes'] as const),
  ...(['w0', 'w1', 'w2', 'wAccess', 'wCode', 'workBudget'] as const),
] satisfies readonly (keyof Rules)[];

/** `rulesHash`: names the rules of a version; keys, verifier and rollup must have the same (FORMATS.md). */
export function rulesHash(rules: Rules): Hex {
  return keccak256(concat(FIELDS.map((name) => word(BigInt(rules[name])))));
}

/** The rules that a batch's version names; of an unknown version the newest, for which the batch will not fit. */
export function rulesOfVersion(version: bigint): Rules {
  return RELEASED.find((rules) => rules.version === version) ?? RULES_V2;
}
