import type { Address, Hex } from 'viem';
import type { Header } from '../batch/types.js';

/** A circuit: which chips, how many rows of each, in the order of the committed inputs. */
export interface ShapeSpec {
  readonly name: string;
  readonly chips: Readonly<Record<string, number>>;
  /**
   * Of the shapes that bound the proofs of any batch: together they have every chip, each in one of them alone (`npm run shapes` solves
   * for them, src/work). Built when a batch needs it; their development keys are committed (src/proof/development.ts).
   */
  readonly bulk?: boolean;
}

/** What a verifier needs of one shape; points in EIP-196/197 bytes, G2 points not negated. */
export interface VerifyingKey {
  /** Constant, sum, alpha, beta. */
  readonly ic: readonly [Hex, Hex, Hex, Hex];
  readonly gamma2: Hex;
  readonly delta: Hex;
}

/** The points that all shapes share. */
export interface SharedKey {
  readonly alpha1: Hex;
  readonly beta2: Hex;
}

/** The keys that proofs are checked under; a shape's number is its index. */
export interface VerifyingKeys extends SharedKey {
  readonly shapes: readonly { readonly key: VerifyingKey }[];
}

/** What a statement is about: the diff of a batch (case A) or the state root after it (case B). */
export type Mode = 'diff' | 'root';

/** FORMATS.md, "Statement": f applied to `header`'s batch on the state `preRoot` yields `value`. */
export interface Statement {
  readonly batchHash: Hex;
  readonly preRoot: bigint;
  readonly mode: Mode;
  /** h(diff) or the post root, as a 256-bit integer. */
  readonly value: bigint;
}

/** What ties a bundle to one L1, verifier and payee. */
export interface TranscriptContext {
  readonly l1ChainId: bigint;
  readonly verifier: Address;
  readonly beneficiary: Address;
  readonly keySetHash: Hex;
  /** Of the rules that keys and verifier are for. */
  readonly rulesHash: Hex;
}

/** One proof as L1 reads it (FORMATS.md, "Proofs"); points in EIP-196/197 bytes. */
export interface ProofRecord {
  readonly shape: number;
  readonly D: Hex;
  readonly sum: bigint;
  readonly A: Hex;
  readonly B: Hex;
  readonly C: Hex;
}

/** All that settles one dispute (FORMATS.md, "Bundle file"). */
export interface Bundle extends TranscriptContext {
  readonly header: Header;
  readonly preRoot: bigint;
  readonly mode: Mode;
  readonly value: bigint;
  /** FORMATS.md, "Parts": transactions, tables and proofs as L1 takes them, with their borders, which the challenge depends on. */
  readonly parts: readonly Hex[];
}
