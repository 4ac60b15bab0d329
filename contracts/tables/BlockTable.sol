// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus} from "../lib/Bus.sol";
import {load} from "../lib/Rlp.sol";
import {Header} from "../lib/Types.sol";
import {Layout} from "../generated/Layout.sol";

/// The tables' head (FORMATS.md, "Tables"): where execution starts and ends, and the batch's environment as a look-up table.
///
///   read u32, ts u48, gasUsed u64, work u64, jrn u48: together the first word
///   uses u24, blockUses 7 x u24, lengths of the four sections 4 x u24: 36 bytes behind it
library BlockTable {
    uint256 internal constant HEAD = 68;

    /// The tables are not a head and its sections, or a section is not whole entries.
    error BadTables();

    /// What the head says.
    struct Head {
        uint256 read;
        uint256 ts;
        uint256 gasUsed;
        uint256 work;
        uint256 jrn;
        uint256 uses;
        uint256 blockUses; // seven u24, the first one highest
        // Calldata offsets of the sections; each ends where the next one starts.
        uint256 accounts;
        uint256 runs;
        uint256 codes;
        uint256 keccaks;
        uint256 end;
    }

    /// Reads the head and holds the tables' length against it.
    function parse(bytes calldata tables) internal pure returns (Head memory head) {
        if (tables.length < HEAD) revert BadTables();
        uint256 o;
        assembly ("memory-safe") {
            o := tables.offset
        }
        // No overflow: calldata offsets, and lengths below 2^24.
        unchecked {
            uint256 w = load(o);
            head.read = w >> 224;
            head.ts = uint48(w >> 176);
            head.gasUsed = uint64(w >> 112);
            head.work = uint64(w >> 48);
            head.jrn = uint48(w);
            w = load(o + 32);
            head.uses = w >> 232;
            head.blockUses = (w >> 64) & (2 ** 168 - 1);
            w = load(o + 36);
            head.accounts = o + HEAD;
            head.runs = head.accounts + uint24(w >> 72);
            head.codes = head.runs + uint24(w >> 48);
            head.keccaks = head.codes + uint24(w >> 24);
            head.end = head.keccaks + uint24(w);
            if (head.end != o + tables.length) revert BadTables();
        }
    }

    /// Sends the first BETWEEN, receives the last, sends the seven BLOCK entries as often as they are looked up.
    function send(Head memory head, Header memory header, uint256 workBudget) internal pure {
        Bus.send(1, Layout.BETWEEN(0, 1, 0, workBudget, 0));
        Bus.take(Layout.BETWEEN(head.ts, head.read + 1, head.gasUsed, head.work, head.jrn));
        uint256 uses = head.blockUses;
        _field(uint24(uses >> 144), 0x41, uint160(header.feeRecipient)); // COINBASE
        _field(uint24(uses >> 120), 0x42, header.timestamp); // TIMESTAMP
        _field(uint24(uses >> 96), 0x43, header.number); // NUMBER
        _field(uint24(uses >> 72), 0x44, uint256(header.originHash)); // PREVRANDAO
        _field(uint24(uses >> 48), 0x45, header.gasLimit); // GASLIMIT
        _field(uint24(uses >> 24), 0x46, header.chainId); // CHAINID
        _field(uint24(uses), 0x48, header.baseFee); // BASEFEE
    }

    /// A weight of 0 adds nothing, so its fingerprint is not computed.
    function _field(uint256 uses, uint256 field, uint256 value) private pure {
        if (uses != 0) Bus.send(uses, Layout.BLOCK(uint128(value), value >> 128, field));
    }
}
