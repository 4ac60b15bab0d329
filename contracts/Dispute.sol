// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Games} from "./dispute/Games.sol";
import {Claims} from "./dispute/Claims.sol";
import {Clock} from "./dispute/Clock.sol";
import {Finals} from "./dispute/Finals.sol";
import {ClaimStatus, Parameters} from "./interfaces/IDispute.sol";
import {IProofVerifier} from "./interfaces/IProofVerifier.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {AlreadyFinal, AlreadyProven, BadParameter, NotProven, OtherRules, WrongBatch} from "./lib/Errors.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Formats} from "./lib/Formats.sol";
import {Mode, Statement} from "./lib/Types.sol";

/// See IDispute. The parts: dispute/Clock (time), Bonds (money), Finals (final values), Claims (claims, statements, cascade),
/// Games (bisection, clocks, settlement); here proofs and what they make final.
contract Dispute is Games {
    IProofVerifier private immutable _verifier;

    /// The two name each other: `rollup_` is deployed first and names the address that this contract will have.
    constructor(IRollup rollup_, IProofVerifier verifier_, uint256 genesisRoot, Parameters memory p)
        Clock(p.guardian, p.maxPause, p.extension)
        Finals(genesisRoot)
        Claims(rollup_)
    {
        if (address(rollup_).code.length == 0) revert BadParameter("rollup");
        if (address(verifier_).code.length == 0) revert BadParameter("verifier");
        // Statements about another f would decide the games.
        if (rollup_.rulesHash() != verifier_.rulesHash()) revert OtherRules();
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

    function prove(uint256[] calldata gameIds, Statement calldata statement, bytes[] calldata parts)
        external
        whenNotPaused
    {
        (bytes32 batchHash, Proof storage proof) = _sought(statement);
        bool known = proof.known;
        if (!known) _learn(statement, proof, batchHash, _verifier.verify(statement, parts));
        _conclude(gameIds, statement, proof, known);
    }

    function proveUploaded(uint256[] calldata gameIds, Statement calldata statement, bytes32 frozen)
        external
        whenNotPaused
    {
        (bytes32 batchHash, Proof storage proof) = _sought(statement);
        bool known = proof.known;
        if (!known) _learn(statement, proof, batchHash, _verifier.result(statement, frozen));
        _conclude(gameIds, statement, proof, known);
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

    /// Where what the statement is about is kept: nothing is verified that is known, and nothing about a batch that is not there.
    function _sought(Statement calldata s) private view returns (bytes32 batchHash, Proof storage proof) {
        batchHash = Formats.batchHash(s.header);
        bytes32 expected = _rollup.batchHash(s.header.number);
        if (batchHash != expected) revert WrongBatch(expected);
        proof = _proofs[_proofKey(batchHash, s.preRoot, s.mode)];
    }

    /// Keeps the statement, which the verifier has verified, for ever.
    function _learn(Statement calldata s, Proof storage proof, bytes32 batchHash, bytes32 verified) private {
        if (verified != batchHash) revert WrongBatch(batchHash);
        (proof.known, proof.payee, proof.value) = (true, s.beneficiary, s.value);
        emit Proven(s.header.number, batchHash, s.preRoot, s.mode, s.value, s.beneficiary);
    }

    /// What follows from a proven statement. One that was `known` must settle or finalize something.
    function _conclude(uint256[] calldata gameIds, Statement calldata s, Proof storage proof, bool known) private {
        bool settled = _settleDecided(gameIds);
        (bool final_, uint256 root) = _finalRootBefore(s.header.number);
        if (final_ && root == s.preRoot && _finalize(s.mode, s.header.number, proof)) settled = true;
        if (known && !settled) revert AlreadyProven();
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
