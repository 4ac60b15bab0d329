// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// A word of calldata at an absolute offset; zeros behind the end.
function load(uint256 o) pure returns (uint256 w) {
    assembly ("memory-safe") {
        w := calldataload(o)
    }
}

/// `bad`, or 1 when `worse`: without a jump, which a short-circuit `||` would cost.
function either(uint256 bad, bool worse) pure returns (uint256 r) {
    assembly ("memory-safe") {
        r := or(bad, worse)
    }
}

/// Canonical RLP in calldata, read without ever reverting. Each function takes and returns `bad`, which becomes and stays 1
/// when something else than the one canonical form stands at `p`; what it returns besides then means nothing, but a position
/// never moves back, and by less than 2^25. So a parser may go on reading and test `bad` where it matters.
///
/// Positions are absolute calldata offsets. Only list and text headers name an end; the caller compares it with the end it
/// knows. Integers are not held against an end: positions only grow, so a parser whose last position is exactly the end of
/// the item has read nothing beyond it. Lengths of 2^24 and more are bad, as no item is that long.
library Rlp {
    /// Header of a list: its items fill [start, start + size).
    function list(uint256 p, uint256 bad) internal pure returns (uint256 start, uint256 size, uint256) {
        // No overflow: p is a calldata offset, size is below 2^24.
        unchecked {
            uint256 b = load(p) >> 248;
            if (b < 0xc0) return (p, 0, 1);
            if (b < 0xf8) return (p + 1, b - 0xc0, bad);
            return _long(p, b - 0xf7, bad);
        }
    }

    /// Header of a byte string: its bytes are [start, start + size). A byte below 0x80 stands for itself.
    function text(uint256 p, uint256 bad) internal pure returns (uint256 start, uint256 size, uint256) {
        // No overflow: as in `list`.
        unchecked {
            uint256 w = load(p);
            uint256 b = w >> 248;
            if (b < 0x80) return (p, 1, bad);
            if (b < 0xb8) return (p + 1, b - 0x80, either(bad, b == 0x81 && (w >> 240) & 0xff < 0x80));
            if (b < 0xc0) return _long(p, b - 0xb7, bad);
            return (p, 0, 1);
        }
    }

    /// An integer of at most `width` bytes (at most 32), without leading zeros; `next` is the position behind it.
    function integer(uint256 p, uint256 width, uint256 bad) internal pure returns (uint256 v, uint256 next, uint256 worse) {
        assembly ("memory-safe") {
            let b := byte(0, calldataload(p))
            next := add(p, 1)
            switch lt(b, 0x80)
            case 1 {
                v := b // stands for itself, but zero is the empty string
                worse := or(bad, iszero(b))
            }
            default {
                let n := sub(b, 0x80) // bytes; up to 127, bad above `width`
                let w := calldataload(next)
                v := shr(sub(256, shl(3, n)), w) // a shift of 256 or more yields 0
                next := add(next, n)
                // The first of n > 0 bytes is not 0, and a single one is not below 0x80.
                let canonical := or(iszero(n), gt(byte(0, w), mul(0x7f, eq(n, 1))))
                worse := or(bad, or(gt(n, width), iszero(canonical)))
            }
        }
    }

    /// A length of `ll` bytes behind the header byte at p: at least 56, no leading zero.
    function _long(uint256 p, uint256 ll, uint256 bad) private pure returns (uint256 start, uint256 size, uint256) {
        // ll is 1 to 8; only 1 to 3 are used.
        unchecked {
            if (ll > 3) return (p, 0, 1);
            size = load(p + 1) >> (256 - 8 * ll);
            return (p + 1 + ll, size, either(bad, size < 56 || size >> (8 * ll - 8) == 0));
        }
    }
}
