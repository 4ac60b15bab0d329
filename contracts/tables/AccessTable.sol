// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus, R} from "../lib/Bus.sol";
import {load} from "../lib/Rlp.sol";
import {
    ACCT_addr,
    ACCT_balHi,
    ACCT_codeHi,
    ACCT_nonce,
    AKV_balHi,
    AKV_codeHi,
    AKV_i,
    Layout,
    TAG_ACCT,
    TAG_ACCTEND,
    TAG_AKV,
    TAG_ID,
    TAG_RAKV
} from "../generated/Layout.sol";
import {Session} from "../lib/Types.sol";
import {BlockTable} from "./BlockTable.sol";
import {DiffItem} from "./DiffItem.sol";
import {OpenAccount} from "./OpenAccount.sol";
import {SlotTable} from "./SlotTable.sol";
import {TrieKey} from "./TrieKey.sol";

/// The access list: every account and slot a batch touches, before and after (FORMATS.md, "Parts" and "L1's tuples" 4 and 5).
/// It is the only seam between execution and trie: of each account L1 makes the initial and final state cell, the trie's tuples
/// with the key's hash computed here, and its part of the diff; its slots stand behind it.
///
/// Addresses ascend strictly over the whole list, as a cell with two initial tuples would have two histories.
library AccessTable {
    /// Bytes of an account: address 20, hints 2 x 1, nonces 2 x 8, balances 2 x 32, code hashes 2 x 32, number of slots 2, of which the
    /// highest bit says that further slots stand in the next entry (`OpenAccount`).
    uint256 internal constant ACCOUNT = 168;

    bytes32 private constant EMPTY_CODE = keccak256("");
    // Offsets in an account; of two fields the second is the value after.
    uint256 private constant NONCE = 22;
    uint256 private constant NONCE2 = 30;
    uint256 private constant BALANCE = 38;
    uint256 private constant BALANCE2 = 70;
    uint256 private constant CODE = 102;
    uint256 private constant CODE2 = 134;
    uint256 private constant SLOTS = 166;
    /// Bit of the number of slots: further ones stand in the next entry.
    uint256 private constant MORE = 2 ** 15;

    /// Sends all tuples of the accounts in [o, end) of calldata; in mode diff also rolls them into the session's h(diff).
    function send(Session memory s, uint256 o, uint256 end) internal pure {
        OpenAccount.State memory a;
        a.start = DiffItem.open();
        (uint256 i, uint256 last, bytes32 diff, bool open, bool root) = (s.next, s.last, s.diff, s.open, s.root);
        // No overflow: offsets into calldata, an address + 1 is below 2^161, fewer than 2^64 accounts.
        unchecked {
            while (o < end) {
                uint256 p = o + ACCOUNT; // its slots
                if (p > end) revert BlockTable.BadTables();
                if (open) p = OpenAccount.resume(a, last, o, end);
                uint256 behind = load(o + SLOTS) >> 240;
                bool more = behind >= MORE;
                behind = p + SlotTable.SLOT * (behind & ~MORE);
                if (behind > end || (more && behind == p)) revert BlockTable.BadTables();
                uint256 addr = load(o) >> 96;
                bool fields;
                if (!open) {
                    if (addr < last) revert SlotTable.NotSorted();
                    fields = (load(o + NONCE) ^ load(o + NONCE2)) >> 192 != 0
                        || load(o + BALANCE) != load(o + BALANCE2) || load(o + CODE) != load(o + CODE2);
                    _cells(o, addr);
                    if (root && fields) _update(o, i, _key(addr));
                    else _lookUp(o, i, _key(addr), root && behind != p);
                    if (more) (a.fields, a.left, a.end) = (fields, DiffItem.MAX_SLOTS, a.start);
                }
                if (behind != p) SlotTable.send(p, behind, addr, i, _had(o), _has(o), root, open, a.key);
                if (!root) diff = _diff(diff, a, o, p, behind, fields, open, more);
                open = more;
                if (more) {
                    a.key = load(behind - SlotTable.SLOT);
                    last = OpenAccount.hash(o, a);
                } else {
                    last = addr + 1;
                    ++i;
                }
                o = behind;
            }
            (s.next, s.last, s.diff, s.open) = (uint64(i), last, diff, open);
        }
    }

    /// The trie's root: uses of it as a look-up, and in mode root the update from `preRoot` to `postRoot`, both below r.
    function sendRoots(uint256 uses, uint256 preRoot, uint256 postRoot, bool root) internal pure {
        if (uses != 0) Bus.send(uses, Layout.AT(preRoot, 0, 1, 0));
        if (root) {
            Bus.send(preRoot, Layout.REF(preRoot, 0, 1, 0));
            Bus.send(_negative(postRoot), Layout.REF(postRoot, 0, 1, 0));
        }
    }

    /// The account's initial state cell, and its final one.
    function _cells(uint256 o, uint256 addr) private pure {
        // No overflow here and below: constant offsets into calldata, sums of five parts at most, a nonce below 2^64.
        unchecked {
            addr = Bus.part(ACCT_addr, addr);
            uint256 start = Bus.fold(
                Bus.tag(TAG_ACCT) + addr + Bus.part(ACCT_nonce, load(o + NONCE) >> 192),
                Bus.word(ACCT_balHi, load(o + BALANCE)) + Bus.word(ACCT_codeHi, load(o + CODE))
            );
            uint256 end = Bus.fold(
                Bus.tag(TAG_ACCTEND) + addr + (load(o + NONCE2) >> 192),
                Bus.word(ACCT_balHi, load(o + BALANCE2)) + Bus.word(ACCT_codeHi, load(o + CODE2))
            );
            Bus.exchange(start, end);
        }
    }

    /// An account that the batch changes, in mode root: the old leaf goes, the new one comes.
    function _update(uint256 o, uint256 i, uint256 key) private pure {
        unchecked {
            (bool had, bool has) = (_had(o), _has(o));
            (uint256 preHint, uint256 postHint) = _hints(o);
            uint256 shared = Bus.tag(TAG_AKV) + Bus.part(AKV_i, i);
            if (!had) {
                TrieKey.mustBeNone(preHint);
                if (has) Bus.send(1, _leaf(shared, o + NONCE2, o + BALANCE2, o + CODE2));
            } else if (!has) {
                Bus.take(_leaf(shared, o + NONCE, o + BALANCE, o + CODE));
            } else {
                uint256 old = _leaf(shared, o + NONCE, o + BALANCE, o + CODE);
                Bus.exchange(_leaf(shared, o + NONCE2, o + BALANCE2, o + CODE2), old);
            }
            if (had) _ids(i, key, preHint, has, postHint);
            else if (has) _ids(i, key, postHint, false, TrieKey.NONE);
            else TrieKey.mustBeNone(postHint);
        }
    }

    /// An account of which only the value before is looked up: everything in mode diff, unchanged ones in mode root. Its leaf may
    /// still `move`, as its storage root stands in it: then it may have a place afterwards too.
    function _lookUp(uint256 o, uint256 i, uint256 key, bool move) private pure {
        unchecked {
            (uint256 preHint, uint256 postHint) = _hints(o);
            if (_had(o)) {
                uint256 shared = Bus.tag(TAG_RAKV) + Bus.part(AKV_i, i);
                Bus.take(_leaf(shared, o + NONCE, o + BALANCE, o + CODE));
                _ids(i, key, preHint, move && postHint != TrieKey.NONE, postHint);
            } else {
                TrieKey.mustBeNone(postHint);
                Bus.take(TrieKey.absence(0, key, preHint));
            }
        }
    }

    function _hints(uint256 o) private pure returns (uint256 preHint, uint256 postHint) {
        uint256 w = load(o);
        return (uint8(w >> 88), uint8(w >> 80));
    }

    /// The fingerprint of an account's leaf, AKV or RAKV, whose tag and number are in `shared` (below 3r).
    function _leaf(uint256 shared, uint256 nonce, uint256 balance, uint256 code)
        private
        pure
        returns (uint256)
    {
        unchecked {
            shared = shared + (load(nonce) >> 192);
            return Bus.fold(shared, Bus.word(AKV_balHi, load(balance)) + Bus.word(AKV_codeHi, load(code)));
        }
    }

    /// Sends the ID of the leaf at `hint`, and when `again` the one at `postHint`, which else must be none.
    function _ids(uint256 i, uint256 key, uint256 hint, bool again, uint256 postHint) private pure {
        unchecked {
            uint256 id = Bus.tag(TAG_ID) + TrieKey.leaf(i, key, hint);
            if (!again) {
                TrieKey.mustBeNone(postHint);
                Bus.send(1, id);
            } else if (postHint == hint) {
                Bus.send(2, id);
            } else {
                Bus.send(1, id);
                Bus.send(1, Bus.tag(TAG_ID) + TrieKey.leaf(i, key, postHint));
            }
        }
    }

    /// Whether the account is present before. EIP-161: with nonce 0, balance 0 and no code it is absent.
    function _had(uint256 o) private pure returns (bool) {
        unchecked {
            return load(o + NONCE) >> 192 != 0 || load(o + BALANCE) != 0 || load(o + CODE) != uint256(EMPTY_CODE);
        }
    }

    /// Whether it is present afterwards.
    function _has(uint256 o) private pure returns (bool) {
        unchecked {
            return load(o + NONCE2) >> 192 != 0 || load(o + BALANCE2) != 0 || load(o + CODE2) != uint256(EMPTY_CODE);
        }
    }

    /// An account's key in the trie.
    function _key(uint256 addr) private pure returns (uint256 key) {
        assembly ("memory-safe") {
            mstore(0, shl(96, addr)) // 20 bytes, left-aligned
            key := keccak256(0, 20)
        }
    }

    /// -x mod r for x < r, as a weight.
    function _negative(uint256 x) private pure returns (uint256) {
        return x == 0 ? 0 : R - x;
    }

    /// Rolls the account at o with its slots in [p, end) into h(diff): one item, more when many slots change, none when nothing
    /// does. An item that is `open` in `a` goes on here, and stays open when there are `more` slots.
    function _diff(
        bytes32 diff,
        OpenAccount.State memory a,
        uint256 o,
        uint256 p,
        uint256 end,
        bool fields,
        bool open,
        bool more
    ) private pure returns (bytes32) {
        uint256 start = DiffItem.open();
        uint256 q = start;
        uint256 left = DiffItem.MAX_SLOTS;
        if (open) (fields, left, q) = (a.fields, a.left, a.end);
        // No overflow: offsets, and `left` is counted down from 64 to 0 at most.
        unchecked {
            for (; p < end; p += SlotTable.SLOT) {
                uint256 value = load(p + SlotTable.POST);
                if (value == load(p + SlotTable.PRE)) continue;
                if (left == 0) {
                    diff = DiffItem.close(diff, start, q, _head(q, o, fields));
                    (fields, q, left) = (false, start, DiffItem.MAX_SLOTS);
                }
                q = DiffItem.slot(q, load(p), value);
                --left;
            }
        }
        if (more) {
            (a.fields, a.left, a.end) = (fields, left, q);
            return diff;
        }
        if (!fields && q == start) return diff;
        return DiffItem.close(diff, start, q, _head(q, o, fields));
    }

    /// Writes the account's address and its changed `fields` at memory position q; returns the position behind them.
    function _head(uint256 q, uint256 o, bool fields) private pure returns (uint256) {
        assembly ("memory-safe") {
            mstore(q, shl(88, or(shl(160, 0x94), shr(96, calldataload(o))))) // 0x94 and the address
            q := add(q, 21)
        }
        if (!fields) return DiffItem.unchanged(DiffItem.unchanged(DiffItem.unchanged(q)));
        unchecked {
            uint256 value = load(o + NONCE2) >> 192;
            q = value == load(o + NONCE) >> 192 ? DiffItem.unchanged(q) : DiffItem.integer(q, value);
            value = load(o + BALANCE2);
            q = value == load(o + BALANCE) ? DiffItem.unchanged(q) : DiffItem.integer(q, value);
            value = load(o + CODE2);
            if (value == load(o + CODE)) return DiffItem.unchanged(q);
            assembly ("memory-safe") {
                mstore8(q, 0xa0)
                mstore(add(q, 1), value)
                q := add(q, 33)
            }
            return q;
        }
    }
}
