/**
 * When state roots are made: beside execution, from announced access lists; after it; only when somebody asks; or both ways, compared.
 */
export const MERKLE_MODES = ['optimistic', 'after', 'off', 'shadow'] as const;
/** One of {@link MERKLE_MODES}. */
export type MerkleMode = (typeof MERKLE_MODES)[number];

/** What happened with roots. */
export type RootEvent =
  | {
      readonly type: 'root';
      /** The batch after which it is. */
      readonly number: bigint;
      readonly root: bigint;
      /** Made beside execution. */
      readonly ahead: boolean;
      /** Batches whose changes it was made of. */
      readonly merged: bigint;
      readonly hashes: number;
      readonly ms: number;
    }
  | { readonly type: 'rootFailed'; readonly error: unknown };

/** How roots are made, and who hears of it. */
export interface RootsOptions {
  readonly mode: MerkleMode;
  /** Roots after multiples of it stay stored; 100 when absent. */
  readonly checkpointEvery?: bigint;
  /** Stored states that can be gone back to; all when absent. */
  readonly keep?: number;
  readonly tell?: (event: RootEvent) => void;
}
