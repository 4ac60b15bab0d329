// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice The ERC-20 of OpenZeppelin and nothing else. On L2 its storage stands in the genesis, so that no constructor runs there.
contract Token is ERC20 {
    constructor() ERC20("Sample Token", "SAMPLE") {}
}
