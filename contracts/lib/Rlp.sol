// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// A word of calldata at an absolute offset; zeros behind the end.
function load(uint256 o) pure returns (uint256 w) {
    assembly ("memory-safe") {
        w := calldataload(o)
    }
}

/// Canonical RLP in calldata, read without ever reverting: `ok` tells whether the one canonical form stands at `p`.
///
/// Positions are absolute calldata offsets. Only list and text headers name an end; the caller compares it with the end it
/// knows. Integers are not held against an end: positions only grow, so a parser whose last position is exactly the end of
/// the item has read nothing beyond it. Lengths above 2^24 are refused, as no item is that long, so no sum overflows.
library Rlp {
    /// Header of a list: its items fill [start, start + size).
    function list(uint256 p) internal pure returns (uint256 start, uint256 size, bool ok) {
        // No overflow: p is a calldata offset, size is below 2^24.
        unchecked {
            uint256 w = load(p);
            uint256 b = w >> 248;
            if (b < 0xc0) return (p, 0, false);
            if (b < 0xf8) return (p + 1, b - 0xc0, true);
            return _long(p, w, b - 0xf7);
        }
    }

    /// Header of a byte string: its bytes are [start, start + size). A byte below 0x80 stands for itself.
    function text(uint256 p) internal pure returns (uint256 start, uint256 size, bool ok) {
        // No overflow: as in `list`.
        unchecked {
            uint256 w = load(p);
            uint256 b = w >> 248;
            if (b < 0x80) return (p, 1, true);
            if (b < 0xb8) return (p + 1, b - 0x80, b != 0x81 || (w >> 240) & 0xff >= 0x80);
            if (b < 0xc0) return _long(p, w, b - 0xb7);
            return (p, 0, false);
        }
    }

    /// An integer of at most `width` bytes (at most 32), without leading zeros; `next` is the position behind it.
    function integer(uint256 p, uint256 width) internal pure returns (uint256 v, uint256 next, bool ok) {
        // No overflow or underflow: every branch subtracts only what its condition allows.
        unchecked {
            uint256 b = load(p) >> 248;
            if (b < 0x80) return (b, p + 1, b != 0); // zero is the empty string
            if (b == 0x80) return (0, p + 1, true);
            uint256 n = b - 0x80;
            if (n > width) return (0, p, false);
            v = load(p + 1) >> (256 - 8 * n);
            return (v, p + 1 + n, n == 1 ? v >= 0x80 : v >> (8 * n - 8) != 0);
        }
    }

    /// A length of `ll` bytes behind the header byte: at least 56, no leading zero.
    function _long(uint256 p, uint256 w, uint256 ll) private pure returns (uint256 start, uint256 size, bool ok) {
        // ll is 1 to 8; only 1 to 3 are used.
        unchecked {
            if (ll > 3) return (p, 0, false);
            size = (w << 8) >> (256 - 8 * ll);
            return (p + 1 + ll, size, size >= 56 && size >> (8 * ll - 8) != 0);
        }
    }
}
