import { parseEther } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Challenger } from '../../prover/agents/challenger.js';
import { Sequencer } from '../../prover/agents/sequencer.js';
import { Follower } from '../../prover/agents/sync.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { postedIn } from '../helpers/posted.js';
import { truthfulAgent } from '../helpers/truthful-agents.js';

/** What others post on L1 must not make an honest agent miss its own moves. */
let world: DisputeWorld;
const N = 8n;
beforeAll(async () => {
  world = await createDisputeWorld({ bond: parseEther('1') });
});
afterAll(() => world?.l1.stop());

const challenger = () => new Challenger(truthfulAgent(world, world.bob));

describe('an honest challenger', () => {
  it('plays its games although there are more false claims than it has bonds for', () =>
    world.isolated(async () => {
      const { alice, bob, carol, dave, reader } = world;
      await world.post(Number(N));
      const agent = challenger();
      const claim = await world.claim(alice, 'root', N, 5n);
      await agent.tick();
      await world.state(claim.id, N / 2n);
      await world.claim(carol, 'root', 7n, 5n);
      await world.claim(dave, 'root', 6n, 5n);
      const balance = parseEther('1.5');
      const params = [bob.account.address, `0x${balance.toString(16)}`];
      await reader.request({ method: 'anvil_setBalance' as never, params: params as never });
      await expect(agent.tick()).rejects.toThrow();
      const { games } = await world.view();
      expect(games).toHaveLength(2);
      expect(games[0]).toMatchObject({ phase: 'claimantStates', lo: N / 2n });
    }));

  it('settles its own games with one proof, and leaves those of others, which are won, to them', () =>
    world.isolated(async () => {
      const { alice, bob, carol, dave, guardian } = world;
      await world.post(1);
      const agent = challenger();
      const claims = [];
      for (const liar of [alice, carol, dave]) claims.push(await world.claim(liar, 'diff', 1n, 5n));
      for (const { id } of claims) {
        for (const wallet of [bob, guardian]) await world.challenge(wallet, id);
      }
      const closed = async () => (await world.view()).games.filter(({ phase }) => phase === 'closed').length;
      expect((await world.view()).games).toHaveLength(6);
      await agent.tick();
      await agent.tick();
      expect(await closed()).toBe(3);
      for (const { phase, challenger, outcome } of (await world.view()).games) {
        expect([phase, outcome]).toEqual([challenger === bob.account.address ? 'closed' : 'decided', 'challengerWins']);
      }
      for (const { id } of claims) expect((await world.claimView(id)).status).toBe('refuted');
    }));

  it('proves the batch that L1 has after a reorg, not the one it had proven before', () =>
    world.isolated(async () => {
      const agent = challenger();
      const lie = async () => {
        await world.post(1);
        await world.claim(world.alice, 'diff', 1n, 5n);
        await agent.tick(); // challenges
        await agent.tick(); // has the proof
      };
      await world.isolated(lie);
      await world.advance(100n); // the batch comes again, with another time
      await lie();
      await agent.tick();
      await agent.tick();
      expect((await world.claimView(1n)).status).toBe('refuted');
    }));

  it('does not take batches from the logs of another fork', () =>
    world.isolated(async () => {
      await world.post(1);
      const { l1, node } = truthfulAgent(world, world.bob);
      const posted = await postedIn(l1.rollup, { fromBlock: 0n, toBlock: await world.reader.getBlockNumber() });
      const foreign = posted.map((batch) => ({ ...batch, hash: world.hash(0n) }));
      const batches = async function* () {
        yield foreign;
      };
      const { contracts, reader } = l1;
      const block = await world.reader.getBlock();
      await new Follower(node, { contracts, reader, rollup: { ...l1.rollup, batches } }).follow(block);
      expect(node.head).toBe(0n);
      await new Follower(node, l1).follow(block);
      expect(node.head).toBe(1n);
    }));

  it('asks for no announcements of a backlog: a slow announcer holds up one look, not each batch', () =>
    world.isolated(async () => {
      await world.post(3);
      const { l1, node } = truthfulAgent(world, world.bob);
      const asked: bigint[] = [];
      const follower = new Follower(node, l1, async (number) => {
        asked.push(number);
        return undefined;
      });
      await follower.follow(await world.reader.getBlock());
      expect(node.head).toBe(3n);
      expect(asked).toEqual([3n]);
    }));
});

describe('an honest sequencer', () => {
  const sequencer = () => {
    const options = truthfulAgent(world, world.sequencer);
    const feeRecipient = world.sequencer.account.address;
    return { truth: options.truth, agent: new Sequencer({ ...options, feeRecipient }) };
  };

  it('records a root that somebody else claims beside it', () =>
    world.isolated(async () => {
      const { agent, truth } = sequencer();
      await world.advance(1n);
      await agent.post(['0x1234']);
      await world.stake(world.carol);
      const [hash, root] = [await truth.state.batchHash(1n), await truth.rootAfter(1n)];
      await world.send(world.carol, world.calls.claim('root', 1n, hash, root));
      await agent.tick();
      const { claims } = await world.view();
      expect(claims.map(({ kind, claimant }) => [kind, claimant])).toEqual([
        ['diff', world.sequencer.account.address],
        ['root', world.sequencer.account.address],
        ['root', world.carol.account.address],
      ]);
      await world.advance(world.parameters.rootWindow);
      await agent.tick();
      expect((await world.view()).lastFinalRoot).toBe(1n);
    }));

  it('defends its claims after it has lost its store', () =>
    world.isolated(async () => {
      await world.post(Number(N));
      const claim = await world.claim(world.sequencer, 'root', N);
      await world.challenge(world.bob, claim.id);
      const { agent } = sequencer();
      await agent.tick();
      expect(await world.dispute.statement(claim.id, N / 2n)).toBe(world.roots[Number(N / 2n)]);
    }));
});
