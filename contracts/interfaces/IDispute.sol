// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Mode, Statement} from "../lib/Types.sol";

/// Money (wei), times (seconds) and bounds of the dispute game. `src/dispute/parameters.ts` argues the defaults.
/// docs/DISPUTES.md has the rules; the constructor refuses numbers that do not fit together (`dispute/Relations.sol`).
struct Parameters {
    /// S: locked by every stake, whatever number of claims it backs.
    uint128 stake;
    /// b: locked by every challenge.
    uint128 bond;
    /// R: to the challenger whose game strikes a stake, from it.
    uint128 reward;
    /// F: of a struck stake, reserved for the costs of proofs against its claims.
    uint128 proofPurse;
    /// q: to the payee of a proof that F pays for, beside its cost; once per stake.
    uint128 proofPay;
    /// M: of a struck stake, reserved for the costs of moves against its claims.
    uint128 movePurse;
    /// To the claimant for each of its moves that a losing challenger asked for, from the bond.
    uint128 moveFee;
    /// Wei per gas above which nothing is paid back; what is paid back is min(gas price, basefee + 1 gwei, maxPrice).
    uint128 maxPrice;
    /// W: a root claim can be challenged for this long.
    uint64 rootWindow;
    /// V: a diff claim can be challenged for this long.
    uint64 diffWindow;
    /// C: each player's chess clock of a game.
    uint64 clock;
    /// E: a player whose turn begins has at least this long. After a pause time stands still for as long, while moves are possible.
    uint64 extension;
    /// P: time for the proof, against the challenger, beside what is left of its clock.
    uint64 proofWindow;
    /// Q: a claim whose rival fell can be challenged for this long after the fall was recorded, and is not final before.
    uint64 quiet;
    /// Pauses, with the `extension` after each, take this in all, and as much more as time has run meanwhile: then anybody may end one.
    uint64 maxPause;
    /// K: roots are claimed at multiples of it.
    uint64 rootEvery;
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
    /// Its stake was struck before it was final; its value was not refuted.
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
    /// The claim fell by something else than this game: the bond goes back, with what the moves cost.
    ClaimFell
}

/// A stake as `getStakes` shows it: what backs the claims of one account.
struct StakeView {
    uint256 id;
    address owner;
    /// Claims on it whose end is not recorded. It is taken back when there is none.
    uint64 live;
    /// Whether its owner has taken it back.
    bool released;
    /// Whether one of its claims was refuted. It backs nothing any more, then, and is never given back.
    bool struck;
    /// Protocol time of that.
    uint64 struckAt;
    /// Protocol time up to which the purses pay; 0 while it is not struck.
    uint64 pursesUntil;
    /// Wei left for proofs (F) and moves (M) against its claims.
    uint256 proofPurse;
    uint256 movePurse;
    /// Whether R, or q, is still to be paid.
    bool rewardLeft;
    bool proofPayLeft;
}

/// All live claims on one (kind, number).
struct SlotView {
    /// Claims on it whose end is not recorded.
    uint64 live;
    /// Protocol time from which nobody claims on it while one of them is live.
    uint64 entryEnd;
    /// Protocol time before which nothing on it is final.
    uint64 quietUntil;
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
    /// What backs it.
    uint256 stakeId;
    ClaimStatus status;
    /// Whether status is recorded, so that `resolve` has nothing left to do.
    bool recorded;
    /// Protocol time (`time()`) from which it is final, when it has no open game and no rival, and its slot is quiet.
    uint64 deadline;
    /// Protocol time before which its slot is not quiet.
    uint64 quietUntil;
    uint64 openGames;
    /// Live claims of another value on its (kind, number).
    uint64 rivals;
    /// Whether `challenge` is open: the claim is, and time < deadline or time < quietUntil or it has a rival.
    bool challengeable;
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
    /// The batch number that the phase is about; in Prove this is x. In Decided and Closed `mode`, `agreed`, `target`, `index` and
    /// `deadline` are those of the proof that the game had come down to; when it had not, `agreed` is 0 and the others mean nothing.
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
    /// Wei that the challenger's moves have cost so far, as the move purse pays them.
    uint256 spent;
}

/// A proven statement about f.
struct ProvenView {
    bool known;
    uint256 value;
    /// Who is paid for it.
    address payee;
    /// Protocol time at which it was kept.
    uint64 storedAt;
    /// Wei that it cost, as purses pay it.
    uint256 cost;
    /// Wei of it that neither a purse nor a bond has paid yet.
    uint256 owed;
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

    // ---------------------------------------------------------------- stakes

    event Staked(uint256 indexed stakeId, address indexed owner);
    /// One of its claims was refuted: all its claims that were not final at `time` are void, and the purses are open.
    event Struck(uint256 indexed stakeId, address indexed owner, uint64 time);
    event Unstaked(uint256 indexed stakeId, address indexed owner);
    /// What was left in the purses was burned.
    event PursesClosed(uint256 indexed stakeId, uint256 burned);
    /// A purse of the stake, or a lost bond, paid what `account` spent: a proof (`key` of `proven`) or the moves of a game (`key` 0).
    event Reimbursed(uint256 indexed stakeId, uint256 indexed gameId, address indexed account, bytes32 key, uint256 amount);

    /// Locks S for the caller's claims. `msg.value` is added to the caller's credit, from which it is taken. An account has one that
    /// is neither struck nor taken back. Reverts: AlreadyStaked; InsufficientCredit.
    function stake() external payable returns (uint256 stakeId);

    /// Gives the caller's stake back to its credit, once no claim on it is live. Reverts: NotStaked; LiveClaims.
    function unstake() external;

