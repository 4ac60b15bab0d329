/** `deltaproof/dispute`: the rules of the game as pure functions, and its parameters. */
export { disputedBatch, midpoint, rounds } from '../dispute/bisection.js';
export { challengeableClaims, fallenClaims, newestClaim, unrecordedClaims } from '../dispute/claims.js';
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
} from '../dispute/moves.js';
export {
  checkParameters,
  DEFAULT_PARAMETERS,
  LOCAL_PARAMETERS,
  maxMoves,
  type Parameters,
} from '../dispute/parameters.js';
export { type KnownRoots, rootsAsked, type Subject, subjectOf } from '../dispute/subject.js';
export { l1Timestamp, secondsLeft } from '../dispute/time.js';
export type { ClaimStatus, ClaimView, DisputeView, GameView, Outcome, Phase } from '../dispute/types.js';
