// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {IDispute} from "../interfaces/IDispute.sol";
import {InsufficientCredit, NothingBurned, PaymentFailed} from "../lib/Errors.sol";

/// All money of the protocol. Every wei is in one of three sums: credit of accounts, locked in claims and games, burned.
/// Only `_lock`, `_pay` and `_burn` move between them; ether leaves by `withdraw` and `sendBurned` alone.
abstract contract Bonds is IDispute, ReentrancyGuard {
    address payable private constant BURN = payable(address(0xdead));

    mapping(address account => uint256) public credit;
    uint256 public totalCredit;
    uint256 public totalLocked;
    uint256 public totalBurned;

    function deposit() external payable {
        _deposit(msg.sender);
    }

    function withdraw(address payable to, uint256 amount) external nonReentrant {
        _take(msg.sender, amount);
        emit Withdrawn(msg.sender, to, amount);
        _send(to, amount);
    }

    function sendBurned() external nonReentrant {
        uint256 amount = totalBurned;
        if (amount == 0) revert NothingBurned();
        totalBurned = 0;
        _send(BURN, amount);
    }

    /// Credits the call's value to `account`.
    function _deposit(address account) internal {
        if (msg.value != 0) _give(account, msg.value);
    }

    /// Credit to locked.
    function _lock(address account, uint256 amount) internal {
        _take(account, amount);
        totalLocked += amount;
    }

    /// Locked to credit.
    function _pay(address account, uint256 amount) internal {
        if (amount == 0) return;
        totalLocked -= amount;
        _give(account, amount);
    }

    /// Locked to burned.
    function _burn(uint256 amount) internal {
        if (amount == 0) return;
        totalLocked -= amount;
        totalBurned += amount;
        emit Burned(amount);
    }

    function _give(address account, uint256 amount) private {
        credit[account] += amount;
        totalCredit += amount;
        emit Credited(account, amount);
    }

    function _take(address account, uint256 amount) private {
        uint256 has = credit[account];
        if (has < amount) revert InsufficientCredit(has, amount);
        credit[account] = has - amount;
        totalCredit -= amount;
    }

    function _send(address payable to, uint256 amount) private {
        (bool ok,) = to.call{value: amount}("");
        if (!ok) revert PaymentFailed();
    }
}
