import type { Rules } from './types.js';

/** Version 1, the default (FORMATS.md says why each value is what it is). */
export const RULES_V1: Rules = {
  version: 1n,
  chainId: 42_113n,
  baseFee: 1_000_000_000n,
  gasLimit: 30_000_000n,
  maxItems: 100,
  maxBytes: 24_576,
  w0: 100_000n,
  w1: 1n,
  w2: 20n,
  wAccess: 20_000n,
  workBudget: 20_000_000n,
};
