import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { L1AccountOptions } from '../../prover/agents/l1-account.js';
import { Sequencer, type SequencerEvent } from '../../prover/agents/sequencer.js';
import { L1Error } from '../../src/errors/l1.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { type L1Proxy, startL1Proxy } from '../helpers/l1-proxy.js';
import { SMALL_PARTS, truthfulAgent } from '../helpers/truthful-agents.js';

/** What a sequencer loses, misses or cannot pay for must not end its claims, nor its batches. */
let world: DisputeWorld;
let proxy: L1Proxy;
beforeAll(async () => {
  world = await createDisputeWorld({ rootEvery: 2n });
  proxy = await startL1Proxy(world.l1.url);
});
afterAll(async () => {
  await proxy?.close();
  await world?.l1.stop();
});

function sequencer(interval = 12n, account: Partial<L1AccountOptions> = {}) {
  const options = truthfulAgent(world, world.sequencer, SMALL_PARTS, account);
  const events: SequencerEvent[] = [];
  const feeRecipient = world.sequencer.account.address;
  const onEvent = (event: SequencerEvent) => events.push(event);
  const agent = new Sequencer({ ...options, feeRecipient, onEvent });
  const post = async (count: number) => {
    for (let i = 0; i < count; i++) {
      await world.advance(interval);
      await agent.post(['0x1234']);
      world.batches.push(options.truth.batches.at(-1)!);
    }
  };
  return { agent, truth: options.truth, l1: options.l1, post, events };
}

const open = async () =>
  (await world.view()).claims.filter(({ status }) => status === 'open').map(({ kind, number }) => `${kind} ${number}`);

describe('a sequencer', () => {
  it('claims everything again after it has lost a game by its clock, roots first, and posts on', () =>
    world.isolated(async () => {
      const { agent, post } = sequencer();
      await post(4);
      const { claims } = await world.view();
      const root = claims.find(({ kind, number }) => kind === 'root' && number === 4n)!;
      const game = await world.challenge(world.bob, root.id, 1n);
      await world.advance(world.parameters.clock);
      await world.send(world.bob, world.calls.settle(game.id));
      expect(await open()).toEqual([]);
      await agent.tick();
      await agent.tick();
      const again = (await world.view()).claims.slice(claims.length);
      expect(again.map(({ kind, number }) => `${kind} ${number}`)).toEqual([
        ...['root 2', 'root 4', 'diff 1', 'diff 2', 'diff 3', 'diff 4'],
      ]);
      await post(1);
      await world.advance(world.parameters.rootWindow);
      await agent.tick();
      expect((await world.view()).lastFinalRoot).toBe(4n);
    }));

  it('makes a claim later that failed when its batch was posted', () =>
    world.isolated(async () => {
      const { agent, truth, post } = sequencer();
      const { rootAfter } = truth;
      truth.rootAfter = () => Promise.reject(new Error('killed here'));
      await expect(post(2)).rejects.toThrow('killed here');
      truth.rootAfter = rootAfter;
      expect(await open()).toEqual(['diff 1', 'diff 2']);
      await agent.tick();
      expect(await open()).toEqual(['diff 1', 'diff 2', 'root 2']);
    }));

  it('claims nothing more when a proof has shown that its node is wrong, and posts on', () =>
    world.isolated(async () => {
      const { agent, truth, post, events } = sequencer();
      const apply = truth.apply.bind(truth);
      truth.apply = async (batch) => {
        const applied = await apply(batch);
        if (truth.batches.length !== 2) return applied;
        truth.diffs[2] = truth.diffs[2]! ^ 1n;
        return { diffHash: `0x${truth.diffs[2].toString(16).padStart(64, '0')}` as const };
      };
      await post(2);
      const lie = (await world.view()).claims.find(({ kind, number }) => kind === 'diff' && number === 2n)!;
      const game = await world.challenge(world.bob, lie.id, truth.roots[1]!);
      await agent.tick();
      await world.prove(world.bob, 2n, truth.roots[1]!, 'diff', [game.id]);
      expect(await open()).toEqual([]);
      await agent.tick();
      await agent.tick();
      expect(await open()).toEqual([]);
      expect(events).toEqual([
        { type: 'stakeLost', stakeId: lie.stakeId },
        expect.objectContaining({ type: 'nodeWrong', claimId: lie.id }),
      ]);
    }));

  it('counts what it has lost under its ceiling, and posts without a claim at it', () =>
    world.isolated(async () => {
      const { stake, clock } = world.parameters;
      const { agent, post, events } = sequencer(12n, { mostBonded: 2n * stake - 1n });
      await post(2);
      const { claims } = await world.view();
      const game = await world.challenge(world.bob, claims.find(({ kind }) => kind === 'root')!.id, 1n);
      await world.advance(clock);
      await world.send(world.bob, world.calls.settle(game.id));
      await expect(agent.tick()).rejects.toMatchObject({ code: 'L1_BOND_CEILING' });
      await post(1);
      expect(await open()).toEqual([]);
      expect((await world.view()).stakes).toHaveLength(1);
      expect(events).toEqual([{ type: 'stakeLost', stakeId: 1n }]);
    }));

  it('posts again later, and alarms nobody, when a node of L1 is behind what it has just shown', () =>
    world.isolated(async () => {
      const { agent, l1, post } = sequencer();
      await post(1);
      const { send } = l1;
      for (const error of ['WrongNumber', 'WrongParent', 'WrongOrigin']) {
        l1.send = async () => {
          throw new L1Error('L1_REVERTED', error, { details: { error } });
        };
        await expect(post(1)).rejects.toMatchObject({ code: 'L1_TOO_SOON' });
      }
      l1.send = send;
      await post(1);
      expect((await world.rollup.view()).latest).toBe(2n);
      await expect(agent.tick()).resolves.toBeTypeOf('boolean');
    }));

  it('posts also when it has no ether for a stake', () =>
    world.isolated(async () => {
      const { agent, post, l1 } = sequencer();
      const { parameters } = l1.dispute;
      l1.dispute.parameters = async () => ({ ...(await parameters()), stake: 10n ** 26n });
      await post(1);
      expect((await world.rollup.view()).latest).toBe(1n);
      expect(await open()).toEqual([]);
      l1.dispute.parameters = parameters;
      await agent.tick();
      expect(await open()).toEqual(['diff 1']);
    }));
});

