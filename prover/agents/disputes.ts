import type { DisputeView } from '../../src/dispute/types.js';
import { Challenges, type ChallengesOptions } from './challenges.js';
import type { Failures } from './failures.js';
import { FreeStrikes } from './free-strikes.js';
import { Judge, type JudgeOptions } from './judge.js';
import type { L1Account } from './l1-account.js';
import { Player, type PlayerOptions } from './player.js';
import type { Follower } from './sync.js';
import type { Treasury } from './treasury.js';

/** What an agent disputes with. */
export interface DisputesOptions extends PlayerOptions, ChallengesOptions, JudgeOptions {
  readonly l1: L1Account;
  readonly treasury?: Treasury;
}

/** What a look does between the moves in games and the bonds of new ones. */
interface Between {
  readonly claim?: () => Promise<boolean>;
  /** Whether games are opened; true when absent. */
  readonly challenges?: boolean;
}

/**
 * What every agent does at a look, all of it about one L1 block: follows the batches, keeps ether for gas, plays the games that it is in, and
 * disputes what its own result contradicts until no false stake is left.
 */
export class Disputes {
  readonly player: Player;
  readonly #options: DisputesOptions;
  readonly #follower: Follower;
  readonly #judge: Judge;
  readonly #strikes: FreeStrikes;
  readonly #challenges: Challenges;

  constructor(options: DisputesOptions, follower: Follower) {
    this.player = new Player(options);
    this.#options = options;
    this.#follower = follower;
    this.#judge = new Judge(options);
    this.#strikes = new FreeStrikes(options.l1);
    this.#challenges = new Challenges(options);
  }

  /**
   * The games that it is in come first, and every move is made that can be: more false claims than there are bonds for, or a batch that
   * cannot be executed, stop nothing else.
   * @returns whether anything was sent; what failed is in `failures`
   */
  async look(view: DisputeView, failures: Failures, between: Between = {}): Promise<boolean> {
    const { claim = async () => false, challenges = true } = between;
    await this.#follower.takeBack(view.block);
    await failures.of(() => this.#follower.catchUp(view.block).then(() => false));
    const paid = await failures.of(async () => (await this.#options.treasury?.look(view.block)) ?? false);
    const falseClaims = await this.#judge.falseClaims(view, failures);
    const striking = await this.#strikes.look(view, falseClaims);
    const played = await failures.of(() => this.player.play(view, striking));
    const claimed = await failures.of(claim);
    const open = () => this.#challenges.open(view, falseClaims, striking.stakes, failures);
    const challenged = challenges && (await failures.of(open));
    return paid || played || claimed || challenged;
  }
}
