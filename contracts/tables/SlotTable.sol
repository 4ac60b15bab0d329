// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus} from "../lib/Bus.sol";
import {load} from "../lib/Rlp.sol";
import {Layout} from "../generated/Layout.sol";
import {TrieKey} from "./TrieKey.sol";

/// The listed slots of one account (FORMATS.md, "Tables" and "L1's tuples" 4 and 5): of each the initial and the final state
/// cell, and the tuples of the account's storage trie. Their address is the account's under which they stand.
library SlotTable {
    /// Bytes of a slot: key 32, values 2 x 32, hints 2 x 1.
    uint256 internal constant SLOT = 98;

    /// Keys do not ascend strictly: a cell with two initial tuples would have two histories.
    error NotSorted();
    /// An account that is absent has no storage: its slots are 0.
    error SlotOfAbsentAccount();

    // Offsets in a slot.
    uint256 internal constant PRE = 32;
    uint256 internal constant POST = 64;
    uint256 private constant HINTS = 96;

    /// Sends all tuples of the slots [o, end) of the i-th account; `had` and `has` say whether it is present before and after.
    function send(uint256 c, uint256 o, uint256 end, uint256 addr, uint256 i, bool had, bool has, bool root)
        internal
        pure
    {
        uint256 last;
        // No overflow: offsets into calldata.
        unchecked {
            for (uint256 p = o; p < end; p += SLOT) {
                uint256 key = load(p);
                if (p != o && key <= last) revert NotSorted();
                last = key;
                uint256 pre = load(p + PRE);
                uint256 post = load(p + POST);
                if ((!had && pre != 0) || (!has && post != 0)) revert SlotOfAbsentAccount();
                _cells(c, addr, key, pre, post);
                uint256 hints = load(p + HINTS) >> 240;
                assembly ("memory-safe") {
                    mstore(0, key)
                    key := keccak256(0, 0x20)
                }
                if (root && pre != post) _update(c, i, key, pre, post, hints);
                else _lookUp(c, i, key, pre, hints, had);
            }
        }
    }

    /// The slot's initial state cell, and its final one.
    function _cells(uint256 c, uint256 addr, uint256 key, uint256 pre, uint256 post) private pure {
        (uint256 hi, uint256 lo) = (pre >> 128, uint128(pre));
        Bus.send(c, 1, Layout.SLOT(c, 0, hi, lo, addr, key >> 128, uint128(key), hi, lo, 0, 0));
        Bus.take(c, Layout.SLOTEND(c, post >> 128, uint128(post), addr, key >> 128, uint128(key)));
    }

    /// A slot that the batch changes, in mode root: the old leaf goes, the new one comes; a slot of 0 has none.
    function _update(uint256 c, uint256 i, uint256 key, uint256 pre, uint256 post, uint256 hints) private pure {
        if (pre != 0) {
            (uint256 head, uint256 q, uint256 d, uint256 tail) = TrieKey.splitValue(key, hints >> 8);
            Bus.take(c, Layout.KV(c, head, i, q, d, tail, pre >> 128, uint128(pre)));
        } else if (hints >> 8 != TrieKey.NONE) {
            revert TrieKey.BadHint();
        }
        if (post != 0) {
            (uint256 head, uint256 q, uint256 d, uint256 tail) = TrieKey.splitValue(key, uint8(hints));
            Bus.send(c, 1, Layout.KV(c, head, i, q, d, tail, post >> 128, uint128(post)));
        } else if (uint8(hints) != TrieKey.NONE) {
            revert TrieKey.BadHint();
        }
    }

    /// A slot of which only the value before is looked up; in an account that was absent there is nothing to look up.
    function _lookUp(uint256 c, uint256 i, uint256 key, uint256 pre, uint256 hints, bool had) private pure {
        if (uint8(hints) != TrieKey.NONE) revert TrieKey.BadHint();
        uint256 hint = hints >> 8;
        if (!had) {
            if (hint != TrieKey.NONE) revert TrieKey.BadHint();
            return;
        }
        (uint256 head, uint256 q, uint256 d, uint256 tail) = TrieKey.split(key, hint);
        if (pre != 0) {
            if (hint >> 6 != TrieKey.VALUE) revert TrieKey.BadHint();
            Bus.take(c, Layout.RKV(c, head, i, q, d, tail, pre >> 128, uint128(pre)));
        } else if (hint >> 6 == TrieKey.VOID) {
            Bus.take(c, Layout.AT(c, 0, i, q, d));
        } else if (hint >> 6 == TrieKey.NOKEY) {
            Bus.take(c, Layout.NOKEY(c, head, i, q, d, tail));
        } else {
            revert TrieKey.BadHint();
        }
    }
}