describe('a sequencer whose claims L1 takes only up to the eighth batch behind the last final root', () => {
  const INTERVAL = 400n;
  let usual: DisputeWorld;
  beforeAll(async () => {
    usual = world;
    world = await createDisputeWorld({ rootEvery: 2n, maxAhead: 8n }, { minInterval: INTERVAL });
  });
  afterAll(async () => {
    await world?.l1.stop();
    world = usual;
  });

  it('posts more, and claims them when older roots are final', async () => {
    const { agent, post } = sequencer(INTERVAL);
    await post(11);
    expect((await world.rollup.view()).latest).toBe(11n);
    const claimed = async () => (await world.view()).claims.map(({ kind, number }) => `${kind} ${number}`);
    expect(await claimed()).toContain('root 8');
    expect(await claimed()).not.toContain('diff 9');
    await world.advance(world.parameters.rootWindow);
    for (let i = 0; i < 4; i++) await agent.tick();
    expect((await world.view()).lastFinalRoot).toBe(8n);
    expect((await open()).sort()).toEqual(['diff 10', 'diff 11', 'diff 9', 'root 10']);
  });
});

it('looks read what is live, not what has ended long ago', () =>
  world.isolated(async () => {
    await world.post(3);
    const lies = [];
    for (let number = 1n; number <= 3n; number++) lies.push(await world.claim(world.alice, 'diff', number, 5n));
    const [first] = lies;
    const game = await world.challenge(world.bob, first!.id);
    await world.prove(world.bob, 1n, world.roots[0]!, 'diff', [game.id]);
    await world.resolve(...lies.map(({ id }) => id));
    const { l1 } = truthfulAgent(world, world.carol, SMALL_PARTS, { url: proxy.url });
    const before = await l1.dispute.view();
    const calls = async () => {
      const had = proxy.counts.get('eth_call') ?? 0;
      const view = await l1.dispute.view();
      return { calls: proxy.counts.get('eth_call')! - had, view };
    };
    const early = await calls();
    for (let i = 0; i < 70; i++) await world.advance(1n);
    await l1.dispute.view();
    const late = await calls();
    expect(late.calls).toBeLessThan(early.calls);
    const live = await world.claim(world.dave, 'root', 2n);
    const { claims, games } = await l1.dispute.view();
    expect(claims.map(({ id }) => id)).toEqual([...before.claims.map(({ id }) => id), live.id]);
    expect(games).toEqual((await world.view()).games);
    expect(claims).toEqual((await world.view()).claims);
  }));
