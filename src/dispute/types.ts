import type { Address, Hex } from 'viem';
import type { Mode } from '../proof/types.js';

/** What has become of a claim (IDispute.sol, `ClaimStatus`); `none` is no claim. */
export type ClaimStatus = 'none' | 'open' | 'final' | 'void' | 'refuted';

/** What a game waits for (IDispute.sol, `Phase`). */
export type Phase = 'claimantStates' | 'challengerAnswers' | 'prove' | 'decided' | 'closed';

/** How a game ended, or will when it is settled; `none` while that is open. */
export type Outcome = 'none' | 'claimantWins' | 'challengerWins' | 'claimFell';

/** A bonded statement about a batch, as L1 shows it. */
export interface ClaimView {
  readonly id: bigint;
  readonly kind: Mode;
  /** The batch it is about. */
  readonly number: bigint;
  /** h(diff), or the state root after the batch. */
  readonly value: bigint;
  readonly claimant: Address;
  readonly status: ClaimStatus;
  /** Whether the status is recorded, so that there is nothing left to resolve. */
  readonly recorded: boolean;
  /** Protocol time, seconds, from which it cannot be challenged. */
  readonly deadline: bigint;
  readonly openGames: bigint;
  /** What `challenge` and `state` carry. */
  readonly claimHash: Hex;
}

/** A dispute about a claim, as L1 shows it. */
export interface GameView {
  readonly id: bigint;
  readonly claimId: bigint;
  readonly challenger: Address;
  /** The final root the game started from. */
  readonly base: bigint;
  /** The challenger's own root before the claim's batch; 0 where none is asked for. */
  readonly preRoot: bigint;
  /** Bisection: agreed at lo, disputed at hi. */
  readonly lo: bigint;
  readonly hi: bigint;
  readonly phase: Phase;
  /** Not `none` in the phases decided and closed. */
  readonly outcome: Outcome;
  /** The batch number the phase is about; x in `prove`. */
  readonly index: bigint;
  /** In `challengerAnswers`: the claimant's root at index. */
  readonly root: bigint;
  /** In `prove`: mode, pre-root, and the value with which the claimant wins. */
  readonly mode: Mode;
  readonly agreed: bigint;
  readonly target: bigint;
  /** Protocol time at which the one who must move has lost. */
  readonly deadline: bigint;
  /** What `answer` carries. */
  readonly stateHash: Hex;
}

/** All claims and games at one L1 block. */
export interface DisputeView {
  readonly block: { readonly number: bigint; readonly hash: Hex; readonly timestamp: bigint };
  /** Protocol time of the block (IDispute.sol, `time`). Deadlines are in it. */
  readonly time: bigint;
  readonly paused: boolean;
  /** The newest recorded final root. */
  readonly lastFinalRoot: bigint;
  /** Claim 1 first. */
  readonly claims: readonly ClaimView[];
  /** Game 1 first. */
  readonly games: readonly GameView[];
}
