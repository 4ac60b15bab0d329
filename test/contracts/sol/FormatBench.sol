// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus} from "../../../contracts/lib/Bus.sol";
import {Formats} from "../../../contracts/lib/Formats.sol";
import {Parts} from "../../../contracts/lib/Parts.sol";
import {Header, Mode, Rules, Session} from "../../../contracts/lib/Types.sol";
import {AccessTable} from "../../../contracts/tables/AccessTable.sol";
import {TxTable} from "../../../contracts/tables/TxTable.sol";

/// The transaction parser and the hashes of FORMATS.md, one by one. For tests only.
contract FormatBench {
    /// Parses every item; values in the layout's order.
    function parse(Rules memory rules, bytes[] calldata items)
        external
        view
        returns (bool[] memory ok, uint256[17][] memory values)
    {
        ok = new bool[](items.length);
        values = new uint256[17][](items.length);
        for (uint256 i = 0; i < items.length; ++i) {
            bytes calldata item = items[i];
            uint256 o;
            assembly ("memory-safe") {
                o := item.offset
            }
            (ok[i],,) = TxTable.parse(rules, o, item.length, values[i]);
        }
    }

    /// Parses the part [from, from + length) of a larger byte string: what stands behind the item must not matter.
    function parseWithin(Rules memory rules, bytes calldata all, uint256 from, uint256 length)
        external
        view
        returns (bool ok)
    {
        uint256[17] memory values;
        uint256 o;
        assembly ("memory-safe") {
            o := add(all.offset, from)
        }
        (ok,,) = TxTable.parse(rules, o, length, values);
    }

    function batchHash(Header memory header) external pure returns (bytes32) {
        return Formats.batchHash(header);
    }

    function statement(bytes32 batch, uint256 preRoot, Mode mode, uint256 value) external pure returns (bytes32) {
        return Formats.statement(batch, preRoot, mode, value);
    }

    /// txsHash of L1's encoding of a batch's transactions, `read` of them with their bytes.
    function txsHash(Rules memory rules, bytes calldata txs, uint32 read) external view returns (bytes32) {
        Bus.reserve();
        Bus.open(1, 2);
        Session memory s;
        (s.next, s.read) = (1, read);
        uint256 o;
        assembly ("memory-safe") {
            o := txs.offset
        }
        TxTable.send(rules, s, o, o + txs.length);
        return s.txsHash;
    }

    /// h(diff) of an access list in the tables' encoding, hints and all.
    function diffHash(bytes calldata accounts) external pure returns (bytes32) {
        uint256 o;
        assembly ("memory-safe") {
            o := accounts.offset
        }
        Bus.reserve();
        Bus.open(1, 2);
        Session memory s;
        s.next = 1;
        AccessTable.send(s, o, o + accounts.length);
        return s.diff;
    }

    function rulesHash(Rules memory rules) external pure returns (bytes32) {
        return Formats.rulesHash(rules);
    }

    /// The links to the parts.
    function chain(bytes[] calldata parts, bytes32 rest) external pure returns (bytes32[] memory) {
        return Parts.chain(parts, rest);
    }

    function seed(
        address beneficiary,
        bytes32 keySetHash,
        bytes32 rulesHash_,
        bytes32 statement_,
        bytes32 frozen
    ) external view returns (bytes32) {
        return Formats.seed(beneficiary, keySetHash, rulesHash_, statement_, frozen);
    }

    /// alpha, beta and the batching challenge of a part.
    function challenges(bytes32 seed_, bytes32 due, bytes calldata proofs)
        external
        pure
        returns (uint256 alpha, uint256 beta, uint256 rho)
    {
        return (Formats.challenge(seed_, 1), Formats.challenge(seed_, 2), Formats.batching(seed_, due, proofs));
    }
}
