// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

// Rollup: batches

/// Only the sequencer posts batches.
error NotSequencer();
/// A batch must come straight from an account without code, so that its calldata is the L1 transaction's.
error NotTopLevel();
/// The calldata is not the one that an ABI encoder makes of its values.
error NotCanonical();
/// The batch is not the next one.
error WrongNumber(uint64 expected);
/// The parent is not the hash of the newest batch.
error WrongParent(bytes32 expected);
/// Not parent's timestamp < timestamp <= now, or too far behind now.
error WrongTimestamp(uint64 parentTimestamp);
/// The origin block is unknown, too old, or has another hash.
error WrongOrigin();
/// Version, chain id, base fee or gas limit are not the rollup's.
error WrongRules();
/// More transactions than a batch may have.
error TooManyItems();
/// More bytes of transactions than a batch may have.
error TooManyBytes();
/// The bytes of the transactions are not whole items.
error WrongTransactions();
/// The header's txsHash is not that of the transactions.
error WrongTxsHash(bytes32 expected);
/// Rollup and verifier have different rules.
error OtherRules();
/// A constructor argument is out of its range; `what` names it.
error BadParameter(string what);

// Dispute: money

/// The account's credit is below what is asked for.
error InsufficientCredit(uint256 credit, uint256 needed);
/// The receiver refused the payment.
error PaymentFailed();
/// There is nothing to send to 0x...dead.
error NothingBurned();

// Dispute: stakes

error UnknownStake(uint256 stakeId);
/// The account has a stake that stands.
error AlreadyStaked(uint256 stakeId);
/// The account has no stake that stands.
error NotStaked();
/// Claims on the stake are not recorded yet.
error LiveClaims(uint64 live);
/// The stake was not struck.
error NotStruck();
/// The purses of the stake still pay.
error PursesOpen(uint64 until);

// Dispute: claims

error UnknownClaim(uint256 claimId);
/// Only the Rollup claims for somebody else.
error NotRollup();
/// The batch does not exist or has another hash.
error WrongBatch(bytes32 expected);
/// The stake has claimed on (kind, number) before.
error AlreadyClaimed(uint256 claimId);
/// Claims on (kind, number) are live, and others come too late.
error EntryClosed(uint64 entryEnd);
/// (kind, number) has a final value.
error AlreadyFinal();
/// More than N_max batches beyond the last final root.
error TooFarAhead(uint64 lastFinalRoot);
/// A root must be below the order of the scalar field.
error RootNotCanonical();
/// Each of the claims is open, or recorded.
error NothingToResolve();
/// Only the claimant states roots.
error NotClaimant();
/// The claim is final, void or refuted.
error ClaimDecided();
/// Roots are stated for 1 <= index < number, a root for each; roots are claimed at multiples of K.
error WrongIndex();
/// The claimant has stated another root for this index.
error AlreadyStated(uint256 root);

// Dispute: games

error UnknownGame(uint256 gameId);
/// The move answers another state than the present one.
error StaleMove(bytes32 expected);
/// The claim's window is over, it has no rival, and its slot is quiet.
error WindowClosed();
/// The account has had its game on the claim.
error AlreadyChallenged(uint256 gameId);
error GameIsClosed();
/// Only the game's challenger answers.
error NotChallenger();
/// The game does not wait for this move.
error WrongPhase();
/// The game's outcome is not certain yet.
error NotDecided();
/// The batch's value on this pre-root is proven already, and none of the games is left to settle.
error AlreadyProven();
/// Nothing was proven from a final root.
error NotProven();
/// The game's claim fell by nothing that this proof refutes, in time; or it is paid, or the purse is empty or closed.
error NotReimbursable();

// Dispute: clock

/// Only the guardian, or for unpause anybody when pauses have taken maxPause.
error NotGuardian();
/// Pauses have taken all that they may: wait until time has run.
error PauseSpent();
