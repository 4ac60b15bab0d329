import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Challenger } from '../../prover/agents/challenger.js';
import { Sequencer } from '../../prover/agents/sequencer.js';
import type { ClaimView } from '../../src/dispute/types.js';
import type { Wallet } from '../../src/l1/send-call.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { truthfulAgent } from '../helpers/truthful-agents.js';

/** With how little the agents strike false stakes, and what becomes of claims beside false ones. */
let world: DisputeWorld;
beforeAll(async () => {
  world = await createDisputeWorld({ rootEvery: 2n });
});
afterAll(() => world?.l1.stop());

function challenger(wallet: Wallet = world.bob) {
  const options = truthfulAgent(world, wallet);
  const told: string[] = [];
  const onChallenge = ({ id }: ClaimView) => told.push(`${id}`);
  return { agent: new Challenger({ ...options, onChallenge }), told, l1: options.l1 };
}

function claimant() {
  const options = truthfulAgent(world, world.sequencer);
  return new Sequencer({ ...options, feeRecipient: world.sequencer.account.address });
}

const games = async () => (await world.view()).games;
const slots = (claims: readonly ClaimView[]) => claims.map(({ kind, number }) => `${kind} ${number}`);
const ownClaims = async ({ account }: Wallet) =>
  (await world.view()).claims.filter((claim) => claim.claimant === account.address);

