// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// An account that does what its troupe says.
contract Actor {
    address private immutable _troupe = msg.sender;

    receive() external payable {}

    /// Calls, and tells what it took: less than what whoever pays for the transaction had to pay for it.
    function act(address to, uint256 value, bytes calldata data)
        external
        returns (bool ok, bytes memory result, uint256 gas)
    {
        require(msg.sender == _troupe);
        gas = gasleft();
        (ok, result) = to.call{value: value}(data);
        gas -= gasleft();
    }
}

/// Many accounts whose calls go into one transaction: so that tests can make thousands, and puppets share the costs of one.
contract Troupe {
    struct Act {
        uint256 actor;
        address to;
        uint256 value;
        bytes data;
    }

    event Done(bool ok, bytes result, uint256 gas);

    Actor[] public actors;

    constructor(uint256 count) payable {
        for (uint256 i = 0; i < count; ++i) {
            Actor actor = new Actor();
            actors.push(actor);
            (bool ok,) = address(actor).call{value: msg.value / count}("");
            require(ok);
        }
    }

    function play(Act[] calldata acts) external {
        for (uint256 i = 0; i < acts.length; ++i) {
            Act calldata a = acts[i];
            (bool ok, bytes memory result, uint256 gas) = actors[a.actor].act(a.to, a.value, a.data);
            emit Done(ok, result, gas);
        }
    }
}