    /// Burns what is left in the purses of a struck stake after `pursesUntil`. Anybody. Reverts: UnknownStake; NotStruck; PursesOpen;
    /// NothingBurned.
    function closePurses(uint256 stakeId) external;

    /// The stake of `account` that backs its next claims; 0 when there is none.
    function stakeOf(address account) external view returns (uint256 stakeId);

    /// Stakes are numbered from 1 to this.
    function stakeCount() external view returns (uint256);

    /// Stakes `from` to `to`, both included. Reverts: UnknownStake.
    function getStakes(uint256 from, uint256 to) external view returns (StakeView[] memory);

    // ---------------------------------------------------------------- claims

    event Claimed(
        uint256 indexed claimId,
        Mode indexed kind,
        uint64 indexed number,
        uint256 value,
        address claimant,
        uint256 stakeId,
        uint64 deadline
    );
    /// The claim's end was recorded. status: Final, Void or Refuted.
    event ClaimResolved(uint256 indexed claimId, ClaimStatus status);
    /// The value of (kind, number) is final, by `claimId` or by proof (claimId 0).
    event Finalized(Mode indexed kind, uint64 indexed number, uint256 value, uint256 claimId);

    /// Claims `value` for (kind, number) on the caller's stake, with a full window. Any number of accounts may claim there, equal or
    /// different values, until the slot's `entryEnd`; a stake once. A root only at multiples of K.
    /// `batchHash` is that of the batch claimed about (so a reorg of L1 cannot turn it into a claim about another).
    /// Reverts: WrongBatch; RootNotCanonical; WrongIndex (not a multiple of K); NotStaked; AlreadyClaimed; EntryClosed; AlreadyFinal;
    /// TooFarAhead.
    function claim(Mode kind, uint64 number, bytes32 batchHash, uint256 value) external returns (uint256 claimId);

    /// claim on behalf of `claimant`; only the Rollup (`NotRollup`), which has just accepted the batch from it.
    function claimFor(address claimant, Mode kind, uint64 number, bytes32 batchHash, uint256 value)
        external
        returns (uint256 claimId);

    /// Records what has become of claims: Final (the value is kept), Void, or Refuted (contradicts a final value: strikes its stake).
    /// Anybody; those that are open or recorded are skipped. Reverts: UnknownClaim; NothingToResolve when all were.
    function resolve(uint256[] calldata claimIds) external;

    /// The claimant's roots at `indices`, once and for all games on its claim; each answers every game that asks for the index, now
    /// or later. 1 <= index < number. Saying the same again does nothing.
    /// Stating the challenger's own root at number - 1 is concurring (case A), another one is case B.
    /// Reverts: UnknownClaim; NotClaimant; StaleMove (claimHash); ClaimDecided; WrongIndex (also when the lists differ in length);
    /// AlreadyStated; RootNotCanonical.
    function state(uint256 claimId, bytes32 claimHash, uint64[] calldata indices, uint256[] calldata roots) external;

    /// Claims are numbered from 1 to this.
    function claimCount() external view returns (uint256);

    /// Claims `from` to `to`, both included. Reverts: UnknownClaim.
    function getClaims(uint256 from, uint256 to) external view returns (ClaimView[] memory);

    /// The claims of (kind, number) together.
    function slot(Mode kind, uint64 number) external view returns (SlotView memory);

    /// The claim of a stake on (kind, number), 0 when there is none.
    function claimOf(uint256 stakeId, Mode kind, uint64 number) external view returns (uint256 claimId);

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
    /// An account has one game on a claim, for ever (`gameOf`).
    /// Reverts: UnknownClaim; StaleMove (claimHash); ClaimDecided; WindowClosed; AlreadyChallenged; RootNotCanonical; InsufficientCredit.
    function challenge(uint256 claimId, bytes32 claimHash, uint256 preRoot) external payable returns (uint256 gameId);

    /// The challenger's answer to the claimant's root at the middle.
    /// Reverts: UnknownGame; GameIsClosed; NotChallenger; StaleMove (stateHash); WrongPhase (also when a clock ran out or the
    /// claim is decided).
    function answer(uint256 gameId, bytes32 stateHash, bool agree) external;

    /// Closes a game whose outcome is certain and moves the money. Anybody; this is also how a time-out is claimed.
    /// A proven value goes before a clock. Reverts: UnknownGame; GameIsClosed; NotDecided.
    function settle(uint256 gameId) external;

    /// Pays from the purse of the struck stake behind a game's claim for a kept proof that refutes what the game came down to: its cost,
    /// and q when it is still there. Only if the game waited for that proof when the stake was struck, or had just been decided by it,
    /// and the proof was kept before the game's deadline; once per proof; what the purse has left, until `pursesUntil`. Anybody.
    /// Reverts: UnknownGame; NotReimbursable.
    function reimburse(uint256 gameId) external;

    /// The game of `account` on a claim, 0 when there is none.
    function gameOf(uint256 claimId, address account) external view returns (uint256 gameId);

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
        address payee,
        uint256 cost
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

    /// Stops all clocks and windows. Reverts: NotGuardian, PauseSpent.
    function pause() external;

    /// Allows moves at once and lets the clocks run on after `extension`, so that no time passes in which nobody could move.
    /// The guardian, or anybody when it has taken what pauses may take (maxPause). Reverts: NotGuardian. (`paused()` is OpenZeppelin's Pausable.)
    function unpause() external;

    // ---------------------------------------------------------------- configuration

    function parameters() external view returns (Parameters memory);

    function rollup() external view returns (address);

    function verifier() external view returns (address);
}
