// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus} from "../lib/Bus.sol";
import {load} from "../lib/Rlp.sol";
import {
    KV_hi,
    SLOT_addr,
    SLOT_curHi,
    SLOT_keyHi,
    SLOT_origHi,
    TAG_KV,
    TAG_RKV,
    TAG_SLOT,
    TAG_SLOTEND
} from "../generated/Layout.sol";
import {TrieKey} from "./TrieKey.sol";

/// The listed slots of one account (FORMATS.md, "Parts" and "L1's tuples" 4 and 5): of each the initial and the final state
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
    /// `further`: they come behind the key `last` of an earlier entry.
    function send(
        uint256 o,
        uint256 end,
        uint256 addr,
        uint256 i,
        bool had,
        bool has,
        bool root,
        bool further,
        uint256 last
    ) internal pure {
        addr = Bus.part(SLOT_addr, addr);
        // No overflow: offsets into calldata.
        unchecked {
            for (uint256 p = o; p < end; p += SLOT) {
                uint256 key = load(p);
                if (key <= last && (further || p != o)) revert NotSorted();
                last = key;
                uint256 pre = load(p + PRE);
                uint256 post = load(p + POST);
                if ((!had && pre != 0) || (!has && post != 0)) revert SlotOfAbsentAccount();
                _cells(addr, key, pre, post);
                uint256 hints = load(p + HINTS) >> 240;
                assembly ("memory-safe") {
                    mstore(0, key)
                    key := keccak256(0, 0x20)
                }
                if (root && pre != post) _update(i, key, pre, post, hints);
                else _lookUp(i, key, pre, hints, had);
            }
        }
    }

    /// The slot's initial state cell, and its final one; `addr` is what the address adds to their fingerprints.
    function _cells(uint256 addr, uint256 key, uint256 pre, uint256 post) private pure {
        // No overflow: sums of five parts at most.
        unchecked {
            uint256 shared = addr + Bus.word(SLOT_keyHi, key);
            uint256 start = Bus.fold(Bus.tag(TAG_SLOT) + shared, Bus.word(SLOT_curHi, pre));
            start += Bus.word(SLOT_origHi, pre);
            Bus.exchange(start, Bus.fold(Bus.tag(TAG_SLOTEND) + shared, Bus.word(SLOT_curHi, post)));
        }
    }

    /// A slot that the batch changes, in mode root: the old leaf goes, the new one comes; a slot of 0 has none.
    function _update(uint256 i, uint256 key, uint256 pre, uint256 post, uint256 hints) private pure {
        (uint256 preHint, uint256 postHint) = (hints >> 8, uint8(hints));
        // No overflow: sums of five parts.
        unchecked {
            if (pre == 0) {
                TrieKey.mustBeNone(preHint);
                Bus.send(1, Bus.tag(TAG_KV) + TrieKey.leaf(i, key, postHint) + Bus.word(KV_hi, post));
                return;
            }
            uint256 place = Bus.tag(TAG_KV) + TrieKey.leaf(i, key, preHint);
            uint256 old = place + Bus.word(KV_hi, pre);
            if (post == 0) {
                TrieKey.mustBeNone(postHint);
                Bus.take(old);
                return;
            }
            if (postHint != preHint) place = Bus.tag(TAG_KV) + TrieKey.leaf(i, key, postHint);
            Bus.exchange(place + Bus.word(KV_hi, post), old);
        }
    }

    /// A slot of which only the value before is looked up; in an account that was absent there is nothing to look up.
    function _lookUp(uint256 i, uint256 key, uint256 pre, uint256 hints, bool had) private pure {
        TrieKey.mustBeNone(uint8(hints));
        uint256 hint = hints >> 8;
        if (!had) {
            TrieKey.mustBeNone(hint);
        } else if (pre == 0) {
            Bus.take(TrieKey.absence(i, key, hint));
        } else {
            // No overflow: a sum of five parts.
            unchecked {
                Bus.take(Bus.tag(TAG_RKV) + TrieKey.leaf(i, key, hint) + Bus.word(KV_hi, pre));
            }
        }
    }
}
