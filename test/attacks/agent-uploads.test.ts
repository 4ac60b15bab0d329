import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Challenger } from '../../prover/agents/challenger.js';
import type { PlayerEvent } from '../../prover/agents/player.js';
import { groupParts } from '../../src/l1/plan-parts.js';
import { sendCall } from '../../src/l1/send-call.js';
import { uploadOf, uploadSteps } from '../../src/l1/upload.js';
import { createVerifierClient } from '../../src/l1/verifier-client.js';
import type { Bundle } from '../../src/proof/types.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { LARGE_PARTS, truthfulAgent } from '../helpers/truthful-agents.js';

/** A challenger whose bundle needs several transactions, and what others and L1 may do meanwhile. */
let world: DisputeWorld;
beforeAll(async () => {
  world = await createDisputeWorld();
});
afterAll(() => world?.l1.stop());

/** A challenger of its own, what it told, and the bundle it has made. */
function challenger() {
  const told: PlayerEvent[] = [];
  const options = truthfulAgent(world, world.bob, LARGE_PARTS);
  const agent = new Challenger({ ...options, tell: (event) => told.push(event) });
  const bundle = (): Bundle => {
    const proven = told.find((event) => event.type === 'proven');
    return (proven as Extract<PlayerEvent, { type: 'proven' }>).proof.bundle;
  };
  const uploads = () => told.flatMap((event) => (event.type === 'uploaded' ? [[event.from, event.to]] : []));
  return { agent, bundle, uploads };
}

/** A false claim on batch 1, disputed and with its proof at hand; nothing of that is on L1 yet. */
async function disputed(made = challenger()) {
  await world.post(1);
  const claim = await world.claim(world.alice, 'diff', 1n, 5n);
  await made.agent.tick(); // challenges
  await made.agent.tick(); // has the proof
  return { ...made, claim };
}

const outcome = async () => (await world.view()).games[0]!.outcome;
/** What a stranger feeds, as an upload of its own would. */
async function strangerFeeds(bundle: Bundle, fed: number): Promise<void> {
  const [step] = uploadSteps(uploadOf(bundle), fed);
  await sendCall(world.carol, world.reader, step!.call);
}
/** The parts [from, to) of each transaction. */
const BORDERS = groupParts(LARGE_PARTS).map(({ from, to }) => [from, to] as const);

describe('a bundle in parts', () => {
  it('goes up one transaction a look, then settles', () =>
    world.isolated(async () => {
      const { agent, uploads } = await disputed();
      expect(BORDERS.length).toBeGreaterThanOrEqual(4);
      for (const [i] of BORDERS.entries()) {
        expect(await agent.tick()).toBe(true);
        expect(uploads()).toEqual(BORDERS.slice(0, i + 1));
        expect(await outcome()).toBe('none');
      }
      await agent.tick();
      expect(await outcome()).toBe('challengerWins');
    }));

  it('keeps its player from no other move', () =>
    world.isolated(async () => {
      const { agent } = await disputed();
      await agent.tick();
      const other = await world.claim(world.dave, 'root', 1n, 7n);
      await agent.tick();
      expect((await world.view()).games.map(({ claimId }) => claimId)).toContain(other.id);
    }));

  it('goes on behind the parts that L1 has had when it is another process', () =>
    world.isolated(async () => {
      await disputed().then(({ agent }) => agent.tick());
      const again = challenger();
      while ((await outcome()) === 'none') await again.agent.tick();
      expect(again.uploads()).toEqual(BORDERS.slice(1));
    }));

  it('takes what a stranger has fed as fed', () =>
    world.isolated(async () => {
      const { agent, bundle, uploads } = await disputed();
      await strangerFeeds(bundle(), 0);
      await strangerFeeds(bundle(), BORDERS[1]![0]);
      while ((await outcome()) === 'none') await agent.tick();
      expect(uploads()).toEqual(BORDERS.slice(2));
    }));

  it('is not stopped by a stranger who is faster each time', () =>
    world.isolated(async () => {
      const { agent, bundle, uploads } = await disputed();
      for (const [from] of BORDERS) {
        const view = await world.view();
        await strangerFeeds(bundle(), from);
        expect(await agent.player.play(view)).toBe(false); // Begun, WrongPart, Finished: no error
      }
      await agent.tick();
      expect(await outcome()).toBe('challengerWins');
      expect(uploads()).toEqual([]);
    }));

  it('is sent again where a reorg of L1 has taken parts back', () =>
    world.isolated(async () => {
      const { agent, bundle, uploads } = await disputed();
      await agent.tick();
      await world.isolated(async () => {
        await agent.tick();
        await agent.tick();
      });
      const session = () => createVerifierClient(world.reader, world.verifier).session(uploadOf(bundle()).seed);
      expect((await session())!.rest).toBe(uploadOf(bundle()).dues[BORDERS[1]![0]]);
      for (let i = 0; i < 3; i++) await world.advance(1n); // until L1 is as high as before
      while ((await outcome()) === 'none') await agent.tick();
      // The account's outbox has sent the second and third again by itself, the look has found the second due once more.
      expect(uploads()).toEqual([...BORDERS.slice(0, 3), BORDERS[1], ...BORDERS.slice(3)]);
      expect(await outcome()).toBe('challengerWins');
    }));

  it('is not sent twice through a node that is behind', () =>
    world.isolated(async () => {
      const { agent, uploads } = await disputed();
      const view = await world.view();
      expect(await agent.player.play(view)).toBe(true);
      expect(await agent.player.play(view)).toBe(false);
      expect(uploads()).toEqual(BORDERS.slice(0, 1));
    }));
});
