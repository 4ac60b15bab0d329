// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {R} from "./Bus.sol";
import {Formats} from "./Formats.sol";
import {KeySet} from "./KeySet.sol";

/// Batch verification of N committed-row Groth16 proofs over S shapes.
///
///   e(A, B) = e(alpha1, beta2) e(vk_x, [1]) e(D, [gamma2]) e(C, [delta])      per proof; gamma2 and delta per shape
///   vk_x = IC0 + sum * IC1 + alpha * IC2 + beta * IC3
///
/// With the powers 1, rho, rho^2, ... of a challenge drawn after everything, all N equations become ONE pairing call with
/// N + 2S + 2 pairs: (rho^j A_j, B_j); per shape (sum rho^j D_j, -gamma2) and (sum rho^j C_j, -delta); (sum rho^j alpha1, -beta2);
/// (all vk_x, -[1]).
library ProofBatch {
    /// Records are not sorted by shape.
    error ShapesNotSorted();
    /// The key set has no such shape.
    error UnknownShape();
    /// A proof's sum is not below r.
    error SumNotCanonical();
    /// A G1 point (A, C, D) is not on the curve or not canonical.
    error PointNotOnCurve();
    /// A point B is not on the twist, not in the subgroup or not canonical.
    error BadG2Point();
    /// At least one proof does not verify.
    error InvalidProof();

    // Precompiles get four times today's price (EIP-1108). A failing precompile eats all it is given, so never all gas, or the
    // error's name would be lost; and never exactly the price, or a fork that raises it would stop all verification. Not a
    // constructor's argument: one more number for whoever deploys to get wrong, and a price that rises above it needs a new verifier
    // either way, as nothing of this one can be changed.
    uint256 private constant GAS_ADD = 4 * 150;
    uint256 private constant GAS_MUL = 4 * 6_000;
    uint256 private constant GAS_PAIRING = 4 * 45_000;
    uint256 private constant GAS_PAIR = 4 * 34_000;
    // -[1]_2, imaginary parts first
    uint256 private constant G2X1 = 11559732032986387107991004021392285783925812861821192530917403151452391805634;
    uint256 private constant G2X0 = 10857046999023057135944570762232829481370756359578518086990519993285655852781;
    uint256 private constant NG2Y1 = 17805874995975841540914202342111839520379459829704422454583296818431106115052;
    uint256 private constant NG2Y0 = 13392588948715843804641432497768002650278120570034223513918757245338268106653;

    /// Offsets in a record.
    uint256 private constant SUM = 65;
    uint256 private constant A = 97;
    uint256 private constant B = 161;
    uint256 private constant C = 289;
    /// Bytes of a pair.
    uint256 private constant PAIR = 192;
    /// Workspace in memory: three accumulators with room for a point and its scalar behind them (the precompiles' input
    /// format), then the current shape's key.
    uint256 private constant ACC_D = 0x000;
    uint256 private constant ACC_C = 0x0a0;
    uint256 private constant ACC_V = 0x140;
    uint256 private constant KEY = 0x1e0;
    uint256 private constant WORKSPACE = 0x3e0;

    /// What the fold carries from record to record.
    struct Fold {
        address keys;
        uint256 alpha;
        uint256 beta;
        uint256 work; // memory position of the workspace
        uint256 pair; // memory position of the next pair
        uint256 shape; // current one
        uint256 weights; // sum of rho^j within the shape
        uint256 weighted; // sum of rho^j * sum_j within the shape
    }

    /// Folds all records (whole ones, at least one) into the input of one pairing call, [pairs, pairs + size), and adds up
    /// their sums.
    function fold(address keys, uint256 shapes, uint256 alpha, uint256 beta, uint256 rho, bytes calldata proofs)
        internal
        view
        returns (uint256 pairs, uint256 size, uint256 sums)
    {
        Fold memory f = Fold(keys, alpha, beta, 0, 0, type(uint256).max, 0, 0);
        pairs = f.pair = _allocate(f, proofs.length / Formats.RECORD);
        uint256 k = 1; // rho^j
        uint256 all; // sum of all rho^j
        // No overflow: calldata offsets; field elements are added by addmod.
        unchecked {
            for (uint256 o = 0; o < proofs.length; o += Formats.RECORD) {
                uint256 shape = uint8(proofs[o]);
                if (shape != f.shape) {
                    if (o != 0) {
                        if (shape < f.shape) revert ShapesNotSorted();
                        _closeShape(f);
                    }
                    if (shape >= shapes) revert UnknownShape();
                    _openShape(f, shape);
                }
                uint256 sum = _record(f, proofs, o, k);
                if (sum >= R) revert SumNotCanonical();
                sums = addmod(sums, sum, R);
                f.weights = addmod(f.weights, k, R);
                f.weighted = addmod(f.weighted, mulmod(k, sum, R), R);
                all = addmod(all, k, R);
                k = mulmod(k, rho, R);
            }
        }
        _closeShape(f);
        _lastPairs(f, all);
        size = f.pair - pairs;
    }

    /// One pairing call over what {fold} made.
    function check(uint256 pairs, uint256 size) internal view {
        uint256 cap = GAS_PAIRING + GAS_PAIR * (size / PAIR);
        bool ok;
        bool one;
        assembly ("memory-safe") {
            ok := staticcall(cap, 8, pairs, size, 0, 0x20)
            one := eq(mload(0), 1)
        }
        if (!ok) revert BadG2Point(); // every G1 input came out of precompiles 6 and 7: only a B can be bad
        if (!one) revert InvalidProof();
    }

    /// Reserves the workspace and room for N + 2S + 2 pairs with S <= N; the accumulators start at infinity.
    function _allocate(Fold memory f, uint256 n) private pure returns (uint256 pairs) {
        uint256 m;
        assembly ("memory-safe") {
            m := mload(0x40)
            mstore(0x40, add(add(m, WORKSPACE), mul(PAIR, add(mul(3, n), 2))))
            calldatacopy(m, calldatasize(), KEY) // zeros
        }
        f.work = m;
        return m + WORKSPACE;
    }

    /// Loads the shape's key; D and C of the shape start at infinity.
    function _openShape(Fold memory f, uint256 shape) private view {
        (f.shape, f.weights, f.weighted) = (shape, 0, 0);
        (address keys, uint256 m) = (f.keys, f.work);
        uint256 offset = 1 + KeySet.HEAD + shape * KeySet.SHAPE; // behind the code's 00
        assembly ("memory-safe") {
            extcodecopy(keys, add(m, KEY), offset, 512)
            calldatacopy(add(m, ACC_D), calldatasize(), 64) // zeros
            calldatacopy(add(m, ACC_C), calldatasize(), 64)
        }
    }

    /// Pair (k*A, B); D += k*D_j, C += k*C_j. Returns the record's sum.
    function _record(Fold memory f, bytes calldata proofs, uint256 o, uint256 k) private view returns (uint256 sum) {
        (uint256 m, uint256 q) = (f.work, f.pair);
        uint256 p;
        assembly ("memory-safe") {
            p := add(proofs.offset, o)
            sum := calldataload(add(p, SUM))
            calldatacopy(add(m, 0x40), add(p, 1), 64) // D, behind its accumulator
            calldatacopy(add(m, 0xe0), add(p, C), 64) // C, behind its accumulator
            calldatacopy(q, add(p, A), 64) // G1 of the pair
        }
        _scale(q, k);
        assembly ("memory-safe") {
            calldatacopy(add(q, 0x40), add(p, B), 128) // G2 of the pair; the pairing precompile checks curve and subgroup
        }
        _mulAdd(m + ACC_D, k);
        _mulAdd(m + ACC_C, k);
        f.pair = q + PAIR;
    }

    /// End of a shape: its share of vk_x, and its pairs (D, -gamma2), (C, -delta).
    function _closeShape(Fold memory f) private view {
        (uint256 m, uint256 q, uint256 weights) = (f.work, f.pair, f.weights);
        _publicInput(m, 0, weights); // IC0
        _publicInput(m, 64, f.weighted); // IC1: sum
        _publicInput(m, 128, mulmod(weights, f.alpha, R)); // IC2
        _publicInput(m, 192, mulmod(weights, f.beta, R)); // IC3
        assembly ("memory-safe") {
            mcopy(q, add(m, ACC_D), 64)
            mcopy(add(q, 0x40), add(m, 0x2e0), 128) // -gamma2, behind the four IC
            mcopy(add(q, 0xc0), add(m, ACC_C), 64)
            mcopy(add(q, 0x100), add(m, 0x360), 128) // -delta
        }
        f.pair = q + 2 * PAIR;
    }

    /// vk_x += k * (the key's point at `offset`).
    function _publicInput(uint256 m, uint256 offset, uint256 k) private view {
        assembly ("memory-safe") {
            mcopy(add(m, 0x180), add(add(m, KEY), offset), 64) // behind vk_x's accumulator
        }
        _mulAdd(m + ACC_V, k);
    }

    /// The pairs (all * alpha1, -beta2) and (vk_x, -[1]_2).
    function _lastPairs(Fold memory f, uint256 all) private view {
        (address keys, uint256 m, uint256 q) = (f.keys, f.work, f.pair);
        assembly ("memory-safe") {
            extcodecopy(keys, q, 1, 64) // alpha1, behind the code's 00
        }
        _scale(q, all);
        assembly ("memory-safe") {
            extcodecopy(keys, add(q, 0x40), 65, 128) // -beta2
            mcopy(add(q, 0xc0), add(m, ACC_V), 64)
            mstore(add(q, 0x100), G2X1)
            mstore(add(q, 0x120), G2X0)
            mstore(add(q, 0x140), NG2Y1)
            mstore(add(q, 0x160), NG2Y0)
        }
        f.pair = q + 2 * PAIR;
    }

    /// mem[p, p + 64) *= k, as a curve point; overwrites the 64 bytes behind. For k = 1, as the first record has it, infinity is
    /// added: that checks the point as a product would, for a fortieth of the gas.
    function _scale(uint256 p, uint256 k) private view {
        bool ok;
        assembly ("memory-safe") {
            switch k
            case 1 {
                calldatacopy(add(p, 0x40), calldatasize(), 0x40) // zeros
                ok := staticcall(GAS_ADD, 6, p, 0x80, p, 0x40)
            }
            default {
                mstore(add(p, 0x40), k)
                ok := staticcall(GAS_MUL, 7, p, 0x60, p, 0x40)
            }
        }
        if (!ok) revert PointNotOnCurve();
    }

    /// mem[p, p + 64) += k * mem[p + 64, p + 128), as curve points; overwrites the word behind. The addition checks the point when
    /// k = 1 saves the product.
    function _mulAdd(uint256 p, uint256 k) private view {
        bool ok = true;
        assembly ("memory-safe") {
            if iszero(eq(k, 1)) {
                mstore(add(p, 0x80), k) // the scalar right behind the point: the precompile's input format
                ok := staticcall(GAS_MUL, 7, add(p, 0x40), 0x60, add(p, 0x40), 0x40) // point := k * point
            }
            ok := and(ok, staticcall(GAS_ADD, 6, p, 0x80, p, 0x40)) // accumulator += point
        }
        if (!ok) revert PointNotOnCurve();
    }
}
