import { SECP256K1_ORDER } from '@ethereumjs/util';
import { type Address, type Hex, keccak256 } from 'viem';
import { sign } from 'viem/accounts';
import { bigintToBytes, fromHex, toHex } from './bytes.js';
import { rlpBytes, rlpList, rlpUint } from './rlp.js';

/**
 * A transaction to be encoded, whatever its fields are: unlike a wallet's, this form can express invalid transactions,
 * which samples and tests need. In types 0 and 1 the gas price is `cap`, and `tip` is not encoded.
 */
export interface TransactionFields {
  readonly type: 0 | 1 | 2;
  /** `undefined` only in type 0: a signature without chain id (v 27 or 28). */
  readonly chainId: bigint | undefined;
  readonly nonce: bigint;
  readonly tip: bigint;
  readonly cap: bigint;
  readonly gasLimit: bigint;
  /** `0x` for a creation. */
  readonly to: Hex;
  readonly value: bigint;
  readonly data: Hex;
  readonly accessList: readonly { readonly address: Address; readonly keys: readonly Hex[] }[];
}

/** An ECDSA signature over secp256k1. */
export interface Signature {
  readonly yParity: bigint;
  readonly r: bigint;
  readonly s: bigint;
}

/** The hash that the sender signs: EIP-155 (or the form before it), EIP-2930, EIP-1559. */
export function signingHash(fields: TransactionFields): Hex {
  const tail =
    fields.type === 0 && fields.chainId !== undefined ? [rlpUint(fields.chainId), rlpUint(0n), rlpUint(0n)] : [];
  return keccak256(envelope(fields.type, [...unsigned(fields), ...tail]));
}

/** Raw bytes of a transaction with a given signature, valid or not. */
export function encodeTransaction(fields: TransactionFields, { yParity, r, s }: Signature): Hex {
  const v = fields.type !== 0 ? yParity : yParity + (fields.chainId === undefined ? 27n : 35n + 2n * fields.chainId);
  return toHex(envelope(fields.type, [...unsigned(fields), rlpUint(v), rlpUint(r), rlpUint(s)]));
}

/** The signature of a private key (RFC 6979, s at most n/2: deterministic). */
export async function signFields(fields: TransactionFields, privateKey: Hex): Promise<Signature> {
  const { r, s, yParity } = await sign({ hash: signingHash(fields), privateKey });
  return { yParity: BigInt(yParity ?? 0), r: BigInt(r), s: BigInt(s) };
}

/** Raw bytes of a transaction signed by a private key. */
export async function signTransaction(fields: TransactionFields, privateKey: Hex): Promise<Hex> {
  return encodeTransaction(fields, await signFields(fields, privateKey));
}

/** The other signature of the same key over the same hash: n − s. EIP-2 refuses one of the two. */
export function flipSignature({ yParity, r, s }: Signature): Signature {
  return { yParity: 1n - yParity, r, s: SECP256K1_ORDER - s };
}

function unsigned({
  type,
  chainId,
  nonce,
  tip,
  cap,
  gasLimit,
  to,
  value,
  data,
  accessList,
}: TransactionFields): Uint8Array[] {
  const list = rlpList(
    accessList.map(({ address, keys }) =>
      rlpList([rlpBytes(fromHex(address)), rlpList(keys.map((key) => rlpBytes(fromHex(key))))]),
    ),
  );
  return [
    ...(type === 0 ? [] : [rlpUint(chainId ?? 0n)]),
    rlpUint(nonce),
    ...(type === 2 ? [rlpUint(tip)] : []),
    ...[cap, gasLimit].map(rlpUint),
    rlpBytes(fromHex(to)),
    rlpUint(value),
    rlpBytes(fromHex(data)),
    ...(type === 0 ? [] : [list]),
  ];
}

function envelope(type: 0 | 1 | 2, items: readonly Uint8Array[]): Uint8Array {
  const list = rlpList(items);
  return type === 0 ? list : Uint8Array.from([type, ...list]);
}

/** The private key number `index` of a seed; the chance that it is not below n is 2^-128. */
export function privateKeyOf(seed: string, index: number): Hex {
  return keccak256(Buffer.concat([Buffer.from(`deltaproof sample key ${seed} `), bigintToBytes(BigInt(index), 4)]));
}
