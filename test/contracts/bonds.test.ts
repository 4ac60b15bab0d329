import { parseEther } from 'viem';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contractError, waitForReceipt } from '../../src/l1/send-call.js';
import { compileTestContracts, createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { expectRefusal } from '../helpers/refusal.js';

/** Deposits, withdrawals, what is burned. */
let world: DisputeWorld;
beforeAll(async () => {
  world = await createDisputeWorld();
  await world.post(1);
});
afterAll(() => world?.l1.stop());

describe('credit', () => {
  it('test_withdraw_partly: to any account', () =>
    world.isolated(async () => {
      const { alice, calls, reader } = world;
      const to = '0x00000000000000000000000000000000000a11ce';
      await world.send(alice, calls.deposit(100n));
      await world.send(alice, calls.withdraw(to, 40n));
      expect(await reader.getBalance({ address: to })).toBe(40n);
      expect(await world.credit(alice)).toBe(60n);
      expect(await world.dispute.money()).toEqual({ held: 60n, credit: 60n, locked: 0n, burned: 0n });
    }));

  it('test_withdraw_tooMuch_reverts', () =>
    world.isolated(async () => {
      const { alice, bob, calls } = world;
      await world.send(alice, calls.deposit(100n));
      await expectRefusal(world.send(alice, calls.withdraw(alice.account.address, 101n)), 'InsufficientCredit');
      await expectRefusal(world.send(bob, calls.withdraw(bob.account.address, 1n)), 'InsufficientCredit');
    }));

  it('test_withdraw_lockedMoney_reverts: a stake is no credit', () =>
    world.isolated(async () => {
      const { alice, calls } = world;
      await world.claim(alice, 'diff', 1n);
      await expectRefusal(world.send(alice, calls.withdraw(alice.account.address, 1n)), 'InsufficientCredit');
    }));

  it('test_plainTransfer_reverts: ether only comes with a purpose', async () => {
    const call = { to: world.dispute.address, data: '0x', value: 1n } as const;
    await expect(world.send(world.alice, call)).rejects.toThrow(/revert/);
  });

  it('test_withdraw_contracts: one that refuses keeps its credit, one that calls again gets nothing twice', () =>
    world.isolated(async () => {
      const { alice, reader, dispute } = world;
      const artifact = compileTestContracts().Stranger!;
      const value = parseEther('1');
      const made = await alice.deployContract({ ...artifact, args: [dispute.address], value, chain: foundry });
      const address = (await waitForReceipt(reader, made)).contractAddress!;
      const run = async (mood: number) => {
        const { abi } = artifact;
        const request = { address, abi, functionName: 'depositAndWithdraw', args: [mood] };
        return reader.simulateContract({ ...request, account: alice.account });
      };
      await run(0);
      const errors = await Promise.all([1, 2].map((mood) => run(mood).catch((error: unknown) => error)));
      expect(errors.map((error) => contractError(error)?.name)).toEqual(['PaymentFailed', 'PaymentFailed']);
    }));
});

describe('burned', () => {
  it('test_sendBurned: what losers lost goes to 0x...dead', () =>
    world.isolated(async () => {
      const { alice, bob, calls, parameters, reader } = world;
      await expectRefusal(world.send(bob, calls.sendBurned()), 'NothingBurned');
      const claim = await world.claim(alice, 'diff', 1n, 5n);
      const game = await world.challenge(bob, claim.id);
      await world.prove(bob, 1n, world.roots[0]!, 'diff', [game.id]);
      const { burned, locked } = await world.dispute.money();
      expect(burned).toBe(parameters.stake - parameters.reward - parameters.proofPurse - parameters.movePurse);
      const dead = '0x000000000000000000000000000000000000dEaD';
      const before = await reader.getBalance({ address: dead });
      await world.send(bob, calls.sendBurned());
      expect((await reader.getBalance({ address: dead })) - before).toBe(burned);
      // What is left in the purses stays.
      expect(await world.dispute.money()).toMatchObject({ burned: 0n, locked });
      await expectRefusal(world.send(bob, calls.sendBurned()), 'NothingBurned');
    }));
});
