// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Mode, Statement} from "../lib/Types.sol";

/// Money (wei), times (seconds) and bounds of the dispute game. `src/dispute/parameters.ts` argues the defaults.
struct Parameters {
    /// Locked by every claim.
    uint128 stake;
    /// Locked by every challenge.
    uint128 bond;
    /// To the challenger that refutes a claim, from its stake.
    uint128 reward;
    /// To the payee of the proof that refutes a claim, from its stake; once per proof.
    uint128 proverFee;
    /// To the challenger of another open game on a claim that falls, from that claim's stake ...
    uint128 stipend;
    /// ... but all stipends of one claim together are at most this (pro rata).
    uint128 stipendCap;
    /// To the claimant for each of its moves that a losing challenger asked for, from the bond.
    uint128 moveFee;
    /// A claim can be challenged for this long.
    uint64 window;
    /// A claim that is taken over can be challenged for at least this long again.
    uint64 minWindow;
    /// Each player's chess clock of a game.
    uint64 clock;
    /// A player whose turn begins has at least this long. After a pause time stands still for as long, while moves are possible.
    uint64 extension;
    /// Time for the proof, against the challenger.
    uint64 proofWindow;
    /// Anybody may end a pause that is older than this.
    uint64 maxPause;
    /// N_max: a claim's batch is at most this far beyond the last final root.
    uint64 maxAhead;
    /// May pause and unpause. It can neither move money nor decide a game.
    address guardian;
}

/// What has become of a claim. Never-recorded finality counts: the status is a function of state and time.
enum ClaimStatus {
    /// No such claim.
    None,
    /// It can be challenged, or games on it are open.
    Open,
    /// Its value is final.
    Final,
    /// Its claimant lost another game; its value was not refuted and may be taken over.
    Void,
    /// It lost a game of its own or contradicts a final value.
    Refuted
}

/// What a game waits for.
enum Phase {
    /// The claimant must state the root at `index` (`state`).
    ClaimantStates,
    /// The challenger must agree or disagree with the claimant's root at `index` (`answer`).
    ChallengerAnswers,
    /// Batch `index` must be proven from `agreed` (`prove`); the clock runs against the challenger.
    Prove,
    /// The outcome is certain (a clock ran out, the value is proven, the claim is decided): anybody may `settle`.
    Decided,
    /// Settled. Nothing can happen any more.
    Closed
}

/// How a game ended.
enum Outcome {
    None,
    ClaimantWins,
    ChallengerWins,
    /// The claim fell by something else than this game: the bond goes back with a stipend.
    ClaimFell
}

/// A claim as `getClaims` shows it.
struct ClaimView {
    uint256 id;
    Mode kind;
    /// The batch it is about.
    uint64 number;
    /// h(diff) or the state root after the batch.
    uint256 value;
    address claimant;
    ClaimStatus status;
    /// Whether status is recorded, so that `resolve` has nothing left to do.
    bool recorded;
    /// Protocol time (`time()`) from which it cannot be challenged.
    uint64 deadline;
    uint64 openGames;
    /// What `challenge` and `state` must carry: keccak(abi(id, kind, number, value, claimant, batchHash(number))).
    bytes32 claimHash;
}

/// A game as `getGames` shows it.
struct GameView {
    uint256 id;
    uint256 claimId;
    address challenger;
    /// r: the final root the game started from.
    uint64 base;
    /// The challenger's own root before the claim's batch; 0 where none is asked for (Root claims, base = number - 1).
    uint256 preRoot;
    /// Bisection: the players agree on the root at lo, and disagree on the root at hi (until the claimant has stated it: may
    /// disagree). For a Diff claim with base = number - 1 both are number - 1.
    uint64 lo;
    uint64 hi;
    Phase phase;
    /// Known in the phases Decided and Closed.
    Outcome outcome;
    /// The batch number that the phase is about; in Prove this is x. Unspecified in Decided and Closed.
    uint64 index;
    /// ChallengerAnswers: the claimant's root at index.
    uint256 root;
    /// Prove: the proof's mode, its pre-root, and the value with which the claimant wins.
    Mode mode;
    uint256 agreed;
    uint256 target;
    /// Protocol time at which the one who must move has lost (ClaimantStates, ChallengerAnswers, Prove).
    uint64 deadline;
    /// What `answer` must carry.
    bytes32 stateHash;
}

/// A proven statement about f.
struct ProvenView {
    bool known;
    uint256 value;
    /// Who is paid for it.
    address payee;
}

