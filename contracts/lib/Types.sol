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

/// What a bundle proves, and for whom (FORMATS.md, "Statement and transcript"): f of the batch with this header on the state
/// `preRoot` has the diff hash or post root `value`.
struct Statement {
    Header header;
    uint256 preRoot;
    Mode mode;
    uint256 value;
    address beneficiary;
}

/// Where a verification stands between two parts of a bundle. In storage it takes seven words; nothing of the bundle is in it.
struct Session {
    /// Link to the parts still to come; 0 behind the last.
    bytes32 rest;
    /// The bus so far: num/den.
    uint256 num;
    uint256 den;
    /// Whether there is a session.
    bool begun;
    /// Kind of the last part (`Parts`).
    uint8 kind;
    /// Number of the next entry of that kind, from 1.
    uint64 next;
    /// From the head: items that are read, work that is left.
    uint32 read;
    uint64 work;
    /// Mode root.
    bool root;
    /// The slots of the last account go on in the next entry.
    bool open;
    /// Lowest address that may come next, or what an account that goes on is known by (`OpenAccount`); the last code's hash.
    uint256 last;
    bytes32 txsHash;
    bytes32 diff;
}
