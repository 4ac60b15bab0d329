/**
 * The layout of every tuple on the bus: ONE table, generated into Circom (`circuits/generated/layout.circom`) and Solidity
 * (`contracts/generated/Layout.sol`) by `generate.ts`. Fingerprint of a tuple (design: LogUp with a tagged linear hash):
 *
 *   f = alpha + sum over its fields of beta^power * value + beta^31 * tag        (beta^0 = 1: one field costs no product)
 *
 * Classes (never two of these for one tag):
 *   linear  sent once and received once, weight 1 times the row's `en`
 *   formal  a formal sum: any weight, sound by the argument in `circuits/chips/branch.circom`
 *   table   looked up with weight 1 (times a boolean), supplied with a multiplicity
 *
 * Powers are below 31 and distinct within a tag. A field that several tuples of one row share keeps its power in all of
 * them, so that the row computes beta^power * value once. Words are two 128-bit limbs (hi, lo).
 */
export type TupleClass = 'linear' | 'formal' | 'table';

export interface TupleSpec {
  readonly tag: number;
  readonly class: TupleClass;
  /** Field name to power of beta, in the order in which tuples list their values. */
  readonly fields: Readonly<Record<string, number>>;
}

const POSITION = { X: 0, trie: 1, q: 2, d: 3 } as const;
const SLOT_AT = { head: 0, trie: 1, q: 2, d: 3, tail: 4, hi: 5, lo: 6 } as const;
const ACCOUNT_OF = { nonce: 0, i: 1, balHi: 5, balLo: 6, codeHi: 7, codeLo: 8 } as const;

