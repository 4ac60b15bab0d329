// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {load} from "../lib/Rlp.sol";
import {BlockTable} from "./BlockTable.sol";

/// An account whose slots go on in a further entry, as one may touch more slots than fit an L1 transaction (FORMATS.md, "Parts",
/// accounts). The further entry repeats the account and says where its slots and its item of the diff stood; that it says so
/// truly is checked against a hash, the only thing that is kept:
///
///   keccak(account 166, last key 32, fields 1, left 1, item)
///
/// All but the item have one length, so nothing else has that hash.
library OpenAccount {
    /// The entry is not the account that goes on, as it stood.
    error WrongAccount();

    /// Bytes of an account before the number of its slots, and with it.
    uint256 private constant FIELDS = 166;
    uint256 private constant ACCOUNT = 168;
    /// Bytes between account and item: last key 32, fields 1, left 1, bytes of the item 2.
    uint256 private constant STATE = 36;

    /// Where an account stands between two entries.
    struct State {
        /// The last slot's key.
        uint256 key;
        /// The open item of the diff states the account's fields, too.
        bool fields;
        /// Slots that the open item still has room for.
        uint256 left;
        /// The open item's slots, as `DiffItem` writes them: [start, end) of memory that is not kept.
        uint256 start;
        uint256 end;
    }

    /// What the account at o is known by until it goes on. Overwrites the 200 bytes of memory in front of the item.
    function hash(uint256 o, State memory s) internal pure returns (uint256 h) {
        (uint256 key, bool fields, uint256 left, uint256 end) = (s.key, s.fields, s.left, s.end);
        uint256 m = s.start - FIELDS - 34;
        assembly ("memory-safe") {
            calldatacopy(m, o, FIELDS)
            mstore(add(m, FIELDS), key)
            mstore8(add(m, 198), fields)
            mstore8(add(m, 199), left)
            h := keccak256(m, sub(end, m))
        }
    }

    /// Reads the account at o, which goes on, into `s`, whose `start` says where in memory the open item belongs; returns where
    /// the entry's own slots begin.
    function resume(State memory s, uint256 known, uint256 o, uint256 end) internal pure returns (uint256 slots) {
        // No overflow: offsets into calldata, a length below 2^16.
        unchecked {
            uint256 p = o + ACCOUNT;
            uint256 w = load(p + 32) >> 224;
            uint256 length = uint16(w);
            uint256 start = s.start;
            slots = p + STATE + length;
            if (slots > end) revert BlockTable.BadTables();
            if (w >> 25 != 0) revert WrongAccount(); // `fields` is 0 or 1
            (s.key, s.fields, s.left, s.end) = (load(p), w >> 24 != 0, uint8(w >> 16), start + length);
            assembly ("memory-safe") {
                calldatacopy(start, add(p, STATE), length)
            }
            if (w >> 24 > 1 || hash(o, s) != known) revert WrongAccount();
        }
    }
}
