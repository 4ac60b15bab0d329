// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Bus} from "../../../contracts/lib/Bus.sol";
import {Parts} from "../../../contracts/lib/Parts.sol";
import {Rules, Session, Statement} from "../../../contracts/lib/Types.sol";
import {Verification} from "../../../contracts/verifier/Verification.sol";

/// L1's own tuples under given challenges, without a proof. For tests only.
contract VerifierBench is Verification {
    constructor(bytes memory keyBlob, Rules memory rules_, bool developmentKeys)
        Verification(keyBlob, rules_, developmentKeys)
    {}

    /// The native tuples and the gas that they take, and all checks but the balance of the bus. With `balance` that too, against given
    /// sums of the circuits.
    function native_(
        Statement calldata statement,
        bytes[] calldata parts,
        uint256 alpha,
        uint256 beta,
        uint256 sums,
        bool balance
    ) external view returns (uint256 num, uint256 den, uint256 gasUsed) {
        Bus.reserve();
        uint256 before = gasleft();
        _chain(parts, 0);
        _check(statement);
        Bus.open(alpha, beta);
        Session memory s;
        _head(s, statement, parts);
        for (uint256 i = 1; i <= parts.length; ++i) {
            // As if proofs came behind the last.
            (uint256 kind, uint256 o, uint256 end) = (Parts.PROOFS, 0, 0);
            if (i < parts.length) (kind, o, end) = Parts.read(parts, i);
            if (kind != s.kind) _enter(s, kind);
            if (i < parts.length) _table(s, kind, o, end);
        }
        gasUsed = before - gasleft();
        (num, den) = Bus.fraction();
        Bus.add(sums);
        (s.num, s.den) = Bus.fraction();
        if (!balance) (s.num, s.den) = (0, 1);
        _end(s, statement);
    }
}
