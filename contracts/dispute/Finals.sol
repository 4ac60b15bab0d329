// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDispute} from "../interfaces/IDispute.sol";
import {AlreadyFinal, RootNotCanonical} from "../lib/Errors.sol";
import {R} from "../lib/Bus.sol";
import {Mode} from "../lib/Types.sol";

/// Final values of (kind, number): written once, kept for ever. Roots become final in any order (a later claim's window may
/// end before an earlier claim's game), so they are marked in a bitmap, in which the greatest one below a number is found
/// word by word: neighbouring final roots are at most N_max apart, because a claim is refused beyond that.
abstract contract Finals is IDispute {
    mapping(Mode kind => mapping(uint256 word => uint256)) private _marks;
    mapping(Mode kind => mapping(uint64 number => uint256)) private _values;
    uint64 public lastFinalRoot;

    constructor(uint256 genesisRoot) {
        _setFinal(Mode.Root, 0, genesisRoot, 0);
    }

    function finalValue(Mode kind, uint64 number) public view returns (bool known, uint256 value) {
        known = (_marks[kind][number >> 8] >> (number & 0xff)) & 1 == 1;
        value = _values[kind][number];
    }

    function baseOf(uint64 number) public view returns (uint64) {
        if (number == 0) return 0;
        uint256 top = Math.min(number - 1, lastFinalRoot);
        uint256 word = top >> 8;
        // Bits 0 to top & 0xff of the first word, all bits of the words before; genesis is always marked, so this ends.
        uint256 bits = _marks[Mode.Root][word] & (type(uint256).max >> (0xff - (top & 0xff)));
        while (bits == 0) bits = _marks[Mode.Root][--word];
        return uint64((word << 8) | Math.log2(bits));
    }

    function _setFinal(Mode kind, uint64 number, uint256 value, uint256 claimId) internal {
        (bool known,) = finalValue(kind, number);
        if (known) revert AlreadyFinal();
        _checkRoot(kind, value);
        _marks[kind][number >> 8] |= 1 << (number & 0xff);
        _values[kind][number] = value;
        if (kind == Mode.Root && number > lastFinalRoot) lastFinalRoot = number;
        emit Finalized(kind, number, value, claimId);
    }

    /// A root is a field element in its one canonical form.
    function _checkRoot(Mode kind, uint256 value) internal pure {
        if (kind == Mode.Root && value >= R) revert RootNotCanonical();
    }
}
