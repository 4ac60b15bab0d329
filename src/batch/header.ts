import { concat, type Hex, keccak256, toBytes } from 'viem';
import { byteLength, word } from './bytes.js';
import type { Batch, Header } from './types.js';

/** Parent of batch 1, and every rolling hash's start: the zero word. */
export const ZERO_WORD: Hex = word(0n);

/** Everything of a header that does not follow from the transactions. */
export type Environment = Omit<Header, 'txsHash'>;

/** The domain `D("name")`, first word of what is hashed (FORMATS.md). */
export function domain(name: string): Hex {
  return keccak256(toBytes(`deltaproof/${name}/1`));
}

/** The rolling hash over (length, keccak(item)); a cut-off item is known to L1 by these two alone (FORMATS.md, "Batch"). */
export function txsHashOf(items: readonly { readonly length: number; readonly hash: Hex }[]): Hex {
  return items.reduce<Hex>((h, { length, hash }) => keccak256(concat([h, word(BigInt(length)), hash])), ZERO_WORD);
}

/** `txsHash` of raw transactions. */
export function txsHash(txs: readonly Hex[]): Hex {
  return txsHashOf(txs.map((tx) => ({ length: byteLength(tx), hash: keccak256(tx) })));
}

const FIELDS = [
  'version',
  'number',
  'parent',
  'txsHash',
  'timestamp',
  'originNumber',
  'originHash',
  'feeRecipient',
  'gasLimit',
  'baseFee',
  'chainId',
] as const satisfies readonly (keyof Header)[];

/** `batchHash`: names a batch; no claim about results is in it. */
export function batchHash(header: Header): Hex {
  const words = FIELDS.map((name) => word(BigInt(header[name])));
  return keccak256(concat([domain('batch'), ...words]));
}

/** A batch of `txs` in `environment`, with the txsHash that belongs to them. */
export function sealBatch(environment: Environment, txs: readonly Hex[]): Batch {
  return { header: { ...environment, txsHash: txsHash(txs) }, txs };
}
