import { parseEther } from 'viem';
import { describe, expect, it } from 'vitest';
import { Canary, type CanaryEvent } from '../../prover/agents/canary.js';
import { Challenger } from '../../prover/agents/challenger.js';
import type { ChallengeEvent } from '../../prover/agents/challenges.js';
import { runAgent } from '../../prover/agents/run.js';
import { Sequencer } from '../../prover/agents/sequencer.js';
import { type LowBalance, Treasury } from '../../prover/agents/treasury.js';
import type { ProofTarget } from '../../prover/proving/service.js';
import type { ClaimView } from '../../src/dispute/types.js';
import { TraceError } from '../../src/errors/trace.js';
import type { DisputeWorld } from '../helpers/dispute-world.js';
import type { L1Proxy } from '../helpers/l1-proxy.js';
import { useProxiedWorld } from '../helpers/proxied-world.js';
import { SMALL_PARTS, truthfulAgent } from '../helpers/truthful-agents.js';

/** What keeps an agent able to play: ether for gas, proofs that L1 takes, nodes that agree, and an orderly end. */
let world: DisputeWorld;
let other: L1Proxy;
useProxiedWorld(({ world: made, proxy }) => {
  [world, other] = [made, proxy];
});

const setBalance = (wei: bigint) =>
  world.request('anvil_setBalance', [world.bob.account.address, `0x${wei.toString(16)}`]);
const balance = () => world.reader.getBalance({ address: world.bob.account.address });

describe('an account that runs low', () => {
  it('withdraws what it has won while it can still pay for that', () =>
    world.isolated(async () => {
      await world.send(world.bob, world.calls.deposit(parseEther('5')));
      await setBalance(parseEther('0.1'));
      const options = truthfulAgent(world, world.bob);
      const events: LowBalance[] = [];
      const treasury = new Treasury(options.l1, { low: parseEther('1'), tell: (event) => events.push(event) });
      const agent = new Challenger({ ...options, treasury });
      expect(await agent.tick()).toBe(true);
      expect(await balance()).toBeGreaterThan(parseEther('1.9'));
      expect(await world.credit(world.bob)).toBe(parseEther('3.1'));
      expect(await agent.tick()).toBe(false);
      expect(events).toEqual([]);
    }));

  it('says so once when there is not enough to withdraw', () =>
    world.isolated(async () => {
      await setBalance(parseEther('0.1'));
      const options = truthfulAgent(world, world.bob);
      const events: LowBalance[] = [];
      const treasury = new Treasury(options.l1, { low: parseEther('1'), tell: (event) => events.push(event) });
      const block = (await world.view()).block;
      for (let i = 0; i < 3; i++) expect(await treasury.look(block)).toBe(false);
      expect(events).toEqual([{ type: 'lowBalance', balance: parseEther('0.1'), credit: 0n }]);
    }));
});

describe('a canary', () => {
  /** A false claim, and a challenger whose canary says that. */
  async function withCanary(ask?: () => Promise<void>, breaks = false) {
    await world.post(2);
    const claim = await world.claim(world.alice, 'diff', 1n, 5n);
    const options = truthfulAgent(world, world.bob);
    const told: (CanaryEvent['type'] | string)[] = [];
    const events: ChallengeEvent[] = [];
    const challenged: bigint[] = [];
    if (breaks) {
      options.proofs.submit = async () => {
        throw new TraceError('TRACE_NO_SHAPE', 'no shape');
      };
    }
    const canary = new Canary({
      node: options.node,
      proofs: options.proofs,
      l1: options.l1,
      target: { verifier: world.verifier, beneficiary: world.bob.account.address } as ProofTarget,
      ...(ask === undefined ? {} : { ask }),
      random: () => 0,
      tell: ({ type }) => told.push(type),
    });
    const onChallenge = ({ id }: ClaimView) => challenged.push(id);
    const agent = new Challenger({ ...options, canary, onEvent: (event) => events.push(event), onChallenge });
    await agent.tick();
    return { agent, canary, claim, told, events, challenged };
  }
  const games = async () => (await world.view()).games.length;

  it('proves an honest batch and asks the verifier before the first bond is staked', () =>
    world.isolated(async () => {
      const { agent, canary, claim, told, challenged } = await withCanary();
      expect(await games()).toBe(0);
      expect(challenged).toEqual([]);
      await canary.settles();
      await agent.tick();
      expect(await games()).toBe(1);
      expect(challenged).toEqual([claim.id]);
      expect(told).toEqual(['canaryBegun', 'proving', 'canarySound']);
    }));

  it.each([
    ['the verifier refuses its proof', false],
    ['its batch cannot be proven', true],
  ])('keeps all bonds back when %s', (_, breaks) =>
    world.isolated(async () => {
      const refuse = async () => {
        throw new Error('WrongKeySet');
      };
      const { agent, canary, claim, told } = await withCanary(refuse, breaks);
      await canary.settles();
      await world.advance(claim.deadline - (await world.view()).time - 5n);
      await agent.tick();
      expect(await games()).toBe(0);
      expect(told.filter((type) => type === 'canaryFailed').length).toBeGreaterThan(0);
    }),
  );

  it('is not waited for beyond half of the window', () =>
    world.isolated(async () => {
      const { agent, claim, events } = await withCanary(() => new Promise(() => {}));
      await world.advance(world.parameters.diffWindow / 2n + 1n);
      await agent.tick();
      expect(await games()).toBe(1);
      expect(events).toEqual([{ type: 'stakesUntried', claimId: claim.id }]);
    }));
});

