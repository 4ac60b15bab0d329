/**
 * Work of one row, by chip: constraints, its share of padding and tables included, rounded up (FORMATS.md, "Work"). Part of the
 * rules: node, circuits (`circuits/generated/work.circom`) and L1 take it from here. Each is at most `w1` times the gas that the
 * opcode costs at least (`gas` here), so that the reserve of a transaction covers all its steps.
 */
export const WORK = {
  /** Reserved per unit of gas. */
  gas: 170,
  /** Per byte of the code that a transaction calls. */
  codeByte: 25,
  pop: 100,
  push: 150,
  dup: 150,
  swap: 150,
  jump: 100,
  env: 150,
  add: 150,
  mul: 400,
  div: 500,
  compare: 150,
  bitwise: 350,
  shift: 500,
  load: 500,
  memory: 500,
  keccak: 1_500,
  /** Per word hashed, beside `keccak`: L1 hashes it, and its calldata carries it. Checked where it is used, no gas covers it. */
  keccakWord: 10_000,
  storage: 500,
  /** A slot touched first in its transaction, beside `storage`: its trie rows. */
  coldSlot: 50_000,
  log: 1_000,
} as const;
