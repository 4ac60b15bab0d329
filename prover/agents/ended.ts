import type { ClaimView, DisputeView, GameView, StakeView } from '../../src/dispute/types.js';
import type { DisputeClient, EndedEntries } from '../../src/l1/dispute-client.js';
import { REORG_DEPTH } from '../../src/l1/limits.js';

/** What has ended, which a look at L1 need not read again: its price depends on what is live, not on the history. */
class Ended implements EndedEntries {
  readonly stakes = new Map<bigint, StakeView>();
  readonly claims = new Map<bigint, ClaimView>();
  readonly games = new Map<bigint, GameView>();
  readonly #since = new Map<string, bigint>();

  note({ block, time, stakes, claims, games }: DisputeView): void {
    for (const stake of stakes) this.#end(this.stakes, 'stake', stake, hasEnded(stake, time), block.number);
    for (const claim of claims) this.#end(this.claims, 'claim', claim, claim.recorded, block.number);
    for (const game of games) this.#end(this.games, 'game', game, game.phase === 'closed', block.number);
  }

  #end<T extends { readonly id: bigint }>(
    to: Map<bigint, T>,
    what: string,
    entry: T,
    ended: boolean,
    block: bigint,
  ): void {
    if (to.has(entry.id)) return;
    const key = `${what} ${entry.id}`;
    if (!ended) {
      this.#since.delete(key);
      return;
    }
    const since = this.#since.get(key) ?? block;
    this.#since.set(key, since);
    if (block - since < REORG_DEPTH) return;
    this.#since.delete(key);
    to.set(entry.id, entry);
  }
}

/** A stake is read until it is taken back, or was struck and its purses pay no more and its claims are recorded. */
function hasEnded({ released, struck, pursesUntil, live }: StakeView, time: bigint): boolean {
  return released || (struck && live === 0n && time > pursesUntil);
}

/** The client, whose views read only what is live or has ended a moment ago. */
export function readingTheLive(client: DisputeClient): DisputeClient {
  const ended = new Ended();
  return {
    ...client,
    async view(at) {
      const view = await client.view(at, ended);
      ended.note(view);
      return view;
    },
  };
}
