import { challengeableClaims } from '../../src/dispute/claims.js';
import type { ClaimView } from '../../src/dispute/types.js';
import { Failures } from './failures.js';
import { type L1Account, unlessOvertaken } from './l1-account.js';
import { Player, type PlayerOptions } from './player.js';
import { type Announcements, catchUp, takeBackBatches } from './sync.js';

/** What a challenger is made of. */
export interface ChallengerOptions extends PlayerOptions {
  /** Claims it does not look at (to show what happens then); none by default. */
  readonly overlook?: (claim: ClaimView) => boolean;
  /** With the batches' announcements its roots are ready when their execution is. */
  readonly announcements?: Announcements;
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

  /**
   * One decision cycle, all reads at one L1 block. Returns whether anything was sent. The games it is in come first, and it
   * makes every move that it can: more false claims than it has bonds for, or a batch that it cannot execute, stop nothing else.
   * @throws at its end, what made a part of it fail
   */
  async tick(): Promise<boolean> {
    const { node, l1, announcements } = this.#options;
    const view = await l1.dispute.view();
    await takeBackBatches(node, l1, view.block);
    const failures = new Failures();
    await failures.of(() => catchUp(node, l1, view.block, announcements).then(() => false));
    let sent = await failures.of(() => this.player.play(view));
    for (const claim of challengeableClaims(view, l1.account.address)) {
      if (await failures.of(() => this.#challenge(claim))) sent = true;
    }
    failures.throw();
    return sent;
  }

  async #challenge(claim: ClaimView): Promise<boolean> {
    const { node, l1, overlook = () => false, onChallenge = () => {} } = this.#options;
    if (claim.number > node.head || overlook(claim)) return false;
    const own = await node.value(claim.kind, claim.number);
    if (own === claim.value) return false;
    onChallenge(claim, own);
    const preRoot = await node.rootAfter(claim.number - 1n);
    return unlessOvertaken(() => challenge(l1, claim, preRoot));
  }
}

/** Opens a game, with the bond from the account's own pocket as far as its credit does not cover it. */
async function challenge(l1: L1Account, { id, claimHash }: ClaimView, preRoot: bigint): Promise<true> {
  const [{ bond }, credit] = await Promise.all([l1.dispute.parameters(), l1.dispute.credit(l1.account.address)]);
  await l1.send('challenge', l1.calls.challenge(id, claimHash, preRoot, credit >= bond ? 0n : bond - credit));
  return true;
}
