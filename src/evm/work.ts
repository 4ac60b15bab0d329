/**
 * Work: what proofs and L1 do for a transaction, one unit a constraint of a proof, L1 gas and calldata in the same unit (FORMATS.md,
 * "Work"). Part of the rules: node, circuits (`circuits/generated/work.circom`) and L1 take it from here. A step takes the work of the
 * chip that its opcode names (`src/evm/opcodes.ts`), at most `gas` times the gas that it costs at least: so what a transaction
 * reserves for its gas covers all its steps (`test/batch/work.test.ts`).
 */
export const WORK = {
  /** Reserved per unit of gas: w1 of version 2. */
  gas: 104,
  /** Per byte of the code that a transaction runs. */
  codeByte: 265,
  /** Of every transaction that runs code: its begin, frame and dearest end, and a cold slot that the step which halts it may touch. */
  run: 500_000,

  pop: 208,
  push0: 208,
  push: 312,
  dup: 312,
  swap: 312,
  jump: 832,
  jumpi: 1_040,
  jumpdest: 104,
  register: 208,
  env: 208,
  add: 312,
  mul: 520,
  div: 520,
  compare: 312,
  bitwise: 312,
  not: 312,
  shift: 312,
  byte: 312,
  calldataload: 312,
  memory: 312,
  mstore8: 312,
  log: 39_000,
  sload: 10_400,
  sstore: 10_400,

  /** Per new word of memory, beside the step that makes memory grow. */
  memoryWord: 136,
  /** Per step that makes memory grow, beside its own. */
  expansion: 176,
  /** A slot touched first in its transaction, beside `sload` and `sstore`: its trie rows. */
  coldSlot: 208_000,

  keccak256: 10_500,
  /** Per word hashed, beside `keccak256`: L1 hashes it, and its calldata carries it. Checked where it is used, no gas covers it. */
  keccakWord: 9_000,
} as const;
