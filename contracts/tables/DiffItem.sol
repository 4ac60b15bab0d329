// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Formats} from "../lib/Formats.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// Writes items of a diff (FORMATS.md, "Diff") in free memory that is not kept: RLP [address, nonce, balance, codeHash, slots].
///
///   m .. m + ROOM     room for headers and fields, which are put right before the slots at last
///   m + ROOM ..       the changed slots, one behind the other; behind them a field is written before it is moved to its place
library DiffItem {
    /// More than the headers (3 + 3) and the fields (21 + 9 + 33 + 33) take, and than what `OpenAccount` puts there (200).
    uint256 private constant ROOM = 0xe0;
    /// Slots of an item at most; more go into continuation items.
    uint256 internal constant MAX_SLOTS = 64;

    /// Where the slots of an item start.
    function open() internal pure returns (uint256 start) {
        assembly ("memory-safe") {
            start := add(mload(0x40), ROOM)
        }
    }

    /// Writes a slot [key, value] at q; returns the position behind it.
    function slot(uint256 q, uint256 key, uint256 value) internal pure returns (uint256) {
        uint256 bytes_ = _sizeOf(value);
        uint256 size = 34 + bytes_;
        assembly ("memory-safe") {
            switch lt(size, 56)
            case 1 {
                mstore8(q, add(0xc0, size))
                q := add(q, 1)
            }
            default {
                mstore8(q, 0xf8)
                mstore8(add(q, 1), size)
                q := add(q, 2)
            }
            mstore8(q, 0xa0)
            mstore(add(q, 1), key)
            q := add(q, 33)
        }
        return _integer(q, value, bytes_);
    }

    /// Writes a canonical integer at q; returns the position behind it.
    function integer(uint256 q, uint256 value) internal pure returns (uint256) {
        return _integer(q, value, _sizeOf(value));
    }

    /// The same, with `size` bytes behind the header.
    function _integer(uint256 q, uint256 value, uint256 size) private pure returns (uint256) {
        uint256 first = value == 0 ? 0x80 : value < 0x80 ? value : 0x80 + size;
        assembly ("memory-safe") {
            mstore8(q, first)
            mstore(add(q, 1), shl(sub(256, shl(3, size)), value)) // left-aligned; what stands behind is written over
            q := add(add(q, 1), size)
        }
        return q;
    }

    /// Writes the mark of an unchanged field at q; returns the position behind it.
    function unchanged(uint256 q) internal pure returns (uint256) {
        assembly ("memory-safe") {
            mstore8(q, 0xc0)
            q := add(q, 1)
        }
        return q;
    }

    /// Ends the item whose slots stand in [start, q) and whose address and fields in [q, end), and rolls it into h(diff).
    function close(bytes32 diff, uint256 start, uint256 q, uint256 end) internal pure returns (bytes32) {
        uint256 p = _list(start, q - start);
        bytes32 hash;
        assembly ("memory-safe") {
            p := sub(p, sub(end, q))
            mcopy(p, q, sub(end, q))
        }
        p = _list(p, q - p);
        assembly ("memory-safe") {
            hash := keccak256(p, sub(q, p))
        }
        return Formats.rollItem(diff, hash);
    }

    /// Bytes behind an integer's header; 0 for one that is a header alone.
    function _sizeOf(uint256 value) private pure returns (uint256) {
        return value < 0x80 ? 0 : Math.log256(value) + 1;
    }

    /// Writes the header of a list of `size` bytes in front of p; returns where it starts. An item is shorter than 2^16 bytes.
    function _list(uint256 p, uint256 size) private pure returns (uint256 start) {
        assembly ("memory-safe") {
            switch lt(size, 56)
            case 1 {
                start := sub(p, 1)
                mstore8(start, add(0xc0, size))
            }
            default {
                mstore8(sub(p, 1), size) // keeps the lowest byte
                switch lt(size, 0x100)
                case 1 {
                    start := sub(p, 2)
                    mstore8(start, 0xf8)
                }
                default {
                    start := sub(p, 3)
                    mstore8(add(start, 1), shr(8, size))
                    mstore8(start, 0xf9)
                }
            }
        }
    }
}