/// Claims about batches, games about claims, and all the money. (design: claims, games, bonds, clock and final values are one
/// contract because a settlement changes them together.)
///
/// Time is *protocol time*: seconds of L1 without the pauses and without the `extension` after each of them, in which moves
/// are possible already (`time()`); every deadline here is in it.
/// Roots are field elements: one that is not below the order of BN254's scalar field reverts `RootNotCanonical`.
/// Everything but deposit, withdraw, sendBurned and unpause reverts `EnforcedPause` while paused.
interface IDispute {
    // ---------------------------------------------------------------- money

    /// `account` has `amount` more to withdraw or to stake.
    event Credited(address indexed account, uint256 amount);
    event Withdrawn(address indexed account, address indexed to, uint256 amount);
    event Burned(uint256 amount);

    /// Adds to the caller's credit, from which stakes and bonds are taken.
    function deposit() external payable;

    /// Sends `amount` of the caller's credit to `to`. Reverts: InsufficientCredit; PaymentFailed.
    function withdraw(address payable to, uint256 amount) external;

    /// Sends what was burned so far to 0x...dead. Reverts: NothingBurned.
    function sendBurned() external;

    /// What `account` can withdraw, stake or bond.
    function credit(address account) external view returns (uint256);

    /// The contract owns at least totalCredit + totalLocked + burned - sent; exactly, unless somebody forces ether on it.
    function totalCredit() external view returns (uint256);

    function totalLocked() external view returns (uint256);

    /// Burned and not yet sent to 0x...dead.
    function totalBurned() external view returns (uint256);

    // ---------------------------------------------------------------- claims

    /// `takenOver` is the void claim whose deadline this one inherits, or 0.
    event Claimed(
        uint256 indexed claimId,
        Mode indexed kind,
        uint64 indexed number,
        uint256 value,
        address claimant,
        uint64 deadline,
        uint256 takenOver
    );
    /// The claim's end was recorded and its stake paid out or forfeited. status: Final, Void or Refuted.
    event ClaimResolved(uint256 indexed claimId, ClaimStatus status);
    /// `claimant` lost: all its claims that were not final at `time` are void.
    event Struck(address indexed claimant, uint64 strikes, uint64 time);
    /// The value of (kind, number) is final, by `claimId` or by proof (claimId 0).
    event Finalized(Mode indexed kind, uint64 indexed number, uint256 value, uint256 claimId);

    /// Claims `value` for (kind, number), with a full window, or, when the last claim there is void and said the same, with
    /// what was left of its window when it fell, but at least minWindow. `msg.value` is added to the caller's credit, then the stake is taken from it.
    /// `batchHash` is that of the batch claimed about (so a reorg of L1 cannot turn it into a claim about another).
    /// Reverts: WrongBatch; LiveClaim; AlreadyFinal; TooFarAhead; RootNotCanonical; InsufficientCredit.
    function claim(Mode kind, uint64 number, bytes32 batchHash, uint256 value)
        external
        payable
        returns (uint256 claimId);

    /// claim on behalf of `claimant`; only the Rollup (`NotRollup`), which has just accepted the batch from it.
    function claimFor(address claimant, Mode kind, uint64 number, bytes32 batchHash, uint256 value)
        external
        payable
        returns (uint256 claimId);

    /// Records what has become of a claim: Final (the value is kept, the stake goes back) or Void (the stake is forfeited).
    /// Anybody. Reverts: UnknownClaim; ClaimIsOpen; AlreadyResolved.
    function resolve(uint256 claimId) external;

    /// The claimant's root at `index`, once and for all games on its claim; it answers every game that asks for the index, now
    /// or later. 1 <= index < number. Saying the same again does nothing.
    /// Stating the challenger's own root at number - 1 is concurring (case A), another one is case B.
    /// Reverts: UnknownClaim; NotClaimant; StaleMove (claimHash); ClaimDecided; WrongIndex; AlreadyStated; RootNotCanonical.
    function state(uint256 claimId, bytes32 claimHash, uint64 index, uint256 root) external;

    /// Claims are numbered from 1 to this.
    function claimCount() external view returns (uint256);

    /// Claims `from` to `to`, both included. Reverts: UnknownClaim.
    function getClaims(uint256 from, uint256 to) external view returns (ClaimView[] memory);

    /// The newest claim on (kind, number), 0 when there was none. It is live when its status is Open.
    function lastClaim(Mode kind, uint64 number) external view returns (uint256 claimId);

