// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus} from "../lib/Bus.sol";
import {load} from "../lib/Rlp.sol";
import {Header} from "../lib/Types.sol";
import {Layout} from "../generated/Layout.sol";

/// The head (FORMATS.md, "Parts"): where execution starts and ends, and the batch's environment as a look-up table.
///
///   read u32, ts u48, gasUsed u64, work u64, jrn u48: together the first word
///   uses u24, blockUses 7 x u24: 24 bytes behind it
library BlockTable {
    uint256 internal constant HEAD = 56;

    /// A part is not whole entries of its kind.
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
    }

    /// Reads the head at calldata offset o, which has `length` bytes.
    function parse(uint256 o, uint256 length) internal pure returns (Head memory head) {
        if (length != HEAD) revert BadTables();
        uint256 w = load(o);
        head.read = w >> 224;
        head.ts = uint48(w >> 176);
        head.gasUsed = uint64(w >> 112);
        head.work = uint64(w >> 48);
        head.jrn = uint48(w);
        w = load(o + 24); // the last 24 bytes, right-aligned
        head.uses = uint24(w >> 168);
        head.blockUses = w & (2 ** 168 - 1);
    }

    /// Sends the first BETWEEN, receives the last, sends the seven BLOCK entries as often as they are looked up.
    function send(Head memory head, Header calldata header, uint256 workBudget) internal pure {
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