describe('several nodes of L1', () => {
  const challenger = (agreeing: number) =>
    new Challenger(
      truthfulAgent(world, world.bob, SMALL_PARTS, { url: [world.l1.url, other.url], agreeing, timeout: 5_000 }),
    );
  const lie = async () => {
    await world.post(1);
    await world.claim(world.alice, 'diff', 1n, 5n);
  };

  it('agree before a bond is staked', () =>
    world.isolated(async () => {
      await lie();
      const agent = challenger(2);
      for (const fault of ['behind', 'away', 'other'] as const) {
        other.faults.before = (method) => {
          if (fault === 'away') return 'cut';
          if (method === 'eth_getBlockByNumber' && fault === 'behind') return { result: null };
          if (method === 'eth_call' && fault === 'other') return { error: { code: 3, message: 'execution reverted' } };
          return undefined;
        };
        await expect(agent.tick()).rejects.toMatchObject({ code: 'L1_ENDPOINTS_DISAGREE' });
        expect((await world.view()).games).toHaveLength(0);
      }
      other.faults.before = undefined as never;
      await agent.tick();
      expect((await world.view()).games).toHaveLength(1);
    }));

  it('take turns when one does not answer', () =>
    world.isolated(async () => {
      await lie();
      other.faults.before = () => 'cut';
      const url = [other.url, world.l1.url];
      await new Challenger(truthfulAgent(world, world.bob, SMALL_PARTS, { url })).tick();
      other.faults.before = undefined as never;
      expect((await world.view()).games).toHaveLength(1);
    }));

  it('cannot be fewer than must agree', () => {
    expect(() => challenger(3)).toThrow(expect.objectContaining({ code: 'L1_ENDPOINTS_DISAGREE' }));
  });
});

describe('an agent that runs', () => {
  it('goes on after errors, and stops in order while a transaction waits', () =>
    world.isolated(async () => {
      await world.post(1);
      await world.claim(world.alice, 'diff', 1n, 5n);
      await world.request('evm_setAutomine', [false]);
      const { l1, ...options } = truthfulAgent(world, world.bob, SMALL_PARTS, { timeout: 600_000 });
      const agent = new Challenger({ ...options, l1 });
      const errors: unknown[] = [];
      const { view } = l1.dispute;
      let looks = 0;
      l1.dispute.view = async () => {
        if (looks++ < 2) throw new Error('L1 is away');
        return view();
      };
      const end = new AbortController();
      const onError = (error: unknown) => errors.push(error);
      const running = runAgent(agent, { signal: end.signal, pauseMs: 5, onError });
      while ((await l1.outbox.open()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      end.abort();
      await running;
      await agent.close();
      expect(errors.map(String)).toEqual(['Error: L1 is away', 'Error: L1 is away']);
      await world.request('evm_setAutomine', [true]);
      await world.request('evm_mine');
      expect((await world.view()).games).toHaveLength(1);
    }));

  it('keeps to its slots: what a look takes is part of the pause, where that is asked for', async () => {
    const leastBetween = async (rhythm: boolean) => {
      const end = new AbortController();
      const begun: number[] = [];
      const tick = async () => {
        if (begun.push(performance.now()) === 4) end.abort();
        await new Promise((resolve) => setTimeout(resolve, 250));
        return false;
      };
      const onError = (error: unknown) => expect.unreachable(String(error));
      await runAgent({ tick, stop() {} }, { signal: end.signal, pauseMs: 300, rhythm, onError });
      return Math.min(...begun.slice(1).map((time, i) => time - begun[i]!));
    };
    expect(await leastBetween(false)).toBeGreaterThan(500);
    expect(await leastBetween(true)).toBeLessThan(500);
  });

  it('pauses in full behind a look that failed, whatever that took', async () => {
    const end = new AbortController();
    const begun: number[] = [];
    const tick = async () => {
      if (begun.push(performance.now()) === 3) end.abort();
      await new Promise((resolve) => setTimeout(resolve, 250));
      throw new Error('L1 is away');
    };
    await runAgent({ tick, stop() {} }, { signal: end.signal, pauseMs: 100, rhythm: true, onError() {} });
    const [first, second, third] = begun as [number, number, number];
    expect(second - first).toBeGreaterThan(400);
    expect(third - second).toBeGreaterThan(600);
  });

  it('makes all moves that are due at once: so many games as there may be, one block', () =>
    world.isolated(async () => {
      const options = truthfulAgent(world, world.sequencer);
      const agent = new Sequencer({ ...options, feeRecipient: world.sequencer.account.address });
      for (let i = 0; i < 10; i++) {
        await world.advance(2n);
        await agent.post(['0x1234']);
      }
      const claims = (await world.view()).claims.filter(({ kind }) => kind === 'diff');
      for (const { id, number } of claims) if (number > 1n) await world.challenge(world.bob, id, 1n);
      await world.request('evm_setAutomine', [false]);
      const moved = agent.tick();
      const open = async () => (await options.l1.outbox.open()).length;
      while ((await open()) < 9) await new Promise((resolve) => setTimeout(resolve, 20));
      await new Promise((resolve) => setTimeout(resolve, 300));
      await world.request('evm_mine');
      await world.request('evm_setAutomine', [true]);
      expect(await moved).toBe(true);
      expect((await world.reader.getBlock()).transactions).toHaveLength(9);
      for (const { claimId } of (await world.view()).games) {
        const before = claims.find(({ id }) => id === claimId)!.number - 1n;
        expect(await world.dispute.statement(claimId, before)).toBe(options.truth.roots[Number(before)]);
      }
    }));
});
