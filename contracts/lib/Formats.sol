// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {R} from "./Bus.sol";
import {Header, Mode, Rules} from "./Types.sol";

/// Hashes of FORMATS.md: batch, statement, transcript.
library Formats {
    bytes32 internal constant BATCH = keccak256("deltaproof/batch/1");
    bytes32 internal constant STATEMENT = keccak256("deltaproof/statement/1");
    bytes32 internal constant TRANSCRIPT = keccak256("deltaproof/transcript/1");
    /// Bytes of one proof: shape 1, D 64, sum 32, A 64, B 128, C 64.
    uint256 internal constant RECORD = 353;

    /// Names a batch. No claim about its results is in it.
    function batchHash(Header memory header) internal pure returns (bytes32) {
        return keccak256(abi.encode(BATCH, header));
    }

    /// One step of txsHash: `length` and `itemHash` of the next raw transaction.
    function rollTx(bytes32 h, uint256 length, bytes32 itemHash) internal pure returns (bytes32 next) {
        assembly ("memory-safe") {
            let m := mload(0x40) // scratch behind the allocated memory, not kept
            mstore(m, h)
            mstore(add(m, 0x20), length)
            mstore(add(m, 0x40), itemHash)
            next := keccak256(m, 0x60)
        }
    }

    /// One step of h(diff).
    function rollItem(bytes32 h, bytes32 itemHash) internal pure returns (bytes32 next) {
        assembly ("memory-safe") {
            mstore(0, h)
            mstore(0x20, itemHash)
            next := keccak256(0, 0x40)
        }
    }

    /// f(batch, preRoot) has the diff hash or post root `value`.
    function statement(bytes32 batch, uint256 preRoot, Mode mode, uint256 value) internal pure returns (bytes32) {
        return keccak256(abi.encode(STATEMENT, batch, preRoot, mode, value));
    }

    /// Names the rules of a version.
    function rulesHash(Rules memory rules) internal pure returns (bytes32) {
        return keccak256(abi.encode(rules));
    }

    /// Seed of all challenges; binds everything the prover chose before it could know them. `frozen` links all parts (`Parts`).
    function seed(
        address beneficiary,
        bytes32 keySetHash,
        bytes32 rulesHash_,
        bytes32 statement_,
        bytes32 frozen
    ) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                TRANSCRIPT,
                block.chainid,
                address(this),
                beneficiary,
                keySetHash,
                rulesHash_,
                statement_,
                frozen
            )
        );
    }

    /// Challenge number i of a seed: alpha is 1, beta is 2.
    function challenge(bytes32 seed_, uint256 i) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed_, i))) % R;
    }

    /// The batching challenge of a part with proofs: binds its shapes, commitments, sums and proofs, its place among the parts (by
    /// `due`, the link to it), and by the seed all else.
    function batching(bytes32 seed_, bytes32 due, bytes calldata proofs) internal pure returns (uint256) {
        return uint256(keccak256(abi.encodePacked(seed_, due, proofs))) % R;
    }
}
