// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ProofVerifier} from "../../../contracts/ProofVerifier.sol";
import {Bus} from "../../../contracts/lib/Bus.sol";
import {Formats} from "../../../contracts/lib/Formats.sol";
import {ProofBatch} from "../../../contracts/lib/ProofBatch.sol";
import {Bundle, Rules} from "../../../contracts/lib/Types.sol";

/// Measuring and testing points around the verifier. For tests only.
contract VerifierBench is ProofVerifier {
    constructor(bytes memory keyBlob, Rules memory rules_, bool developmentKeys)
        ProofVerifier(keyBlob, rules_, developmentKeys)
    {}

    /// Gas of transcript, native tuples, folding, pairing and balance of a bundle that verifies.
    function profile(Bundle calldata bundle) external view returns (uint256[5] memory gasOf) {
        Bus.reserve();
        uint256 before = gasleft();
        (, bytes32 seed) = _transcript(bundle);
        uint256 alpha = Formats.challenge(seed, 1);
        uint256 beta = Formats.challenge(seed, 2);
        gasOf[0] = before - gasleft();
        before = gasleft();
        _native(bundle, alpha, beta);
        gasOf[1] = before - gasleft();
        before = gasleft();
        (uint256 pairs, uint256 size, uint256 sums) = _fold(bundle, seed, alpha, beta);
        gasOf[2] = before - gasleft();
        before = gasleft();
        ProofBatch.check(pairs, size);
        gasOf[3] = before - gasleft();
        before = gasleft();
        _balance(sums);
        gasOf[4] = before - gasleft();
    }

    /// The native tuples alone, under given challenges.
    function native_(Bundle calldata bundle, uint256 alpha, uint256 beta)
        external
        view
        returns (uint256 num, uint256 den, uint256 gasUsed)
    {
        Bus.reserve();
        uint256 before = gasleft();
        _native(bundle, alpha, beta);
        gasUsed = before - gasleft();
        (num, den) = Bus.fraction();
    }

    /// The last test: native tuples under given challenges against given sums.
    function balance(Bundle calldata bundle, uint256 alpha, uint256 beta, uint256 sums) external view {
        Bus.reserve();
        _native(bundle, alpha, beta);
        _balance(sums);
    }

    /// Batch hash and transcript.
    function transcript(Bundle calldata bundle)
        external
        view
        returns (bytes32 batchHash, bytes32 seed, uint256 alpha, uint256 beta, uint256 rho)
    {
        (batchHash, seed) = _transcript(bundle);
        alpha = Formats.challenge(seed, 1);
        beta = Formats.challenge(seed, 2);
        rho = Formats.batching(seed, bundle.proofs);
    }
}
