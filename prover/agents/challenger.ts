import { isAddressEqual } from 'viem';
import { lower } from '../../src/batch/extremes.js';
import { challengeableClaims } from '../../src/dispute/claims.js';
import { secondsLeft } from '../../src/dispute/time.js';
import type { ClaimView, DisputeView } from '../../src/dispute/types.js';
import type { DisputeClient } from '../../src/l1/dispute-client.js';
import { type NodeWrong, whyWrong } from './bond-check.js';
import type { Canary } from './canary.js';
import { Failures } from './failures.js';
import { type L1Account, unlessOvertaken } from './l1-account.js';
import { Player, type PlayerOptions } from './player.js';
import { type Announcements, Follower } from './sync.js';
import type { Treasury } from './treasury.js';

/** What a challenger tells about what it stakes. */
export type ChallengerEvent =
  | NodeWrong
  /** An alarm: a game is lost; its claim is not challenged again. */
  | { readonly type: 'gameLost'; readonly gameId: bigint; readonly claimId: bigint }
  /** An alarm: a game is opened before the canary has said that it can be won by a proof, as there is no more time. */
  | { readonly type: 'stakesUntried'; readonly claimId: bigint };

/** What a challenger is made of. */
export interface ChallengerOptions extends PlayerOptions {
  /** Claims it does not look at (to show what happens then); none by default. */
  readonly overlook?: (claim: ClaimView) => boolean;
  /** Says whether it can prove, before it stakes. */
  readonly canary?: Canary;
  readonly treasury?: Treasury;
  /** It is told to lie: it stakes on what its node says, whatever speaks against that. */
  readonly lies?: boolean;
  readonly onEvent?: (event: ChallengerEvent) => void;
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
  readonly #follower: Follower;
  readonly #lost = new Set<bigint>();
  #doubt: string | undefined;

  constructor(options: ChallengerOptions) {
    this.l1 = options.l1;
    this.#options = options;
    this.player = new Player(options);
    this.#follower = new Follower(options.node, options.l1, options.announcements);
  }

  /**
   * One decision cycle, all reads at one L1 block. Returns whether anything was sent. The games it is in come first, and it
   * makes every move that it can: more false claims than it has bonds for, or a batch that it cannot execute, stop nothing else.
   * @throws at its end, what made a part of it fail
   */
  async tick(): Promise<boolean> {
    const view = await this.l1.dispute.view();
    await this.#follower.takeBack(view.block);
    const failures = new Failures();
    await failures.of(() => this.#follower.catchUp(view.block).then(() => false));
    const paid = await failures.of(async () => (await this.#options.treasury?.look(view.block)) ?? false);
    const played = await failures.of(() => this.player.play(view));
    const challenged = await failures.of(() => this.#challengeAll(view, failures));
    failures.throw();
    return paid || played || challenged;
  }

  /** Opens all games that are due at once; a bond comes from the account's own pocket as far as its credit does not cover it. */
  async #challengeAll(view: DisputeView, failures: Failures): Promise<boolean> {
    const { l1 } = this.#options;
    this.#noteLostGames(view);
    if (this.#doubt !== undefined) return false;
    const claims = challengeableClaims(view, l1.account.address).filter(({ id }) => !this.#lost.has(id));
    if (claims.length === 0) return false;
    const at = { blockHash: view.block.hash };
    const [{ bond, window }, credit] = await Promise.all([
      l1.dispute.parameters(at),
      l1.dispute.credit(l1.account.address, at),
    ]);
    const sending: Promise<boolean>[] = [];
    let left = credit;
    for (const claim of claims) {
      const preRoot = await failures.from(() => this.#disputed(claim, view));
      if (preRoot === undefined || !this.#mayStake(claim, view, window)) continue;
      const agrees = await failures.of(() => this.#nodesAgree(claim, view));
      if (!agrees) continue;
      const covered = lower(left, bond);
      left -= covered;
      const call = l1.calls.challenge(claim.id, claim.claimHash, preRoot, bond - covered);
      const send = () => l1.send('challenge', call, { seen: view.block.number }).then(() => true);
      sending.push(failures.of(() => unlessOvertaken(send)));
    }
    return (await Promise.all(sending)).includes(true);
  }

  /** At most one game is lost for a claim: who has lost one has nothing new to say to it. */
  #noteLostGames({ games }: DisputeView): void {
    for (const { id, claimId, challenger, phase, outcome } of games) {
      if (phase !== 'closed' || outcome !== 'claimantWins' || this.#lost.has(claimId)) continue;
      if (!isAddressEqual(challenger, this.l1.account.address)) continue;
      this.#lost.add(claimId);
      this.#options.onEvent?.({ type: 'gameLost', gameId: id, claimId });
    }
  }

  /** The own root before the batch of a claim that the own result contradicts, when nothing speaks against that. */
  async #disputed(claim: ClaimView, view: DisputeView): Promise<bigint | undefined> {
    const { node, lies = false, overlook = () => false, onChallenge = () => {}, onEvent = () => {} } = this.#options;
    if (this.#doubt !== undefined || claim.number > node.head || overlook(claim)) return undefined;
    const own = await node.value(claim.kind, claim.number);
    if (own === claim.value) return undefined;
    const why = lies ? undefined : await whyWrong(node, this.l1, claim, own, view);
    if (why !== undefined) {
      this.#doubt = why;
      onEvent({ type: 'nodeWrong', claimId: claim.id, own, why });
      return undefined;
    }
    onChallenge(claim, own);
    return node.rootAfter(claim.number - 1n);
  }

  /**
   * Before its first bond a challenger has proven an honest batch. It waits for that as long as half of the window is left; then it stakes
   * without, unless it knows that it cannot prove.
   */
  #mayStake({ id, deadline }: ClaimView, view: DisputeView, window: bigint): boolean {
    const { canary, onEvent = () => {} } = this.#options;
    if (canary === undefined || canary.state === 'sound') return true;
    canary.begin();
    if (canary.state === 'failed') return false;
    if (2n * secondsLeft(deadline, view) > window) return false;
    onEvent({ type: 'stakesUntried', claimId: id });
    return true;
  }

  /** Whether enough L1 nodes show the claim as it was seen. @throws L1Error `L1_ENDPOINTS_DISAGREE` */
  async #nodesAgree({ id, claimHash }: ClaimView, { block }: DisputeView): Promise<true> {
    const ask = async (dispute: DisputeClient) => (await dispute.claim(id, { blockHash: block.hash })).claimHash;
    await this.l1.checkAgreement(block, claimHash, ask);
    return true;
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
