// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus} from "../lib/Bus.sol";
import {Formats} from "../lib/Formats.sol";
import {Rlp, either, load} from "../lib/Rlp.sol";
import {Rules, Session} from "../lib/Types.sol";
import {Layout} from "../generated/Layout.sol";
import {RunTable} from "./RunTable.sol";

/// Transactions: L1 parses every raw item itself, recovers its sender and sends exactly one linear tuple for it, TX or TXBAD
/// (FORMATS.md, "Transactions: the total function"); for those that run code, their calldata and access list besides. The parser is total: whatever the bytes, it answers; it reverts only
/// when ecrecover is not given enough gas.
library TxTable {
    /// The transactions do not hash to the header's txsHash, or are not framed as FORMATS.md says.
    error WrongTransactions();
    /// An item is called cut off although the work left suffices for it.
    error CutOffTooEarly();
    /// The ecrecover precompile failed: it was given too little gas, or its price has risen above our cap.
    error RecoveryStarved();

    // Places of TX's values, in the order of the layout.
    uint256 private constant INTRINSIC = 0;
    uint256 private constant SENDER = 1;
    uint256 private constant NONCE = 2;
    uint256 private constant VALUE = 3; // hi, lo
    uint256 private constant TO = 5;
    uint256 private constant GAS_LIMIT = 6;
    uint256 private constant IDX = 7;
    uint256 private constant PRICE = 8; // hi, lo
    uint256 private constant TIP = 10; // hi, lo
    uint256 private constant MAX_COST = 12; // hi, lo
    uint256 private constant DATA_LEN = 14;
    uint256 private constant USE = 15;
    uint256 private constant RESERVE = 16;

    /// EIP-2: half the order of secp256k1.
    uint256 private constant HALF_N = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;
    /// Four times today's price, so that a moderate repricing does not stop verification.
    uint256 private constant ECRECOVER_GAS = 12_000;
    /// Bytes of a read item before its own (length 3, run 2), and of one that is cut off (length 3, hash 32).
    uint256 private constant READ = 5;
    uint256 private constant CUT_OFF = 35;
    /// Precompiles 0x01 to 0x0a are no recipients in this version.
    uint256 private constant LAST_PRECOMPILE = 0x0a;

    /// Sends the tuples of the items in [o, end) of calldata that are read, and rolls all into the session's txsHash.
    function send(Rules memory rules, Session memory s, uint256 o, uint256 end) internal view {
        uint256[17] memory v;
        uint256 idx = s.next;
        uint256 read = s.read;
        bytes32 h = s.txsHash;
        // No overflow: offsets into calldata and lengths below 2^24, fewer than 2^64 items; rules are 64-bit.
        unchecked {
            for (; o < end; ++idx) {
                uint256 run = load(o);
                uint256 length = run >> 232;
                bytes32 itemHash;
                if (idx <= read) {
                    run = uint16(run >> 216);
                    o += READ;
                    if (o + length > end) revert WrongTransactions();
                    itemHash = _keccak(o, length);
                    v[IDX] = idx;
                    (bool ok, uint256 data, bool list) = parse(rules, o, length, v);
                    if (ok) Bus.send(1, Layout.TX(v));
                    else Bus.send(1, Layout.TXBAD(v[USE], idx));
                    o += length;
                    if (run != 0) {
                        if (!ok) revert RunTable.BadRun();
                        o = RunTable.send(idx, data, v[DATA_LEN], list, run - 1, o, end);
                    }
                } else {
                    o += CUT_OFF;
                    if (o > end) revert WrongTransactions();
                    if (idx == read + 1 && s.work >= uint256(rules.w0) + uint256(rules.w2) * length) {
                        revert CutOffTooEarly();
                    }
                    itemHash = bytes32(load(o - 32));
                }
                h = Formats.rollTx(h, length, itemHash);
            }
            (s.txsHash, s.next) = (h, uint64(idx));
        }
    }

    /// Parses the item [o, o + length) of calldata into `v`; not `ok` for TXBAD, and then only v[USE] has a meaning. v[DATA_LEN]
    /// bytes of data start at `data`; the access list, if there is one (`list`), stands right behind them.
    function parse(Rules memory rules, uint256 o, uint256 length, uint256[17] memory v)
        internal
        view
        returns (bool ok, uint256 data, bool list)
    {
        // No overflow: positions are calldata offsets plus lengths below 2^24, gas and work sums stay below 2^130, and the
        // only product that can overflow (gas limit times cap) is tested first.
        unchecked {
            v[USE] = uint256(rules.w0) + uint256(rules.w2) * length;
            if (length == 0) return (false, 0, false);
            uint256 end = o + length;
            uint256 kind = load(o) >> 248;
            if (kind >= 0xc0) kind = 0;
            else if (kind == 0 || kind > 2) return (false, 0, false);
            else ++o;

            (uint256 items, uint256 size, uint256 bad) = Rlp.list(o, 0);
            if (either(bad, items + size != end) != 0) return (false, 0, false);

            uint256 p = items;
            if (kind != 0) {
                uint256 chainId;
                (chainId, p, bad) = Rlp.integer(p, 8, bad);
                bad = either(bad, chainId != rules.chainId);
            }
            (p, bad) = _money(rules, p, kind, v, bad);
            (data, p, bad) = _payload(rules, p, end, kind, v, bad);
            ok = bad == 0 && _signature(rules, kind, items, p, end, v);
            list = kind != 0;
        }
    }

    /// Fields from the nonce to the value, and what follows from them: cost and prices.
    function _money(Rules memory rules, uint256 p, uint256 kind, uint256[17] memory v, uint256 bad)
        private
        pure
        returns (uint256, uint256)
    {
        unchecked {
            uint256 tip;
            uint256 gasLimit;
            uint256 value;
            (value, p, bad) = Rlp.integer(p, 8, bad);
            v[NONCE] = value;
            bad = either(bad, value == type(uint64).max); // EIP-2681
            (tip, p, bad) = Rlp.integer(p, 32, bad);
            uint256 cap = tip;
            if (kind == 2) (cap, p, bad) = Rlp.integer(p, 32, bad);
            (gasLimit, p, bad) = Rlp.integer(p, 8, bad);
            v[GAS_LIMIT] = gasLimit;
            // The recipient: exactly 20 bytes. Creation (0x80) and precompiles are not covered by this version.
            uint256 w = load(p);
            uint256 to = (w << 8) >> 96;
            v[TO] = to;
            bad = either(bad, w >> 248 != 0x94);
            bad = either(bad, to - 1 < LAST_PRECOMPILE); // 0 wraps around and is no precompile
            (value, p, bad) = Rlp.integer(p + 21, 32, bad);

            uint256 baseFee = rules.baseFee;
            // gasLimit * cap + value < 2^256: the product is exact when the division gives cap back.
            uint256 cost = gasLimit * cap;
            bad = either(bad, gasLimit != 0 && cost / gasLimit != cap);
            bad = either(bad, cost + value < cost);
            bad = either(bad, tip > cap);
            bad = either(bad, cap < baseFee);
            cost += value;
            if (tip > cap - baseFee) tip = cap - baseFee;
            uint256 price = baseFee + tip; // at most cap

            (v[VALUE], v[VALUE + 1]) = (value >> 128, uint128(value));
            (v[PRICE], v[PRICE + 1]) = (price >> 128, uint128(price));
            (v[TIP], v[TIP + 1]) = (tip >> 128, uint128(tip));
            (v[MAX_COST], v[MAX_COST + 1]) = (cost >> 128, uint128(cost));
            return (p, bad);
        }
    }

    /// Data and access list, intrinsic gas and the work to be reserved; `data` is where the data starts.
    function _payload(Rules memory rules, uint256 p, uint256 end, uint256 kind, uint256[17] memory v, uint256 bad)
        private
        pure
        returns (uint256 data, uint256, uint256)
    {
        unchecked {
            uint256 size;
            (p, size, bad) = Rlp.text(p, bad);
            if (either(bad, p + size > end) != 0) return (p, p, 1);
            data = p;
            v[DATA_LEN] = size;
            uint256 gas = 21_000;
            if (size != 0) gas += 16 * size - 12 * _zeros(p, size);
            p += size;
            uint256 entries; // addresses and keys
            if (kind != 0) {
                uint256 keys;
                (p, entries, keys, bad) = _accessList(p, end);
                gas += 2_400 * entries + 1_900 * keys;
                entries += keys;
            }
            uint256 gasLimit = v[GAS_LIMIT];
            v[INTRINSIC] = gas;
            v[RESERVE] = uint256(rules.w1) * gasLimit + uint256(rules.wAccess) * entries + rules.wCode;
            return (data, p, either(bad, gasLimit < gas));
        }
    }

    /// EIP-2930: [[address, [key, ...]], ...].
    function _accessList(uint256 p, uint256 end)
        private
        pure
        returns (uint256 next, uint256 addresses, uint256 keys, uint256 bad)
    {
        unchecked {
            uint256 size;
            (p, size, bad) = Rlp.list(p, bad);
            uint256 listEnd = p + size;
            if (either(bad, listEnd > end) != 0) return (p, 0, 0, 1);
            while (p < listEnd) {
                (p, size, bad) = Rlp.list(p, bad);
                uint256 entryEnd = p + size;
                if (bad != 0 || entryEnd > listEnd || load(p) >> 248 != 0x94) return (p, 0, 0, 1);
                (p, size, bad) = Rlp.list(p + 21, bad);
                // Keys of 33 bytes each fill the entry; an address that reached past it fails here too.
                if (bad != 0 || p + size != entryEnd || size % 33 != 0) return (p, 0, 0, 1);
                ++addresses;
                keys += size / 33;
                for (; p < entryEnd; p += 33) if (load(p) >> 248 != 0xa0) return (p, 0, 0, 1);
            }
            return (p, addresses, keys, 0);
        }
    }

    /// v or yParity, r, s, which end the item; recovers the sender. [items, p) is what is signed.
    function _signature(Rules memory rules, uint256 kind, uint256 items, uint256 p, uint256 end, uint256[17] memory v)
        private
        view
        returns (bool)
    {
        unchecked {
            (uint256 parity, uint256 q, uint256 bad) = Rlp.integer(p, 8, 0);
            uint256 r;
            uint256 s;
            (r, q, bad) = Rlp.integer(q, 32, bad);
            (s, q, bad) = Rlp.integer(q, 32, bad);
            if (bad != 0 || q != end || s > HALF_N) return false;
            uint256 chainId; // 0: not part of what is signed
            if (kind == 0) {
                if (parity == 27 || parity == 28) {
                    parity -= 27;
                } else {
                    chainId = rules.chainId;
                    parity -= 35 + 2 * chainId; // EIP-155; anything smaller wraps around to a huge number
                }
            }
            if (parity > 1) return false;
            bool ok;
            (v[SENDER], ok) = _recover(_signingHash(kind, items, p - items, chainId), parity, r, s);
            return ok;
        }
    }

    /// keccak of the signed items [items, items + n) under a list header of their own, behind the type byte, or for EIP-155
    /// followed by chain id, 0, 0.
    function _signingHash(uint256 kind, uint256 items, uint256 n, uint256 chainId) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            // Everything is built in free memory that is not kept: 5 bytes of room, the items, at most 11 bytes behind them.
            let q := add(mload(0x40), 5)
            calldatacopy(q, items, n)
            if chainId {
                let e := add(q, n)
                switch lt(chainId, 0x80)
                case 1 {
                    mstore8(e, chainId)
                    e := add(e, 1)
                }
                default {
                    let bytes_ := 1
                    for {} shr(shl(3, bytes_), chainId) {} { bytes_ := add(bytes_, 1) }
                    mstore8(e, add(0x80, bytes_))
                    mstore(add(e, 1), shl(sub(256, shl(3, bytes_)), chainId)) // left-aligned
                    e := add(add(e, 1), bytes_)
                }
                mstore8(e, 0x80) // 0
                mstore8(add(e, 1), 0x80) // 0
                n := sub(add(e, 2), q)
            }
            let length := n // of what is hashed
            switch lt(n, 56)
            case 1 {
                q := sub(q, 1)
                mstore8(q, add(0xc0, n))
                length := add(length, 1)
            }
            default {
                let ll := add(1, add(gt(n, 0xff), gt(n, 0xffff))) // bytes of the length
                for { let i := 0 } lt(i, ll) { i := add(i, 1) } {
                    q := sub(q, 1)
                    mstore8(q, shr(shl(3, i), n)) // mstore8 keeps the lowest byte
                }
                q := sub(q, 1)
                mstore8(q, add(0xf7, ll))
                length := add(length, add(1, ll))
            }
            if kind {
                q := sub(q, 1)
                mstore8(q, kind)
                length := add(length, 1)
            }
            hash := keccak256(q, length)
        }
    }

    /// ecrecover; `ok` is false when the call succeeds with empty output. A call that fails reverts: want of gas must never
    /// make a good transaction bad.
    function _recover(bytes32 hash, uint256 parity, uint256 r, uint256 s) private view returns (uint256 sender, bool ok) {
        bool called;
        assembly ("memory-safe") {
            let m := mload(0x40) // input and output in memory that is not kept
            mstore(m, hash)
            mstore(add(m, 0x20), add(27, parity))
            mstore(add(m, 0x40), r)
            mstore(add(m, 0x60), s)
            called := staticcall(ECRECOVER_GAS, 1, m, 0x80, m, 0x20)
            ok := eq(returndatasize(), 0x20)
            sender := mload(m)
        }
        if (!called) revert RecoveryStarved();
    }

    /// How many of the n bytes at p are zero.
    function _zeros(uint256 p, uint256 n) private pure returns (uint256 zeros) {
        assembly ("memory-safe") {
            let k := 0x7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f
            for { let i := 0 } lt(i, n) { i := add(i, 0x20) } {
                let w := calldataload(add(p, i))
                // Behind the end every byte counts as non-zero.
                let left := sub(n, i)
                if lt(left, 0x20) { w := or(w, shr(shl(3, left), not(0))) }
                // 0x80 in every zero byte: (b & 0x7f) + 0x7f carries into bit 7 unless the low bits are 0; no carry leaves a byte.
                let z := not(or(or(add(and(w, k), k), w), k))
                // Sum of the 32 flags: multiplying by 0x01..01 adds all bytes into the highest.
                zeros := add(zeros, shr(248, mul(shr(7, z), 0x0101010101010101010101010101010101010101010101010101010101010101)))
            }
        }
    }

    /// keccak of n bytes of calldata.
    function _keccak(uint256 o, uint256 n) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let m := mload(0x40) // not kept
            calldatacopy(m, o, n)
            hash := keccak256(m, n)
        }
    }
}
