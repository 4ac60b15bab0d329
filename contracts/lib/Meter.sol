// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Parts} from "./Parts.sol";

/// What verifying has cost whoever sent it: the gas that went, and calldata that is part of a bundle, at 16 gas a byte. Nothing else
/// of the transaction counts, so that nobody gains by making it dearer.
library Meter {
    uint256 private constant CALLDATA_GAS = 16;

    /// Bytes of these parts that their sender has paid for. A contract has not: it may keep them in memory. Parts may lie over each
    /// other in calldata, or beyond its end; nobody sends more than there is.
    function bodies(bytes[] calldata parts) internal view returns (uint256 bytes_) {
        if (msg.sender != tx.origin || msg.sender.code.length != 0) return 0;
        for (uint256 i = 0; i < parts.length; ++i) {
            (, uint256 o, uint256 end) = Parts.read(parts, i);
            bytes_ += end - o;
        }
        if (bytes_ > msg.data.length) bytes_ = msg.data.length;
    }

    /// Wei per gas that the transaction pays, with at most 1 gwei of its tip: where the base fee is low, whoever needs no tip would gain by
    /// one that is paid back all the same. Nobody pays 0: that is an estimate, which should store what the transaction will.
    function price() internal view returns (uint256) {
        uint256 most = block.basefee + 1 gwei;
        return tx.gasprice == 0 || tx.gasprice > most ? most : tx.gasprice;
    }

    /// Gas since there was `before` left, and of so many bytes.
    function gasSince(uint256 before, uint256 bytes_) internal view returns (uint256) {
        return before - gasleft() + CALLDATA_GAS * bytes_;
    }
}
