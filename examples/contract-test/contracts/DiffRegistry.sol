// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProofVerifier} from "deltaproof/contracts/interfaces/IProofVerifier.sol";
import {Mode, Statement} from "deltaproof/contracts/lib/Types.sol";

/// Keeps the diff hashes of batches that were proven to it.
contract DiffRegistry {
    /// The statement is about a state root.
    error NotADiff();

    IProofVerifier public immutable VERIFIER;

    /// h(diff) of a batch executed on a state root; 0 when nobody has proven it.
    mapping(bytes32 batchHash => mapping(uint256 preRoot => uint256 diff)) public diffOf;

    constructor(IProofVerifier verifier) {
        VERIFIER = verifier;
    }

    /// Anybody. Reverts with the verifier's error unless the parts prove the statement.
    function record(Statement calldata statement, bytes[] calldata parts) external returns (bytes32 batchHash) {
        if (statement.mode != Mode.Diff) revert NotADiff();
        batchHash = VERIFIER.verify(statement, parts);
        diffOf[batchHash][statement.preRoot] = statement.value;
    }
}
