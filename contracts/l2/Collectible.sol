// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @notice The ERC-721 of OpenZeppelin; whoever names a free token first owns it. Its storage stands in the genesis.
contract Collectible is ERC721 {
    constructor() ERC721("Sample Collectible", "COLLECT") {}

    /// @notice Without the receiver's hook, which would be a call.
    function mint(address to, uint256 tokenId) external {
        _mint(to, tokenId);
    }
}
