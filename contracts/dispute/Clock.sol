// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {IDispute} from "../interfaces/IDispute.sol";
import {NotGuardian} from "../lib/Errors.sol";

/// Protocol time: L1's seconds without the pauses. As every deadline is in it, a pause stops all clocks and windows at once.
///
/// After a pause moves are possible at once, but time stands still for `grace` more. Otherwise a guardian that ends a pause at
/// the end of one L1 block and begins the next one at the head of the following block would let time pass in which nobody can
/// move, and so decide every game and every claim. Time that has passed is now always time in which moves were possible for
/// at least `grace` before.
abstract contract Clock is IDispute, Pausable {
    address private immutable _guardian;
    uint64 private immutable _maxPause;
    uint64 private immutable _grace;
    /// L1 time at which the present pause began.
    uint64 private _pausedAt;
    /// Protocol time at which it stopped last.
    uint64 private _stoppedAt;
    /// L1 time from which it runs on.
    uint64 private _runsFrom;

    constructor(address guardian, uint64 maxPause, uint64 grace) {
        _guardian = guardian;
        _maxPause = maxPause;
        _grace = grace;
        (_stoppedAt, _runsFrom) = (uint64(block.timestamp), uint64(block.timestamp));
    }

    function time() public view returns (uint64) {
        if (paused() || block.timestamp < _runsFrom) return _stoppedAt;
        return _stoppedAt + uint64(block.timestamp) - _runsFrom;
    }

    function pause() external {
        if (msg.sender != _guardian) revert NotGuardian();
        (_stoppedAt, _pausedAt) = (time(), uint64(block.timestamp));
        _pause();
    }

    function unpause() external {
        if (msg.sender != _guardian && block.timestamp < uint256(_pausedAt) + _maxPause) revert NotGuardian();
        _unpause();
        _runsFrom = uint64(block.timestamp) + _grace;
    }
}
