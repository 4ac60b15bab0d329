import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Contracts } from '../../prover/soak/contracts.js';
import { checkReport } from '../../prover/soak/soak.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';

/** What a soak counts in the end: each line of it says when something honest is lost. */
let world: DisputeWorld;
let contracts: Contracts;
beforeAll(async () => {
  world = await createDisputeWorld();
  const { verifier, rollup, dispute } = world;
  const deployed = { verifier, rollup: rollup.address, dispute: dispute.address, block: 0n };
  contracts = new Contracts(world.l1.url, deployed, [world.bob.account.address]);
});
afterAll(() => world?.l1.stop());

const truth = {
  value: async (kind: 'diff' | 'root', number: bigint) =>
    (kind === 'root' ? world.roots : world.diffs)[Number(number)]!,
};
const audit = () => contracts.audit(truth);
const lost = async (account = world.alice) => contracts.hasLost(await contracts.view(), account.account.address);

describe('a soak counts', () => {
  it('nothing where a cheater loses, and all the money', () =>
    world.isolated(async () => {
      await world.post(4);
      expect(await lost()).toBe(false);
      const { id } = await world.claim(world.alice, 'root', 4n, 5n);
      expect(contracts.isOwed(await world.view())).toBe(true);
      const game = await world.challenge(world.bob, id);
      expect(contracts.isOwed(await world.view())).toBe(false);
      await world.advance(world.parameters.clock);
      expect(contracts.isOver(await world.view())).toBe(false);
      await world.send(world.bob, world.calls.settle(game.id));
      expect(await lost()).toBe(true);
      expect(contracts.isOver(await world.view())).toBe(true);
      await world.send(world.bob, world.calls.withdraw(world.bob.account.address, 50n));
      await world.send(world.bob, world.calls.sendBurned());
      const { moneyIn, moneyOut, ...zeros } = await audit();
      const { stake, bond } = world.parameters;
      expect([moneyIn, moneyOut]).toEqual([stake + bond, stake + bond]);
      expect(Object.values(zeros)).toEqual([0, 0, 0, 0]);
    }));

  it('a bond that is lost, and a claim', () =>
    world.isolated(async () => {
      await world.post(4);
      const { id } = await world.claim(world.alice, 'root', 1n);
      const game = await world.challenge(world.bob, id);
      await world.prove(world.alice, 1n, world.roots[0]!, 'root', [game.id]);
      expect(await audit()).toMatchObject({ honestBondsLost: 1, honestClaimsLost: 0, finalFalseValues: 0 });
      const { id: own } = await world.claim(world.bob, 'root', 4n);
      const other = await world.challenge(world.alice, own);
      await world.advance(world.parameters.clock);
      await world.send(world.alice, world.calls.settle(other.id));
      expect(await audit()).toMatchObject({ honestBondsLost: 1, honestClaimsLost: 1 });
    }));

  it('a false value that is final, recorded or not', () =>
    world.isolated(async () => {
      await world.post(2);
      const { id } = await world.claim(world.alice, 'root', 1n, 5n);
      await world.claim(world.alice, 'root', 2n);
      await world.advance(world.parameters.rootWindow);
      expect(await audit()).toMatchObject({ finalFalseValues: 1 });
      await world.resolve(id);
      expect(await audit()).toMatchObject({ finalFalseValues: 1 });
      expect(await lost()).toBe(false);
    }));

  it('a move that is made twice, and no money that is', () =>
    world.isolated(async () => {
      await world.post(4);
      const claim = await world.claim(world.bob, 'root', 4n);
      for (let i = 0; i < 2; i++) await world.send(world.bob, world.calls.deposit(1_000n));
      expect(await audit()).toMatchObject({ movesTwice: 0 });
      for (let i = 0; i < 2; i++) await world.state(claim.id, 2n);
      expect(await audit()).toMatchObject({ movesTwice: 1 });
    }));

  it('ether that the contract does not account for', () =>
    world.isolated(async () => {
      await world.send(world.bob, world.calls.deposit(1_000n));
      await world.request('anvil_setStorageAt', [
        world.dispute.address,
        `0x${(await creditSlot()).toString(16).padStart(64, '0')}`,
        `0x${'7'.padStart(64, '0')}`,
      ]);
      const { moneyIn, moneyOut } = await audit();
      expect([moneyIn, moneyOut]).toEqual([1_000n, 7n]);
    }));
});

/** Where the contract keeps the sum of all credit. */
async function creditSlot(): Promise<number> {
  for (let slot = 0; slot < 64; slot++) {
    const value = await world.reader.getStorageAt({ address: world.dispute.address, slot: `0x${slot.toString(16)}` });
    if (BigInt(value ?? '0x0') === 1_000n && slot !== 0 && (await world.dispute.money()).credit === 1_000n) {
      const kept = await world.request<string>('evm_snapshot');
      const word = `0x${'7'.padStart(64, '0')}`;
      await world.request('anvil_setStorageAt', [
        world.dispute.address,
        `0x${slot.toString(16).padStart(64, '0')}`,
        word,
      ]);
      const isIt = (await world.dispute.money()).credit === 7n;
      await world.request('evm_revert', [kept]);
      if (isIt) return slot;
    }
  }
  throw new Error('no slot holds the sum of all credit');
}

it('a report with a line that does not hold is an error', () => {
  const zeros = { honestBondsLost: 0, honestClaimsLost: 0, movesTwice: 0, finalFalseValues: 0 };
  const good = { faults: 5, settledAgainstCheater: 5, moneyIn: 7n, moneyOut: 7n, ...zeros };
  checkReport(good);
  const bad = [{ settledAgainstCheater: 4 }, { moneyOut: 6n }, ...Object.keys(zeros).map((name) => ({ [name]: 1 }))];
  for (const change of bad) {
    expect(() => checkReport({ ...good, ...change })).toThrow(expect.objectContaining({ code: 'SOAK_FAILED' }));
  }
});
