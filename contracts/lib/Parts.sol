// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Formats} from "./Formats.sol";

/// The parts of a bundle and the chain that links them (FORMATS.md, "Parts"): a part is a kind, one byte, and a body.
///
///   rest_i = keccak(kind_i, keccak(body_i), rest_(i+1)), and 0 behind the last; of a part with proofs the body's hash is that
///   of its shapes and commitments
///
/// The chain runs backwards, so that one word, the link to the first part, freezes all of them in their order and number before
/// any is sent, and each is known for what it is when it comes: the link that is due is the hash of it and of the next link.
/// Sums and A, B, C of the proofs are not in it, as they depend on the challenges; the batching challenge binds them.
library Parts {
    uint8 internal constant HEAD = 0;
    uint8 internal constant TRANSACTIONS = 1;
    uint8 internal constant ACCOUNTS = 2;
    uint8 internal constant CODES = 3;
    uint8 internal constant KECCAKS = 4;
    uint8 internal constant PROOFS = 5;

    /// A part without a kind, of one that does not exist, or of one that does not stand here: kinds never fall, and the head is first.
    error WrongKind();
    /// There is no proof, or a part with proofs has none.
    error NoProofs();
    /// A part with proofs is not whole records.
    error BadLength();

    /// The links to these parts, before the ones that `rest` links to.
    function chain(bytes[] calldata parts, bytes32 rest) internal pure returns (bytes32[] memory dues) {
        dues = new bytes32[](parts.length);
        for (uint256 i = parts.length; i != 0;) {
            bytes calldata part = parts[--i];
            if (part.length == 0) revert WrongKind();
            uint256 kind = uint8(part[0]);
            bytes32 body = kind == PROOFS ? _commitments(part[1:]) : _keccak(part[1:]);
            rest = link(kind, body, rest);
            dues[i] = rest;
        }
    }

    function link(uint256 kind, bytes32 body, bytes32 rest) internal pure returns (bytes32 due) {
        assembly ("memory-safe") {
            let m := mload(0x40) // not kept
            mstore(m, kind)
            mstore(add(m, 0x20), body)
            mstore(add(m, 0x40), rest)
            due := keccak256(m, 0x60)
        }
    }

    function _keccak(bytes calldata body) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let m := mload(0x40) // not kept
            calldatacopy(m, body.offset, body.length)
            hash := keccak256(m, body.length)
        }
    }

    /// Hash of shape and commitment of every record.
    function _commitments(bytes calldata records) private pure returns (bytes32 hash) {
        if (records.length == 0) revert NoProofs();
        if (records.length % Formats.RECORD != 0) revert BadLength();
        uint256 record = Formats.RECORD;
        assembly ("memory-safe") {
            let m := mload(0x40) // not kept
            let q := m
            let o := records.offset
            for { let end := add(o, records.length) } lt(o, end) { o := add(o, record) } {
                calldatacopy(q, o, 65) // shape, D
                q := add(q, 65)
            }
            hash := keccak256(m, sub(q, m))
        }
    }
}
