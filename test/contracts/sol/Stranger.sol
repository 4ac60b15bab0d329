// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDispute} from "../../../contracts/interfaces/IDispute.sol";
import {IRollup} from "../../../contracts/interfaces/IRollup.sol";
import {Header} from "../../../contracts/lib/Types.sol";

/// A contract as a player: it may post through itself, refuse money, or call again while it is paid.
contract Stranger {
    enum Mood {
        Takes,
        Refuses,
        Reenters
    }

    IDispute private immutable dispute;
    Mood private mood;

    constructor(IDispute dispute_) payable {
        dispute = dispute_;
    }

    function post(IRollup rollup, Header calldata header, bytes calldata txs) external {
        rollup.submitBatch(header, txs);
    }

    function depositAndWithdraw(Mood mood_) external {
        mood = mood_;
        dispute.deposit{value: address(this).balance}();
        dispute.withdraw(payable(address(this)), dispute.credit(address(this)));
    }

    receive() external payable {
        if (mood == Mood.Refuses) revert();
        if (mood == Mood.Reenters) dispute.withdraw(payable(address(this)), 0);
    }
}
