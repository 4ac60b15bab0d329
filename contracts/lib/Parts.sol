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
        // No overflow: i counts down to 0.
        unchecked {
            for (uint256 i = parts.length; i != 0; --i) {
                (uint256 kind, uint256 o, uint256 end) = read(parts, i - 1);
                if (end < o) revert WrongKind(); // no byte at all
                rest = _link(kind, kind == PROOFS ? _commitments(o, end) : _keccak(o, end), rest);
                assembly ("memory-safe") {
                    mstore(add(dues, shl(5, i)), rest) // dues[i - 1]
                }
            }
        }
    }

    /// The kind of parts[i], and the calldata offsets of its body. Nothing is held against the end of calldata, behind which stand
    /// zeros: what counts as the part is whatever is read here, by `chain` and by those who take it.
    function read(bytes[] calldata parts, uint256 i) internal pure returns (uint256 kind, uint256 o, uint256 end) {
        assembly ("memory-safe") {
            o := add(parts.offset, calldataload(add(parts.offset, shl(5, i)))) // its length
            end := add(add(o, 0x20), calldataload(o))
            kind := byte(0, calldataload(add(o, 0x20)))
            o := add(o, 0x21)
        }
    }

    function _link(uint256 kind, bytes32 body, bytes32 rest) private pure returns (bytes32 due) {
        assembly ("memory-safe") {
            let m := mload(0x40) // not kept
            mstore(m, kind)
            mstore(add(m, 0x20), body)
            mstore(add(m, 0x40), rest)
            due := keccak256(m, 0x60)
        }
    }

    /// Hash of [o, end) of calldata.
    function _keccak(uint256 o, uint256 end) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let m := mload(0x40) // not kept
            let n := sub(end, o)
            calldatacopy(m, o, n)
            hash := keccak256(m, n)
        }
    }

    /// Hash of shape and commitment of every record in [o, end) of calldata.
    function _commitments(uint256 o, uint256 end) private pure returns (bytes32 hash) {
        uint256 record = Formats.RECORD;
        if (o == end) revert NoProofs();
        if ((end - o) % record != 0) revert BadLength();
        assembly ("memory-safe") {
            let m := mload(0x40) // not kept
            let q := m
            for {} lt(o, end) { o := add(o, record) } {
                calldatacopy(q, o, 65) // shape, D
                q := add(q, 65)
            }
            hash := keccak256(m, sub(q, m))
        }
    }
}
