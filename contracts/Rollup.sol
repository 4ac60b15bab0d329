// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IDispute} from "./interfaces/IDispute.sol";
import {IRollup, RollupConfig} from "./interfaces/IRollup.sol";
import {
    BadParameter,
    NotCanonical,
    NotSequencer,
    NotTopLevel,
    TooManyBytes,
    TooManyItems,
    WrongNumber,
    WrongOrigin,
    WrongParent,
    WrongRules,
    WrongTimestamp,
    WrongTransactions,
    WrongTxsHash
} from "./lib/Errors.sol";
import {Formats} from "./lib/Formats.sol";
import {Header, Mode, Rules} from "./lib/Types.sol";

/// See IRollup. Stateless about results; the only writer is the sequencer.
contract Rollup is IRollup {
    /// Bytes of an item's length in `txs`.
    uint256 private constant LENGTH = 3;

    address public immutable sequencer;
    address public immutable dispute;
    uint64 public immutable maxOriginLag;
    uint64 public immutable maxTimestampLag;
    uint64 public immutable minInterval;

    bytes32 public immutable rulesHash;

    uint64 public latest;
    uint64 public latestTimestamp;
    mapping(uint64 number => bytes32) public batchHash;

    Rules private _rules;

    constructor(RollupConfig memory config, Rules memory rules_) {
        if (config.sequencer == address(0)) revert BadParameter("sequencer");
        if (config.dispute == address(0)) revert BadParameter("dispute");
        if (config.maxOriginLag == 0 || config.maxOriginLag > 256) revert BadParameter("maxOriginLag");
        if (config.maxTimestampLag == 0) revert BadParameter("maxTimestampLag");
        if (config.minInterval == 0) revert BadParameter("minInterval");
        sequencer = config.sequencer;
        dispute = config.dispute;
        maxOriginLag = config.maxOriginLag;
        maxTimestampLag = config.maxTimestampLag;
        minInterval = config.minInterval;
        rulesHash = Formats.rulesHash(rules_);
        _rules = rules_;
    }

    function rules() external view returns (Rules memory) {
        return _rules;
    }

    function submitBatch(Header calldata header, bytes calldata txs) external {
        _checkEncoding(abi.encodeCall(IRollup.submitBatch, (header, txs)));
        _submit(header, txs);
    }

    function submitBatchAndClaim(Header calldata header, bytes calldata txs, uint256 diff)
        external
        returns (uint256 claimId)
    {
        _checkEncoding(abi.encodeCall(IRollup.submitBatchAndClaim, (header, txs, diff)));
        bytes32 hash = _submit(header, txs);
        return IDispute(dispute).claimFor(msg.sender, Mode.Diff, header.number, hash, diff);
    }

    function _submit(Header calldata header, bytes calldata txs) private returns (bytes32 hash) {
        if (msg.sender != sequencer) revert NotSequencer();
        // An account without code cannot call from inside: this call is the L1 transaction itself, also under EIP-7702.
        if (msg.sender != tx.origin || msg.sender.code.length != 0) revert NotTopLevel();
        _checkPlace(header);
        _checkRules(header, txs);
        hash = Formats.batchHash(header);
        latest = header.number;
        latestTimestamp = header.timestamp;
        batchHash[header.number] = hash;
        emit BatchSubmitted(header.number, hash, header);
    }

    /// Everybody rebuilds the batch from this calldata, so it must be what an ABI encoder makes. Solidity itself reads more than
    /// that, offsets that lead backwards for one, where other decoders give up: a batch that only L1 can read would hide the
    /// state from all challengers.
    function _checkEncoding(bytes memory canonical) private pure {
        if (keccak256(canonical) != keccak256(msg.data)) revert NotCanonical();
    }

    /// The batch follows the newest one and knows the L1 it is posted to, so a reorg cannot give it another meaning.
    function _checkPlace(Header calldata header) private view {
        if (header.number != latest + 1) revert WrongNumber(latest + 1);
        bytes32 parent = batchHash[latest];
        if (header.parent != parent) revert WrongParent(parent);
        if (
            header.timestamp < uint256(latestTimestamp) + minInterval || header.timestamp > block.timestamp
                || block.timestamp - header.timestamp > maxTimestampLag
        ) revert WrongTimestamp(latestTimestamp);
        if (
            header.originNumber >= block.number || block.number - header.originNumber > maxOriginLag
                || header.originHash != blockhash(header.originNumber)
        ) revert WrongOrigin();
    }

    function _checkRules(Header calldata header, bytes calldata txs) private view {
        Rules storage r = _rules;
        if (
            header.version != r.version || header.chainId != r.chainId || header.baseFee != r.baseFee
                || header.gasLimit != r.gasLimit
        ) revert WrongRules();
        bytes32 txsHash;
        uint256 items;
        for (uint256 o = 0; o < txs.length; ++items) {
            if (o + LENGTH > txs.length) revert WrongTransactions();
            uint256 end = o + LENGTH + uint24(bytes3(txs[o:o + LENGTH]));
            if (end > txs.length) revert WrongTransactions();
            bytes calldata item = txs[o + LENGTH:end];
            txsHash = Formats.rollTx(txsHash, item.length, keccak256(item));
            o = end;
        }
        if (items > r.maxItems) revert TooManyItems();
        if (txs.length - LENGTH * items > r.maxBytes) revert TooManyBytes();
        if (header.txsHash != txsHash) revert WrongTxsHash(txsHash);
    }
}
