import { encodeFunctionData, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dispute } from '../../contracts/generated/artifacts.js';
import { MAX_TRANSACTION_GAS } from '../../src/l1/limits.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';

let world: DisputeWorld;
beforeAll(async () => {
  world = await createDisputeWorld();
});
afterAll(() => world?.l1.stop());

const word = (value: bigint) => toHex(value, { size: 32 });

/** Calls the Dispute as if `last` were in the storage word `slot`; returns the gas that it takes, or undefined when that is too much. */
async function gasOfBase(number: bigint, slot: bigint, last: bigint): Promise<bigint | undefined> {
  const data = encodeFunctionData({ abi: Dispute.abi, functionName: 'baseOf', args: [number] });
  const override = { [world.dispute.address]: { stateDiff: { [word(slot)]: word(last) } } };
  const call = { to: world.dispute.address, data, gas: toHex(MAX_TRANSACTION_GAS) };
  return world.request<string>('eth_estimateGas', [call, 'latest', override]).then(BigInt, () => undefined);
}

/** Where `lastFinalRoot` lies. */
async function slotOfLast(): Promise<bigint> {
  const data = encodeFunctionData({ abi: Dispute.abi, functionName: 'lastFinalRoot' });
  for (let slot = 0n; slot < 64n; slot++) {
    const override = { [world.dispute.address]: { stateDiff: { [word(slot)]: word(77n) } } };
    const found = await world.request<string>('eth_call', [{ to: world.dispute.address, data }, 'latest', override]);
    if (BigInt(found) === 77n) return slot;
  }
  throw new Error('lastFinalRoot is in none of the first words');
}

/**
 * Attack: let no root become final for as long as it costs little (rivals, puppets), then claim a false one as far ahead as L1 takes it,
 * where a challenge, which looks for the last final root before it, needs more gas than a transaction may have.
 */
describe('a false root as far ahead as can be', () => {
  it('can be challenged within one transaction at the greatest maxAhead, which leaves no slack for twice of it', async () => {
    const slot = await slotOfLast();
    // Roots of which none is marked but genesis, below a last one that is not below the claim: the walk is as long as it can be.
    const gas = await gasOfBase(2n ** 20n, slot, 2n ** 20n);
    console.info('gas of a walk over 2^20 batches', gas);
    expect(gas).toBeLessThan(MAX_TRANSACTION_GAS - 1_000_000n);
    expect(await gasOfBase(2n ** 21n, slot, 2n ** 21n)).toBeUndefined();
  });
});
