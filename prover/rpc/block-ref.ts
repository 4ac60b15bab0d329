import type { Hex } from 'viem';

/** A block as a caller names it. */
export type BlockRef = bigint | 'latest' | 'earliest' | 'pending' | 'safe' | 'finalized' | { readonly hash: Hex };
