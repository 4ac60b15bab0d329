// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {WorstBatch} from "../generated/WorstBatch.sol";
import {Parameters} from "../interfaces/IDispute.sol";
import {BadParameter} from "../lib/Errors.sol";
import {Rules} from "../lib/Types.sol";
import {MoveGas} from "../generated/MoveGas.sol";

/// What the parameters have to fulfil together for the rules of the game to mean what docs/DISPUTES.md says. In uint256: no sum
/// overflows. `src/dispute/parameters.ts` says the same.
library Relations {
    /// Times stay below this many seconds (34,000 years), so that no sum of them overflows.
    uint256 private constant MAX_TIME = 2 ** 40;

    /// Finals.baseOf reads a word for 256 batches: 10M gas for as many, which a transaction of L1 can carry (EIP-7825). Beyond, a false
    /// claim far ahead of the last final root could not be challenged.
    uint256 private constant MAX_AHEAD = 2 ** 20;

    /// `minInterval` is the Rollup's. Reverts: BadParameter, which names the one to change.
    function check(Parameters memory p, Rules memory rules, uint64 minInterval) internal pure {
        if (!WorstBatch.covers(rules)) revert BadParameter("rules");
        if (p.guardian == address(0)) revert BadParameter("guardian");
        if (p.rootEvery == 0) revert BadParameter("rootEvery");
        uint256 game = _times(p);
        // Worst finality: a late claim, a late look, a game, quiet, and a game. Beyond it claims would be refused while posting goes on.
        if (uint256(p.maxAhead) * minInterval < 2 * uint256(p.rootWindow) + 2 * game + p.quiet) {
            revert BadParameter("maxAhead");
        }
        if (p.maxAhead < 2 * uint256(p.rootEvery) || p.maxAhead > MAX_AHEAD) revert BadParameter("maxAhead");
        _money(p);
    }

    /// The most moves one game can ask of a claimant: the root before the batch and one per halving.
    function moves(uint64 maxAhead) internal pure returns (uint256) {
        return 1 + Math.log2(maxAhead, Math.Rounding.Ceil);
    }

    /// Returns the longest game of a prompt challenger against a claimant that stalls.
    function _times(Parameters memory p) private pure returns (uint256 game) {
        if (p.extension == 0) revert BadParameter("extension");
        if (p.clock < p.extension) revert BadParameter("clock");
        if (p.proofWindow == 0) revert BadParameter("proofWindow");
        if (p.quiet < p.extension || p.quiet >= MAX_TIME) revert BadParameter("quiet");
        game = p.clock + moves(p.maxAhead) * p.extension + p.proofWindow;
        // One prompt game ends while every other false root of the stake can still be struck; any game ends so for diffs.
        if (p.rootWindow < game) revert BadParameter("rootWindow");
        if (p.diffWindow < p.rootWindow + game || p.diffWindow >= MAX_TIME) revert BadParameter("diffWindow");
    }

    function _money(Parameters memory p) private pure {
        uint256 n = moves(p.maxAhead);
        if (p.maxPrice == 0) revert BadParameter("maxPrice");
        if (p.proofPurse < WorstBatch.GAS * p.maxPrice + p.proofPay) revert BadParameter("proofPurse");
        uint256 game = MoveGas.CHALLENGE + n * MoveGas.ANSWER + MoveGas.SETTLE;
        if (p.movePurse < 4 * game * p.maxPrice) revert BadParameter("movePurse");
        if (p.moveFee < MoveGas.STATE * p.maxPrice) revert BadParameter("moveFee");
        if (p.bond < 2 * n * p.moveFee) revert BadParameter("bond");
        // What a cheater that strikes itself gets back is a tenth at most: R, q, and what zero bytes are counted for above their price.
        uint256 back = uint256(p.reward) + p.proofPay;
        if (p.stake < 10 * (back + 12 * WorstBatch.BYTES * p.maxPrice)) revert BadParameter("stake");
        uint256 purses = uint256(p.proofPurse) + p.movePurse;
        if (p.stake < purses + 2 * back || p.stake < purses + back + 10 * uint256(p.bond)) revert BadParameter("stake");
    }
}
