// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus, R} from "../lib/Bus.sol";
import {load} from "../lib/Rlp.sol";
import {Session} from "../lib/Types.sol";
import {
    CODEWORDS_code,
    CODEWORDS_hi0,
    CODEWORDS_hi1,
    CODEWORDS_hi2,
    CODEWORDS_hi3,
    CODEWORDS_lo0,
    CODEWORDS_lo1,
    CODEWORDS_lo2,
    CODEWORDS_lo3,
    DEN,
    Layout,
    NUM,
    TAG_CODEWORDS
} from "../generated/Layout.sol";
import {BlockTable} from "./BlockTable.sol";
import {SlotTable} from "./SlotTable.sol";

/// Codes that run (FORMATS.md, "Parts", codes, and "L1's tuples" 6). A code's id is its place in the list; L1 hashes the bytes
/// itself, so an id stands for one hash, and hashes ascend strictly, so a hash has one id.
///
/// A code may also lie on L1 as the code of a contract. Then the tables carry its hash beside the address: what the challenges
/// are drawn from must bind the bytes, and whoever made the contract may change it at any time.
library CodeTable {
    /// The contract's code does not have the hash that the tables name.
    error WrongCode();
    /// A code has no bytes: an account without code runs none.
    error EmptyCode();

    uint256 private constant INLINE = 0;
    uint256 private constant CONTRACT = 1;
    /// Zeros that follow a code at least: a PUSH32 as its last byte, and the place that execution goes to after it.
    uint256 private constant ZEROS = 33;
    /// Bytes of an entry up to its uses: kind 1, uses of CODEBLOB and of CODELEN 2 x 3; then the length, or address and hash.
    uint256 private constant ENTRY = 7;
    uint256 private constant INLINE_ENTRY = ENTRY + 3;
    uint256 private constant CONTRACT_ENTRY = ENTRY + 52;

    /// Sends all tuples of the codes in [o, end) of calldata.
    function send(Session memory s, uint256 o, uint256 end) internal view {
        uint256 last = s.last;
        uint256 id = s.next;
        // No overflow: offsets into calldata and lengths below 2^24, fewer than 2^64 entries.
        unchecked {
            for (; o < end; ++id) {
                uint256 w = load(o);
                uint256 m;
                uint256 len;
                (m, len, o) = _fetch(w, o, end);
                uint256 hash;
                assembly ("memory-safe") {
                    hash := keccak256(m, len)
                }
                // The last 52 bytes of a contract's entry are its address and the hash.
                if (w >> 248 == CONTRACT && hash != load(o - 32)) revert WrongCode();
                if (len == 0) revert EmptyCode();
                if (hash <= last) revert SlotTable.NotSorted();
                last = hash;
                uint256 uses = uint24(w >> 224);
                if (uses != 0) Bus.send(uses, Layout.CODEBLOB(len, id, hash >> 128, uint128(hash)));
                uses = uint24(w >> 200);
                if (uses != 0) Bus.send(uses, Layout.CODELEN(len, id));
                Bus.send(1, Layout.CODEWALK(0, id, 0));
                _words(id, m, len);
            }
            (s.last, s.next) = (last, uint64(id));
        }
    }

    /// Brings the bytes of the entry at o, whose first word is w, to memory that is not kept, zeros behind them; `next` is the position
    /// behind the entry.
    function _fetch(uint256 w, uint256 o, uint256 end) private view returns (uint256 m, uint256 len, uint256 next) {
        unchecked {
            uint256 kind = w >> 248;
            if (kind > CONTRACT) revert BlockTable.BadTables();
            len = uint24(w >> 176);
            next = o + (kind == INLINE ? INLINE_ENTRY + len : CONTRACT_ENTRY);
            if (next > end) revert BlockTable.BadTables();
            uint256 bytes_ = o + INLINE_ENTRY;
            address source = address(uint160(load(o + ENTRY) >> 96));
            assembly ("memory-safe") {
                m := mload(0x40)
                switch kind
                case 0 { calldatacopy(m, bytes_, len) }
                default {
                    len := extcodesize(source)
                    extcodecopy(source, m, 0, len)
                }
                calldatacopy(add(m, len), calldatasize(), 0xa0) // as many zeros as words can take: 33 + 127
            }
        }
    }

    /// One CODEWORDS for every 128 bytes of the code and its zeros.
    function _words(uint256 id, uint256 m, uint256 len) private pure {
        uint256 base = Bus.fold(Bus.tag(TAG_CODEWORDS), Bus.part(CODEWORDS_code, id));
        uint256 rows = (len + ZEROS + 127) / 128;
        assembly ("memory-safe") {
            let low := sub(shl(128, 1), 1)
            for { let at := 0 } lt(at, rows) { at := add(at, 1) } {
                // Five summands below r do not overflow.
                let f := add(base, at)
                let w := mload(m)
                f := add(f, mulmod(mload(CODEWORDS_hi0), shr(128, w), R))
                f := add(f, mulmod(mload(CODEWORDS_lo0), and(w, low), R))
                w := mload(add(m, 0x20))
                f := add(f, mulmod(mload(CODEWORDS_hi1), shr(128, w), R))
                f := addmod(f, mulmod(mload(CODEWORDS_lo1), and(w, low), R), R)
                w := mload(add(m, 0x40))
                f := add(f, mulmod(mload(CODEWORDS_hi2), shr(128, w), R))
                f := add(f, mulmod(mload(CODEWORDS_lo2), and(w, low), R))
                w := mload(add(m, 0x60))
                f := add(f, mulmod(mload(CODEWORDS_hi3), shr(128, w), R))
                f := add(f, mulmod(mload(CODEWORDS_lo3), and(w, low), R))
                // To memory every time, or the compiler would keep all powers of beta on the stack, where they do not fit.
                let den := mload(DEN)
                mstore(NUM, addmod(mulmod(mload(NUM), f, R), den, R))
                mstore(DEN, mulmod(den, f, R))
                m := add(m, 0x80)
            }
        }
    }
}
