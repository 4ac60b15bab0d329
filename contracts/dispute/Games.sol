// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ClaimStatus, GameView, Outcome, Phase, ProvenView} from "../interfaces/IDispute.sol";
import {
    GameIsClosed,
    NotChallenger,
    NotDecided,
    StaleMove,
    UnknownGame,
    WindowClosed,
    WrongPhase
} from "../lib/Errors.sol";
import {Mode} from "../lib/Types.sol";
import {Claims} from "./Claims.sol";

/// Games about claims. What a game stores is only what its challenger moved (`Game`); where it stands is derived from that, the
/// claimant's statements, the proven statements and time (`_position`), so one statement or proof moves every game it fits.
abstract contract Games is Claims {
    struct Game {
        address challenger;
        Outcome outcome;
        uint8 answers;
        uint64 base;
        uint64 claimId;
        uint64 lo;
        uint64 hi;
        /// Protocol time of the challenger's last move.
        uint64 movedAt;
        /// Seconds the players have for their turns that begin now; never below the extension.
        uint64 claimantClock;
        uint64 challengerClock;
        uint256 preRoot;
    }

    struct Position {
        Phase phase;
        Outcome outcome;
        uint64 index;
        uint256 root;
        Mode mode;
        uint256 agreed;
        uint256 target;
        uint64 deadline;
        /// When the claimant's turn ended.
        uint64 turn;
        /// The claimant's moves that this game asked for and got.
        uint256 moves;
        /// Of the proof that decided the game.
        bytes32 proof;
    }

    struct Proof {
        bool known;
        /// Whether a lost stake has paid for it.
        bool paid;
        address payee;
        uint256 value;
    }

    uint256 public gameCount;
    mapping(uint256 gameId => Game) private _games;
    /// By `_proofKey`. Statements about f: true for ever, whatever games or claims there are.
    mapping(bytes32 key => Proof) internal _proofs;

    // ---------------------------------------------------------------- moves

    function challenge(uint256 claimId, bytes32 claimHash, uint256 preRoot)
        external
        payable
        whenNotPaused
        returns (uint256 gameId)
    {
        Claim storage c = _existing(claimId);
        _requireOpen(claimId, c, claimHash);
        if (time() >= c.deadline) revert WindowClosed();
        _checkRoot(Mode.Root, preRoot);
        _deposit(msg.sender);
        _lock(msg.sender, _p.bond);
        _syncLast(Mode.Root, c.number - 1);
        uint64 base = baseOf(c.number);
        gameId = ++gameCount;
        Game storage g = _games[gameId];
        (g.challenger, g.claimId, g.base, g.lo) = (msg.sender, uint64(claimId), base, base);
        g.hi = c.kind == Mode.Root ? c.number : c.number - 1;
        if (c.kind == Mode.Diff && base + 1 < c.number) g.preRoot = preRoot;
        (g.movedAt, g.claimantClock, g.challengerClock) = (time(), _p.clock, _p.clock);
        c.openGames += 1;
        emit Challenged(gameId, claimId, msg.sender, base, g.preRoot);
    }

    function answer(uint256 gameId, bytes32 stateHash, bool agree) external whenNotPaused {
        Game storage g = _openGame(gameId);
        if (msg.sender != g.challenger) revert NotChallenger();
        Claim storage c = _claims[g.claimId];
        Position memory p = _position(g, c);
        bytes32 expected = _stateHash(gameId, g, c, p);
        if (stateHash != expected) revert StaleMove(expected);
        if (_status(c) != ClaimStatus.Open || p.phase != Phase.ChallengerAnswers) revert WrongPhase();
        uint64 extension = _p.extension;
        g.claimantClock = uint64(Math.max(g.claimantClock - (p.turn - g.movedAt), extension));
        g.challengerClock = uint64(Math.max(p.deadline - time(), extension));
        g.movedAt = time();
        g.answers += 1;
        if (agree) g.lo = p.index;
        else g.hi = p.index;
        emit Answered(gameId, p.index, agree);
    }

    function settle(uint256 gameId) external whenNotPaused {
        if (!_settle(gameId, _openGame(gameId))) revert NotDecided();
    }

    // ---------------------------------------------------------------- views

    function getGames(uint256 from, uint256 to) external view returns (GameView[] memory views) {
        if (to < from) return views;
        views = new GameView[](to - from + 1);
        for (uint256 id = from; id <= to; ++id) {
            views[id - from] = _view(id);
        }
    }

    function proven(bytes32 batchHash, uint256 preRoot, Mode mode) external view returns (ProvenView memory) {
        Proof storage proof = _proofs[_proofKey(batchHash, preRoot, mode)];
        return ProvenView(proof.known, proof.value, proof.payee);
    }

    // ---------------------------------------------------------------- for proofs

    function _proofKey(bytes32 batchHash, uint256 preRoot, Mode mode) internal pure returns (bytes32) {
        return keccak256(abi.encode(batchHash, preRoot, mode));
    }

    /// The payee of a proof that has not been paid yet, who is paid now; 0 when it has.
    function _payeeOnce(Proof storage proof) internal returns (address payee) {
        if (!proof.paid) payee = proof.payee;
        proof.paid = true;
    }

    /// Settles those of the games that are open and decided; whether there was one.
    function _settleDecided(uint256[] calldata gameIds) internal returns (bool any) {
        for (uint256 i = 0; i < gameIds.length; ++i) {
            Game storage g = _games[gameIds[i]];
            if (g.challenger == address(0) || g.outcome != Outcome.None) continue;
            if (_settle(gameIds[i], g)) any = true;
        }
    }

    // ---------------------------------------------------------------- inside

    function _openGame(uint256 gameId) private view returns (Game storage g) {
        g = _games[gameId];
        if (g.challenger == address(0)) revert UnknownGame(gameId);
        if (g.outcome != Outcome.None) revert GameIsClosed();
    }

    /// Where the game stands by itself, whatever has become of its claim.
    function _position(Game storage g, Claim storage c) private view returns (Position memory p) {
        p.turn = g.movedAt;
        p.moves = g.answers;
        if (c.kind == Mode.Diff) {
            uint64 before = c.number - 1;
            uint256 agreed;
            if (g.base == before) {
                (, agreed) = finalValue(Mode.Root, before);
                return _proving(p, g, Mode.Diff, c.number, agreed, c.value);
            }
            if (!_stated(p, g, before)) return p;
            // Case A: the players agree on the root before the batch. Otherwise case B: bisect to where they part.
            if (p.root == g.preRoot) return _proving(p, g, Mode.Diff, c.number, p.root, c.value);
        }
        if (g.hi - g.lo == 1) return _proving(p, g, Mode.Root, g.hi, _rootAt(g, c, g.lo), _rootAt(g, c, g.hi));
        if (!_stated(p, g, (g.lo + g.hi) / 2)) return p;
        if (_late(p, g)) return p;
        p.phase = Phase.ChallengerAnswers;
        _clock(p, g.challengerClock, Outcome.ClaimantWins);
    }

    /// Takes the claimant's root at `index` into the position; false when the claimant has not stated it yet.
    function _stated(Position memory p, Game storage g, uint64 index) private view returns (bool) {
        StatedRoot storage s = _statements[g.claimId][index];
        p.index = index;
        if (s.time == 0) {
            p.phase = Phase.ClaimantStates;
            p.root = 0;
            p.turn = g.movedAt;
            _clock(p, g.claimantClock, Outcome.ChallengerWins);
            return false;
        }
        p.root = s.root;
        p.moves += 1;
        p.turn = uint64(Math.max(p.turn, s.time));
        return true;
    }

    /// Whether the claimant's turn took longer than its clock; then the challenger has won.
    function _late(Position memory p, Game storage g) private view returns (bool) {
        if (p.turn < g.movedAt + g.claimantClock) return false;
        (p.phase, p.outcome) = (Phase.Decided, Outcome.ChallengerWins);
        return true;
    }

    /// Batch x is to be proven from the agreed root, or has been: a proven value goes before the clock.
    function _proving(
        Position memory p,
        Game storage g,
        Mode mode,
        uint64 x,
        uint256 agreed,
        uint256 target
    ) private view returns (Position memory) {
        if (_late(p, g)) return p;
        (p.phase, p.mode, p.index, p.root, p.agreed, p.target) = (Phase.Prove, mode, x, 0, agreed, target);
        bytes32 key = _proofKey(_rollup.batchHash(x), agreed, mode);
        Proof storage proof = _proofs[key];
        if (proof.known) {
            (p.phase, p.proof) = (Phase.Decided, key);
            p.outcome = proof.value == target ? Outcome.ClaimantWins : Outcome.ChallengerWins;
        } else {
            _clock(p, _p.proofWindow, Outcome.ClaimantWins);
        }
        return p;
    }

    /// The turn that began at p.turn ends the game after `left` seconds.
    function _clock(Position memory p, uint64 left, Outcome outcome) private view {
        p.deadline = p.turn + left;
        if (time() >= p.deadline) (p.phase, p.outcome) = (Phase.Decided, outcome);
    }

    function _rootAt(Game storage g, Claim storage c, uint64 index) private view returns (uint256 root) {
        if (index == c.number) return c.value;
        if (index != g.base) return _statements[g.claimId][index].root;
        (, root) = finalValue(Mode.Root, index);
    }

    function _stateHash(uint256 gameId, Game storage g, Claim storage c, Position memory p)
        private
        view
        returns (bytes32)
    {
        (, uint256 baseRoot) = finalValue(Mode.Root, g.base);
        bytes32 claimHash = _claimHash(g.claimId, c);
        return keccak256(
            abi.encode(claimHash, gameId, g.challenger, g.base, baseRoot, g.preRoot, g.lo, g.hi, p.index, p.root)
        );
    }

    /// Closes a decided game; false when it is not decided.
    function _settle(uint256 gameId, Game storage g) private returns (bool) {
        Claim storage c = _claims[g.claimId];
        ClaimStatus status = _sync(g.claimId, c);
        Position memory p = _position(g, c);
        Outcome outcome = _outcome(status, p);
        if (outcome == Outcome.None) return false;
        g.outcome = outcome;
        c.openGames -= 1;
        emit Settled(gameId, g.claimId, outcome);
        if (outcome == Outcome.ClaimantWins) {
            uint256 costs = Math.min(p.moves * _p.moveFee, _p.bond);
            _pay(c.claimant, costs);
            _burn(_p.bond - costs);
        } else if (outcome == Outcome.ChallengerWins) {
            _pay(g.challenger, _p.bond);
            _refute(g.claimId, c, g.challenger, p.proof == 0 ? address(0) : _payeeOnce(_proofs[p.proof]));
        } else {
            _pay(g.challenger, uint256(_p.bond) + c.stipend);
        }
        return true;
    }

    /// A decided claim decides its games: final, the challengers were wrong; fallen, there is nothing left to dispute.
    function _outcome(ClaimStatus status, Position memory p) private pure returns (Outcome) {
        if (status == ClaimStatus.Open) return p.outcome;
        return status == ClaimStatus.Final ? Outcome.ClaimantWins : Outcome.ClaimFell;
    }

    function _view(uint256 gameId) private view returns (GameView memory v) {
        Game storage g = _games[gameId];
        if (g.challenger == address(0)) revert UnknownGame(gameId);
        Claim storage c = _claims[g.claimId];
        (v.id, v.claimId, v.challenger) = (gameId, g.claimId, g.challenger);
        (v.base, v.preRoot, v.lo, v.hi) = (g.base, g.preRoot, g.lo, g.hi);
        Position memory p = _position(g, c);
        (v.phase, v.index, v.root, v.deadline) = (p.phase, p.index, p.root, p.deadline);
        (v.mode, v.agreed, v.target) = (p.mode, p.agreed, p.target);
        v.stateHash = _stateHash(gameId, g, c, p);
        v.outcome = g.outcome;
        if (v.outcome != Outcome.None) {
            v.phase = Phase.Closed;
        } else {
            v.outcome = _outcome(_status(c), p);
            if (v.outcome != Outcome.None) v.phase = Phase.Decided;
        }
    }
}
