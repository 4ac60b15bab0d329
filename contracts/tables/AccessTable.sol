// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus} from "../lib/Bus.sol";
import {load} from "../lib/Rlp.sol";
import {Layout} from "../generated/Layout.sol";
import {BlockTable} from "./BlockTable.sol";
import {DiffItem} from "./DiffItem.sol";
import {SlotTable} from "./SlotTable.sol";
import {TrieKey} from "./TrieKey.sol";

/// The access list: every account and slot a batch touches, before and after (FORMATS.md, "Tables" and "L1's tuples" 4 and 5).
/// It is the only seam between execution and trie: of each account L1 makes the initial and final state cell, the trie's tuples
/// with the key's hash computed here, and its part of the diff; its slots stand behind it.
///
/// Addresses ascend strictly over the whole list, as a cell with two initial tuples would have two histories.
library AccessTable {
    /// Bytes of an account: address 20, hints 2 x 1, nonces 2 x 8, balances 2 x 32, code hashes 2 x 32, number of slots 2.
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

    /// Sends all tuples of the accounts in [o, end) of calldata; in mode diff (`root` false) also returns h(diff).
    function send(uint256 c, uint256 o, uint256 end, bool root) internal pure returns (bytes32 diff) {
        uint256 next; // lowest address still allowed
        // No overflow: i and o stay within calldata, an address + 1 is below 2^161.
        unchecked {
            for (uint256 i = 1; o < end; ++i) {
                uint256 behind = o + ACCOUNT; // the account, and its slots
                if (behind > end) revert BlockTable.BadTables();
                behind += SlotTable.SLOT * (load(o + SLOTS) >> 240);
                if (behind > end) revert BlockTable.BadTables();
                uint256 addr = load(o) >> 96;
                if (addr < next) revert SlotTable.NotSorted();
                next = addr + 1;
                bool fields = (load(o + NONCE) ^ load(o + NONCE2)) >> 192 != 0
                    || load(o + BALANCE) != load(o + BALANCE2) || load(o + CODE) != load(o + CODE2);
                bool had = _present(o + NONCE, o + BALANCE, o + CODE);
                bool has = _present(o + NONCE2, o + BALANCE2, o + CODE2);
                _cells(c, o, addr);
                if (root && fields) _update(c, o, i, _key(addr), had, has);
                else _lookUp(c, o, i, _key(addr), had, root && behind != o + ACCOUNT);
                if (behind != o + ACCOUNT) SlotTable.send(c, o + ACCOUNT, behind, addr, i, had, has, root);
                if (!root) diff = _diff(diff, o, behind, fields);
                o = behind;
            }
        }
    }

    /// The trie's root: uses of it as a look-up, and in mode root the update from `preRoot` to `postRoot`, both below r.
    function sendRoots(uint256 c, uint256 uses, uint256 preRoot, uint256 postRoot, bool root) internal pure {
        if (uses != 0) Bus.send(c, uses, Layout.AT(c, preRoot, 0, 1, 0));
        if (root) {
            Bus.send(c, preRoot, Layout.REF(c, preRoot, 0, 1, 0));
            Bus.send(c, _negative(postRoot), Layout.REF(c, postRoot, 0, 1, 0));
        }
    }

    /// The account's initial state cell, and its final one.
    function _cells(uint256 c, uint256 o, uint256 addr) private pure {
        // No overflow here and below: constant offsets into calldata.
        unchecked {
            uint256 balance = load(o + BALANCE);
            uint256 code = load(o + CODE);
            uint256 nonce = load(o + NONCE) >> 192;
            uint256 f = Layout.ACCT(
                c, 0, addr, nonce, balance >> 128, uint128(balance), code >> 128, uint128(code), 0, 0, 0, 0
            );
            Bus.send(c, 1, f);
            balance = load(o + BALANCE2);
            code = load(o + CODE2);
            nonce = load(o + NONCE2) >> 192;
            f = Layout.ACCTEND(c, nonce, addr, balance >> 128, uint128(balance), code >> 128, uint128(code));
            Bus.take(c, f);
        }
    }

    /// An account that the batch changes, in mode root: the old leaf goes, the new one comes.
    function _update(uint256 c, uint256 o, uint256 i, uint256 key, bool had, bool has) private pure {
        unchecked {
            uint256 hint = uint8(load(o) >> 88);
            if (had) {
                uint256 balance = load(o + BALANCE);
                uint256 code = load(o + CODE);
                uint256 nonce = load(o + NONCE) >> 192;
                uint256 f = Layout.AKV(c, nonce, i, balance >> 128, uint128(balance), code >> 128, uint128(code));
                Bus.take(c, f);
                _id(c, key, i, hint);
            } else if (hint != TrieKey.NONE) {
                revert TrieKey.BadHint();
            }
            hint = uint8(load(o) >> 80);
            if (has) {
                uint256 balance = load(o + BALANCE2);
                uint256 code = load(o + CODE2);
                uint256 nonce = load(o + NONCE2) >> 192;
                uint256 f = Layout.AKV(c, nonce, i, balance >> 128, uint128(balance), code >> 128, uint128(code));
                Bus.send(c, 1, f);
                _id(c, key, i, hint);
            } else if (hint != TrieKey.NONE) {
                revert TrieKey.BadHint();
            }
        }
    }

    /// An account of which only the value before is looked up: everything in mode diff, unchanged ones in mode root. Its leaf may
    /// still `move`, as its storage root stands in it: then it has a place afterwards too.
    function _lookUp(uint256 c, uint256 o, uint256 i, uint256 key, bool had, bool move) private pure {
        unchecked {
            uint256 hint = uint8(load(o) >> 88);
            uint256 postHint = uint8(load(o) >> 80);
            if (had) {
                uint256 balance = load(o + BALANCE);
                uint256 code = load(o + CODE);
                uint256 nonce = load(o + NONCE) >> 192;
                uint256 f = Layout.RAKV(c, nonce, i, balance >> 128, uint128(balance), code >> 128, uint128(code));
                Bus.take(c, f);
                _id(c, key, i, hint);
                if (postHint == TrieKey.NONE) return;
                if (!move) revert TrieKey.BadHint();
                _id(c, key, i, postHint);
                return;
            }
            if (postHint != TrieKey.NONE) revert TrieKey.BadHint();
            (uint256 head, uint256 q, uint256 d, uint256 tail) = TrieKey.split(key, hint);
            if (hint >> 6 == TrieKey.VOID) Bus.take(c, Layout.AT(c, 0, 0, q, d));
            else if (hint >> 6 == TrieKey.NOKEY) Bus.take(c, Layout.NOKEY(c, head, 0, q, d, tail));
            else revert TrieKey.BadHint();
        }
    }

    /// EIP-161: an account with nonce 0, balance 0 and no code is absent.
    function _present(uint256 nonce, uint256 balance, uint256 code) private pure returns (bool) {
        return load(nonce) >> 192 != 0 || load(balance) != 0 || load(code) != uint256(EMPTY_CODE);
    }

    /// An account's key in the trie.
    function _key(uint256 addr) private pure returns (uint256 key) {
        assembly ("memory-safe") {
            mstore(0, shl(96, addr)) // 20 bytes, left-aligned
            key := keccak256(0, 20)
        }
    }

    /// Sends the ID of a leaf that stands where the hint, of kind value, says.
    function _id(uint256 c, uint256 key, uint256 i, uint256 hint) private pure {
        (uint256 head, uint256 q, uint256 d, uint256 tail) = TrieKey.splitValue(key, hint);
        Bus.send(c, 1, Layout.ID(c, head, i, q, d, tail));
    }

    /// -x mod r for x < r, as a weight.
    function _negative(uint256 x) private pure returns (uint256) {
        return x == 0 ? 0 : Layout.R - x;
    }

    /// Rolls the account at o, its slots up to `end`, into h(diff): one item, more when many slots change, none when nothing does.
    function _diff(bytes32 diff, uint256 o, uint256 end, bool fields) private pure returns (bytes32) {
        uint256 start = DiffItem.open();
        uint256 q = start;
        uint256 left = DiffItem.MAX_SLOTS;
        // No overflow: offsets, and `left` is counted down from 64 to 0 at most.
        unchecked {
            for (uint256 p = o + ACCOUNT; p < end; p += SlotTable.SLOT) {
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
