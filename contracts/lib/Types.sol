// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// The constants of f (FORMATS.md, "Rules of a version").
struct Rules {
    uint64 version;
    uint64 chainId;
    uint64 baseFee;
    uint64 gasLimit;
    uint64 maxItems;
    uint64 maxBytes;
    uint64 w0;
    uint64 w1;
    uint64 w2;
    uint64 wAccess;
    uint64 wCode;
    uint64 workBudget;
}

/// A batch's header (FORMATS.md, "Batch").
struct Header {
    uint64 version;
    uint64 number;
    bytes32 parent;
    bytes32 txsHash;
    uint64 timestamp;
    uint64 originNumber;
    bytes32 originHash;
    address feeRecipient;
    uint64 gasLimit;
    uint64 baseFee;
    uint64 chainId;
}

/// What a proof says: the diff of a batch, or the state root after it.
enum Mode {
    Diff,
    Root
}

/// Everything that settles one dispute, as calldata (FORMATS.md).
struct Bundle {
    Header header;
    uint256 preRoot;
    Mode mode;
    uint256 value;
    address beneficiary;
    bytes txs;
    bytes tables;
    bytes proofs;
}
