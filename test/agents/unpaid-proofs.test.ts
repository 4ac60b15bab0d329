import { parseGwei } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Challenger } from '../../prover/agents/challenger.js';
import type { PlayerEvent } from '../../prover/agents/player.js';
import { sendCall, type Wallet } from '../../src/l1/send-call.js';
import { uploadOf, uploadSteps } from '../../src/l1/upload.js';
import type { Bundle } from '../../src/proof/types.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { LARGE_PARTS, SMALL_PARTS, truthfulAgent } from '../helpers/truthful-agents.js';

/** Proofs whose games end before L1 has them, or that somebody else brings as well. */
let world: DisputeWorld;
const DAY = 86_400n;
beforeAll(async () => {
  world = await createDisputeWorld({
    clock: DAY,
    extension: 1_000n,
    proofWindow: DAY,
    quiet: 1_000n,
    rootWindow: 3n * DAY,
    diffWindow: 7n * DAY,
    maxAhead: 2n ** 20n,
  });
});
afterAll(() => world?.l1.stop());

function prover(wallet: Wallet, parts = LARGE_PARTS) {
  const told: PlayerEvent[] = [];
  const options = truthfulAgent(world, wallet, parts);
  const agent = new Challenger({ ...options, tell: (event) => told.push(event) });
  const bundle = (): Bundle => {
    const proven = told.find((event) => event.type === 'proven');
    return (proven as Extract<PlayerEvent, { type: 'proven' }>).proof.bundle;
  };
  return { agent, bundle, types: () => told.map(({ type }) => type) };
}

/** A false claim on batch 1, disputed by bob, who has the proof at hand; and alice's root 1, by which carol can strike her stake. */
async function disputed(parts = LARGE_PARTS) {
  await world.post(2);
  await world.claim(world.alice, 'diff', 1n, 5n);
  const { id: root } = await world.claim(world.alice, 'root', 2n, 5n);
  const made = prover(world.bob, parts);
  await made.agent.tick();
  await made.agent.tick();
  return { ...made, root };
}

/** Alice concedes a game to her own puppet. */
async function selfStrike(root: bigint): Promise<void> {
  const { id } = await world.challenge(world.carol, root);
  await world.advance(world.parameters.clock);
  await world.send(world.carol, world.calls.settle(id));
}

const paid = async () => {
  const { proofPurse, proofPayLeft } = await world.stakeView(1n);
  return { spent: world.parameters.proofPurse - proofPurse, proofPayLeft };
};

describe('an upload that was begun when the stake falls by something else', () => {
  it('goes on, and its cost and the payment for a proof are taken from the purse', () =>
    world.isolated(async () => {
      const { agent, root, types } = await disputed();
      await agent.tick();
      expect(types().filter((type) => type === 'uploaded')).toHaveLength(1);
      await selfStrike(root);
      for (let i = 0; i < 12; i++) await agent.tick();
      const { cost, owed, payee } = (await world.dispute.proven(world.hash(1n), world.roots[0]!, 'diff'))!;
      expect(payee).toBe(world.bob.account.address);
      expect(owed).toBe(0n);
      expect(await paid()).toEqual({ spent: cost + world.parameters.proofPay, proofPayLeft: false });
      expect(types().filter((type) => type === 'reimbursed')).toHaveLength(1);
      expect(await agent.tick()).toBe(false);
    }));

  it('goes on in the next process, when the one that had begun was killed', () =>
    world.isolated(async () => {
      const { agent, root } = await disputed();
      await agent.tick();
      await agent.close();
      await selfStrike(root);
      const next = prover(world.bob);
      for (let i = 0; i < 14; i++) await next.agent.tick();
      const { cost, owed } = (await world.dispute.proven(world.hash(1n), world.roots[0]!, 'diff'))!;
      expect(owed).toBe(0n);
      expect(await paid()).toEqual({ spent: cost + world.parameters.proofPay, proofPayLeft: false });
    }));

  it('is not begun afterwards', () =>
    world.isolated(async () => {
      const { agent, root } = await disputed();
      await selfStrike(root);
      for (let i = 0; i < 4; i++) await agent.tick();
      expect(await world.dispute.proven(world.hash(1n), world.roots[0]!, 'diff')).toBeUndefined();
      expect((await world.view()).games.map(({ phase }) => phase)).toEqual(['closed', 'closed']);
      expect(await agent.tick()).toBe(false);
    }));
});

