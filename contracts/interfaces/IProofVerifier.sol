// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bundle} from "../lib/Types.sol";

/// Verifies statements about f. Stateless: it knows the rules and the key set, no rollup and no game.
interface IProofVerifier {
    /// Reverts with a named error unless the bundle proves its statement: f(batch with `header`, state `preRoot`) has
    /// the diff hash or post root `value`. Returns the batch hash, which the caller compares with its own.
    function verify(Bundle calldata bundle) external view returns (bytes32 batchHash);
}
