import { isAddressEqual } from 'viem';
import { leastEnd, type Times, worstEnd } from '../../src/dispute/strategy.js';
import type { DisputeView, GameView } from '../../src/dispute/types.js';
import type { L1Account } from './l1-account.js';

/** What is known of a game: the worst end at an earlier look, and the answer that is owed since when. */
interface Known {
  readonly end: bigint | undefined;
  readonly owed: string;
  readonly since: bigint;
}

/**
 * The worst ends of one account's games as challenger. While it owes an answer, L1 does not show what is left of the claimant's clock, though
 * what that has used does not come back: the end is then the one that was known before, as late as the answer is. Of a game that was not seen
 * before, the least end counts as long as a player has for one move, as the next look knows more; then the greatest.
 */
export class GameEnds {
  readonly #l1: Pick<L1Account, 'account'>;
  #known = new Map<string, Known>();

  constructor(l1: Pick<L1Account, 'account'>) {
    this.#l1 = l1;
  }

  /** To be told every look, also when nothing is to be challenged. */
  look(view: DisputeView, times: Times): (game: GameView) => bigint {
    const ends = new Map<bigint, bigint>();
    const known = new Map<string, Known>();
    for (const game of view.games) {
      if (game.phase === 'closed' || !isAddressEqual(game.challenger, this.#l1.account.address)) continue;
      const key = `${game.id} ${game.claimId}`;
      const before = this.#known.get(key);
      if (game.phase !== 'challengerAnswers') {
        const end = worstEnd(game, view, times);
        known.set(key, { end, owed: '', since: view.time });
        ends.set(game.id, end);
        continue;
      }
      const owed = `${game.lo} ${game.hi} ${game.index}`;
      const since = before?.owed === owed ? before.since : view.time;
      // An answer before this one was as late as this look at most.
      const wasLate = before === undefined || before.owed === '' ? 0n : since - before.since;
      const end = before?.end === undefined ? undefined : before.end + wasLate;
      known.set(key, { end, owed, since });
      ends.set(game.id, this.#whileOwed(game, view, times, end, view.time - since));
    }
    this.#known = known;
    return (game) => ends.get(game.id) ?? worstEnd(game, view, times);
  }

  #whileOwed(game: GameView, view: DisputeView, times: Times, before: bigint | undefined, late: bigint): bigint {
    if (before !== undefined) return before + late;
    return late < times.extension ? leastEnd(game, view, times) : worstEnd(game, view, times);
  }
}
