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

  // ---- read-only tables; BLOCK's field is the opcode that reads it (0x41 COINBASE, 0x45 GASLIMIT, ...)
  BLOCK: { tag: 24, class: 'table', fields: { lo: 0, hi: 1, field: 2 } },
  RANGE12: { tag: 25, class: 'table', fields: { x: 0 } },
} as const satisfies Record<string, TupleSpec>;

/** Name of a tuple kind. */
export type TupleName = keyof typeof LAYOUT;

/** Power of beta that carries the tag; also the highest power any circuit or contract computes. */
export const TAG_POWER = 31;

/** Field names of a tuple kind, in the order of its values. */
export function fieldsOf(name: TupleName): string[] {
  return Object.keys(LAYOUT[name].fields);
}
