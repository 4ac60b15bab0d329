import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Game, gameLines, readGame } from '../../prover/explain/game.js';
import type { GameView } from '../../src/dispute/types.js';
import { createDisputeWorld, type DisputeWorld, f } from '../helpers/dispute-world.js';

let world: DisputeWorld;
beforeAll(async () => {
  world = await createDisputeWorld();
});
afterAll(() => world.l1.stop());

const read = (id: bigint) => readGame(world.reader, world.dispute.address, id);

/** L1's own position, which it shows in the phase prove. */
function position({ index: number, mode, agreed, target }: GameView) {
  return { number, mode, agreed, target };
}

/** Where the game stands as L1 sees it, and as `subjectOf` does. */
async function expectSubject(id: bigint, by: string): Promise<Game> {
  const story = await read(id);
  expect(story.game.phase).toBe('prove');
  const batchHash = world.hash(story.game.index);
  expect(story.subject).toEqual({ ...position(story.game), by, batchHash });
  expect(story.proven).toBeUndefined();
  return story;
}

describe('what a game is about', () => {
  it('is the diff of the batch after the final root', () =>
    world.isolated(async () => {
      await world.post();
      const { id } = await world.claim(world.alice, 'diff', 1n, 7n);
      const game = await world.challenge(world.bob, id);
      const open = await expectSubject(game.id, 'final');
      expect(gameLines(open).join('\n')).toMatch(
        /agreed .*final\nclaimed .*denies it\nproven {3}nothing yet\nstate .*proof is due within 350 s/,
      );
      await world.prove(world.carol, 1n, world.roots[0]!, 'diff', [game.id]);
      const closed = await read(game.id);
      expect(closed).toMatchObject({ game: { phase: 'closed', outcome: 'challengerWins' }, subject: open.subject });
      expect(closed.proven).toMatchObject({ value: world.diffs[1], payee: world.carol.account.address });
      expect(gameLines(closed).at(-1)).toBe('state    closed: the challenger wins by proof');
    }));

  it('is the diff where the claimant concurs, and the root that it states where it does not', () =>
    world.isolated(async () => {
      await world.post(6);
      const claim = await world.claim(world.alice, 'diff', 6n, 7n);
      const concurring = await world.challenge(world.bob, claim.id);
      const other = await world.challenge(world.carol, claim.id, 99n);
      const searching = await read(concurring.id);
      expect(searching.subject).toBeUndefined();
      expect(gameLines(searching).join('\n')).toMatch(
        /not found yet: .* after batch 0, .* up to batch 5\nstate .*claimant has to state the root after batch 5/,
      );
      await world.state(claim.id, 5n);
      await expectSubject(concurring.id, 'concurred');
      // The other says 99 there, and takes part in a search between 0 and 5.
      await world.state(claim.id, 2n);
      expect(gameLines(await read(other.id)).at(-1)).toMatch(
        /challenger has to answer to root 0x[0-9a-f]{64} after batch 2 /,
      );
      await world.answer(other.id, true);
      await world.state(claim.id, 3n, 55n);
      await world.answer(other.id, false);
      const found = await expectSubject(other.id, 'bisection');
      expect(found.subject).toMatchObject({ number: 3n, mode: 'root', agreed: world.roots[2], target: 55n });
      expect(gameLines(found).join('\n')).toContain(
        ', stated by the claimant in the bisection; the challenger denies it',
      );
    }));

  it('is the root of a claim on a root, next to the final one or after a search', () =>
    world.isolated(async () => {
      await world.post(2);
      const near = await world.claim(world.alice, 'root', 1n);
      const first = await world.challenge(world.bob, near.id);
      await expectSubject(first.id, 'final');
      const far = await world.claim(world.alice, 'root', 2n, 66n);
      const second = await world.challenge(world.bob, far.id);
      await world.state(far.id, 1n);
      await world.answer(second.id, true);
      expect((await expectSubject(second.id, 'bisection')).subject).toMatchObject({ number: 2n, target: 66n });
      // A true claim: the proof is for the claimant.
      await world.prove(world.alice, 1n, world.roots[0]!, 'root', [first.id]);
      expect(gameLines(await read(first.id)).at(-1)).toBe('state    closed: the claimant wins by proof');
      expect((await read(first.id)).proven?.value).toBe(f(world.hash(1n), world.roots[0]!, 'root'));
    }));

  it('does not matter where a clock ends it, or another game', () =>
    world.isolated(async () => {
      await world.post(2);
      const claim = await world.claim(world.alice, 'diff', 1n, 7n);
      const late = await world.challenge(world.bob, claim.id);
      await world.goTo(late.deadline);
      expect(gameLines(await read(late.id)).at(-1)).toMatch(
        /^state {4}decided, to be settled: the claimant wins without a proof/,
      );
      const second = await world.claim(world.alice, 'diff', 2n, 8n);
      const fallen = await world.challenge(world.carol, second.id);
      const same = await world.challenge(world.dave, claim.id);
      await world.prove(world.dave, 1n, world.roots[0]!, 'diff', [same.id]);
      expect(gameLines(await read(fallen.id)).at(-1)).toMatch(/claim fell by something else/);
    }));

  it('is asked for by a number that there is', () =>
    world.isolated(async () => {
      const error = { code: 'DISPUTE_NO_GAME' };
      await expect(read(1n)).rejects.toMatchObject({
        ...error,
        message: expect.stringMatching(/no game 1; it has none/),
      });
      await world.post();
      const { id } = await world.claim(world.alice, 'diff', 1n, 7n);
      await world.challenge(world.bob, id);
      await expect(read(2n)).rejects.toMatchObject({ ...error, message: expect.stringMatching(/it has 1, numbered/) });
    }));
});
