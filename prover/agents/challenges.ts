import { isAddressEqual } from 'viem';
import { challengeableClaims } from '../../src/dispute/claims.js';
import { challengesDue, mayWait } from '../../src/dispute/strategy.js';
import { secondsLeft } from '../../src/dispute/time.js';
import type { ClaimView, DisputeView } from '../../src/dispute/types.js';
import type { DisputeClient } from '../../src/l1/dispute-client.js';
import type { L2Node } from '../node/node.js';
import { Pocket } from './at-stake.js';
import { type Checked, type NodeWrong, whyWrong } from './bond-check.js';
import type { Canary } from './canary.js';
import type { Failures } from './failures.js';
import { GameEnds } from './game-ends.js';
import { type L1Account, unlessOvertaken } from './l1-account.js';

/** What is told about bonds. */
export type ChallengeEvent =
  | NodeWrong
  /** An alarm: a game is lost; its claim is not challenged again. */
  | { readonly type: 'gameLost'; readonly gameId: bigint; readonly claimId: bigint }
  /** An alarm: a game is opened before the canary has said that it can be won by a proof, as there is no more time. */
  | { readonly type: 'stakesUntried'; readonly claimId: bigint };

/** Who challenges, and what it asks before. */
export interface ChallengesOptions {
  readonly node: L2Node;
  readonly l1: L1Account;
  /** Says whether it can prove, before it stakes. */
  readonly canary?: Canary;
  /** It is told to lie: it stakes on what its node says, whatever speaks against that. */
  readonly lies?: boolean;
  readonly onEvent?: (event: ChallengeEvent) => void;
  /** Told when it has opened a game. */
  readonly onChallenge?: (claim: ClaimView, own: bigint) => void;
}

/** Opens games of one account on what its own node contradicts: as few as strike all false stakes in time. */
export class Challenges {
  readonly #options: ChallengesOptions;
  readonly #lost = new Set<bigint>();
  readonly #ends: GameEnds;
  readonly #checked: Checked = new Map();
  #doubt: string | undefined;

  constructor(options: ChallengesOptions) {
    this.#options = options;
    this.#ends = new GameEnds(options.l1);
  }

  /**
   * Opens all games that are due at once; a bond comes from the account's own pocket as far as its credit does not cover it.
   * @param falseClaims what the own node contradicts
   * @param struck stakes that are struck without a bond
   */
  async open(
    view: DisputeView,
    falseClaims: readonly ClaimView[],
    struck: ReadonlySet<bigint>,
    failures: Failures,
  ): Promise<boolean> {
    const { l1, onChallenge = () => {} } = this.#options;
    this.#noteLostGames(view);
    const at = { blockHash: view.block.hash };
    const parameters = await l1.dispute.parameters(at);
    const endOf = this.#ends.look(view, parameters);
    const mine = new Set(challengeableClaims(view, l1.account.address).map(({ id }) => id));
    const candidates = falseClaims.filter(({ id, stakeId }) => mine.has(id) && !struck.has(stakeId));
    const hashes = new Set<string>(candidates.map(({ claimHash }) => claimHash));
    for (const hash of this.#checked.keys()) if (!hashes.has(hash)) this.#checked.delete(hash);
    if (this.#doubt !== undefined || candidates.length === 0) return false;
    const pocket = await Pocket.of(l1.dispute, l1.account.address, 'bond', at);
    const bases = new Map<bigint, bigint>();
    for (const { number } of candidates) if (!bases.has(number)) bases.set(number, await this.#baseOf(number, view));
    const sending: Promise<boolean>[] = [];
    const due = challengesDue(view, l1.account.address, candidates, parameters, (n) => bases.get(n)!, endOf);
    for (const claim of due) {
      const disputed = await failures.from(() => this.#disputed(claim, view));
      const isEarly = mayWait(claim, candidates, view, parameters, bases.get(claim.number)!);
      if (disputed === undefined) continue;
      if (!this.#mayStake(claim, view, parameters[`${claim.kind}Window`], isEarly)) continue;
      const agrees = await failures.of(() => this.#nodesAgree(claim, view));
      if (!agrees) continue;
      const { own, preRoot } = disputed;
      const call = l1.calls.challenge(claim.id, claim.claimHash, preRoot, pocket.next());
      const send = async () => {
        await l1.send('challenge', call, { seen: view.block.number });
        onChallenge(claim, own);
        return true;
      };
      sending.push(failures.of(() => unlessOvertaken(send)));
    }
    return (await Promise.all(sending)).includes(true);
  }

  async #baseOf(number: bigint, { lastFinalRoot, block }: DisputeView): Promise<bigint> {
    if (number > lastFinalRoot) return lastFinalRoot;
    return this.#options.l1.dispute.baseOf(number, { blockHash: block.hash });
  }

  /** Who has lost a game has nothing new to say to its claim, and L1 takes no second one. */
  #noteLostGames({ games }: DisputeView): void {
    for (const { id, claimId, challenger, phase, outcome } of games) {
      if (phase !== 'closed' || outcome !== 'claimantWins' || this.#lost.has(claimId)) continue;
      if (!isAddressEqual(challenger, this.#options.l1.account.address)) continue;
      this.#lost.add(claimId);
      this.#options.onEvent?.({ type: 'gameLost', gameId: id, claimId });
    }
  }

  /** The own result, which contradicts a claim, and the own root before its batch, when nothing speaks against them. */
  async #disputed(claim: ClaimView, view: DisputeView): Promise<{ own: bigint; preRoot: bigint } | undefined> {
    const { node, l1, lies = false, onEvent = () => {} } = this.#options;
    if (this.#doubt !== undefined) return undefined;
    const own = await node.value(claim.kind, claim.number);
    const why = lies ? undefined : await whyWrong(node, l1, claim, own, view, this.#checked);
    if (why !== undefined) {
      this.#doubt = why;
      onEvent({ type: 'nodeWrong', claimId: claim.id, own, why });
      return undefined;
    }
    return { own, preRoot: await node.rootAfter(claim.number - 1n) };
  }

  /**
   * Before its first bond a challenger has proven an honest batch. It waits for that as long as half of the window is left and one bond would
   * still do for the whole stake; then it stakes without, unless it knows that it cannot prove.
   */
  #mayStake({ id, deadline }: ClaimView, view: DisputeView, window: bigint, isEarly: boolean): boolean {
    const { canary, onEvent = () => {} } = this.#options;
    if (canary === undefined || canary.state === 'sound') return true;
    canary.begin();
    if (canary.state === 'failed') return false;
    if (isEarly && 2n * secondsLeft(deadline, view) > window) return false;
    onEvent({ type: 'stakesUntried', claimId: id });
    return true;
  }

  /** Whether enough L1 nodes show the claim as it was seen. @throws L1Error `L1_ENDPOINTS_DISAGREE` */
  async #nodesAgree({ id, claimHash }: ClaimView, { block }: DisputeView): Promise<true> {
    const ask = async (dispute: DisputeClient) => (await dispute.claim(id, { blockHash: block.hash })).claimHash;
    await this.#options.l1.checkAgreement(block, claimHash, ask);
    return true;
  }
}
