import { type Address, type Hex, isAddressEqual, zeroAddress } from 'viem';
import { batchHash } from '../../src/batch/header.js';
import { measureParts, sizeOfProve } from '../../src/l1/part-gas.js';
import { fitsOneTransaction, groupParts } from '../../src/l1/plan-parts.js';
import { decodePart, type PartKind, recordsOf } from '../../src/proof/parts.js';
import type { Bundle, Mode } from '../../src/proof/types.js';
import { txsHashOfItems } from '../../src/statement/l1-transactions.js';
import { decodeParts } from '../../src/statement/parts.js';
import type { ExplainedBatch } from './batch.js';
import type { Game } from './game.js';
import { hex32 } from './words.js';

/** What a bundle states, and for whom; whether its proofs are right is `verify`'s business. */
export interface BundleFacts {
  readonly batch: bigint;
  readonly batchHash: Hex;
  readonly version: bigint;
  readonly items: number;
  readonly mode: Mode;
  readonly value: bigint;
  readonly preRoot: bigint;
  /** How many proofs it has of each shape, by the shape's number in the key set. */
  readonly proofs: Readonly<Record<number, number>>;
  /** How L1 takes it: its parts by kind, the transactions that they go up in, and what these come to at most. */
  readonly parts: Readonly<Partial<Record<PartKind, number>>>;
  readonly transactions: number;
  readonly gas: number;
  readonly bytes: number;
  readonly l1ChainId: bigint;
  readonly verifier: Address;
  readonly keySetHash: Hex;
  readonly beneficiary: Address;
}

/** @throws StatementError, VerificationError when its parts or its proofs cannot be told apart */
export function bundleFacts(bundle: Bundle): BundleFacts {
  const { header, mode, value, preRoot, l1ChainId, verifier, keySetHash, beneficiary } = bundle;
  const { items } = decodeParts(bundle.parts, mode);
  const parts: Partial<Record<PartKind, number>> = {};
  for (const { kind } of bundle.parts.map(decodePart)) parts[kind] = (parts[kind] ?? 0) + 1;
  const proofs: Record<number, number> = {};
  for (const { shape } of recordsOf(bundle.parts)) proofs[shape] = (proofs[shape] ?? 0) + 1;
  const batch = { batch: header.number, batchHash: batchHash(header), version: header.version, items: items.length };
  const onL1 = { parts, ...transactionsOf(bundle.parts) };
  return { ...batch, mode, value, preRoot, proofs, ...onL1, l1ChainId, verifier, keySetHash, beneficiary };
}

/** `Dispute.prove` where it fits, else `begin`, `feed` and `proveUploaded`, which is small and not counted. */
function transactionsOf(parts: readonly Hex[]): { transactions: number; gas: number; bytes: number } {
  const sizes = fitsOneTransaction(parts)
    ? [sizeOfProve(measureParts(parts))]
    : groupParts(parts).map((group) => group.size);
  const sum = (field: 'gas' | 'bytes') => Math.round(sizes.reduce((total, size) => total + size[field], 0));
  return { transactions: sizes.length, gas: sum('gas'), bytes: sum('bytes') };
}

/** A bundle in plain words, one fact a line. */
export function bundleLines(facts: BundleFacts): string[] {
  const { mode, value, preRoot, proofs } = facts;
  const what = mode === 'diff' ? 'the diff' : 'the state root after it';
  const counts = Object.entries(proofs).map(([shape, count]) => `${count} of shape ${shape}`);
  return [
    `bundle   batch ${facts.batch} (${facts.batchHash}), ${facts.items} items, rules of version ${facts.version}`,
    `states   on root ${hex32(preRoot)}, ${what} is ${hex32(value)} (mode ${mode})`,
    `proofs   ${counts.join(', ')} (key set ${facts.keySetHash}); "deltaproof verify" says whether they hold`,
    `on L1    ${onL1Text(facts)}`,
    forLine(facts),
  ];
}

/** For whom a bundle is. */
export function forLine({ verifier, l1ChainId, beneficiary }: Pick<Bundle, 'verifier' | 'l1ChainId' | 'beneficiary'>) {
  const paid = beneficiary === zeroAddress ? 'nobody is paid' : `paid is ${beneficiary}`;
  return `for      ProofVerifier ${verifier} on chain ${l1ChainId}; ${paid}`;
}

/** `8 parts (1 head, ..., 2 proofs) in 3 transactions, at most 17123456 gas and 250000 bytes`. */
function onL1Text({ parts, transactions, gas, bytes }: BundleFacts): string {
  const kinds = Object.entries(parts).map(([kind, count]) => `${count} ${kind}`);
  const count = Object.values(parts).reduce((sum, one) => sum + one, 0);
  const many = transactions === 1 ? 'one transaction' : `${transactions} transactions`;
  return `${count} parts (${kinds.join(', ')}) in ${many}, at most ${gas} gas and ${bytes} bytes`;
}

/** What of a bundle does not fit a batch; empty when all does. */
export function misfitsOf(bundle: Bundle, { replay, preRoot, value }: ExplainedBatch): string[] {
  const { header } = replay.batch;
  const differs = (field: keyof typeof header) => bundle.header[field] !== header[field];
  const fields = (Object.keys(header) as (keyof typeof header)[]).filter(differs);
  const truth = value(bundle.mode);
  return [
    ...fields.map((field) => `its header's ${field} is ${bundle.header[field]}, that of the batch ${header[field]}`),
    ...(txsHashOfItems(decodeParts(bundle.parts, bundle.mode).items) === bundle.header.txsHash
      ? []
      : ['its transactions are not those that its header names']),
    ...(bundle.preRoot === preRoot ? [] : [`it begins on another root than ${hex32(preRoot)}`]),
    ...(truth === undefined || truth === bundle.value
      ? []
      : [`it states ${hex32(bundle.value)}, and the batch makes ${hex32(truth)}`]),
  ];
}

/** What a bundle, if its proofs hold, does to a game. */
export function effectOn(bundle: Bundle, { game, subject, verifier }: Game, chainId: number): string {
  const name = `game ${game.id}`;
  if (subject === undefined) return `decides nothing of ${name}, which has not found its batch yet`;
  const { number, mode, target, agreed } = subject;
  if (batchHash(bundle.header) !== subject.batchHash)
    return `decides nothing of ${name}, which is about batch ${number}`;
  if (bundle.mode !== mode) return `decides nothing of ${name}, which needs mode ${mode}`;
  if (bundle.preRoot !== agreed) return `decides nothing of ${name}, whose agreed root is ${hex32(agreed)}`;
  if (bundle.l1ChainId !== BigInt(chainId) || !isAddressEqual(bundle.verifier, verifier)) {
    return `decides nothing of ${name}, whose ProofVerifier is ${verifier} on chain ${chainId}`;
  }
  if (game.phase === 'closed') return `would change nothing: ${name} is closed`;
  return `decides ${name} for the ${bundle.value === target ? 'claimant' : 'challenger'}`;
}
