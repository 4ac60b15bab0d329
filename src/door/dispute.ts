/** `deltaproof/dispute`: the rules of the game as pure functions, and its parameters. */
export { disputedBatch, midpoint, rounds } from '../dispute/bisection.js';
export {
  challengeableClaims,
  claimsToRecord,
  type MissingClaim,
  missingClaims,
  standingStake,
  unrecordedClaims,
} from '../dispute/claims.js';
export {
  agrees,
  type DueAnswer,
  type DueMove,
  type DueProof,
  type DueResolution,
  type DueSettlement,
  type DueStatement,
  dueMoves,
  mustMove,
  provesFor,
  type Role,
  roleIn,
  type Strike,
  strikes,
} from '../dispute/moves.js';
export {
  checkParameters,
  DEFAULT_INTERVAL,
  DEFAULT_PARAMETERS,
  LOCAL_INTERVAL,
  LOCAL_PARAMETERS,
  longestGame,
  maxMoves,
  type Parameters,
} from '../dispute/parameters.js';
export { challengesDue, type Times, worstEnd, worstEndOfNew } from '../dispute/strategy.js';
export { type KnownRoots, rootsAsked, type Subject, subjectOf } from '../dispute/subject.js';
export { l1Timestamp, secondsLeft } from '../dispute/time.js';
export type {
  ClaimStatus,
  ClaimView,
  DisputeView,
  GameView,
  Outcome,
  Phase,
  ProvenView,
  SlotView,
  StakeView,
} from '../dispute/types.js';
