// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus} from "../lib/Bus.sol";
import {Formats} from "../lib/Formats.sol";
import {load} from "../lib/Rlp.sol";
import {Layout} from "../generated/Layout.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// The access list: every account a batch touches, before and after (FORMATS.md, "Tables" and "L1's tuples" 4 and 5). It is the
/// only seam between execution and trie: of each account L1 makes the initial and final state cell, the trie's tuples with the
/// key's hash computed here, and its part of the diff.
///
/// Addresses ascend strictly over the whole list, as a cell with two initial tuples would have two histories.
library AccessTable {
    /// Bytes of an account: address 20, hints 2 x 1, nonces 2 x 8, balances 2 x 32, code hashes 2 x 32, slots 2.
    uint256 internal constant ACCOUNT = 168;

    /// Addresses do not ascend strictly.
    error NotSorted();
    /// An account lists slots, which this version does not cover.
    error SlotsNotCovered();
    /// A hint is none of those that the account's values call for.
    error BadHint();

    bytes32 private constant EMPTY_CODE = keccak256("");
    // Offsets in an account; of two fields the second is the value after.
    uint256 private constant NONCE = 22;
    uint256 private constant NONCE2 = 30;
    uint256 private constant BALANCE = 38;
    uint256 private constant BALANCE2 = 70;
    uint256 private constant CODE = 102;
    uint256 private constant CODE2 = 134;
    uint256 private constant SLOTS = 166;
    // Hints.
    uint256 private constant VALUE = 0;
    uint256 private constant VOID = 1;
    uint256 private constant NOKEY = 2;
    uint256 private constant NONE = 0xff;
    uint256 private constant MAX_DEPTH = 62;

    /// Sends all tuples of the accounts at calldata offset `o`; in mode diff (`root` false) also returns h(diff).
    function send(uint256 c, uint256 o, uint256 count, bool root) internal pure returns (bytes32 diff) {
        uint256 next; // lowest address still allowed
        // No overflow: i and o stay within calldata, an address + 1 is below 2^161.
        unchecked {
            for (uint256 i = 1; i <= count; ++i) {
                uint256 addr = load(o) >> 96;
                if (load(o + SLOTS) >> 240 != 0) revert SlotsNotCovered();
                if (addr < next) revert NotSorted();
                next = addr + 1;
                _cells(c, o, addr);
                bool changed = (load(o + NONCE) ^ load(o + NONCE2)) >> 192 != 0 || load(o + BALANCE) != load(o + BALANCE2)
                    || load(o + CODE) != load(o + CODE2);
                if (root && changed) {
                    _update(c, o, i, _key(addr));
                } else {
                    _lookUp(c, o, i, _key(addr));
                    if (changed) diff = Formats.rollItem(diff, _diffItem(o, addr));
                }
                o += ACCOUNT;
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
    function _update(uint256 c, uint256 o, uint256 i, uint256 key) private pure {
        unchecked {
            uint256 balance = load(o + BALANCE);
            uint256 code = load(o + CODE);
            uint256 nonce = load(o + NONCE) >> 192;
            uint256 hint = uint8(load(o) >> 88);
            if (_present(nonce, balance, code)) {
                uint256 f = Layout.AKV(c, nonce, i, balance >> 128, uint128(balance), code >> 128, uint128(code));
                Bus.take(c, f);
                Bus.send(c, 1, _id(c, key, i, hint));
            } else if (hint != NONE) {
                revert BadHint();
            }
            balance = load(o + BALANCE2);
            code = load(o + CODE2);
            nonce = load(o + NONCE2) >> 192;
            hint = uint8(load(o) >> 80);
            if (_present(nonce, balance, code)) {
                uint256 f = Layout.AKV(c, nonce, i, balance >> 128, uint128(balance), code >> 128, uint128(code));
                Bus.send(c, 1, f);
                Bus.send(c, 1, _id(c, key, i, hint));
            } else if (hint != NONE) {
                revert BadHint();
            }
        }
    }

    /// An account of which only the value before is looked up: everything in mode diff, unchanged ones in mode root.
    function _lookUp(uint256 c, uint256 o, uint256 i, uint256 key) private pure {
        unchecked {
            if (uint8(load(o) >> 80) != NONE) revert BadHint();
            uint256 balance = load(o + BALANCE);
            uint256 code = load(o + CODE);
            uint256 nonce = load(o + NONCE) >> 192;
            uint256 hint = uint8(load(o) >> 88);
            if (_present(nonce, balance, code)) {
                uint256 f = Layout.RAKV(c, nonce, i, balance >> 128, uint128(balance), code >> 128, uint128(code));
                Bus.take(c, f);
                Bus.send(c, 1, _id(c, key, i, hint));
                return;
            }
            (uint256 head, uint256 q, uint256 d, uint256 tail) = _split(key, hint);
            if (hint >> 6 == VOID) Bus.take(c, Layout.AT(c, 0, 0, q, d));
            else if (hint >> 6 == NOKEY) Bus.take(c, Layout.NOKEY(c, head, 0, q, d, tail));
            else revert BadHint();
        }
    }

    /// EIP-161: an account with nonce 0, balance 0 and no code is absent.
    function _present(uint256 nonce, uint256 balance, uint256 code) private pure returns (bool) {
        return (nonce | balance) != 0 || code != uint256(EMPTY_CODE);
    }

    /// An account's key in the trie.
    function _key(uint256 addr) private pure returns (uint256 key) {
        assembly ("memory-safe") {
            mstore(0, shl(96, addr)) // 20 bytes, left-aligned
            key := keccak256(0, 20)
        }
    }

    /// ID of a leaf that stands where the hint, of kind value, says.
    function _id(uint256 c, uint256 key, uint256 i, uint256 hint) private pure returns (uint256) {
        if (hint >> 6 != VALUE) revert BadHint();
        (uint256 head, uint256 q, uint256 d, uint256 tail) = _split(key, hint);
        return Layout.ID(c, head, i, q, d, tail);
    }

    /// A key of 64 nibbles, split at the hint's depth d: q = 1 and the first d nibbles, head = 1 and the nibbles d to 61, tail =
    /// the last two.
    function _split(uint256 key, uint256 hint)
        private
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

    /// -x mod r for x < r, as a weight.
    function _negative(uint256 x) private pure returns (uint256) {
        return x == 0 ? 0 : Layout.R - x;
    }

    /// keccak of the account's item of the diff: RLP [address, nonce, balance, codeHash, slots], an unchanged field is 0xc0.
    function _diffItem(uint256 o, uint256 addr) private pure returns (bytes32 hash) {
        uint256 m;
        assembly ("memory-safe") {
            m := add(mload(0x40), 2) // the item is built in free memory that is not kept; 2 bytes of room for its header
            mstore(m, shl(88, or(shl(160, 0x94), addr))) // 0x94 and the address
        }
        uint256 q;
        uint256 code;
        bool changed;
        unchecked {
            uint256 value = load(o + NONCE2) >> 192;
            q = _integer(m + 21, value, value != load(o + NONCE) >> 192);
            value = load(o + BALANCE2);
            q = _integer(q, value, value != load(o + BALANCE));
            code = load(o + CODE2);
            changed = code != load(o + CODE);
        }
        assembly ("memory-safe") {
            switch changed
            case 0 {
                mstore8(q, 0xc0)
                q := add(q, 1)
            }
            default {
                mstore8(q, 0xa0)
                mstore(add(q, 1), code)
                q := add(q, 33)
            }
            mstore8(q, 0xc0) // no slots
            let n := sub(add(q, 1), m) // 25 to 98
            switch lt(n, 56)
            case 1 {
                m := sub(m, 1)
                mstore8(m, add(0xc0, n))
                hash := keccak256(m, add(n, 1))
            }
            default {
                mstore8(sub(m, 1), n)
                m := sub(m, 2)
                mstore8(m, 0xf8)
                hash := keccak256(m, add(n, 2))
            }
        }
    }

    /// Writes a canonical integer, or 0xc0 when it has not changed, at memory position q; returns the position behind it.
    function _integer(uint256 q, uint256 value, bool changed) private pure returns (uint256) {
        if (!changed) {
            assembly ("memory-safe") {
                mstore8(q, 0xc0)
                q := add(q, 1)
            }
            return q;
        }
        uint256 size = value < 0x80 ? 0 : Math.log256(value) + 1; // bytes behind the header; 0 for a header alone
        uint256 first = value == 0 ? 0x80 : value < 0x80 ? value : 0x80 + size;
        assembly ("memory-safe") {
            mstore8(q, first)
            mstore(add(q, 1), shl(sub(256, shl(3, size)), value)) // left-aligned; what stands behind is written over
            q := add(add(q, 1), size)
        }
        return q;
    }
}
