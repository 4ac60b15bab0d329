// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {WorstBatch} from "./generated/WorstBatch.sol";
import {IProofVerifier} from "./interfaces/IProofVerifier.sol";
import {Bus} from "./lib/Bus.sol";
import {Formats} from "./lib/Formats.sol";
import {Meter} from "./lib/Meter.sol";
import {Rules, Session, Statement} from "./lib/Types.sol";
import {Verification} from "./verifier/Verification.sol";

/// Verifies statements about f (`verifier/Verification.sol`). Without privileges: keys and rules are fixed when it is deployed.
/// Fixed as well, for ever: ecrecover and the curve's precompiles are called with at most four times their prices
/// (`TxTable`, `ProofBatch`). A fork that raises one above that stops all proofs, and with them all disputes that only a proof decides,
/// until the rollup moves to a verifier with other constants.
///
/// A bundle is a statement and a list of parts. `verify` takes all parts in one call. A bundle that is larger than a transaction
/// comes in several: `begin` and `feed`, of as many parts each as the sender likes, then `result`. The same loop runs over the
/// parts in either way, from a `Session` in memory; between transactions it lies in storage, under the seed.
///
/// Why parts are as good as one call, in the order of time:
/// 1. The seed is the hash of chain, verifier, beneficiary, keys, rules, statement and the link to the first part, which is the
///    hash of all parts but sums and A, B, C (`Parts`). Only then are alpha and beta known. So whoever feeds a part has chosen
///    tables and commitments before the challenges, in `verify` as in a session.
/// 2. A session is made by `begin` alone, for its own seed, with the bus at 0/1. Each part fed must be what the link that is due
///    is the hash of; then the next link is due. So a session has had the frozen parts, each once and in order, and nothing else,
///    whoever sent them. A call that reverts leaves it as it was: nobody can spoil a session of somebody else, only pay for it.
/// 3. The tables carry on from the session: entries are numbered on, addresses and code hashes ascend on, transactions and diff
///    hash on. What a part does to the session is what the same entries do within one part, so borders change nothing.
/// 4. Proofs are checked in the transaction that brings them, with a batching challenge drawn after all of them (`Formats`); only
///    sums of valid proofs enter the bus.
/// 5. The fraction num/den goes on mod r. A fingerprint of zero makes den 0 for good. At the end, behind the last link, the bus
///    must balance, transactions and diff be those of the statement: all that is left to check, and `_end` checks it in both ways.
///
/// A session never expires and costs nobody anything; nothing can be taken out of it. When a reorg of L1 drops transactions of a
/// session, it stands where it stood before them, and the same calls do the same again: the seed does not depend on blocks.
contract ProofVerifier is IProofVerifier, Verification {
    /// There is such a session already: feed it.
    error Begun();
    /// There is no such session: begin it.
    error NotBegun();
    /// The session has all its parts.
    error Finished();
    /// The session has not had all its parts.
    error NotFinished();
    /// Not the part that is due: another bundle's, changed, out of turn, or fed already. `due` links to the one that is.
    error WrongPart(bytes32 due);

    /// What a session has cost so far.
    struct Cost {
        uint32 bytes_;
        uint64 gas;
        uint128 wei_;
    }

    mapping(bytes32 seed => Session) private _sessions;
    mapping(bytes32 seed => Cost) private _costs;

    constructor(bytes memory keyBlob, Rules memory rules_, bool developmentKeys)
        Verification(keyBlob, rules_, developmentKeys)
    {}

    /// @inheritdoc IProofVerifier
    function verify(Statement calldata statement, bytes[] calldata parts) external view returns (bytes32 batchHash) {
        Bus.reserve();
        bytes32[] memory dues = _chain(parts, 0);
        bytes32 seed;
        (batchHash, seed) = _seed(statement, dues[0]);
        Session memory s;
        _open(s, statement, seed, parts);
        _run(s, seed, parts, dues);
        _end(s, statement);
    }

    /// @inheritdoc IProofVerifier
    function begin(Statement calldata statement, bytes[] calldata parts, bytes32 rest) external {
        uint256 gas = gasleft();
        Bus.reserve();
        bytes32[] memory dues = _chain(parts, rest);
        (, bytes32 seed) = _seed(statement, dues[0]);
        if (_sessions[seed].begun) revert Begun();
        Session memory s;
        _open(s, statement, seed, parts);
        _run(s, seed, parts, dues);
        (s.begun, s.rest) = (true, rest);
        _sessions[seed] = s;
        _count(seed, gas, parts);
        // Whoever is at the same statement finds this transaction by its log (a named event does not fit the limit of 24,576 bytes).
        assembly ("memory-safe") {
            log1(0, 0, seed)
        }
    }

    /// @inheritdoc IProofVerifier
    function feed(bytes32 seed, bytes[] calldata parts, bytes32 rest) external {
        uint256 gas = gasleft();
        Bus.reserve();
        Session memory s = _sessions[seed];
        if (!s.begun) revert NotBegun();
        if (s.rest == 0) revert Finished();
        bytes32[] memory dues = _chain(parts, rest);
        if (dues[0] != s.rest) revert WrongPart(s.rest);
        Bus.resume(Formats.challenge(seed, 1), Formats.challenge(seed, 2), s.num, s.den);
        _run(s, seed, parts, dues);
        s.rest = rest;
        _sessions[seed] = s;
        _count(seed, gas, parts);
    }

    /// @inheritdoc IProofVerifier
    function result(Statement calldata statement, bytes32 frozen)
        external
        view
        returns (bytes32 batchHash, uint256 gas, uint256 cost_)
    {
        bytes32 seed;
        (batchHash, seed) = _seed(statement, frozen);
        Session memory s = _sessions[seed];
        if (!s.begun) revert NotBegun();
        if (s.rest != 0) revert NotFinished();
        _end(s, statement);
        (gas, cost_) = cost(seed);
    }

    /// @inheritdoc IProofVerifier
    function cost(bytes32 seed) public view returns (uint256 gas, uint256 cost_) {
        return (_costs[seed].gas, _costs[seed].wei_);
    }

    /// @inheritdoc IProofVerifier
    function session(bytes32 seed) external view returns (Session memory) {
        return _sessions[seed];
    }

    /// @inheritdoc IProofVerifier
    function rulesHash() external view returns (bytes32) {
        return RULES_HASH;
    }

    /// Adds a call, which had `gas` left when it began, to what the session has cost; bytes only as far as a bundle can have them.
    function _count(bytes32 seed, uint256 gas, bytes[] calldata parts) private {
        Cost memory c = _costs[seed];
        uint256 bytes_ = Math.min(Meter.bodies(parts), WorstBatch.BYTES - c.bytes_);
        gas = Meter.gasSince(gas, bytes_);
        (c.bytes_, c.gas) = (c.bytes_ + uint32(bytes_), c.gas + uint64(gas));
        c.wei_ += uint128(gas * Meter.price());
        _costs[seed] = c;
    }
}
