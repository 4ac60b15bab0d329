// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// The verification keys of a version: the code of a data contract, 00 followed by
///
///   blob = alpha1 64, -beta2 128, rulesHash 32, per shape (IC0..IC3 256, -gamma2 128, -delta 128)
///
/// The circuits state f of certain rules, so the key set names them, and no verifier takes it with others. Code is the cheapest read there is: a shape's 512 bytes cost some 150 gas instead of 16 cold slots. Its code hash names
/// the key set. G2 points are stored negated, so that nothing is negated in a verification.
library KeySet {
    /// alpha1, -beta2, rulesHash.
    uint256 internal constant HEAD = 224;
    /// One shape.
    uint256 internal constant SHAPE = 512;
    uint256 private constant IC = 256;
    /// x of [1]_1.
    uint256 private constant G1X = 1;
    /// alpha1 of all development keys.
    uint256 private constant ALPHA_X = 12640225555511804805945729271798170179459320318010933642950947183479504991584;
    uint256 private constant ALPHA_Y = 19117420178261447194604371473737682835267355774957507909615505841333333323680;
    /// x of [1]_2, imaginary part first (EIP-197).
    uint256 private constant G2X1 = 11559732032986387107991004021392285783925812861821192530917403151452391805634;
    uint256 private constant G2X0 = 10857046999023057135944570762232829481370756359578518086990519993285655852781;

    /// The blob is not a head and at least one shape.
    error BadKeyLength();
    /// The keys are for circuits of other rules than the verifier's.
    error KeysOfOtherRules();
    /// A point is infinity, or two trapdoors that must be independent are equal or opposite: proofs could be forged.
    error DegenerateKey();
    /// The data contract could not be made (the blob is larger than a contract may be).
    error KeysNotStored();

    /// Checks the blob and stores it; returns the data contract and the number of shapes.
    function store(bytes memory blob, bytes32 rulesHash) internal returns (address keys, uint256 shapes) {
        shapes = _check(blob);
        bytes32 named;
        assembly ("memory-safe") {
            named := mload(add(blob, HEAD)) // the head's last word, behind the blob's length
        }
        if (named != rulesHash) revert KeysOfOtherRules();
        // PUSH1 11 MSIZE DUP2 CODESIZE SUB DUP1 SWAP3 MSIZE CODECOPY RETURN: returns what follows these 11 bytes. The 00 in
        // front of the blob (STOP) makes it code that does nothing.
        bytes memory code = abi.encodePacked(hex"600B5981380380925939F300", blob);
        assembly ("memory-safe") {
            keys := create(0, add(code, 0x20), mload(code))
        }
        if (keys == address(0)) revert KeysNotStored();
    }

    /// Whether the keys are development ones, whoever says what: all of these share alpha (`src/proof/setup/seeds.ts`).
    function isDevelopment(bytes memory blob) internal pure returns (bool development) {
        assembly ("memory-safe") {
            development := and(eq(mload(add(blob, 0x20)), ALPHA_X), eq(mload(add(blob, 0x40)), ALPHA_Y))
        }
    }

    /// What keeps a key set from being forgeable by construction (`assertSound` in src/proof/keys.ts refuses the same). No point is
    /// infinity. alpha is not one, up to sign: else A = alpha, B = beta prove without a witness. beta2, every gamma2 and every delta are known to be drawn
    /// independently only if no two of them, nor one and [1]_2, share the x coordinate (equal or opposite points).
    function _check(bytes memory blob) private pure returns (uint256 shapes) {
        if (blob.length <= HEAD || (blob.length - HEAD) % SHAPE != 0) revert BadKeyLength();
        shapes = (blob.length - HEAD) / SHAPE;
        bytes32[] memory seen = new bytes32[](2 * shapes + 2);
        seen[0] = keccak256(abi.encode(G2X1, G2X0));
        seen[1] = _x2(blob, 64);
        if (_zero(blob, 0, 64) || _word(blob, 0) == G1X) revert DegenerateKey();
        if (_zero(blob, 64, 128) || seen[1] == seen[0]) revert DegenerateKey();
        for (uint256 i = 0; i < 2 * shapes; ++i) {
            uint256 shape = HEAD + (i / 2) * SHAPE;
            uint256 point = shape + IC + (i % 2) * 128;
            if (_zero(blob, point, 128)) revert DegenerateKey();
            bytes32 x = _x2(blob, point);
            for (uint256 j = 0; j < i + 2; ++j) if (seen[j] == x) revert DegenerateKey();
            seen[i + 2] = x;
            // IC0 to IC3, two in each round: a public input without a key would be free.
            uint256 ic = shape + (i % 2) * 128;
            if (_zero(blob, ic, 64) || _zero(blob, ic + 64, 64)) revert DegenerateKey();
        }
    }

    /// Hash of the x coordinate of the G2 point at `offset`.
    function _x2(bytes memory blob, uint256 offset) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            hash := keccak256(add(add(blob, 0x20), offset), 64)
        }
    }

    /// The word at `offset`.
    function _word(bytes memory blob, uint256 offset) private pure returns (uint256 x) {
        assembly ("memory-safe") {
            x := mload(add(add(blob, 0x20), offset))
        }
    }

    /// Whether the n bytes at `offset` are all zero; n is a multiple of 32.
    function _zero(bytes memory blob, uint256 offset, uint256 n) private pure returns (bool) {
        uint256 any;
        for (uint256 i = 0; i < n; i += 32) {
            assembly ("memory-safe") {
                any := or(any, mload(add(add(blob, 0x20), add(offset, i))))
            }
        }
        return any == 0;
    }
}
