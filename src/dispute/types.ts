import type { Address, Hex } from 'viem';
import type { Mode } from '../proof/types.js';

/** What has become of a claim (IDispute.sol, `ClaimStatus`); `none` is no claim. */
export type ClaimStatus = 'none' | 'open' | 'final' | 'void' | 'refuted';

/** What a game waits for (IDispute.sol, `Phase`). */
export type Phase = 'claimantStates' | 'challengerAnswers' | 'prove' | 'decided' | 'closed';

/** How a game ended, or will when it is settled; `none` while that is open. */
export type Outcome = 'none' | 'claimantWins' | 'challengerWins' | 'claimFell';

/** What backs the claims of one account, as L1 shows it. */
export interface StakeView {
  readonly id: bigint;
  readonly owner: Address;
  /** Claims on it whose end is not recorded; it can be taken back when there is none. */
  readonly live: bigint;
  /** Whether its owner has taken it back. */
  readonly released: boolean;
  /** Whether one of its claims was refuted: it backs nothing any more. */
  readonly struck: boolean;
  /** Protocol time of that. */
  readonly struckAt: bigint;
  /** Protocol time up to which its purses pay; 0 while it is not struck. */
  readonly pursesUntil: bigint;
  /** Wei left for proofs, and for moves, against its claims. */
  readonly proofPurse: bigint;
  readonly movePurse: bigint;
  /** Whether the reward for striking it, and the payment for a proof against it, are still to be paid. */
  readonly rewardLeft: boolean;
  readonly proofPayLeft: boolean;
}

/** The claims on one (kind, number) together. */
export interface SlotView {
  /** Claims whose end is not recorded. */
  readonly live: bigint;
  /** Protocol time from which nobody claims there while one of them is live. */
  readonly entryEnd: bigint;
  /** Protocol time before which nothing there is final. */
  readonly quietUntil: bigint;
}

/** A statement about a batch, backed by a stake, as L1 shows it. */
export interface ClaimView {
  readonly id: bigint;
  readonly kind: Mode;
  /** The batch it is about. */
  readonly number: bigint;
  /** h(diff), or the state root after the batch. */
  readonly value: bigint;
  readonly claimant: Address;
  /** What backs it. */
  readonly stakeId: bigint;
  readonly status: ClaimStatus;
  /** Whether the status is recorded, so that there is nothing left to resolve. */
  readonly recorded: boolean;
  /** Protocol time, seconds, from which it is final without an open game and a rival, when its slot is quiet. */
  readonly deadline: bigint;
  /** Protocol time before which its slot is not quiet. */
  readonly quietUntil: bigint;
  readonly openGames: bigint;
  /** Live claims of another value on its (kind, number). */
  readonly rivals: bigint;
  /** Whether L1 takes a challenge of it now. */
  readonly challengeable: boolean;
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
  /** Wei that the challenger's moves have cost so far, as a purse pays them. */
  readonly spent: bigint;
}

/** What was proven of a batch from one root before it. */
export interface ProvenView {
  readonly value: bigint;
  /** Who is paid for it. */
  readonly payee: Address;
  /** Protocol time at which L1 kept it. */
  readonly storedAt: bigint;
  /** Wei that it cost, as purses pay it. */
  readonly cost: bigint;
  /** Wei of it that neither a purse nor a bond has paid yet. */
  readonly owed: bigint;
}

/** All stakes, claims and games at one L1 block. */
export interface DisputeView {
  readonly block: { readonly number: bigint; readonly hash: Hex; readonly timestamp: bigint };
  /** Protocol time of the block (IDispute.sol, `time`). Deadlines are in it. */
  readonly time: bigint;
  readonly paused: boolean;
  /** The newest recorded final root. */
  readonly lastFinalRoot: bigint;
  /** Stake 1 first. */
  readonly stakes: readonly StakeView[];
  /** Claim 1 first. */
  readonly claims: readonly ClaimView[];
  /** Game 1 first. */
  readonly games: readonly GameView[];
}
