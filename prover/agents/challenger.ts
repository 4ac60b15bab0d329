import { Disputes, type DisputesOptions } from './disputes.js';
import { Failures } from './failures.js';
import type { L1Account } from './l1-account.js';
import type { Player } from './player.js';
import { type Announcements, Follower } from './sync.js';

/** What a challenger is made of. */
export interface ChallengerOptions extends DisputesOptions {
  /** With the batches' announcements its roots are ready when their execution is. */
  readonly announcements?: Announcements;
}

/**
 * Rebuilds the rollup from L1 alone on its own node, disputes what its own result contradicts until no false stake is left, and plays the games.
 */
export class Challenger {
  readonly player: Player;
  readonly l1: L1Account;
  readonly #options: ChallengerOptions;
  readonly #disputes: Disputes;

  constructor(options: ChallengerOptions) {
    this.l1 = options.l1;
    this.#options = options;
    this.#disputes = new Disputes(options, new Follower(options.node, options.l1, options.announcements));
    this.player = this.#disputes.player;
  }

  /**
   * One decision cycle, all reads at one L1 block. Returns whether anything was sent.
   * @throws at its end, what made a part of it fail
   */
  async tick(): Promise<boolean> {
    const view = await this.l1.dispute.view();
    const failures = new Failures();
    const sent = await this.#disputes.look(view, failures);
    failures.throw();
    return sent;
  }

  /** Ends the waiting of a look that is running; what is on its way to L1 and in the queue stays there. */
  stop(): void {
    this.l1.outbox.stop();
  }

  /** Waits for no proof any more, and lets another process have the account. No look may be running. The node stays open. */
  async close(): Promise<void> {
    this.stop();
    await this.#options.canary?.close();
    await this.player.close();
    await this.l1.close();
  }
}