export const LAYOUT = {
  // ---- trie: the subtree with digest X stands at position (trie, q, d); q = 1 followed by d nibbles
  REF: { tag: 1, class: 'formal', fields: POSITION },
  AT: { tag: 2, class: 'table', fields: POSITION },
  BRANCH: { tag: 3, class: 'table', fields: { X: 0 } },
  KV: { tag: 4, class: 'formal', fields: SLOT_AT },
  RKV: { tag: 5, class: 'formal', fields: SLOT_AT },
  ID: { tag: 6, class: 'table', fields: { head: 0, i: 1, q: 2, d: 3, tail: 4 } },
  AKV: { tag: 7, class: 'formal', fields: ACCOUNT_OF },
  RAKV: { tag: 8, class: 'table', fields: ACCOUNT_OF },
  NOKEY: { tag: 9, class: 'formal', fields: { head: 0, trie: 1, q: 2, d: 3, tail: 4 } },

  // ---- state cells: initial tuple from L1, final one received by a `cellend` row, which sends the ...END tuple back to L1
  ACCT: {
    tag: 16,
    class: 'linear',
    fields: { ts: 0, addr: 1, nonce: 2, balHi: 3, balLo: 4, codeHi: 5, codeLo: 6, tx: 7, warm: 8, birth: 9, flags: 10 },
  },
  ACCTEND: { tag: 17, class: 'linear', fields: { nonce: 0, addr: 1, balHi: 3, balLo: 4, codeHi: 5, codeLo: 6 } },

  // ---- transactions (idx and tx count from 1)
  BETWEEN: { tag: 20, class: 'linear', fields: { ts: 0, tx: 7, gasUsed: 8, work: 9, jrn: 10 } },
  TX: {
    tag: 21,
    class: 'linear',
    fields: {
      intrinsic: 0,
      sender: 1,
      nonce: 2,
      valueHi: 3,
      valueLo: 4,
      to: 5,
      gasLimit: 6,
      idx: 7,
      priceHi: 8,
      priceLo: 9,
      tipHi: 10,
      tipLo: 11,
      maxCostHi: 12,
      maxCostLo: 13,
      dataLen: 14,
      use: 15,
      reserve: 16,
    },
  },
  TXBAD: { tag: 22, class: 'linear', fields: { use: 0, idx: 7 } },
  // how many 2930 storage keys a transaction that runs code has, and each of them, n from 1 (L1); the walk over them
  KEYS: { tag: 29, class: 'table', fields: { count: 0, tx: 17 } },
  WARM: { tag: 26, class: 'table', fields: { n: 0, addr: 12, keyHi: 13, keyLo: 14, tx: 17 } },
  WARMING: { tag: 27, class: 'linear', fields: { ts: 0, n: 4, tx: 17 } },
  // what txend has to know of the transaction that txbegin took; powers as in TX
  SAVED: {
    tag: 28,
    class: 'linear',
    fields: {
      gasUsed: 0,
      sender: 1,
      call: 2,
      valueHi: 3,
      valueLo: 4,
      to: 5,
      gasLimit: 6,
      tx: 7,
      priceHi: 8,
      priceLo: 9,
      tipHi: 10,
      tipLo: 11,
      jrn: 12,
    },
  },

  // ---- the machine between two steps; what a frame is, once; what its end leaves (ok = 0: its journal is being undone)
  EXEC: {
    tag: 32,
    class: 'linear',
    fields: { ts: 0, call: 1, code: 2, pc: 3, sp: 4, gas: 5, work: 6, mem: 7, jrn: 8, refund: 9 },
  },
  // (its powers as in TX)
  NEWFRAME: {
    tag: 33,
    class: 'linear',
    fields: {
      codeLen: 0,
      caller: 1,
      call: 2,
      valueHi: 3,
      valueLo: 4,
      addr: 5,
      tx: 7,
      priceHi: 8,
      priceLo: 9,
      birth: 13,
      dataLen: 14,
    },
  },
  END: { tag: 34, class: 'linear', fields: { ts: 0, call: 1, ok: 2, gas: 5, work: 6, jrn: 8, refund: 9 } },

  // ---- cells: a stack item, a word of memory, a storage slot; the journal of undoable changes
  STACK: { tag: 36, class: 'linear', fields: { ts: 0, call: 1, idx: 4, hi: 10, lo: 11 } },
  MEM: { tag: 37, class: 'linear', fields: { ts: 0, call: 1, word: 7, hi: 10, lo: 11 } },
  SLOT: {
    tag: 38,
    class: 'linear',
    fields: { ts: 0, curHi: 10, curLo: 11, addr: 12, keyHi: 13, keyLo: 14, origHi: 15, origLo: 16, tx: 17, warm: 18 },
  },
  SLOTEND: { tag: 39, class: 'linear', fields: { curHi: 10, curLo: 11, addr: 12, keyHi: 13, keyLo: 14 } },
  JRN: {
    tag: 40,
    class: 'linear',
    fields: { ts: 0, idx: 8, oldHi: 10, oldLo: 11, addr: 12, keyHi: 13, keyLo: 14, kind: 19 },
  },
  // words of memory that an expansion adds, from (inclusive) to `to` (exclusive), and the time since which they exist; its price
  MEMNEW: { tag: 41, class: 'linear', fields: { ts: 0, call: 1, from: 7, to: 12 } },
  EXPANSION: { tag: 65, class: 'table', fields: { cost: 0, from: 7, to: 12 } },

  // ---- read-only tables of a frame
  FRAME: { tag: 44, class: 'table', fields: { birth: 0, call: 1, addr: 12, tx: 17 } },
  // op: the opcode that reads it (0x30 ADDRESS, 0x33 CALLER, 0x34 CALLVALUE, 0x36 CALLDATASIZE, ...)
  ENV: { tag: 45, class: 'table', fields: { op: 0, call: 1, hi: 10, lo: 11 } },
  TXDATA: { tag: 46, class: 'table', fields: { word: 0, hi: 10, lo: 11, tx: 17 } },

  // ---- code: from L1 its hash, its walk's start and its words (four a tuple, zero words for at least 33 bytes after its end: a PUSH32
  // as the last byte, and the place after it); from circuits its bytes, pushes, jump targets
  CODEBLOB: { tag: 48, class: 'table', fields: { len: 0, code: 2, hashHi: 7, hashLo: 8 } },
  CODELEN: { tag: 54, class: 'table', fields: { len: 0, code: 2 } },
  CODEWALK: { tag: 49, class: 'linear', fields: { at: 0, code: 2, skip: 4 } },
  CODEWORDS: {
    tag: 50,
    class: 'linear',
    fields: { at: 0, code: 2, hi0: 10, lo0: 11, hi1: 12, lo1: 13, hi2: 14, lo2: 15, hi3: 16, lo3: 17 },
  },
  CODE: { tag: 51, class: 'table', fields: { op: 0, code: 2, pc: 3 } },
  // valid: 1 where a JUMPDEST stands, not in push data, else 0; for every byte
  DEST: { tag: 52, class: 'table', fields: { valid: 0, code: 2, pc: 3 } },
  PUSH: { tag: 53, class: 'table', fields: { code: 2, pc: 3, hi: 10, lo: 11 } },

  // ---- hashes, from L1: of two words; of len bytes, whose words (zero-padded) are under the same id
  KECCAK64: { tag: 56, class: 'table', fields: { bLo: 0, hi: 10, lo: 11, aHi: 12, aLo: 13, bHi: 14 } },
  KECCAK: { tag: 57, class: 'table', fields: { id: 0, len: 2, hi: 10, lo: 11 } },
  KWORD: { tag: 58, class: 'table', fields: { word: 0, id: 2, hi: 10, lo: 11 } },
  // a copy: `left` bytes still to read, from byte `from` of one of PLACES on, to byte `to` of another; which one of its kind: a frame, an entry
  COPY: {
    tag: 59,
    class: 'linear',
    fields: { ts: 0, fromId: 1, toId: 2, left: 3, to: 4, from: 7, fromKind: 8, toKind: 9 },
  },

  // ---- read-only tables; BLOCK's field is the opcode that reads it (0x41 COINBASE, 0x45 GASLIMIT, ...)
  BLOCK: { tag: 24, class: 'table', fields: { lo: 0, hi: 1, field: 2 } },
  RANGE12: { tag: 25, class: 'table', fields: { x: 0 } },
  // a byte: of code, as an opcode by how much it moves the walk through the code on (1 + its push data) and whether it is JUMPDEST; as
  // push data, and any byte that is not of a code, 0 and 0
  BYTE: { tag: 60, class: 'table', fields: { x: 0, move: 1, dest: 2 } },
  // c = a & b of four bits each (a alone is a nibble by b = c = 0); p = 2^s for s below 128; of an opcode: its least gas, how many items it pops, 16 + by how many the stack grows,
  // whether this version has a chip for it
  AND4: { tag: 61, class: 'table', fields: { a: 0, b: 1, c: 2 } },
  POW2: { tag: 62, class: 'table', fields: { s: 0, p: 1 } },
  // of an opcode with memory: what it costs at least, which items of the stack are offset and length (`sized` = 0: the length is `bytes`), gas per
  // byte and word of the length, the least length that no frame may read, work that it checks (src/evm/opcode-tables.ts)
  MEMOP: {
    tag: 63,
    class: 'table',
    fields: {
      op: 0,
      gas: 1,
      bytes: 2,
      sized: 3,
      offset: 4,
      lengthAt: 5,
      perByte: 6,
      perWord: 7,
      far: 8,
      use: 9,
      wordUse: 10,
    },
  },
  OPINFO: { tag: 64, class: 'table', fields: { op: 0, gas: 1, pops: 2, grows: 3, covered: 4 } },
} as const satisfies Record<string, TupleSpec>;

/**
 * Where bytes can be copied from or to (COPY): the memory of a frame, by its `call`; the input of a hash, by L1's number. A row of a copy is for
 * one pair of them, as constants of its circuit.
 */
export const PLACES = { memory: 1, hash: 2 } as const;

/** Name of a tuple kind. */
export type TupleName = keyof typeof LAYOUT;

/** Power of beta that carries the tag; also the highest power any circuit or contract computes. */
export const TAG_POWER = 31;

/** Field names of a tuple kind, in the order of its values. */
export function fieldsOf(name: TupleName): string[] {
  return Object.keys(LAYOUT[name].fields);
}
