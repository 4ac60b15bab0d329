// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// Keys of the state's tries and the hints that say where their leaves stand (FORMATS.md, "Tables" and "L1's tuples" 5).
library TrieKey {
    /// A hint is none of those that the values call for.
    error BadHint();

    // Hints: kind * 64 + depth.
    uint256 internal constant VALUE = 0;
    uint256 internal constant VOID = 1;
    uint256 internal constant NOKEY = 2;
    uint256 internal constant NONE = 0xff;
    uint256 private constant MAX_DEPTH = 62;

    /// A key of 64 nibbles, split at the hint's depth d: q = 1 and the first d nibbles, head = 1 and the nibbles d to 61, tail =
    /// the last two.
    function split(uint256 key, uint256 hint)
        internal
        pure
        returns (uint256 head, uint256 q, uint256 d, uint256 tail)
    {
        d = hint & 63;
        if (d > MAX_DEPTH) revert BadHint();
        // No overflow: all shifts are between 8 and 256, where 256 yields 0, and q and head are below 2^249.
        unchecked {
            uint256 one = 1 << (4 * (MAX_DEPTH - d));
            q = (1 << (4 * d)) | (key >> (256 - 4 * d));
            head = one | ((key >> 8) & (one - 1));
            tail = uint8(key);
        }
    }

    /// The same for a leaf that stands where the hint says: its kind must be value.
    function splitValue(uint256 key, uint256 hint)
        internal
        pure
        returns (uint256 head, uint256 q, uint256 d, uint256 tail)
    {
        if (hint >> 6 != VALUE) revert BadHint();
        return split(key, hint);
    }
}
