import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';

let world: DisputeWorld;
beforeAll(async () => {
  world = await createDisputeWorld();
  await world.post(12);
});
afterAll(() => world?.l1.stop());

const SLOT = 12n;

/** Ends the pause as the last transaction of a block, and begins the next as the first of the following block. */
async function blink(): Promise<void> {
  const { guardian, calls } = world;
  await world.send(guardian, calls.unpause());
  await world.advance(SLOT);
  await world.send(guardian, calls.pause());
  await world.advance(SLOT);
}

/**
 * A guardian may stop everything, but must not decide anything. It orders its transactions by their fees so that every L1 block
 * is paused while others could move, and time still passes between the blocks. Barrier: after a pause, time stands still for
 * one `extension`, in which moves are possible.
 */
describe('a guardian that blinks', () => {
  it('runs out no clock and no window', () =>
    world.isolated(async () => {
      const { alice, bob, guardian, calls, parameters } = world;
      const truth = await world.claim(alice, 'root', 12n);
      const game = await world.challenge(bob, truth.id);
      const lie = await world.claim(bob, 'root', 11n, 5n);
      const before = await world.view();
      await world.send(guardian, calls.pause());
      const each = SLOT + parameters.extension;
      for (let taken = each; taken < parameters.maxPause; taken += each) await blink();
      await world.send(guardian, calls.unpause());
      const after = await world.view();
      expect(after.time - before.time).toBeLessThan(SLOT);
      expect(after.games[0]).toMatchObject({ phase: 'claimantStates', deadline: game.deadline });
      await world.state(truth.id, 6n);
      await world.challenge(alice, lie.id);
    }));

  it('cannot delay for longer than pauses may take, however short each is', () =>
    world.isolated(async () => {
      const { guardian, calls, parameters } = world;
      const { extension, maxPause } = parameters;
      const begun = await world.view();
      await world.send(guardian, calls.pause());
      const blinks = async () => {
        for (let count = 1; ; count++) {
          await world.send(guardian, calls.unpause());
          const paused = await world.send(guardian, calls.pause()).catch(String);
          if (typeof paused === 'string') return { count, paused };
          await world.advance(extension - 2n);
        }
      };
      const { count, paused } = await blinks();
      expect(paused).toContain('PauseSpent');
      expect(count).toBeLessThanOrEqual(Number(maxPause / extension));
      // Nothing is left; what comes back is what has run since, and lasts as long.
      await world.advance(extension + 100n);
      await expect(world.send(guardian, calls.pause())).resolves.toBeDefined();
      await world.advance(60n);
      await expect(world.send(world.bob, calls.unpause())).rejects.toThrow('NotGuardian');
      await world.advance(60n);
      await world.send(world.bob, calls.unpause());
      await world.advance(10_000n);
      expect((await world.view()).time - begun.time).toBeGreaterThan(9_000n);
      // As much as at the beginning comes back, and no more.
      await world.send(guardian, calls.pause());
      await world.advance(maxPause - extension - 10n);
      await expect(world.send(world.bob, calls.unpause())).rejects.toThrow('NotGuardian');
      await world.advance(10n);
      await world.send(world.bob, calls.unpause());
    }));

  it('cannot stop time for good: it runs on when the grace is over', () =>
    world.isolated(async () => {
      const { alice, guardian, calls, parameters } = world;
      await world.claim(alice, 'root', 12n);
      await world.send(guardian, calls.pause());
      await world.send(guardian, calls.unpause());
      const { time } = await world.view();
      await world.advance(parameters.extension - 2n);
      expect((await world.view()).time).toBe(time);
      await world.advance(100n);
      expect((await world.view()).time - time).toBeGreaterThanOrEqual(97n);
      await world.advance(parameters.rootWindow);
      expect((await world.claimView(1n)).status).toBe('final');
    }));
});
