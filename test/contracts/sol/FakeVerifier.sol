// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProofVerifier} from "../../../contracts/interfaces/IProofVerifier.sol";
import {R} from "../../../contracts/lib/Bus.sol";
import {Formats} from "../../../contracts/lib/Formats.sol";
import {Mode, Session, Statement} from "../../../contracts/lib/Types.sol";

/// For tests of the game alone: f is a hash of (batch, pre-root, mode), and a statement is proven exactly when its value is f's.
contract FakeVerifier is IProofVerifier {
    error NotTrue(uint256 truth);
    /// It keeps no sessions.
    error NoSessions();

    bytes32 public immutable rulesHash;

    constructor(bytes32 rulesHash_) {
        rulesHash = rulesHash_;
    }

    function verify(Statement calldata statement, bytes[] calldata) external pure returns (bytes32 batchHash) {
        return _judge(statement);
    }

    function result(Statement calldata statement, bytes32) external pure returns (bytes32 batchHash) {
        return _judge(statement);
    }

    function begin(Statement calldata, bytes[] calldata, bytes32) external pure {
        revert NoSessions();
    }

    function feed(bytes32, bytes[] calldata, bytes32) external pure {
        revert NoSessions();
    }

    function session(bytes32) external pure returns (Session memory) {
        revert NoSessions();
    }

    function _judge(Statement calldata s) private pure returns (bytes32 batchHash) {
        batchHash = Formats.batchHash(s.header);
        uint256 truth = uint256(keccak256(abi.encode(batchHash, s.preRoot, s.mode)));
        if (s.mode == Mode.Root) truth %= R;
        if (s.value != truth) revert NotTrue(truth);
    }
}
