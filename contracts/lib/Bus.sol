// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ALPHA, CONTEXT, CONTEXT_END, DEN, NUM, POWERS, RANK, TAG} from "../generated/Layout.sol";

// Order of BN254's scalar field.
uint256 constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

/// L1's side of the bus: one fraction num/den = sum weight/fingerprint over everything L1 sends and receives.
///
/// No inversion anywhere: num := num*f + weight*den, den := den*f. A zero fingerprint leaves den = 0 for good, which the
/// verifier refuses at the end.
///
/// The context stands at a fixed place in memory (`Layout.sol`): there is one in a call.
library Bus {
    /// The context was not reserved, or more memory was in use than there is below it: a fault of this contract.
    error NoRoom();

    /// Allocates the context. Whoever uses the bus calls this before anything that takes much memory.
    function reserve() internal pure {
        bool room;
        assembly ("memory-safe") {
            room := iszero(gt(mload(0x40), CONTEXT))
            if room {
                mstore(0x40, CONTEXT_END) // allocates all that is below, too
                mstore(RANK, R)
            }
        }
        if (!room) revert NoRoom();
    }

    /// Opens the bus with num/den = 0/1. alpha and beta are below r.
    function open(uint256 alpha, uint256 beta) internal pure {
        bool reserved;
        assembly ("memory-safe") {
            reserved := eq(mload(RANK), R)
            mstore(ALPHA, alpha)
            let power := 1
            for { let p := POWERS } lt(p, RANK) { p := add(p, 0x20) } {
                mstore(p, power)
                power := mulmod(power, beta, R)
            }
            mstore(NUM, 0)
            mstore(DEN, 1)
        }
        if (!reserved) revert NoRoom();
    }

    /// Opens the bus with what earlier parts have left, both below r.
    function resume(uint256 alpha, uint256 beta, uint256 num, uint256 den) internal pure {
        open(alpha, beta);
        assembly ("memory-safe") {
            mstore(NUM, num)
            mstore(DEN, den)
        }
    }

    /// Adds a sum, below r.
    function add(uint256 sum) internal pure {
        assembly ("memory-safe") {
            let r := mload(RANK)
            mstore(NUM, addmod(mload(NUM), mulmod(sum, mload(DEN), r), r))
        }
    }

    /// Adds weight/f. Any weight and fingerprint below 2^256 count mod r: both only enter products that are reduced.
    function send(uint256 weight, uint256 f) internal pure {
        assembly ("memory-safe") {
            let den := mload(DEN)
            let r := mload(RANK)
            mstore(NUM, addmod(mulmod(mload(NUM), f, r), mulmod(weight, den, r), r))
            mstore(DEN, mulmod(den, f, r))
        }
    }

    /// Subtracts 1/f.
    function take(uint256 f) internal pure {
        assembly ("memory-safe") {
            let den := mload(DEN)
            let r := mload(RANK)
            mstore(NUM, addmod(mulmod(mload(NUM), f, r), sub(r, den), r))
            mstore(DEN, mulmod(den, f, r))
        }
    }

    /// Adds 1/sent - 1/received: as `send` and `take`, for less.
    function exchange(uint256 sent, uint256 received) internal pure {
        assembly ("memory-safe") {
            let den := mload(DEN)
            let r := mload(RANK)
            let both := mulmod(sent, received, r)
            let difference := addmod(mulmod(den, received, r), sub(r, mulmod(den, sent, r)), r)
            mstore(NUM, addmod(mulmod(mload(NUM), both, r), difference, r))
            mstore(DEN, mulmod(den, both, r))
        }
    }

    // Parts of a fingerprint, for tuples that share some: a sum of at most five that are below r does not overflow, `fold` makes one
    // of two such sums. A field of power 0 is its own part, when it is below r.

    /// What a tag adds, with alpha; below 2r.
    function tag(uint256 tag_) internal pure returns (uint256 x) {
        assembly ("memory-safe") {
            x := add(mload(ALPHA), mulmod(mload(TAG), tag_, mload(RANK)))
        }
    }

    /// What a field adds whose power of beta stands at `power`; below r.
    function part(uint256 power, uint256 value) internal pure returns (uint256 x) {
        assembly ("memory-safe") {
            x := mulmod(mload(power), value, mload(RANK))
        }
    }

    /// What the limbs of a word add, hi with the power at `power`, lo with the next one; below 2r.
    function word(uint256 power, uint256 value) internal pure returns (uint256 x) {
        assembly ("memory-safe") {
            let r := mload(RANK)
            let lo := and(value, sub(shl(128, 1), 1))
            x := add(mulmod(mload(power), shr(128, value), r), mulmod(mload(add(power, 0x20)), lo, r))
        }
    }

    /// x + y mod r.
    function fold(uint256 x, uint256 y) internal pure returns (uint256 z) {
        assembly ("memory-safe") {
            z := addmod(x, y, mload(RANK))
        }
    }

    /// What the bus was opened with.
    function challenges() internal pure returns (uint256 alpha, uint256 beta) {
        assembly ("memory-safe") {
            alpha := mload(ALPHA)
            beta := mload(add(POWERS, 0x20))
        }
    }

    /// The fraction so far, both below r.
    function fraction() internal pure returns (uint256 num, uint256 den) {
        assembly ("memory-safe") {
            num := mload(NUM)
            den := mload(DEN)
        }
    }
}
