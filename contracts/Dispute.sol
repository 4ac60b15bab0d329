// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Claims} from "./dispute/Claims.sol";
import {Clock} from "./dispute/Clock.sol";
import {Finals} from "./dispute/Finals.sol";
import {Relations} from "./dispute/Relations.sol";
import {Settlements} from "./dispute/Settlements.sol";
import {WorstBatch} from "./generated/WorstBatch.sol";
import {Parameters} from "./interfaces/IDispute.sol";
import {IProofVerifier} from "./interfaces/IProofVerifier.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {AlreadyFinal, AlreadyProven, BadParameter, NotProven, OtherRules, WrongBatch} from "./lib/Errors.sol";
import {Formats} from "./lib/Formats.sol";
import {Meter} from "./lib/Meter.sol";
import {Mode, Statement} from "./lib/Types.sol";

/// See IDispute. The parts: dispute/Clock (time), Bonds (money), Stakes (what backs claims, and its purses), Slots (what claims on one
/// place have to do with each other), Finals (final values), Claims (claims, statements, cascade), Positions (where games stand), Games
/// (the challengers' moves), Settlements (ends of games); here proofs and what they make final.
contract Dispute is Settlements {
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
        Relations.check(p, rollup_.rules(), rollup_.minInterval());
        _verifier = verifier_;
        _p = p;
    }

    function prove(uint256[] calldata gameIds, Statement calldata statement, bytes[] calldata parts)
        external
        whenNotPaused
    {
        uint256 gas = gasleft();
        (bytes32 batchHash, Proof storage proof) = _sought(statement);
        bool known = proof.storedAt != 0;
        if (!known) {
            bytes32 verified = _verifier.verify(statement, parts);
            gas = Meter.gasSince(gas, Math.min(Meter.bodies(parts), WorstBatch.BYTES));
            _learn(statement, proof, batchHash, verified, gas * _price());
        }
        _conclude(gameIds, statement, proof, known);
    }

    function proveUploaded(uint256[] calldata gameIds, Statement calldata statement, bytes32 frozen)
        external
        whenNotPaused
    {
        uint256 gas = gasleft();
        (bytes32 batchHash, Proof storage proof) = _sought(statement);
        bool known = proof.storedAt != 0;
        if (!known) {
            (bytes32 verified, uint256 uploadGas, uint256 uploadCost) = _verifier.result(statement, frozen);
            // Of the upload each call was paid at its own price: together at most at maxPrice.
            uint256 cost = Math.min(uploadCost, uploadGas * _p.maxPrice) + Meter.gasSince(gas, 0) * _price();
            _learn(statement, proof, batchHash, verified, cost);
        }
        _conclude(gameIds, statement, proof, known);
    }

    function finalizeProven(Mode kind, uint64 number) external whenNotPaused {
        bytes32 batchHash = _rollup.batchHash(number);
        if (batchHash == 0) revert WrongBatch(batchHash);
        (bool known, uint256 root) = finalValue(Mode.Root, number - 1);
        Proof storage proof = _proofs[_proofKey(batchHash, root, kind)];
        if (!known || proof.storedAt == 0) revert NotProven();
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
    function _learn(Statement calldata s, Proof storage proof, bytes32 batchHash, bytes32 verified, uint256 cost)
        private
    {
        if (verified != batchHash) revert WrongBatch(batchHash);
        (proof.payee, proof.storedAt, proof.value) = (s.beneficiary, time(), s.value);
        (proof.cost, proof.owed) = (uint128(cost), uint128(cost));
        emit Proven(s.header.number, batchHash, s.preRoot, s.mode, s.value, s.beneficiary, cost);
    }

    /// What follows from a proven statement. One that was `known` must settle or finalize something.
    function _conclude(uint256[] calldata gameIds, Statement calldata s, Proof storage proof, bool known) private {
        bool settled = _settleDecided(gameIds);
        (bool final_, uint256 root) = finalValue(Mode.Root, s.header.number - 1);
        if (final_ && root == s.preRoot && _finalize(s.mode, s.header.number, proof)) settled = true;
        if (known && !settled) revert AlreadyProven();
    }

    /// A value proven from a final root is final at once, and decides all claims and games of its (kind, number): whoever comes next
    /// to one records that. False when there is a final value already: nothing final is ever overwritten.
    function _finalize(Mode kind, uint64 number, Proof storage proof) private returns (bool) {
        (bool known,) = finalValue(kind, number);
        if (!known) _setFinal(kind, number, proof.value, 0);
        return !known;
    }
}
