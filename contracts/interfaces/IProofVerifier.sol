// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Session, Statement} from "../lib/Types.sol";

/// Verifies statements about f, in one call or part by part. It knows the rules and the key set, no rollup and no game.
interface IProofVerifier {
    /// Reverts with a named error unless the parts prove the statement: f(batch with `header`, state `preRoot`) has the diff hash
    /// or post root `value`. Returns the batch hash, which the caller compares with its own.
    function verify(Statement calldata statement, bytes[] calldata parts) external view returns (bytes32 batchHash);

    /// Begins a session with the first parts of a bundle, the head at least; `rest` links to those behind them (`lib/Parts.sol`),
    /// 0 when there are none. Anybody. Logs the seed as its one topic. Reverts: Begun; what the verifier reverts with at these parts.
    function begin(Statement calldata statement, bytes[] calldata parts, bytes32 rest) external;

    /// Takes the next parts, at least one, of the session with this seed. Anybody, as only the parts that are due fit. Reverts:
    /// NotBegun; Finished; WrongPart; what the verifier reverts with at these parts. Then nothing has changed.
    function feed(bytes32 seed, bytes[] calldata parts, bytes32 rest) external;

    /// As `verify`, once a session has had all its parts; `frozen` links to the first of them. Reverts: NotBegun; NotFinished;
    /// what the parts do not add up to. `gas` and `cost` are those of the session (`cost`).
    function result(Statement calldata statement, bytes32 frozen)
        external
        view
        returns (bytes32 batchHash, uint256 gas, uint256 cost_);

    /// Where the session with this seed stands; not begun when there is none.
    function session(bytes32 seed) external view returns (Session memory);

    /// What the calls of a session have cost whoever sent them (docs/DISPUTES.md, "What a proof costs"): gas, and wei at the price of
    /// each call: what it paid, base fee + 1 gwei at most.
    function cost(bytes32 seed) external view returns (uint256 gas, uint256 cost_);

    /// keccak(abi(rules)) of the rules that it and its keys are for.
    function rulesHash() external view returns (bytes32);
}
