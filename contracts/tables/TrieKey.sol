// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus} from "../lib/Bus.sol";
import {AT_d, AT_q, AT_trie, KV_tail, TAG_AT, TAG_NOKEY} from "../generated/Layout.sol";

/// Keys of the state's tries and the hints that say where their leaves stand (FORMATS.md, "Parts" and "L1's tuples" 5).
///
/// A key of 64 nibbles is split at the hint's depth d: q = 1 and the first d nibbles, head = 1 and the nibbles d to 61, tail = the
/// last two. In all tuples of the tries (AT, KV, RKV, NOKEY, ID) these fields have the same powers of beta.
library TrieKey {
    /// A hint is none of those that the values call for.
    error BadHint();

    // Hints: kind * 64 + depth.
    uint256 private constant VALUE = 0;
    uint256 private constant VOID = 1;
    uint256 private constant NOKEY = 2;
    uint256 internal constant NONE = 0xff;
    uint256 private constant MAX_DEPTH = 62;

    /// What head, trie, q, d and tail of a leaf add to a fingerprint; the hint must be of kind value. Below r.
    function leaf(uint256 trie, uint256 key, uint256 hint) internal pure returns (uint256) {
        if (hint >> 6 != VALUE) revert BadHint();
        return _place(trie, key, hint & 63);
    }

    /// The fingerprint of what stands on the way of an absent key: nothing, or another leaf.
    function absence(uint256 trie, uint256 key, uint256 hint) internal pure returns (uint256) {
        // No overflow: sums of five parts.
        unchecked {
            if (hint >> 6 == VOID) return Bus.tag(TAG_AT) + _position(trie, key, hint & 63);
            if (hint >> 6 != NOKEY) revert BadHint();
            return Bus.tag(TAG_NOKEY) + _place(trie, key, hint & 63);
        }
    }

    function mustBeNone(uint256 hint) internal pure {
        if (hint != NONE) revert BadHint();
    }

    /// head, trie, q, d, tail.
    function _place(uint256 trie, uint256 key, uint256 d) private pure returns (uint256) {
        // No overflow: shifts of at most 248, head below 2^249.
        unchecked {
            uint256 q = _position(trie, key, d);
            uint256 one = 1 << (4 * (MAX_DEPTH - d));
            return Bus.fold(q, (one | ((key >> 8) & (one - 1))) + Bus.part(KV_tail, uint8(key)));
        }
    }

    /// trie, q, d; below 3r.
    function _position(uint256 trie, uint256 key, uint256 d) private pure returns (uint256) {
        if (d > MAX_DEPTH) revert BadHint();
        // No overflow: shifts of at most 256, which yields 0, and q below 2^249.
        unchecked {
            uint256 q = (1 << (4 * d)) | (key >> (256 - 4 * d));
            return Bus.part(AT_trie, trie) + Bus.part(AT_q, q) + Bus.part(AT_d, d);
        }
    }
}
