import { STEP_WORK } from './opcodes.js';

/**
 * Work: what proofs and L1 do for a transaction, one unit a constraint of a proof, L1 gas and calldata in the same unit (FORMATS.md,
 * "Work"). Part of the rules: node, circuits (`circuits/generated/layout.circom`) and L1 take it from here. A step takes the work of its
 * opcode's line (`src/evm/opcodes.ts`), by the name of the line's chip, at most `gas` times the gas that it costs at least: so what a
 * transaction reserves for its gas covers all its steps (`test/batch/work.test.ts`).
 */
export const WORK = {
  ...STEP_WORK,

  /** Reserved per unit of gas: w1 of version 2. */
  gas: 104,
  /** Per byte of the code that a transaction runs. */
  codeByte: 265,
  /** Of every transaction that runs code: its begin, frame and dearest end, and a cold slot that the step which halts it may touch. */
  run: 500_000,

  /** Per new word of memory, beside the step that makes memory grow. */
  memoryWord: 136,
  /** Per step that makes memory grow, beside its own. */
  expansion: 176,
  /** A slot touched first in its transaction, beside `sload` and `sstore`: its trie rows. */
  coldSlot: 208_000,
  /** Per word hashed, beside the step of KECCAK256: L1 hashes it, and its calldata carries it. Checked where it is used, no gas covers it. */
  keccakWord: 9_000,
} as const;