/** Looks until nothing is sent any more; proofs are ready at the next look. */
async function exhaust(agent: { tick(): Promise<boolean> }): Promise<void> {
  for (let idle = 0; idle < 2; ) {
    idle = (await agent.tick()) ? 0 : idle + 1;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('a challenger of many false claims on one stake', () => {
  it('bonds for one, the one that is over first, and strikes all of them with it', () =>
    world.isolated(async () => {
      await world.post(6);
      const lies = [];
      for (const number of [4n, 2n, 6n]) lies.push(await world.claim(world.alice, 'root', number, number));
      for (const number of [3n, 1n, 5n]) lies.push(await world.claim(world.alice, 'diff', number, number));
      const { agent, told } = challenger();
      await agent.tick();
      // From the last final root, genesis, only diff 1 needs no statement.
      const first = lies.find(({ kind, number }) => kind === 'diff' && number === 1n)!;
      expect((await games()).map(({ claimId }) => claimId)).toEqual([first.id]);
      expect(told).toEqual([`${first.id}`]);
      await exhaust(agent);
      expect(await games()).toHaveLength(1);
      const { claims, stakes } = await world.view();
      expect(stakes[0]).toMatchObject({ struck: true, rewardLeft: false });
      expect(claims.map(({ status }) => status).sort()).toEqual(['refuted', ...Array(5).fill('void')]);
    }));

  it('bonds for each that would be final before the first game is over', () =>
    world.isolated(async () => {
      await world.post(6);
      const early = await world.claim(world.alice, 'root', 2n, 5n);
      await world.advance(world.parameters.rootWindow / 4n);
      const late = await world.claim(world.alice, 'root', 4n, 5n);
      await world.advance((3n * world.parameters.rootWindow) / 4n - 10n);
      const { agent } = challenger();
      await agent.tick();
      // The game on the earlier one may take longer than there is of the later one's window.
      expect((await games()).map(({ claimId }) => claimId)).toEqual([early.id, late.id]);
    }));

  it('bonds for each stake', () =>
    world.isolated(async () => {
      await world.post(2);
      const lies = [];
      for (const liar of [world.alice, world.carol]) {
        for (const number of [1n, 2n]) lies.push(await world.claim(liar, 'diff', number, 5n));
      }
      const { agent } = challenger();
      await agent.tick();
      expect((await games()).map(({ claimId }) => claimId)).toEqual([lies[0]!.id, lies[2]!.id]);
    }));

  it('does not count what others play, as puppets concede', () =>
    world.isolated(async () => {
      await world.post(1);
      const lie = await world.claim(world.alice, 'diff', 1n, 5n);
      await world.challenge(world.carol, lie.id);
      const { agent } = challenger();
      await agent.tick();
      expect((await games()).map(({ challenger: by }) => by)).toEqual([
        world.carol.account.address,
        world.bob.account.address,
      ]);
    }));
});

describe('a strike that costs nothing', () => {
  /** A game of carol's that alice has lost by her clock, and further lies of hers. */
  async function decided() {
    await world.post(4);
    const lie = await world.claim(world.alice, 'root', 4n, 5n);
    const game = await world.challenge(world.carol, lie.id);
    await world.claim(world.alice, 'diff', 1n, 5n);
    await world.advance(world.parameters.clock);
    return game;
  }

  it('is made instead of a game: a decided one of somebody else is settled', () =>
    world.isolated(async () => {
      const { id } = await decided();
      const { agent } = challenger();
      await exhaust(agent);
      expect((await games()).map((game) => [game.id, game.phase])).toEqual([[id, 'closed']]);
      expect((await world.view()).stakes[0]).toMatchObject({ struck: true });
    }));

  it('is not waited for when it never gets through', () =>
    world.isolated(async () => {
      await decided();
      const { agent, l1 } = challenger();
      const { send } = l1;
      l1.send = (what, ...rest) =>
        what === 'settle' ? Promise.reject(new Error('no node takes it')) : send.call(l1, what, ...rest);
      await expect(agent.tick()).rejects.toThrow('no node takes it');
      expect(await games()).toHaveLength(1);
      await world.advance(world.parameters.extension);
      await expect(agent.tick()).rejects.toThrow('no node takes it');
      expect(await games()).toHaveLength(2);
    }));

  it('is the record of a claim that a final value contradicts', () =>
    world.isolated(async () => {
      await world.post(2);
      await world.claim(world.alice, 'diff', 1n, 5n);
      await world.claim(world.alice, 'diff', 2n, 5n);
      await world.prove(world.carol, 1n, world.roots[0]!, 'diff');
      const { agent } = challenger();
      await exhaust(agent);
      expect(await games()).toEqual([]);
      expect((await world.view()).stakes[0]).toMatchObject({ struck: true });
    }));
});

describe('a claimant', () => {
  it('claims its own value beside others, equal and false ones', () =>
    world.isolated(async () => {
      await world.post(2);
      await world.claim(world.dave, 'root', 2n);
      await world.claim(world.dave, 'diff', 1n);
      await world.claim(world.alice, 'diff', 2n, 5n);
      await claimant().tick();
      expect(slots(await ownClaims(world.sequencer))).toEqual(['root 2', 'diff 1', 'diff 2']);
    }));

  it('does not claim where entry is over, nor diffs below the last final root', () =>
    world.isolated(async () => {
      await world.post(2);
      const [root] = [await world.claim(world.dave, 'root', 2n), await world.claim(world.alice, 'diff', 2n, 5n)];
      await world.advance(world.parameters.rootWindow);
      await world.resolve(root.id);
      await world.post(1);
      await world.claim(world.alice, 'diff', 3n, 5n);
      await world.advance(world.parameters.diffWindow);
      const agent = claimant();
      await agent.tick();
      expect(await ownClaims(world.sequencer)).toEqual([]);
      await world.post(1);
      await agent.tick();
      expect(slots(await ownClaims(world.sequencer))).toEqual(['root 4', 'diff 4']);
    }));

  it('records fallen claims of others that keep it from claiming', () =>
    world.isolated(async () => {
      await world.post(4);
      const agent = claimant();
      await exhaust(agent);
      const truth = await ownClaims(world.sequencer);
      // The sequencer loses its stake; nobody looks until the windows of what fell with it are over.
      const game = await world.challenge(world.bob, truth.find(({ kind }) => kind === 'root')!.id);
      await world.advance(world.parameters.clock);
      await world.send(world.bob, world.calls.settle(game.id));
      await world.advance(world.parameters.diffWindow);
      await world.stake(world.dave);
      const options = truthfulAgent(world, world.dave);
      const standby = new Sequencer({ ...options, feeRecipient: world.dave.account.address });
      await exhaust(standby);
      expect(slots(await ownClaims(world.dave))).toEqual(['root 2', 'root 4', 'diff 1', 'diff 2', 'diff 3', 'diff 4']);
    }));

  it('disputes a rival itself, records its fall, and is final when that is quiet', () =>
    world.isolated(async () => {
      await world.post(2);
      const agent = claimant();
      await exhaust(agent);
      const rival = await world.claim(world.alice, 'root', 2n, 5n);
      await world.advance(world.parameters.rootWindow);
      await agent.tick();
      const { challenger: by, claimId } = (await games())[0]!;
      expect([by, claimId]).toEqual([world.sequencer.account.address, rival.id]);
      await world.advance(world.parameters.clock);
      await exhaust(agent);
      expect(await world.claimView(rival.id)).toMatchObject({ status: 'refuted', recorded: true });
      expect((await world.view()).lastFinalRoot).toBe(0n);
      await world.advance(world.parameters.quiet);
      await exhaust(agent);
      expect((await world.view()).lastFinalRoot).toBe(2n);
    }));

  it('records all fallen rivals in one call', () =>
    world.isolated(async () => {
      await world.post(6);
      const agent = claimant();
      await exhaust(agent);
      const rivals = [];
      for (const number of [2n, 4n, 6n]) rivals.push(await world.claim(world.alice, 'root', number, 5n));
      for (const number of [1n, 2n, 3n]) rivals.push(await world.claim(world.alice, 'diff', number, 5n));
      await agent.tick();
      const before = await world.reader.getTransactionCount({ address: world.sequencer.account.address });
      await exhaust(agent);
      const { claims } = await world.view();
      expect(rivals.map(({ id }) => claims[Number(id) - 1]!.recorded)).toEqual(rivals.map(() => true));
      const after = await world.reader.getTransactionCount({ address: world.sequencer.account.address });
      // The proof that strikes the stake, and the records.
      expect(after - before).toBe(2);
    }));

  it('answers all games on a claim in one call', () =>
    world.isolated(async () => {
      await world.post(6);
      const agent = claimant();
      await exhaust(agent);
      const root = (await ownClaims(world.sequencer)).find(({ kind, number }) => kind === 'root' && number === 6n)!;
      const [first, second] = [await world.challenge(world.alice, root.id), await world.challenge(world.bob, root.id)];
      await exhaust(agent);
      await world.answer(first.id, true);
      await world.answer(second.id, false);
      const asked = (await games()).map(({ index }) => index);
      expect(new Set(asked).size).toBe(2);
      const before = await world.reader.getTransactionCount({ address: world.sequencer.account.address });
      await agent.tick();
      expect(await world.reader.getTransactionCount({ address: world.sequencer.account.address })).toBe(before + 1);
      for (const index of asked) {
        expect(await world.dispute.statement(root.id, index)).toBe(world.roots[Number(index)]);
      }
    }));

  it('makes its roots final by proof where it is asked to', () =>
    world.isolated(async () => {
      await world.post(3);
      const options = truthfulAgent(world, world.sequencer);
      const feeRecipient = world.sequencer.account.address;
      const agent = new Sequencer({ ...options, feeRecipient, fastFinality: true });
      for (let i = 0; i < 20 && (await world.view()).lastFinalRoot < 3n; i++) {
        await agent.tick();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect((await world.view()).lastFinalRoot).toBe(3n);
      expect(await world.dispute.finalValue('root', 3n)).toBe(world.roots[3]);
      await agent.close();
    }));
});
