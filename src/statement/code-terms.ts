import { type Hex, keccak256 } from 'viem';
import { fromHex } from '../batch/bytes.js';
import type { ParsedTx } from '../batch/types.js';
import type { Origin } from '../bus/balance.js';
import { toLimbs } from '../bus/field.js';
import { type Term, term } from '../bus/tuple.js';
import { CODE_ROW } from '../chips/code.js';
import type { TableKeccak } from './table-code.js';

/** Zeros that follow a code at least: a PUSH32 as its last byte, and the place that execution goes to after it. */
export const CODE_ZEROS = 33;

/** A word of `bytes`, zeros behind their end. */
export function wordOf(bytes: Uint8Array, word: number): bigint {
  const part = Buffer.alloc(32);
  part.set(bytes.subarray(32 * word, 32 * word + 32));
  return BigInt(`0x${part.toString('hex')}`);
}

/** Words of `n` bytes. */
export function wordCount(n: number): number {
  return Math.ceil(n / 32);
}

/**
 * What the frame of a transaction reads, in L1's order: KEYS and each WARM once, TXDATA as often as each word is read (words
 * that are not read are left out).
 */
export function runTerms(tx: bigint, { data, keys }: Pick<ParsedTx, 'data' | 'keys'>, uses: readonly bigint[]): Term[] {
  const bytes = fromHex(data);
  return [
    term(1n, 'KEYS', { count: BigInt(keys.length), tx }),
    ...keys.map(({ address, key }, i) => {
      const [keyHi, keyLo] = toLimbs(BigInt(key));
      return term(1n, 'WARM', { n: BigInt(i + 1), addr: BigInt(address), keyHi, keyLo, tx });
    }),
    ...uses.flatMap((times, i) => {
      const [hi, lo] = toLimbs(wordOf(bytes, i));
      return times === 0n ? [] : [term(times, 'TXDATA', { word: BigInt(i), hi, lo, tx })];
    }),
  ];
}

/** A code with its bytes and the multiplicities of CODEBLOB and CODELEN. */
export interface CodeUse {
  readonly code: Hex;
  readonly blobUses: bigint;
  readonly lenUses: bigint;
}

/** L1's tuples of the codes (FORMATS.md, "L1's tuples" 6); ids count from 1. */
export function codeTerms(codes: readonly CodeUse[]): Origin[] {
  return codes.map(({ code: hex, blobUses, lenUses }, i) => {
    const bytes = fromHex(hex);
    const code = BigInt(i + 1);
    const [hashHi, hashLo] = toLimbs(BigInt(keccak256(hex)));
    const len = BigInt(bytes.length);
    const terms = [
      ...(blobUses === 0n ? [] : [term(blobUses, 'CODEBLOB', { len, code, hashHi, hashLo })]),
      ...(lenUses === 0n ? [] : [term(lenUses, 'CODELEN', { len, code })]),
      term(1n, 'CODEWALK', { at: 0n, code, skip: 0n }),
    ];
    for (let at = 0; at * CODE_ROW < bytes.length + CODE_ZEROS; at++) {
      const limbs = [0, 1, 2, 3].flatMap((word) => toLimbs(wordOf(bytes, 4 * at + word)));
      const [hi0, lo0, hi1, lo1, hi2, lo2, hi3, lo3] = limbs as Eight;
      terms.push(term(1n, 'CODEWORDS', { at: BigInt(at), code, hi0, lo0, hi1, lo1, hi2, lo2, hi3, lo3 }));
    }
    return { origin: `L1: code ${code}`, terms };
  });
}

type Eight = [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];

/** L1's tuples of the hashes (FORMATS.md, "L1's tuples" 7); ids count from 1. */
export function keccakTerms(keccaks: readonly TableKeccak[]): Origin[] {
  return keccaks.map((keccak, i) => ({
    origin: `L1: keccak ${i + 1}`,
    terms: keccak.uses === 0n ? [] : keccak.kind === 'pair' ? pairTerms(keccak) : generalTerms(keccak, BigInt(i + 1)),
  }));
}

function pairTerms({ input, uses }: TableKeccak): Term[] {
  const bytes = fromHex(input);
  const [aHi, aLo] = toLimbs(wordOf(bytes, 0));
  const [bHi, bLo] = toLimbs(wordOf(bytes, 1));
  const [hi, lo] = toLimbs(BigInt(keccak256(input)));
  return [term(uses, 'KECCAK64', { bLo, hi, lo, aHi, aLo, bHi })];
}

function generalTerms({ input, uses }: TableKeccak, id: bigint): Term[] {
  const bytes = fromHex(input);
  const [hi, lo] = toLimbs(BigInt(keccak256(input)));
  const words = Array.from({ length: wordCount(bytes.length) }, (_, word) => {
    const [wordHi, wordLo] = toLimbs(wordOf(bytes, word));
    return term(uses, 'KWORD', { word: BigInt(word), id, hi: wordHi, lo: wordLo });
  });
  return [term(uses, 'KECCAK', { id, len: BigInt(bytes.length), hi, lo }), ...words];
}
