// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Header, Rules} from "../lib/Types.sol";

/// Where the rollup lives on L1 and what a batch may look like.
struct RollupConfig {
    /// The only account that posts batches.
    address sequencer;
    /// The contract that takes claims about batches.
    address dispute;
    /// A batch's L1 origin is at most this many blocks old (1..256: further back L1 does not know a block's hash).
    uint64 maxOriginLag;
    /// A batch's timestamp is at most this many seconds behind L1's.
    uint64 maxTimestampLag;
    /// Seconds between the timestamps of two batches, at least.
    uint64 minInterval;
}

/// The batches of the rollup, in order. An accepted batch is canonical for ever: nothing here can be undone, and nothing
/// here says what a batch results in (that is claimed and disputed in IDispute).
interface IRollup {
    /// Batch `number` was accepted. The header is here; the raw transactions are the `txs` argument in the calldata of the
    /// L1 transaction that emitted this log, whose `to` is always this contract (`NotTopLevel`).
    event BatchSubmitted(uint64 indexed number, bytes32 indexed batchHash, Header header);

    /// Accepts the next batch, whose transactions are `txs` = per item (length u24, bytes): one string, as a word for each item
    /// would take a full batch of small items beyond what an L1 transaction holds. Only the sequencer, as a transaction of its own (no contract between, so that the calldata can
    /// be found by everybody).
    /// Reverts: NotCanonical (the calldata is not what an ABI encoder makes); NotSequencer; NotTopLevel; WrongNumber (not the next); WrongParent; WrongTimestamp (not parent + minInterval <= t <= now, or
    /// older than maxTimestampLag); WrongOrigin (hash differs, or older than maxOriginLag); WrongRules (version, chain id,
    /// base fee or gas limit); WrongTransactions (not whole items); TooManyItems; TooManyBytes; WrongTxsHash.
    function submitBatch(Header calldata header, bytes calldata txs) external;

    /// submitBatch and IDispute.claim of the batch's diff hash on the sequencer's stake in one transaction. Reverts as the two do.
    function submitBatchAndClaim(Header calldata header, bytes calldata txs, uint256 diff)
        external
        returns (uint256 claimId);

    /// Number of the newest batch; 0 when only genesis exists.
    function latest() external view returns (uint64);

    /// Hash of batch `number` (FORMATS.md, "Batch"); 0 for genesis and for batches that do not exist.
    function batchHash(uint64 number) external view returns (bytes32);

    /// Timestamp of the newest batch; 0 when only genesis exists.
    function latestTimestamp() external view returns (uint64);

    /// The rules of this rollup's version.
    function rules() external view returns (Rules memory);

    /// keccak(abi(rules)): the verifier must have the same.
    function rulesHash() external view returns (bytes32);

    function sequencer() external view returns (address);

    function dispute() external view returns (address);

    function maxOriginLag() external view returns (uint64);

    function maxTimestampLag() external view returns (uint64);

    function minInterval() external view returns (uint64);
}
