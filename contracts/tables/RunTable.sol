// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus} from "../lib/Bus.sol";
import {Rlp, load} from "../lib/Rlp.sol";
import {
    KEYS_tx,
    TAG_KEYS,
    TAG_TXDATA,
    TAG_WARM,
    TXDATA_hi,
    WARM_addr,
    WARM_keyHi
} from "../generated/Layout.sol";
import {BlockTable} from "./BlockTable.sol";

/// What the frames of transactions read (FORMATS.md, "Parts", transactions, and "L1's tuples" 3): of every item that runs code the
/// words of its calldata and the storage keys of its access list, taken from the item itself. The prover only says, beside the
/// item, that it runs, and how often each word is read.
library RunTable {
    /// An item runs that is no transaction.
    error BadRun();
    /// A run reads calldata behind the item's data.
    error WordsBeyondData();

    /// Sends the tuples of item `idx`, whose data are the `size` bytes at `data`, with its access list behind if it has one. The
    /// uses of its first words stand at q; returns the position behind them.
    function send(uint256 idx, uint256 data, uint256 size, bool list, uint256 words, uint256 q, uint256 end)
        internal
        pure
        returns (uint256)
    {
        // No overflow: offsets into calldata, a number of words below 2^16.
        unchecked {
            if (q + 3 * words > end) revert BlockTable.BadTables();
            if (words > (size + 31) / 32) revert WordsBeyondData();
            // KEYS, WARM and TXDATA share the power of tx; sums of five parts at most.
            idx = Bus.part(KEYS_tx, idx);
            Bus.send(1, (list ? _warm(idx, data + size) : 0) + Bus.tag(TAG_KEYS) + idx);
            uint256 base = Bus.fold(Bus.tag(TAG_TXDATA), idx);
            for (uint256 word = 0; word < words; ++word) {
                uint256 uses = load(q) >> 232;
                q += 3;
                if (uses == 0) continue;
                uint256 value = load(data + 32 * word);
                uint256 left = size - 32 * word;
                if (left < 32) value &= ~(type(uint256).max >> (8 * left)); // what stands behind the data is not read
                Bus.send(uses, base + word + Bus.word(TXDATA_hi, value));
            }
            return q;
        }
    }

    /// Sends the keys of the access list at p, which the parser has accepted, in order; returns their number. `idx` is what the
    /// transaction's number adds.
    function _warm(uint256 idx, uint256 p) private pure returns (uint256 n) {
        unchecked {
            uint256 size;
            (p, size,) = Rlp.list(p, 0);
            uint256 end = p + size;
            idx = Bus.fold(Bus.tag(TAG_WARM), idx);
            while (p < end) {
                (p,,) = Rlp.list(p, 0);
                uint256 base = idx + Bus.part(WARM_addr, (load(p) << 8) >> 96);
                (p, size,) = Rlp.list(p + 21, 0);
                for (uint256 entryEnd = p + size; p < entryEnd; p += 33) {
                    Bus.send(1, base + ++n + Bus.word(WARM_keyHi, load(p + 1)));
                }
            }
        }
    }
}
