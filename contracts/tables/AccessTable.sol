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
    uint256 private constant VALUE = 0;
    uint256 private constant VOID = 1;
    uint256 private constant NOKEY = 2;
    uint256 private constant NONE = 0xff;
    uint256 private constant MAX_DEPTH = 62;

    /// One account; `key` is its place in the trie.
    struct Access {
        uint256 addr;
        uint256 key;
        uint256 preHint;
        uint256 postHint;
        uint256 nonce;
        uint256 nonce2;
        uint256 balance;
        uint256 balance2;
        uint256 code;
        uint256 code2;
    }

    /// Sends all tuples of the accounts at calldata offset `o`; in mode diff (`root` false) also returns h(diff).
    function send(uint256 c, uint256 o, uint256 count, bool root) internal pure returns (bytes32 diff) {
        Access memory a;
        uint256 next; // lowest address still allowed
        // No overflow: i and o stay within calldata, an address + 1 is below 2^161.
        unchecked {
            for (uint256 i = 1; i <= count; ++i) {
                _read(a, o);
                o += ACCOUNT;
                if (a.addr < next) revert NotSorted();
                next = a.addr + 1;
                _cells(c, a);
                bool changed = a.nonce != a.nonce2 || a.balance != a.balance2 || a.code != a.code2;
                if (root && changed) {
                    _update(c, a, i);
                } else {
                    _lookUp(c, a, i);
                    if (changed) diff = Formats.rollItem(diff, _diffItem(a));
                }
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

    function _read(Access memory a, uint256 o) private pure {
        // No overflow: constant offsets into calldata.
        unchecked {
            uint256 w = load(o); // address 20, hints 2, nonce 8, two bytes of the second nonce
            a.addr = w >> 96;
            a.preHint = uint8(w >> 88);
            a.postHint = uint8(w >> 80);
            a.nonce = uint64(w >> 16);
            a.nonce2 = load(o + 30) >> 192;
            a.balance = load(o + 38);
            a.balance2 = load(o + 70);
            a.code = load(o + 102);
            a.code2 = load(o + 134);
            if (load(o + 166) >> 240 != 0) revert SlotsNotCovered();
        }
        uint256 key;
        assembly ("memory-safe") {
            mstore(0, shl(96, mload(a))) // the address, first field of `a`, left-aligned
            key := keccak256(0, 20)
        }
        a.key = key;
    }

    /// The account's initial state cell, and its final one.
    function _cells(uint256 c, Access memory a) private pure {
        uint256 balance = a.balance;
        uint256 code = a.code;
        Bus.send(
            c,
            1,
            Layout.ACCT(
                c, 0, a.addr, a.nonce, balance >> 128, uint128(balance), code >> 128, uint128(code), 0, 0, 0, 0
            )
        );
        (balance, code) = (a.balance2, a.code2);
        Bus.take(
            c, Layout.ACCTEND(c, a.nonce2, a.addr, balance >> 128, uint128(balance), code >> 128, uint128(code))
        );
    }

    /// An account that the batch changes, in mode root: the old leaf goes, the new one comes.
    function _update(uint256 c, Access memory a, uint256 i) private pure {
        if (_present(a.nonce, a.balance, a.code)) {
            Bus.take(c, _akv(c, i, a.nonce, a.balance, a.code));
            Bus.send(c, 1, _id(c, a.key, i, a.preHint));
        } else if (a.preHint != NONE) {
            revert BadHint();
        }
        if (_present(a.nonce2, a.balance2, a.code2)) {
            Bus.send(c, 1, _akv(c, i, a.nonce2, a.balance2, a.code2));
            Bus.send(c, 1, _id(c, a.key, i, a.postHint));
        } else if (a.postHint != NONE) {
            revert BadHint();
        }
    }

    /// An account of which only the value before is looked up: everything in mode diff, unchanged ones in mode root.
    function _lookUp(uint256 c, Access memory a, uint256 i) private pure {
        if (a.postHint != NONE) revert BadHint();
        if (_present(a.nonce, a.balance, a.code)) {
            Bus.take(c, _rakv(c, i, a.nonce, a.balance, a.code));
            Bus.send(c, 1, _id(c, a.key, i, a.preHint));
            return;
        }
        uint256 kind = a.preHint >> 6;
        (uint256 head, uint256 q, uint256 d, uint256 tail) = _split(a.key, a.preHint);
        if (kind == VOID) Bus.take(c, Layout.AT(c, 0, 0, q, d));
        else if (kind == NOKEY) Bus.take(c, Layout.NOKEY(c, head, 0, q, d, tail));
        else revert BadHint();
    }

    /// EIP-161: an account with nonce 0, balance 0 and no code is absent.
    function _present(uint256 nonce, uint256 balance, uint256 code) private pure returns (bool) {
        return (nonce | balance) != 0 || code != uint256(EMPTY_CODE);
    }

    function _akv(uint256 c, uint256 i, uint256 nonce, uint256 balance, uint256 code) private pure returns (uint256) {
        return Layout.AKV(c, nonce, i, balance >> 128, uint128(balance), code >> 128, uint128(code));
    }

    function _rakv(uint256 c, uint256 i, uint256 nonce, uint256 balance, uint256 code) private pure returns (uint256) {
        return Layout.RAKV(c, nonce, i, balance >> 128, uint128(balance), code >> 128, uint128(code));
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
    function _diffItem(Access memory a) private pure returns (bytes32 hash) {
        uint256 m;
        assembly ("memory-safe") {
            m := add(mload(0x40), 2) // the item is built in free memory that is not kept; 2 bytes of room for its header
            mstore(m, shl(88, or(shl(160, 0x94), mload(a)))) // 0x94 and the address
        }
        uint256 q = _integer(m + 21, a.nonce2, a.nonce != a.nonce2);
        q = _integer(q, a.balance2, a.balance != a.balance2);
        uint256 code = a.code2;
        bool changed = a.code != code;
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
        uint256 size = value < 0x80 ? 0 : Math.log256(value) + 1; // bytes behind the header; 0 for a header alone
        uint256 first = !changed ? 0xc0 : value == 0 ? 0x80 : value < 0x80 ? value : 0x80 + size;
        if (!changed) size = 0;
        assembly ("memory-safe") {
            mstore8(q, first)
            mstore(add(q, 1), shl(sub(256, shl(3, size)), value)) // left-aligned; what stands behind is written over
        }
        return q + 1 + size;
    }
}
