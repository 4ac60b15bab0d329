// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {IDispute} from "../interfaces/IDispute.sol";
import {NotGuardian} from "../lib/Errors.sol";

/// Protocol time: L1's seconds without the pauses. As every deadline is in it, a pause stops all clocks and windows at once.
abstract contract Clock is IDispute, Pausable {
    address private immutable _guardian;
    uint64 private immutable _maxPause;
    /// L1 time at which the present pause began.
    uint64 private _pausedAt;
    /// Seconds of all finished pauses.
    uint64 private _pausedTotal;

    constructor(address guardian, uint64 maxPause) {
        _guardian = guardian;
        _maxPause = maxPause;
    }

    function time() public view returns (uint64) {
        return (paused() ? _pausedAt : uint64(block.timestamp)) - _pausedTotal;
    }

    function pause() external {
        if (msg.sender != _guardian) revert NotGuardian();
        _pause();
        _pausedAt = uint64(block.timestamp);
    }

    function unpause() external {
        if (msg.sender != _guardian && block.timestamp < uint256(_pausedAt) + _maxPause) revert NotGuardian();
        _unpause();
        _pausedTotal += uint64(block.timestamp) - _pausedAt;
    }
}