describe('a statement that somebody else brings to L1 in parts as well', () => {
  const uploads = (types: () => PlayerEvent['type'][]) => types().filter((type) => type === 'uploaded').length;
  /** Carol begins to bring the statement of a bundle to L1. @returns what does the rest */
  async function rival(bundle: Bundle): Promise<() => Promise<void>> {
    const upload = uploadOf({ ...bundle, beneficiary: world.carol.account.address });
    const [first, ...others] = uploadSteps(upload, 0);
    await sendCall(world.carol, world.reader, first!.call);
    return async () => {
      for (const { call } of others) await sendCall(world.carol, world.reader, call);
      await world.send(world.carol, world.calls.proveUploaded(upload.statement, upload.frozen, []));
    };
  }

  it('is waited for, and nothing is sent when the other is done', () =>
    world.isolated(async () => {
      const { agent, bundle, types } = await disputed();
      const finish = await rival(bundle());
      for (let i = 0; i < 2; i++) expect(await agent.tick()).toBe(false);
      expect((await world.view()).games[0]!.phase).toBe('prove');
      await finish();
      for (let i = 0; i < 3; i++) await agent.tick();
      expect(uploads(types)).toBe(0);
      expect((await world.view()).games[0]).toMatchObject({ phase: 'closed', outcome: 'challengerWins' });
    }));

  it('goes up all at once, with the call that settles by it, when there is no more time to wait', () =>
    world.isolated(async () => {
      const { agent, bundle, types } = await disputed();
      await rival(bundle());
      expect(await agent.tick()).toBe(false);
      const { deadline } = (await world.view()).games[0]!;
      await world.advance(deadline - (await world.view()).time - 5_000n);
      await world.request('evm_setAutomine', [false]);
      const moved = agent.tick();
      const steps = uploadSteps(uploadOf(bundle()), 0).length;
      while ((await agent.l1.outbox.open()).length < steps + 1) await new Promise((resolve) => setTimeout(resolve, 20));
      await new Promise((resolve) => setTimeout(resolve, 300));
      await world.request('evm_mine');
      await world.request('evm_setAutomine', [true]);
      expect(await moved).toBe(true);
      expect((await world.reader.getBlock()).transactions).toHaveLength(steps + 1);
      expect(uploads(types)).toBe(steps);
      expect((await world.view()).games[0]).toMatchObject({ phase: 'closed', outcome: 'challengerWins' });
    }));

  it('is not waited for when it is an own one, of another proof', () =>
    world.isolated(async () => {
      const { agent, bundle, types } = await disputed();
      const [begin] = uploadSteps(uploadOf({ ...bundle(), beneficiary: world.carol.account.address }), 0);
      await sendCall(world.bob, world.reader, begin!.call);
      expect(await agent.tick()).toBe(true);
      expect(uploads(types)).toBe(1);
    }));

  it('is not waited for when only the same upload is fed by a stranger, or another statement', () =>
    world.isolated(async () => {
      const { agent, bundle, types } = await disputed();
      await rival({ ...bundle(), preRoot: 7n, value: 8n });
      const [step] = uploadSteps(uploadOf(bundle()), 0);
      await sendCall(world.carol, world.reader, step!.call);
      expect(await agent.tick()).toBe(true);
      expect(uploads(types)).toBe(1);
    }));
});

describe('a proof that is ready', () => {
  it('waits for a base fee that L1 pays back as long as more than a day is left', () =>
    world.isolated(async () => {
      const { agent } = await disputed(SMALL_PARTS);
      const dear = () =>
        world.request('anvil_setNextBlockBaseFeePerGas', [
          `0x${(world.parameters.maxPrice + parseGwei('1')).toString(16)}`,
        ]);
      await dear();
      await world.advance(1n);
      await agent.tick();
      expect((await world.view()).games[0]!.phase).toBe('prove');
      const { deadline } = (await world.view()).games[0]!;
      await dear();
      await world.advance(deadline - (await world.view()).time - DAY);
      await agent.tick();
      expect((await world.view()).games[0]).toMatchObject({ outcome: 'challengerWins' });
    }));
});
