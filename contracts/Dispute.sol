// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Games} from "./dispute/Games.sol";
import {Claims} from "./dispute/Claims.sol";
import {Clock} from "./dispute/Clock.sol";
import {Finals} from "./dispute/Finals.sol";
import {ClaimStatus, Parameters} from "./interfaces/IDispute.sol";
import {IProofVerifier} from "./interfaces/IProofVerifier.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {AlreadyFinal, AlreadyProven, BadParameter, NotProven, WrongBatch} from "./lib/Errors.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Bundle, Mode} from "./lib/Types.sol";

/// See IDispute. The parts: dispute/Clock (time), Bonds (money), Finals (final values), Claims (claims, statements, cascade),
/// Games (bisection, clocks, settlement); here proofs and what they make final.
contract Dispute is Games {
    IProofVerifier private immutable _verifier;

    /// `rollup_` may not be deployed yet: the two name each other.
    constructor(IRollup rollup_, IProofVerifier verifier_, uint256 genesisRoot, Parameters memory p)
        Clock(p.guardian, p.maxPause, p.extension)
        Finals(genesisRoot)
        Claims(rollup_)
    {
        if (address(rollup_) == address(0)) revert BadParameter("rollup");
        if (address(verifier_).code.length == 0) revert BadParameter("verifier");
        if (p.guardian == address(0)) revert BadParameter("guardian");
        if (p.maxAhead == 0) revert BadParameter("maxAhead");
        if (p.window == 0 || p.minWindow == 0 || p.minWindow > p.window) revert BadParameter("window");
        if (p.extension == 0 || p.clock < p.extension) revert BadParameter("clock");
        if (p.proofWindow == 0) revert BadParameter("proofWindow");
        if (p.stipend > p.stipendCap) revert BadParameter("stipend");
        // At least half of every lost stake and bond is burned, so nobody gets its own back by losing to itself.
        if (p.stake == 0 || p.stake < 2 * (uint256(p.proverFee) + p.reward + p.stipendCap)) revert BadParameter("stake");
        // The most moves one game can ask of a claimant: the root before the batch and one per halving.
        uint256 moves = 1 + Math.log2(p.maxAhead, Math.Rounding.Ceil);
        if (p.bond == 0 || p.bond < 2 * moves * p.moveFee) revert BadParameter("bond");
        _verifier = verifier_;
        _p = p;
    }

    function prove(Bundle calldata bundle, uint256[] calldata gameIds) external whenNotPaused {
        uint64 number = bundle.header.number;
        bytes32 batchHash = _verifier.verify(bundle);
        bytes32 expected = _rollup.batchHash(number);
        if (expected == 0 || batchHash != expected) revert WrongBatch(expected);
        Proof storage proof = _proofs[_proofKey(batchHash, bundle.preRoot, bundle.mode)];
        if (proof.known) revert AlreadyProven();
        (proof.known, proof.payee, proof.value) = (true, bundle.beneficiary, bundle.value);
        emit Proven(number, batchHash, bundle.preRoot, bundle.mode, bundle.value, bundle.beneficiary);
        _settleDecided(gameIds);
        (bool known, uint256 root) = _finalRootBefore(number);
        if (known && root == bundle.preRoot) _finalize(bundle.mode, number, proof);
    }

    function finalizeProven(Mode kind, uint64 number) external whenNotPaused {
        bytes32 batchHash = _rollup.batchHash(number);
        if (batchHash == 0) revert WrongBatch(batchHash);
        (bool known, uint256 root) = _finalRootBefore(number);
        Proof storage proof = _proofs[_proofKey(batchHash, root, kind)];
        if (!known || !proof.known) revert NotProven();
        if (!_finalize(kind, number, proof)) revert AlreadyFinal();
    }

    function parameters() external view returns (Parameters memory) {
        return _p;
    }

    function rollup() external view returns (address) {
        return address(_rollup);
    }

    function verifier() external view returns (address) {
        return address(_verifier);
    }

    function _finalRootBefore(uint64 number) private returns (bool known, uint256 root) {
        _syncLast(Mode.Root, number - 1);
        return finalValue(Mode.Root, number - 1);
    }

    /// A value proven from a final root is final at once, and decides the open claim of its (kind, number). False when there is
    /// a final value already: nothing final is ever overwritten.
    function _finalize(Mode kind, uint64 number, Proof storage proof) private returns (bool) {
        (uint256 claimId, ClaimStatus status) = _syncLast(kind, number);
        (bool known,) = finalValue(kind, number);
        if (known) return false;
        Claim storage c = _claims[claimId];
        bool right = status == ClaimStatus.Open && c.value == proof.value;
        _setFinal(kind, number, proof.value, right ? claimId : 0);
        if (right) {
            _uphold(claimId, c);
        } else if (status == ClaimStatus.Open) {
            // No game won this: whoever paid for the proof did the challenger's work too.
            _refute(claimId, c, proof.payee, _payeeOnce(proof));
        }
        return true;
    }
}
