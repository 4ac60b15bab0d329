// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ClaimStatus, GameView, Outcome, Phase} from "../interfaces/IDispute.sol";
import {
    AlreadyChallenged,
    GameIsClosed,
    NotChallenger,
    StaleMove,
    UnknownGame,
    WindowClosed,
    WrongPhase
} from "../lib/Errors.sol";
import {Mode} from "../lib/Types.sol";
import {MoveGas} from "../generated/MoveGas.sol";
import {Positions} from "./Positions.sol";

/// The challengers' moves, and what a game looks like.
abstract contract Games is Positions {
    uint256 public gameCount;
    mapping(uint256 claimId => mapping(address account => uint256)) public gameOf;

    // ---------------------------------------------------------------- moves

    function challenge(uint256 claimId, bytes32 claimHash, uint256 preRoot)
        external
        payable
        whenNotPaused
        returns (uint256 gameId)
    {
        Claim storage c = _existing(claimId);
        _requireOpen(claimId, c, claimHash);
        if (!_challengeable(c)) revert WindowClosed();
        gameId = gameOf[claimId][msg.sender];
        if (gameId != 0) revert AlreadyChallenged(gameId);
        _checkRoot(Mode.Root, preRoot);
        _deposit(msg.sender);
        _lock(msg.sender, _p.bond);
        uint64 base = baseOf(c.number);
        gameId = ++gameCount;
        gameOf[claimId][msg.sender] = gameId;
        Game storage g = _games[gameId];
        (g.challenger, g.claimId, g.base, g.lo) = (msg.sender, uint64(claimId), base, base);
        g.hi = c.kind == Mode.Root ? c.number : c.number - 1;
        if (c.kind == Mode.Diff && base + 1 < c.number) g.preRoot = preRoot;
        (g.movedAt, g.openedAt) = (time(), time());
        (g.claimantClock, g.challengerClock) = (_p.clock, _p.clock);
        g.spent = _gwei(MoveGas.CHALLENGE);
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
        g.spent += _gwei(MoveGas.ANSWER);
        if (agree) g.lo = p.index;
        else g.hi = p.index;
        emit Answered(gameId, p.index, agree);
    }

    // ---------------------------------------------------------------- views

    function getGames(uint256 from, uint256 to) external view returns (GameView[] memory views) {
        if (to < from) return views;
        views = new GameView[](to - from + 1);
        for (uint256 id = from; id <= to; ++id) {
            views[id - from] = _view(id);
        }
    }

    // ---------------------------------------------------------------- for settlements

    function _existingGame(uint256 gameId) internal view returns (Game storage g) {
        g = _games[gameId];
        if (g.challenger == address(0)) revert UnknownGame(gameId);
    }

    function _openGame(uint256 gameId) internal view returns (Game storage g) {
        g = _existingGame(gameId);
        if (g.outcome != Outcome.None) revert GameIsClosed();
    }

    /// A decided claim decides its games: final, the challengers were wrong; contradicting a final value, they were right;
    /// otherwise fallen, there is nothing left to dispute.
    function _outcome(ClaimStatus status, Claim storage c, Position memory p) internal view returns (Outcome) {
        if (status == ClaimStatus.Open) return p.outcome;
        if (status == ClaimStatus.Final) return Outcome.ClaimantWins;
        (bool known, uint256 value) = finalValue(c.kind, c.number);
        return status == ClaimStatus.Refuted && known && value != c.value ? Outcome.ChallengerWins : Outcome.ClaimFell;
    }

    /// What `gas` costs now.
    function _gwei(uint256 gas) internal view returns (uint64) {
        return uint64(gas * _price() / 1 gwei);
    }

    // ---------------------------------------------------------------- inside

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

    function _view(uint256 gameId) private view returns (GameView memory v) {
        Game storage g = _existingGame(gameId);
        Claim storage c = _claims[g.claimId];
        (v.id, v.claimId, v.challenger) = (gameId, g.claimId, g.challenger);
        (v.base, v.preRoot, v.lo, v.hi) = (g.base, g.preRoot, g.lo, g.hi);
        Position memory p = _position(g, c);
        (v.phase, v.index, v.root, v.deadline) = (p.phase, p.index, p.root, p.deadline);
        (v.mode, v.agreed, v.target) = (p.mode, p.agreed, p.target);
        v.stateHash = _stateHash(gameId, g, c, p);
        v.spent = uint256(g.spent) * 1 gwei;
        v.outcome = g.outcome;
        if (v.outcome != Outcome.None) {
            v.phase = Phase.Closed;
        } else {
            v.outcome = _outcome(_status(c), c, p);
            if (v.outcome != Outcome.None) v.phase = Phase.Decided;
        }
    }
}
