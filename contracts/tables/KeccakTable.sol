// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus} from "../lib/Bus.sol";
import {load} from "../lib/Rlp.sol";
import {Session} from "../lib/Types.sol";
import {
    KECCAK64_aHi,
    KECCAK64_bHi,
    KECCAK64_hi,
    KWORD_hi,
    KWORD_id,
    Layout,
    TAG_KECCAK64,
    TAG_KWORD
} from "../generated/Layout.sol";
import {BlockTable} from "./BlockTable.sol";

/// Hashes that the batch computes: L1 hashes the inputs itself (FORMATS.md, "Parts", hashes, and "L1's tuples" 7). Every entry
/// is true by itself, so the prover may list any; one that is listed and not used only costs.
library KeccakTable {
    uint256 private constant PAIR = 0;
    uint256 private constant GENERAL = 1;
    /// Bytes of an entry up to its uses: kind 1, uses 3; then two words, or a length of 3 bytes and the input.
    uint256 private constant ENTRY = 4;
    uint256 private constant PAIR_ENTRY = ENTRY + 64;
    uint256 private constant GENERAL_ENTRY = ENTRY + 3;

    /// Sends all tuples of the entries in [o, end) of calldata. An entry's id is its place among all entries.
    function send(Session memory s, uint256 o, uint256 end) internal pure {
        uint256 id = s.next;
        // No overflow: offsets into calldata and lengths below 2^24, fewer than 2^64 entries.
        unchecked {
            for (; o < end; ++id) {
                uint256 w = load(o);
                uint256 kind = w >> 248;
                uint256 uses = uint24(w >> 224);
                if (kind > GENERAL) revert BlockTable.BadTables();
                uint256 len = uint24(w >> 200);
                uint256 next = o + (kind == PAIR ? PAIR_ENTRY : GENERAL_ENTRY + len);
                if (next > end) revert BlockTable.BadTables();
                if (uses != 0) {
                    if (kind == PAIR) _pair(uses, load(o + ENTRY), load(o + ENTRY + 32));
                    else _general(uses, id, o + GENERAL_ENTRY, len);
                }
                o = next;
            }
            s.next = uint64(id);
        }
    }

    /// keccak of the words a and b.
    function _pair(uint256 uses, uint256 a, uint256 b) private pure {
        uint256 hash;
        assembly ("memory-safe") {
            mstore(0, a)
            mstore(0x20, b)
            hash := keccak256(0, 0x40)
        }
        // No overflow: sums of five parts, b's low half (its power is 0) below 2^128.
        unchecked {
            uint256 f = Bus.fold(Bus.tag(TAG_KECCAK64) + Bus.word(KECCAK64_hi, hash), uint128(b));
            f += Bus.word(KECCAK64_aHi, a) + Bus.part(KECCAK64_bHi, b >> 128);
            Bus.send(uses, f);
        }
    }

    /// keccak of the `len` bytes at o, and the bytes as words with zeros behind.
    function _general(uint256 uses, uint256 id, uint256 o, uint256 len) private pure {
        uint256 m;
        uint256 hash;
        assembly ("memory-safe") {
            m := mload(0x40) // not kept
            calldatacopy(m, o, len)
            hash := keccak256(m, len)
            calldatacopy(add(m, len), calldatasize(), 0x20) // zeros
        }
        Bus.send(uses, Layout.KECCAK(id, len, hash >> 128, uint128(hash)));
        // No overflow: sums of five parts, words below 2^19.
        unchecked {
            uint256 base = Bus.fold(Bus.tag(TAG_KWORD), Bus.part(KWORD_id, id));
            for (uint256 word = 0; 32 * word < len; ++word) {
                uint256 value;
                assembly ("memory-safe") {
                    value := mload(add(m, mul(word, 0x20)))
                }
                Bus.send(uses, base + word + Bus.word(KWORD_hi, value));
            }
        }
    }
}
