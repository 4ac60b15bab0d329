// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus, R} from "../lib/Bus.sol";
import {Formats} from "../lib/Formats.sol";
import {KeySet} from "../lib/KeySet.sol";
import {Parts} from "../lib/Parts.sol";
import {ProofBatch} from "../lib/ProofBatch.sol";
import {Header, Mode, Rules, Session, Statement} from "../lib/Types.sol";
import {AccessTable} from "../tables/AccessTable.sol";
import {BlockTable} from "../tables/BlockTable.sol";
import {CodeTable} from "../tables/CodeTable.sol";
import {KeccakTable} from "../tables/KeccakTable.sol";
import {TxTable} from "../tables/TxTable.sol";

/// The verification itself, from a session in memory: transcript, L1's own tuples, the proofs, one pairing call for those of a part, and
/// the balance of the bus. Keys and rules are fixed when it is deployed.
abstract contract Verification {
    /// The header names other rules than this verifier's.
    error WrongVersion();
    error WrongChainId();
    error WrongGasLimit();
    error WrongBaseFee();
    /// A root is not below the order of the field, so it would have a second name.
    error RootNotCanonical();
    /// The access list's diff is not the value that is claimed.
    error WrongDiff();
    /// A tuple's fingerprint is zero (a prover needs 2^254 tries to meet one).
    error ZeroFingerprint();
    /// Something was sent and not received, or received and not sent.
    error BusNotBalanced();
    /// Keys whose trapdoors are public may only be used on a private chain.
    error DevelopmentKeys();
    /// Rules outside of what circuits and tables can represent.
    error BadRules();
    uint256 private constant PRIVATE_CHAIN = 31_337;

    /// The data contract that holds the keys, its code hash, and how many shapes there are.
    address public immutable KEYS;
    bytes32 public immutable KEY_SET_HASH;
    uint256 public immutable SHAPES;
    /// Whether the keys' trapdoors are public.
    bool public immutable DEVELOPMENT_KEYS;

    /// keccak(abi(rules)).
    bytes32 internal immutable RULES_HASH;

    // The rules, one immutable each: reading them costs three gas.
    uint64 private immutable VERSION;
    uint64 private immutable CHAIN_ID;
    uint64 private immutable BASE_FEE;
    uint64 private immutable GAS_LIMIT;
    uint64 private immutable MAX_ITEMS;
    uint64 private immutable MAX_BYTES;
    uint64 private immutable W0;
    uint64 private immutable W1;
    uint64 private immutable W2;
    uint64 private immutable W_ACCESS;
    uint64 private immutable W_CODE;
    uint64 private immutable WORK_BUDGET;

    constructor(bytes memory keyBlob, Rules memory rules_, bool developmentKeys) {
        RULES_HASH = Formats.rulesHash(rules_);
        (KEYS, SHAPES) = KeySet.store(keyBlob, RULES_HASH);
        developmentKeys = developmentKeys || KeySet.isDevelopment(keyBlob);
        if (developmentKeys && block.chainid != PRIVATE_CHAIN) revert DevelopmentKeys();
        // A chain id of 0 would make EIP-155 signatures ambiguous; work is compared in 48 bits.
        if (rules_.chainId == 0 || rules_.workBudget >= 2 ** 48) revert BadRules();
        KEY_SET_HASH = KEYS.codehash;
        DEVELOPMENT_KEYS = developmentKeys;
        VERSION = rules_.version;
        CHAIN_ID = rules_.chainId;
        BASE_FEE = rules_.baseFee;
        GAS_LIMIT = rules_.gasLimit;
        MAX_ITEMS = rules_.maxItems;
        MAX_BYTES = rules_.maxBytes;
        W0 = rules_.w0;
        W1 = rules_.w1;
        W2 = rules_.w2;
        W_ACCESS = rules_.wAccess;
        W_CODE = rules_.wCode;
        WORK_BUDGET = rules_.workBudget;
    }

    /// The constants of f that this verifier knows.
    function rules() public view returns (Rules memory) {
        return Rules(
            VERSION, CHAIN_ID, BASE_FEE, GAS_LIMIT, MAX_ITEMS, MAX_BYTES, W0, W1, W2, W_ACCESS, W_CODE, WORK_BUDGET
        );
    }

    /// The links to the parts, of which there must be one.
    function _chain(bytes[] calldata parts, bytes32 rest) internal pure returns (bytes32[] memory) {
        if (parts.length == 0) revert Parts.WrongKind();
        return Parts.chain(parts, rest);
    }

    /// Draws the seed, which binds everything but sums, A, B and C.
    function _seed(Statement calldata s, bytes32 frozen) internal view returns (bytes32 batchHash, bytes32 seed) {
        Header memory header = s.header;
        batchHash = Formats.batchHash(header);
        bytes32 statement = Formats.statement(batchHash, s.preRoot, s.mode, s.value);
        seed = Formats.seed(s.beneficiary, KEY_SET_HASH, RULES_HASH, statement, frozen);
    }

    /// Checks the statement's form, opens the bus, and takes the first part, which must be the head.
    function _open(Session memory s, Statement calldata statement, bytes32 seed, bytes[] calldata parts) internal view {
        _check(statement);
        Bus.open(Formats.challenge(seed, 1), Formats.challenge(seed, 2));
        _head(s, statement, parts);
    }

    /// The header names this verifier's rules; a root has one name.
    function _check(Statement calldata statement) internal view {
        Header calldata header = statement.header;
        if (header.version != VERSION) revert WrongVersion();
        if (header.chainId != CHAIN_ID) revert WrongChainId();
        if (header.gasLimit != GAS_LIMIT) revert WrongGasLimit();
        if (header.baseFee != BASE_FEE) revert WrongBaseFee();
        bool root = statement.mode == Mode.Root;
        if (statement.preRoot >= R || (root && statement.value >= R)) revert RootNotCanonical();
    }

    /// Where execution starts and ends, the block, the roots; and what the other parts need of it.
    function _head(Session memory s, Statement calldata statement, bytes[] calldata parts) internal view {
        (uint256 kind, uint256 o, uint256 end) = Parts.read(parts, 0);
        if (kind != Parts.HEAD) revert Parts.WrongKind();
        BlockTable.Head memory head = BlockTable.parse(o, end - o);
        BlockTable.send(head, statement.header, WORK_BUDGET);
        bool root = statement.mode == Mode.Root;
        AccessTable.sendRoots(head.uses, statement.preRoot, statement.value, root);
        (s.kind, s.next, s.root) = (Parts.TRANSACTIONS, 1, root);
        (s.read, s.work) = (uint32(head.read), uint64(head.work));
    }

    /// Takes the parts, whose links are `dues`; a session that is new has had its first one.
    function _run(Session memory s, bytes32 seed, bytes[] calldata parts, bytes32[] memory dues) internal view {
        for (uint256 i = s.begun ? 0 : 1; i < parts.length; ++i) {
            (uint256 kind, uint256 o, uint256 end) = Parts.read(parts, i);
            if (kind != s.kind) _enter(s, kind);
            if (kind == Parts.PROOFS) _proofs(seed, dues[i], o, end);
            else _table(s, kind, o, end);
        }
        (s.num, s.den) = Bus.fraction();
    }

    /// The first part of its kind: entries of it are numbered from 1. Nothing of the kind before may be left.
    function _enter(Session memory s, uint256 kind) internal pure {
        if (kind < s.kind || kind > Parts.PROOFS) revert Parts.WrongKind();
        if (s.kind == Parts.TRANSACTIONS && s.next <= s.read) revert TxTable.WrongTransactions();
        if (s.open) revert BlockTable.BadTables();
        (s.kind, s.next, s.last) = (uint8(kind), 1, 0);
    }

    /// L1's own tuples of the part [o, end) of calldata, in the order of FORMATS.md.
    function _table(Session memory s, uint256 kind, uint256 o, uint256 end) internal view {
        if (kind == Parts.TRANSACTIONS) TxTable.send(rules(), s, o, end);
        else if (kind == Parts.ACCOUNTS) AccessTable.send(s, o, end);
        else if (kind == Parts.CODES) CodeTable.send(s, o, end);
        else KeccakTable.send(s, o, end);
    }

    /// Checks the proofs of one part in one pairing call; what their circuits put on the bus is added to it.
    function _proofs(bytes32 seed, bytes32 due, uint256 o, uint256 end) internal view {
        bytes calldata proofs;
        assembly ("memory-safe") {
            proofs.offset := o
            proofs.length := sub(end, o)
        }
        (uint256 alpha, uint256 beta) = Bus.challenges();
        uint256 rho = Formats.batching(seed, due, proofs);
        (uint256 pairs, uint256 size, uint256 sums) = ProofBatch.fold(KEYS, SHAPES, alpha, beta, rho, proofs);
        ProofBatch.check(pairs, size);
        Bus.add(sums);
    }

    /// Whether all parts together prove the statement: num/den = 0, without an inversion.
    function _end(Session memory s, Statement calldata statement) internal pure {
        if (s.kind != Parts.PROOFS) revert Parts.NoProofs();
        if (s.txsHash != statement.header.txsHash) revert TxTable.WrongTransactions();
        if (!s.root && s.diff != bytes32(statement.value)) revert WrongDiff();
        if (s.den == 0) revert ZeroFingerprint();
        if (s.num != 0) revert BusNotBalanced();
    }
}
