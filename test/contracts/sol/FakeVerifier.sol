// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IProofVerifier} from "../../../contracts/interfaces/IProofVerifier.sol";
import {R} from "../../../contracts/lib/Bus.sol";
import {Formats} from "../../../contracts/lib/Formats.sol";
import {Meter} from "../../../contracts/lib/Meter.sol";
import {Parts} from "../../../contracts/lib/Parts.sol";
import {Mode, Session, Statement} from "../../../contracts/lib/Types.sol";

/// For tests of games and agents alone: f is a hash of (batch, pre-root, mode), and a statement is proven exactly when its value is
/// f's. Parts may hold anything; sessions take them in their order as ProofVerifier does.
contract FakeVerifier is IProofVerifier {
    error NotTrue(uint256 truth);
    error Begun();
    error NotBegun();
    error Finished();
    error NotFinished();
    error WrongPart(bytes32 due);

    bytes32 public immutable rulesHash;
    mapping(bytes32 seed => Session) private _sessions;
    mapping(bytes32 seed => uint256) private _gas;
    mapping(bytes32 seed => uint256) private _costs;

    constructor(bytes32 rulesHash_) {
        rulesHash = rulesHash_;
    }

    function verify(Statement calldata statement, bytes[] calldata) external pure returns (bytes32 batchHash) {
        return _judge(statement);
    }

    function begin(Statement calldata statement, bytes[] calldata parts, bytes32 rest) external {
        uint256 gas = gasleft();
        bytes32 seed = _seed(statement, Parts.chain(parts, rest)[0]);
        Session storage s = _sessions[seed];
        if (s.begun) revert Begun();
        (s.begun, s.rest) = (true, rest);
        _count(seed, gas, parts);
        assembly ("memory-safe") {
            log1(0, 0, seed)
        }
    }

    function feed(bytes32 seed, bytes[] calldata parts, bytes32 rest) external {
        uint256 gas = gasleft();
        Session storage s = _sessions[seed];
        if (!s.begun) revert NotBegun();
        if (s.rest == 0) revert Finished();
        if (Parts.chain(parts, rest)[0] != s.rest) revert WrongPart(s.rest);
        s.rest = rest;
        _count(seed, gas, parts);
    }

    /// As if an upload had cost more.
    function charge(bytes32 seed, uint256 gas, uint256 wei_) external {
        _gas[seed] += gas;
        _costs[seed] += wei_;
    }

    function result(Statement calldata statement, bytes32 frozen)
        external
        view
        returns (bytes32 batchHash, uint256 gas, uint256 cost_)
    {
        Session storage s = _sessions[_seed(statement, frozen)];
        if (!s.begun) revert NotBegun();
        if (s.rest != 0) revert NotFinished();
        (gas, cost_) = cost(_seed(statement, frozen));
        return (_judge(statement), gas, cost_);
    }

    function cost(bytes32 seed) public view returns (uint256 gas, uint256 cost_) {
        return (_gas[seed], _costs[seed]);
    }

    function session(bytes32 seed) external view returns (Session memory) {
        return _sessions[seed];
    }

    function _count(bytes32 seed, uint256 gas, bytes[] calldata parts) private {
        gas = Meter.gasSince(gas, Meter.bodies(parts));
        _gas[seed] += gas;
        _costs[seed] += gas * Meter.price();
    }

    function _seed(Statement calldata s, bytes32 frozen) private view returns (bytes32) {
        bytes32 statement = Formats.statement(Formats.batchHash(s.header), s.preRoot, s.mode, s.value);
        return Formats.seed(s.beneficiary, 0, rulesHash, statement, frozen);
    }

    function _judge(Statement calldata s) private pure returns (bytes32 batchHash) {
        batchHash = Formats.batchHash(s.header);
        uint256 truth = uint256(keccak256(abi.encode(batchHash, s.preRoot, s.mode)));
        if (s.mode == Mode.Root) truth %= R;
        if (s.value != truth) revert NotTrue(truth);
    }
}
