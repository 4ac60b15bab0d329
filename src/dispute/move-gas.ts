/**
 * Gas of the moves, as purses pay for them. The challengers' are below what a move takes at least: a contract makes many moves in one
 * transaction, where they share its 21,000 and find storage warm (`test/contracts/move-gas.test.ts`), and nobody may gain by moves. A
 * claimant's `state` is what it takes at most, with the transaction. `contracts/generated/MoveGas.sol` is made of them.
 */
export const MOVE_GAS = { challenge: 90_000n, answer: 15_000n, settle: 15_000n, state: 100_000n } as const;
