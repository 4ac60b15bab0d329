// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProofVerifier} from "../../../contracts/interfaces/IProofVerifier.sol";
import {R} from "../../../contracts/lib/Bus.sol";
import {Formats} from "../../../contracts/lib/Formats.sol";
import {Bundle, Mode} from "../../../contracts/lib/Types.sol";

/// For tests of the game alone: f is a hash of (batch, pre-root, mode), and a bundle is right exactly when its value is f's.
contract FakeVerifier is IProofVerifier {
    error NotTrue(uint256 truth);

    function verify(Bundle calldata bundle) external pure returns (bytes32 batchHash) {
        batchHash = Formats.batchHash(bundle.header);
        uint256 truth = uint256(keccak256(abi.encode(batchHash, bundle.preRoot, bundle.mode)));
        if (bundle.mode == Mode.Root) truth %= R;
        if (bundle.value != truth) revert NotTrue(truth);
    }
}
