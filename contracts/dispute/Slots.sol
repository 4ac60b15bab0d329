// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SlotView} from "../interfaces/IDispute.sol";
import {EntryClosed} from "../lib/Errors.sol";
import {Mode} from "../lib/Types.sol";
import {Clock} from "./Clock.sol";

/// What the claims on one (kind, number) have to do with each other, in sums, so that nothing loops over them. Claims of different
/// values block each other: L1 knows then that one is false. Blocking ends, as nobody enters a slot after `entryEnd` while a claim on
/// it is live. Who is no longer blocked can still be challenged for `quiet`: else a false claim were final in the very block in
/// which the claim that had stood against it falls.
abstract contract Slots is Clock {
    struct Slot {
        uint64 live;
        uint64 entryEnd;
        uint64 quietUntil;
    }

    mapping(Mode kind => mapping(uint64 number => Slot)) internal _slots;
    mapping(Mode kind => mapping(uint64 number => mapping(uint256 value => uint256))) private _liveOf;

    function slot(Mode kind, uint64 number) external view returns (SlotView memory) {
        Slot storage s = _slots[kind][number];
        return SlotView(s.live, s.entryEnd, s.quietUntil);
    }

    /// A claim enters. The first one into an empty slot opens it for `window`, which is the claims' own: none is final before
    /// `entryEnd`.
    function _enter(Mode kind, uint64 number, uint256 value, uint64 window) internal {
        Slot storage s = _slots[kind][number];
        if (s.live == 0) s.entryEnd = time() + window;
        else if (time() >= s.entryEnd) revert EntryClosed(s.entryEnd);
        s.live += 1;
        _liveOf[kind][number][value] += 1;
    }

    /// A claim's end is recorded. The time of the record counts, and not that of its end: so whatever was blocked before the record was
    /// not final then, nor is it afterwards.
    function _leave(Mode kind, uint64 number, uint256 value, uint64 quiet) internal {
        Slot storage s = _slots[kind][number];
        if (_rivals(kind, number, value) != 0) s.quietUntil = time() + quiet;
        s.live -= 1;
        _liveOf[kind][number][value] -= 1;
    }

    /// Live claims of another value.
    function _rivals(Mode kind, uint64 number, uint256 value) internal view returns (uint64) {
        return _slots[kind][number].live - uint64(_liveOf[kind][number][value]);
    }
}