    /// The claimant's root at `index` of a claim.
    function statement(uint256 claimId, uint64 index) external view returns (bool known, uint256 root);

    // ---------------------------------------------------------------- games

    event Challenged(
        uint256 indexed gameId, uint256 indexed claimId, address indexed challenger, uint64 base, uint256 preRoot
    );
    event Stated(uint256 indexed claimId, uint64 indexed index, uint256 root);
    event Answered(uint256 indexed gameId, uint64 indexed index, bool agree);
    event Settled(uint256 indexed gameId, uint256 indexed claimId, Outcome outcome);

    /// Opens a game on a claim. `msg.value` is added to the caller's credit, then the bond is taken from it. `preRoot` is the
    /// caller's own root before the claim's batch; it only matters for a Diff claim whose base is older than number - 1.
    /// Reverts: UnknownClaim; StaleMove (claimHash); ClaimDecided; WindowClosed; RootNotCanonical; InsufficientCredit.
    function challenge(uint256 claimId, bytes32 claimHash, uint256 preRoot) external payable returns (uint256 gameId);

    /// The challenger's answer to the claimant's root at the middle.
    /// Reverts: UnknownGame; GameIsClosed; NotChallenger; StaleMove (stateHash); WrongPhase (also when a clock ran out or the
    /// claim is decided).
    function answer(uint256 gameId, bytes32 stateHash, bool agree) external;

    /// Closes a game whose outcome is certain and moves the money. Anybody; this is also how a time-out is claimed.
    /// A proven value goes before a clock. Reverts: UnknownGame; GameIsClosed; NotDecided.
    function settle(uint256 gameId) external;

    /// Games are numbered from 1 to this.
    function gameCount() external view returns (uint256);

    /// Games `from` to `to`, both included. Reverts: UnknownGame.
    function getGames(uint256 from, uint256 to) external view returns (GameView[] memory);

    // ---------------------------------------------------------------- proofs and final values

    event Proven(
        uint64 indexed number,
        bytes32 indexed batchHash,
        uint256 indexed preRoot,
        Mode mode,
        uint256 value,
        address payee
    );

    /// Verifies a bundle in one transaction and keeps its statement for ever, then settles those of `gameIds` that are open and
    /// decided by now (the others are skipped, so that nobody can make a proof fail by closing a game), and, when the pre-root is
    /// final, makes the value final. What is proven already, by whatever bundle, is not verified again: the games are settled at once.
    /// Anybody. Reverts: WrongBatch; what the verifier reverts with; AlreadyProven when it is, and no game is left to settle.
    function prove(uint256[] calldata gameIds, Statement calldata statement, bytes[] calldata parts) external;

    /// The same for a bundle whose parts the verifier has had (`IProofVerifier.begin`, `feed`); `frozen` links to the first.
    function proveUploaded(uint256[] calldata gameIds, Statement calldata statement, bytes32 frozen) external;

    /// Makes the proven value of (kind, number) final, when the root of number - 1 is final and the value was proven from it
    /// (also before that root was final). Reverts: AlreadyFinal; NotProven.
    function finalizeProven(Mode kind, uint64 number) external;

    /// What was proven for this batch, pre-root and mode.
    function proven(bytes32 batchHash, uint256 preRoot, Mode mode) external view returns (ProvenView memory);

    /// The recorded final value of (kind, number). A claim whose status is Final may still wait for `resolve`.
    function finalValue(Mode kind, uint64 number) external view returns (bool known, uint256 value);

    /// Number of the newest recorded final root.
    function lastFinalRoot() external view returns (uint64);

    /// r: the greatest recorded final root up to number - 1, from which a challenge of a claim on `number` starts.
    function baseOf(uint64 number) external view returns (uint64);

    // ---------------------------------------------------------------- clock

    /// Seconds of L1 without pauses and the `extension` after each, as of the block's timestamp.
    function time() external view returns (uint64);

    /// Stops all clocks and windows. Reverts: NotGuardian.
    function pause() external;

    /// Allows moves at once and lets the clocks run on after `extension`, so that no time passes in which nobody could move.
    /// The guardian, or after maxPause anybody. Reverts: NotGuardian. (`paused()` is OpenZeppelin's Pausable.)
    function unpause() external;

    // ---------------------------------------------------------------- configuration

    function parameters() external view returns (Parameters memory);

    function rollup() external view returns (address);

    function verifier() external view returns (address);
}
