// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Outcome, Phase, ProvenView} from "../interfaces/IDispute.sol";
import {Mode} from "../lib/Types.sol";
import {Claims} from "./Claims.sol";

/// Where games stand. What a game stores is only what its challenger moved (`Game`); the rest is derived from that, the claimant's
/// statements, the proven statements and time (`_position`), so one statement or proof moves every game it fits.
abstract contract Positions is Claims {
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
        uint64 openedAt;
        /// Gwei that the challenger's moves have cost.
        uint64 spent;
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
        /// Of the proof that the game came down to, whether it is kept or not; 0 when it did not get there.
        bytes32 key;
        /// Whether that proof decided it.
        bool byProof;
    }

    struct Proof {
        address payee;
        /// Protocol time at which it was kept; 0 when it was not.
        uint64 storedAt;
        /// Wei that it has cost, and of that what nobody has paid yet.
        uint128 cost;
        uint128 owed;
        uint256 value;
    }

    mapping(uint256 gameId => Game) internal _games;
    /// By `_proofKey`. Statements about f: true for ever, whatever games or claims there are.
    mapping(bytes32 key => Proof) internal _proofs;

    function proven(bytes32 batchHash, uint256 preRoot, Mode mode) external view returns (ProvenView memory) {
        Proof storage proof = _proofs[_proofKey(batchHash, preRoot, mode)];
        return ProvenView(proof.storedAt != 0, proof.value, proof.payee, proof.storedAt, proof.cost, proof.owed);
    }

    // ---------------------------------------------------------------- for games and proofs

    function _proofKey(bytes32 batchHash, uint256 preRoot, Mode mode) internal pure returns (bytes32) {
        return keccak256(abi.encode(batchHash, preRoot, mode));
    }

    function _finalPayee(Mode kind, uint64 number) internal view override returns (address) {
        (, uint256 root) = finalValue(Mode.Root, number - 1);
        return _proofs[_proofKey(_rollup.batchHash(number), root, kind)].payee;
    }

    /// Where the game stands by itself, whatever has become of its claim.
    function _position(Game storage g, Claim storage c) internal view returns (Position memory p) {
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

    // ---------------------------------------------------------------- inside

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

    /// Batch x is to be proven from the agreed root, or has been. The challenger has P for it and what is left of its clock. A value
    /// that was proven before that ran out decides, whenever it is looked at.
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
        p.key = _proofKey(_rollup.batchHash(x), agreed, mode);
        _clock(p, _p.proofWindow + g.challengerClock, Outcome.ClaimantWins);
        Proof storage proof = _proofs[p.key];
        if (proof.storedAt != 0 && proof.storedAt < p.deadline) {
            (p.phase, p.byProof) = (Phase.Decided, true);
            p.outcome = proof.value == target ? Outcome.ClaimantWins : Outcome.ChallengerWins;
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
}
