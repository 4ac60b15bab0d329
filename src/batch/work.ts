/**
 * Work: what proofs and L1 do for a transaction, one unit a constraint of a proof, L1 gas and calldata in the same unit (FORMATS.md,
 * "Work"). Part of the rules: node, circuits (`circuits/generated/work.circom`) and L1 take it from here. A step takes the work of the
 * chip that its opcode names (`src/batch/opcodes.ts`), at most `gas` times the gas that it costs at least: so what a transaction
 * reserves for its gas covers all its steps (`test/batch/work.test.ts`).
 */
export const WORK = {
  /** Reserved per unit of gas: w1 of version 2. */
  gas: 115,
  /** Per byte of the code that a transaction runs. */
  codeByte: 172,
  /** Of every transaction that runs code: its begin, frame and dearest end, and a cold slot that the step which halts it may touch. */
  run: 1_000_000,

  pop: 207,
  push0: 207,
  push: 310,
  dup: 310,
  swap: 310,
  jump: 828,
  jumpi: 1_035,
  jumpdest: 103,
  register: 207,
  env: 207,
  add: 310,
  mul: 517,
  div: 517,
  compare: 310,
  bitwise: 310,
  not: 310,
  shift: 310,
  byte: 310,
  load: 310,
  memory: 310,
  mstore8: 310,
  log: 38_812,
  sload: 10_350,
  sstore: 10_350,

  /** Per new word of memory, beside the step that makes memory grow. */
  memoryWord: 129,
  /** Per step that makes memory grow, beside its own. */
  expansion: 211,
  /** A slot touched first in its transaction, beside `sload` and `sstore`: its trie rows. */
  coldSlot: 211_000,

  keccak: 1_500,
  /** Per word hashed, beside `keccak`: L1 hashes it, and its calldata carries it. Checked where it is used, no gas covers it. */
  keccakWord: 10_000,
} as const;
