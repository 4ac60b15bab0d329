// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

// Order of BN254's scalar field.
uint256 constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

/// L1's side of the bus: one fraction num/den = sum weight/fingerprint over everything L1 sends and receives.
///
/// No inversion anywhere: num := num*f + weight*den, den := den*f. A zero fingerprint leaves den = 0 for good, which the
/// verifier refuses at the end.
///
/// A context is 36 words of memory at `c`: alpha, beta^0 .. beta^31, num, den, r (what `Layout` reads: all but num and den).
library Bus {
    /// A fresh context with num/den = 0/1. alpha and beta are below r.
    function open(uint256 alpha, uint256 beta) internal pure returns (uint256 c) {
        assembly ("memory-safe") {
            c := mload(0x40)
            mstore(0x40, add(c, 0x480)) // 36 words
            mstore(c, alpha)
            let power := 1
            for { let p := add(c, 0x20) } lt(p, add(c, 0x420)) { p := add(p, 0x20) } {
                mstore(p, power)
                power := mulmod(power, beta, R)
            }
            mstore(add(c, 0x420), 0) // num
            mstore(add(c, 0x440), 1) // den
            mstore(add(c, 0x460), R)
        }
    }

    /// Adds weight/f. Any weight and fingerprint below 2^256 count mod r: both only enter products that are reduced.
    function send(uint256 c, uint256 weight, uint256 f) internal pure {
        assembly ("memory-safe") {
            let den := mload(add(c, 0x440))
            let r := mload(add(c, 0x460))
            mstore(add(c, 0x420), addmod(mulmod(mload(add(c, 0x420)), f, r), mulmod(weight, den, r), r))
            mstore(add(c, 0x440), mulmod(den, f, r))
        }
    }

    /// Subtracts 1/f.
    function take(uint256 c, uint256 f) internal pure {
        assembly ("memory-safe") {
            let den := mload(add(c, 0x440))
            let r := mload(add(c, 0x460))
            mstore(add(c, 0x420), addmod(mulmod(mload(add(c, 0x420)), f, r), sub(r, den), r))
            mstore(add(c, 0x440), mulmod(den, f, r))
        }
    }

    /// The fraction so far, both below r.
    function fraction(uint256 c) internal pure returns (uint256 num, uint256 den) {
        assembly ("memory-safe") {
            num := mload(add(c, 0x420))
            den := mload(add(c, 0x440))
        }
    }
}
