// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {IDispute} from "../interfaces/IDispute.sol";
import {NotGuardian, PauseSpent} from "../lib/Errors.sol";

/// Protocol time: L1's seconds without the pauses. As every deadline is in it, a pause stops all clocks and windows at once.
///
/// After a pause moves are possible at once, but time stands still for `grace` more. Otherwise a guardian that ends a pause at
/// the end of one L1 block and begins the next one at the head of the following block would let time pass in which nobody can
/// move, and so decide every game and every claim. Time that has passed is now always time in which moves were possible for
/// at least `grace` before.
///
/// What pauses take, with the `grace` after each, is bounded: `maxPause` in all, and as much more as protocol time has run meanwhile. So a
/// guardian that ends a pause and begins another in one transaction, or after each `grace`, delays everything by so much at most,
/// and halves the speed after that.
abstract contract Clock is IDispute, Pausable {
    address private immutable _guardian;
    uint64 private immutable _maxPause;
    uint64 private immutable _grace;
    /// Seconds that pauses may still take, as of `_stoppedAt`.
    uint64 private _pauseLeft;
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
        _pauseLeft = maxPause;
        (_stoppedAt, _runsFrom) = (uint64(block.timestamp), uint64(block.timestamp));
    }

    function time() public view returns (uint64) {
        if (paused() || block.timestamp < _runsFrom) return _stoppedAt;
        return _stoppedAt + uint64(block.timestamp) - _runsFrom;
    }

    function pause() external {
        if (msg.sender != _guardian) revert NotGuardian();
        uint64 stopsAt = time();
        uint64 left = _pauseLeft + stopsAt - _stoppedAt;
        if (left > _maxPause) left = _maxPause;
        if (left <= _grace) revert PauseSpent();
        (_pauseLeft, _stoppedAt, _pausedAt) = (left, stopsAt, uint64(block.timestamp));
        _pause();
    }

    function unpause() external {
        uint256 taken = block.timestamp - _pausedAt + _grace;
        if (msg.sender != _guardian && taken < _pauseLeft) revert NotGuardian();
        _pauseLeft = taken < _pauseLeft ? _pauseLeft - uint64(taken) : 0;
        _unpause();
        _runsFrom = uint64(block.timestamp) + _grace;
    }
}
