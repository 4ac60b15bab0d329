// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ClaimStatus, Outcome} from "../interfaces/IDispute.sol";
import {NotDecided, NotReimbursable} from "../lib/Errors.sol";
import {Games} from "./Games.sol";
import {MoveGas} from "../generated/MoveGas.sol";

/// Ends of games, and the money they move: bonds, R, and the costs of moves and proofs out of purses and lost bonds.
abstract contract Settlements is Games {
    // ---------------------------------------------------------------- moves

    function settle(uint256 gameId) external whenNotPaused {
        if (!_settle(gameId, _openGame(gameId))) revert NotDecided();
    }

    function reimburse(uint256 gameId) external whenNotPaused {
        Game storage g = _existingGame(gameId);
        Claim storage c = _claims[g.claimId];
        if (g.outcome == Outcome.ClaimantWins || !_repay(gameId, g, c, _position(g, c))) revert NotReimbursable();
    }

    // ---------------------------------------------------------------- for proofs

    /// Settles those of the games that are open and decided; whether there was one.
    function _settleDecided(uint256[] calldata gameIds) internal returns (bool any) {
        for (uint256 i = 0; i < gameIds.length; ++i) {
            Game storage g = _games[gameIds[i]];
            if (g.challenger == address(0) || g.outcome != Outcome.None) continue;
            if (_settle(gameIds[i], g)) any = true;
        }
    }

    // ---------------------------------------------------------------- inside

    /// Closes a decided game; false when it is not decided.
    function _settle(uint256 gameId, Game storage g) private returns (bool) {
        Claim storage c = _claims[g.claimId];
        ClaimStatus status = _sync(g.claimId, c);
        Position memory p = _position(g, c);
        Outcome outcome = _outcome(status, c, p);
        if (outcome == Outcome.None) return false;
        g.outcome = outcome;
        c.openGames -= 1;
        emit Settled(gameId, g.claimId, outcome);
        if (outcome == Outcome.ClaimantWins) {
            _takeBond(gameId, c, p);
            return true;
        }
        if (status == ClaimStatus.Open) _refute(g.claimId, c);
        _pay(g.challenger, _p.bond);
        if (outcome == Outcome.ChallengerWins) _reward(_stakes[c.stakeId], g.challenger);
        uint256 spent = uint256(g.spent) * 1 gwei;
        if (msg.sender == g.challenger) spent += MoveGas.SETTLE * _price();
        _repayMoves(c.stakeId, gameId, g.challenger, spent);
        _repay(gameId, g, c, p);
        return true;
    }

    /// Of a lost bond at most half pays the claimant for its moves, and for its own proof when that decided the game. The rest is
    /// burned: who loses to itself to get its bond back loses half of it.
    function _takeBond(uint256 gameId, Claim storage c, Position memory p) private {
        uint256 most = _p.bond / 2;
        uint256 paid = Math.min(p.moves * _p.moveFee, most);
        Proof storage proof = _proofs[p.key];
        if (p.byProof && proof.payee == c.claimant) {
            uint256 part = Math.min(proof.owed, most - paid);
            proof.owed -= uint128(part);
            if (part != 0) emit Reimbursed(c.stakeId, gameId, c.claimant, p.key, part);
            paid += part;
        }
        _pay(c.claimant, paid);
        _burn(_p.bond - paid);
    }

    /// Pays for the proof that a game against a struck stake came down to, when it refutes what the game was about and was kept while
    /// the game waited for it. Nothing of that can change after the strike, as nobody moves on fallen claims; so who proves while the
    /// stake falls by something else is paid all the same. False when nothing is paid.
    function _repay(uint256 gameId, Game storage g, Claim storage c, Position memory p) private returns (bool) {
        Proof storage proof = _proofs[p.key];
        bool refutes = p.key != 0 && proof.storedAt >= g.openedAt && proof.storedAt < p.deadline && proof.value != p.target;
        if (!refutes || _stakes[c.stakeId].struckAt == 0) return false;
        uint256 paid = _repayProof(c.stakeId, gameId, proof.payee, p.key, proof.owed);
        proof.owed -= uint128(paid);
        return paid != 0;
    }
}
