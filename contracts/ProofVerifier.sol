// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProofVerifier} from "./interfaces/IProofVerifier.sol";
import {Bus, R} from "./lib/Bus.sol";
import {Formats} from "./lib/Formats.sol";
import {KeySet} from "./lib/KeySet.sol";
import {ProofBatch} from "./lib/ProofBatch.sol";
import {Bundle, Header, Mode, Rules} from "./lib/Types.sol";
import {AccessTable} from "./tables/AccessTable.sol";
import {BlockTable} from "./tables/BlockTable.sol";
import {CodeTable} from "./tables/CodeTable.sol";
import {KeccakTable} from "./tables/KeccakTable.sol";
import {TxTable} from "./tables/TxTable.sol";

/// Verifies statements about f: transcript, L1's own tuples, all proofs in one pairing call, and the balance of the bus.
/// Stateless and without privileges: keys and rules are fixed when it is deployed.
/// Fixed as well, for ever: ecrecover and the curve's precompiles are called with at most four times their prices
/// (`TxTable`, `ProofBatch`). A fork that raises one above that stops all proofs, and with them all disputes that only a proof decides,
/// until the rollup moves to a verifier with other constants.
contract ProofVerifier is IProofVerifier {
    /// The header names other rules than this verifier's.
    error WrongVersion();
    error WrongChainId();
    error WrongGasLimit();
    error WrongBaseFee();
    /// A root is not below the order of the field, so it would have a second name.
    error RootNotCanonical();
    /// The access list's diff is not the value that is claimed.
    error WrongDiff();
    /// There is no proof, or the proofs are not whole records.
    error NoProofs();
    error BadLength();
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
        if (developmentKeys && block.chainid != PRIVATE_CHAIN) revert DevelopmentKeys();
        // A chain id of 0 would make EIP-155 signatures ambiguous; work is compared in 48 bits.
        if (rules_.chainId == 0 || rules_.workBudget >= 2 ** 48) revert BadRules();
        (KEYS, SHAPES) = KeySet.store(keyBlob);
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

    /// @inheritdoc IProofVerifier
    function verify(Bundle calldata bundle) external view returns (bytes32 batchHash) {
        Bus.reserve();
        bytes32 seed;
        (batchHash, seed) = _transcript(bundle);
        uint256 alpha = Formats.challenge(seed, 1);
        uint256 beta = Formats.challenge(seed, 2);
        _native(bundle, alpha, beta);
        (uint256 pairs, uint256 size, uint256 sums) = _fold(bundle, seed, alpha, beta);
        ProofBatch.check(pairs, size);
        _balance(sums);
    }

    /// Checks the statement's form and draws the seed that binds everything but A, B, C and the sums.
    function _transcript(Bundle calldata bundle) internal view returns (bytes32 batchHash, bytes32 seed) {
        Header memory header = bundle.header;
        if (header.version != VERSION) revert WrongVersion();
        if (header.chainId != CHAIN_ID) revert WrongChainId();
        if (header.gasLimit != GAS_LIMIT) revert WrongGasLimit();
        if (header.baseFee != BASE_FEE) revert WrongBaseFee();
        if (bundle.preRoot >= R || (bundle.mode == Mode.Root && bundle.value >= R)) revert RootNotCanonical();
        if (bundle.proofs.length == 0) revert NoProofs();
        if (bundle.proofs.length % Formats.RECORD != 0) revert BadLength();
        batchHash = Formats.batchHash(header);
        bytes32 statement = Formats.statement(batchHash, bundle.preRoot, bundle.mode, bundle.value);
        seed = Formats.seed(bundle.beneficiary, KEY_SET_HASH, statement, keccak256(bundle.tables), bundle.proofs);
    }

    /// L1's own tuples, in the order of FORMATS.md.
    function _native(Bundle calldata bundle, uint256 alpha, uint256 beta) internal view {
        Header memory header = bundle.header;
        bool root = bundle.mode == Mode.Root;
        Bus.open(alpha, beta);
        BlockTable.Head memory head = BlockTable.parse(bundle.tables);
        BlockTable.send(head, header, WORK_BUDGET);
        if (TxTable.send(rules(), bundle.txs, head.read, head.work, head.runs, head.codes) != header.txsHash) {
            revert TxTable.WrongTransactions();
        }
        AccessTable.sendRoots(head.uses, bundle.preRoot, bundle.value, root);
        bytes32 diff = AccessTable.send(head.accounts, head.runs, root);
        if (!root && diff != bytes32(bundle.value)) revert WrongDiff();
        CodeTable.send(head.codes, head.keccaks);
        KeccakTable.send(head.keccaks, head.end);
    }

    /// Folds the proofs into the input of one pairing call; `sums` is what their circuits put on the bus.
    function _fold(Bundle calldata bundle, bytes32 seed, uint256 alpha, uint256 beta)
        internal
        view
        returns (uint256 pairs, uint256 size, uint256 sums)
    {
        return ProofBatch.fold(KEYS, SHAPES, alpha, beta, Formats.batching(seed, bundle.proofs), bundle.proofs);
    }

    /// num/den + sums = 0, without an inversion.
    function _balance(uint256 sums) internal pure {
        (uint256 num, uint256 den) = Bus.fraction();
        if (den == 0) revert ZeroFingerprint();
        if (addmod(num, mulmod(sums, den, R), R) != 0) revert BusNotBalanced();
    }
}
