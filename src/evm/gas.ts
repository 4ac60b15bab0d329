/**
 * Prices that are not one opcode's constant part (that stands in its line of `src/evm/opcodes.ts`), in gas. The only place where they
 * stand: mirrors, rows and replay read them here, circuits as `GAS_coldSlot()` and so on (`circuits/generated/layout.circom`).
 */
export const PRICES = {
  /** A transaction before its data and access list (yellow paper, appendix G: G_transaction). */
  transaction: 21_000,
  /** A byte of data that is 0, and any other (EIP-2028). */
  zeroByte: 4,
  nonZeroByte: 16,
  /** An address and a key of an access list (EIP-2930). */
  accessAddress: 2_400,
  accessKey: 1_900,
  /** The refund is at most this part of the gas used: a fifth (EIP-3529). */
  refundQuotient: 5,

  /** A slot that its transaction touched before, and one that it did not (EIP-2929). */
  warmSlot: 100,
  coldSlot: 2_100,
  /** SSTORE that makes 0 something, and that changes something else, `coldSlot` included (EIP-2200, EIP-2929). */
  slotSet: 20_000,
  slotReset: 5_000,
  /** Refund for a slot that becomes 0 (EIP-3529). */
  slotClear: 4_800,
  /** SSTORE needs more gas than this, whatever it costs (EIP-2200). */
  storeStipend: 2_300,

  /** Memory of w words has cost memoryWord * w + floor(w^2 / memoryQuotient) in all (yellow paper, appendix H). */
  memoryWord: 3,
  memoryQuotient: 512,
  /** A word that KECCAK256 hashes. */
  keccakWord: 6,
  /** LOG: its constant part, each topic, each byte of data. */
  log: 375,
  logTopic: 375,
  logByte: 8,
} as const;
