import { BaseError, InsufficientFundsError } from 'viem';
import { lower } from '../../src/batch/extremes.js';
import { lostAsClaimant, type MissingClaim, missingClaims } from '../../src/dispute/claims.js';
import type { DisputeView } from '../../src/dispute/types.js';
import { L1Error } from '../../src/errors/l1.js';
import type { L2Node } from '../node/node.js';
import { type NodeWrong, provenAgainst } from './bond-check.js';
import type { Failures } from './failures.js';
import { type L1Account, unlessOvertaken } from './l1-account.js';

/** What is claimed, and who hears that it is not any more. */
export interface ClaimingOptions {
  readonly node: L2Node;
  readonly l1: L1Account;
  /** A root is claimed with every batch whose number this divides; never when absent. */
  readonly rootEvery?: bigint;
  readonly onEvent?: (event: NodeWrong) => void;
}

/** Late claims of one look. */
const AT_ONCE = 16;

/** The claims of one account by its own node, also those that could not be made when their batch was posted, or fell with a lost game. */
export class OwnClaims {
  readonly #options: ClaimingOptions;
  /** Lost games that say nothing against the own node. */
  readonly #examined = new Set<bigint>();
  #wrong: string | undefined;

  constructor(options: ClaimingOptions) {
    this.#options = options;
  }

  /**
   * Claims the own value wherever nothing is claimed or final: roots first, a few at each look.
   * @returns whether anything was sent
   */
  async makeMissing(view: DisputeView, failures: Failures): Promise<boolean> {
    const { node, l1, rootEvery } = this.#options;
    if (view.paused || (await this.#isWrong(view))) return false;
    const { maxAhead } = await l1.dispute.parameters();
    const newest = lower(node.head, view.lastFinalRoot + maxAhead);
    let made = false;
    for (const claim of missingClaims(view, newest, rootEvery).slice(0, AT_ONCE)) {
      const isMade = await failures.from(() => this.make(claim, view.block.number));
      made ||= isMade === true;
      // One that fails for want of ether, or of a node, would not be the last.
      if (isMade === undefined) break;
    }
    return made;
  }

  /**
   * Claims the own value. Somebody else may have claimed it, even falsely: that is then for the challengers.
   * @param seen L1 block by which it was found missing
   * @returns whether it was sent
   */
  async make({ kind, number }: MissingClaim, seen?: bigint): Promise<boolean> {
    const { node, l1 } = this.#options;
    const [hash, value] = [await node.state.batchHash(number), await node.value(kind, number)];
    const call = l1.calls.claim(kind, number, hash, value, await this.missingStake());
    return unlessOvertaken(async () => {
      await l1.send('claim', call, seen === undefined ? {} : { seen });
      return true;
    });
  }

  /** Wei to send along so that the credit covers one stake. */
  async missingStake(): Promise<bigint> {
    const { l1 } = this.#options;
    const [{ stake }, credit] = await Promise.all([l1.dispute.parameters(), l1.dispute.credit(l1.account.address)]);
    return credit >= stake ? 0n : stake - credit;
  }

  /**
   * Whether L1 holds a proof against what the own node says. Who has lost a game by its clock claims again; who has lost it by a proof would
   * lose the next stake as well.
   */
  async #isWrong(view: DisputeView): Promise<boolean> {
    const { node, l1, onEvent = () => {} } = this.#options;
    for (const game of lostAsClaimant(view, l1.account.address)) {
      if (this.#wrong !== undefined || this.#examined.has(game.id)) continue;
      const { id: claimId, ...claim } = view.claims.find(({ id }) => id === game.claimId)!;
      this.#wrong = await provenAgainst(node, l1, game, claim, view);
      this.#examined.add(game.id);
      if (this.#wrong !== undefined) onEvent({ type: 'nodeWrong', claimId, own: claim.value, why: this.#wrong });
    }
    return this.#wrong !== undefined;
  }
}

/** Whether L1 refuses a claim at the moment, e.g. as too far ahead, or the account cannot pay its stake: a later look makes it. */
export function isClaimedLater(error: unknown): boolean {
  if (error instanceof L1Error) return error.code === 'L1_REVERTED';
  return error instanceof BaseError && error.walk((cause) => cause instanceof InsufficientFundsError) !== null;
}
