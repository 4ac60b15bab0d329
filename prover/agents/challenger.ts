import { challengeableClaims } from '../../src/dispute/claims.js';
import type { ClaimView, DisputeView } from '../../src/dispute/types.js';
import { isOvertaken, type L1Account } from './l1-account.js';
import { Player, type PlayerOptions } from './player.js';
import { syncBatches } from './sync.js';

/** What a challenger is made of. */
export interface ChallengerOptions extends PlayerOptions {
  /** Claims it does not look at (to show what happens then); none by default. */
  readonly overlook?: (claim: ClaimView) => boolean;
  /** Told when it opens a game. */
  readonly onChallenge?: (claim: ClaimView, own: bigint) => void;
}

/**
 * Rebuilds the rollup from L1 alone on its own node, disputes every claim that its own result contradicts, and plays the games.
 */
export class Challenger {
  readonly player: Player;
  readonly l1: L1Account;
  readonly #options: ChallengerOptions;

  constructor(options: ChallengerOptions) {
    this.l1 = options.l1;
    this.#options = options;
    this.player = new Player(options);
  }

  /** One decision cycle, all reads at one L1 block. Returns whether anything was sent. */
  async tick(): Promise<boolean> {
    const { node, l1 } = this.#options;
    const view = await l1.dispute.view();
    await syncBatches(node, l1, view.block);
    const challenged = await this.#challenge(view);
    return (await this.player.play(view)) || challenged;
  }

  async #challenge(view: DisputeView): Promise<boolean> {
    const { node, l1, overlook = () => false, onChallenge = () => {} } = this.#options;
    let sent = false;
    for (const claim of challengeableClaims(view, l1.account.address)) {
      if (claim.number > node.head || overlook(claim)) continue;
      const own = await node.value(claim.kind, claim.number);
      if (own === claim.value) continue;
      onChallenge(claim, own);
      try {
        await challenge(l1, claim, await node.rootAfter(claim.number - 1n));
        sent = true;
      } catch (error) {
        if (!isOvertaken(error)) throw error;
      }
    }
    return sent;
  }
}

/** Opens a game, with the bond from the account's own pocket as far as its credit does not cover it. */
async function challenge(l1: L1Account, { id, claimHash }: ClaimView, preRoot: bigint): Promise<void> {
  const [{ bond }, credit] = await Promise.all([l1.dispute.parameters(), l1.dispute.credit(l1.account.address)]);
  await l1.send('challenge', l1.calls.challenge(id, claimHash, preRoot, credit >= bond ? 0n : bond - credit));
}
