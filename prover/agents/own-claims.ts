import { BaseError, InsufficientFundsError, isAddressEqual } from 'viem';
import { higher, lower } from '../../src/batch/extremes.js';
import { lostAsClaimant, type MissingClaim, missingClaims, slotOf, standingStake } from '../../src/dispute/claims.js';
import type { DisputeView } from '../../src/dispute/types.js';
import { L1Error } from '../../src/errors/l1.js';
import type { L2Node } from '../node/node.js';
import { Pocket } from './at-stake.js';
import { type NodeWrong, provenAgainst, saysWrong } from './bond-check.js';
import type { Failures } from './failures.js';
import { type L1Account, unlessOvertaken } from './l1-account.js';

/** What is told about claims. */
export type ClaimingEvent =
  | NodeWrong
  /** An alarm: a game is lost, and the stake with it; all claims that were not final are void. */
  | { readonly type: 'stakeLost'; readonly stakeId: bigint };

/** What is claimed, and who hears that it is not any more. */
export interface ClaimingOptions {
  readonly node: L2Node;
  readonly l1: L1Account;
  /** It is told to lie: it claims what its node says, whatever speaks against that. */
  readonly lies?: boolean;
  readonly onEvent?: (event: ClaimingEvent) => void;
}

/** Late claims of one look, and slots that L1 is asked about before. */
const AT_ONCE = 16;
const ASKED = 64;

/**
 * The claims of one account by its own node, backed by one stake: beside those of others, and late where they could not be made when their batch
 * was posted, or fell with a lost game.
 */
export class OwnClaims {
  readonly #options: ClaimingOptions;
  /** Lost games and refuted claims that say nothing against the own node. */
  readonly #examined = new Set<bigint>();
  readonly #refuted = new Set<bigint>();
  readonly #told = new Set<bigint>();
  /** Slots whose value is final. */
  readonly #final = new Set<string>();
  /** Slots, with their newest claim, whose entry is over: they are open again only with another one. */
  readonly #closed = new Set<string>();
  /** Slots whose claim could not be prepared: tried behind all others. */
  readonly #failed = new Set<string>();
  #wrong: string | undefined;

  constructor(options: ClaimingOptions) {
    this.#options = options;
  }

  /**
   * Claims the own value wherever the own stake has no claim and L1 takes one: roots first, a few at each look.
   * @returns whether anything was sent
   */
  async makeMissing(view: DisputeView, failures: Failures): Promise<boolean> {
    const { node, l1 } = this.#options;
    // A lost stake is told when L1 shows it, also when nothing is left to claim.
    if ((await failures.from(() => this.#isWrong(view))) !== false) return false;
    const stake = standingStake(view, l1.account.address);
    const { maxAhead, rootEvery } = await l1.dispute.parameters();
    const newest = lower(node.head, view.lastFinalRoot + maxAhead);
    const hasFailed = (claim: MissingClaim) => (this.#failed.has(slotOf(claim)) ? 1 : 0);
    const all = missingClaims(view, newest, rootEvery, stake?.id).sort((a, b) => hasFailed(a) - hasFailed(b));
    const missing = await this.#taken(view, all);
    if (missing.length === 0) return false;
    const isStaked = await failures.of(() => this.#secureStake(view));
    if (!isStaked) return false;
    const sending: Promise<boolean>[] = [];
    for (const claim of missing) {
      let isDamaged = false;
      const send = await failures.from(() =>
        this.#prepared(claim, rootEvery, view).catch((error: unknown) => {
          isDamaged = saysWrong(error);
          throw error;
        }),
      );
      if (isDamaged || this.#wrong !== undefined) break;
      if (send === undefined) this.#failed.add(slotOf(claim));
      else sending.push(failures.of(send));
    }
    return (await Promise.all(sending)).includes(true);
  }

  /**
   * Claims the own value on a stake that is there. Others may have claimed it, even falsely: that is then for the challengers.
   * @returns whether it was sent
   */
  async make(claim: MissingClaim): Promise<boolean> {
    const { rootEvery } = await this.#options.l1.dispute.parameters();
    const send = await this.#prepared(claim, rootEvery);
    return send === undefined ? false : send();
  }

  /**
   * Sees to it that a stake backs the next claims, which takes ether only when there is none.
   * @returns false when there is to be none: the account has lost one that is not examined yet, or L1 has proven the own node wrong
   */
  async secureStake(): Promise<boolean> {
    const { l1 } = this.#options;
    if (this.#wrong !== undefined) return false;
    if ((await l1.dispute.stakeOf(l1.account.address)) !== undefined) return true;
    const view = await l1.dispute.view();
    return !(await this.#isWrong(view)) && this.#secureStake(view);
  }

  async #secureStake(view: DisputeView): Promise<boolean> {
    const { l1 } = this.#options;
    if (view.paused) return false;
    if (standingStake(view, l1.account.address) !== undefined) return true;
    const pocket = await Pocket.of(l1.dispute, l1.account.address, 'stake', { blockHash: view.block.hash });
    const call = l1.calls.stake(pocket.next());
    await unlessOvertaken(() => l1.send('stake', call, { seen: view.block.number }).then(() => true));
    return true;
  }

  /** What L1 takes of what is missing, the first of it. */
  async #taken(view: DisputeView, missing: readonly MissingClaim[]): Promise<MissingClaim[]> {
    const { dispute } = this.#options.l1;
    const at = { blockHash: view.block.hash };
    const newest = new Map(view.claims.flatMap((claim) => (claim.recorded ? [] : [[slotOf(claim), claim.id]])));
    const found: MissingClaim[] = [];
    let asked = 0;
    for (const claim of missing) {
      const { kind, number } = claim;
      const key = slotOf(claim);
      const entered = `${key} ${newest.get(key)}`;
      if (this.#final.has(key) || this.#closed.has(entered)) continue;
      if (found.length === AT_ONCE || asked === ASKED) break;
      if (number <= view.lastFinalRoot + 1n) {
        asked++;
        if ((await dispute.finalValue(kind, number, at)) !== undefined) {
          this.#final.add(key);
          continue;
        }
      }
      if (newest.has(key)) {
        asked++;
        if ((await dispute.slot(kind, number, at)).entryEnd <= view.time) {
          this.#closed.add(entered);
          continue;
        }
      }
      found.push(claim);
    }
    return found;
  }

  /** Checks what the own value comes from, and yields what claims it; undefined when the node is wrong. */
  async #prepared(
    claim: MissingClaim,
    rootEvery: bigint,
    view?: DisputeView,
  ): Promise<(() => Promise<boolean>) | undefined> {
    const { node, l1, lies = false } = this.#options;
    const { kind, number } = claim;
    const seen = view?.block.number;
    if (!lies && !(await this.#isSound(claim, rootEvery, view))) return undefined;
    const [hash, value] = [await node.state.batchHash(number), await node.value(kind, number)];
    const call = l1.calls.claim(kind, number, hash, value);
    return () =>
      unlessOvertaken(async () => {
        await l1.send('claim', call, seen === undefined ? {} : { seen });
        return true;
      });
  }

  /** Whether neither the own stores nor a proof on L1 speaks against a claim, which would cost the stake: of a root, any since the root before it. */
  async #isSound(claim: MissingClaim, rootEvery: bigint, view?: DisputeView): Promise<boolean> {
    const { node, l1, onEvent = () => {} } = this.#options;
    const { kind, number } = claim;
    await node.checkClaim(kind, number);
    const base = kind === 'root' ? higher(view?.lastFinalRoot ?? 0n, number - rootEvery) : number;
    const at = view ?? (await l1.rollup.view());
    this.#wrong = await provenAgainst(node, l1, { base }, claim, at);
    if (this.#wrong === undefined) return true;
    onEvent({ type: 'nodeWrong', own: await node.value(kind, number), why: this.#wrong });
    return false;
  }

  /**
   * Whether L1 holds a proof against what the own node says. Who has lost a game by its clock stakes and claims again; who has lost it by a proof
   * would lose the next stake as well.
   */
  async #isWrong(view: DisputeView): Promise<boolean> {
    const { node, l1, onEvent = () => {} } = this.#options;
    for (const { id: stakeId, owner, struck, pursesUntil } of view.stakes) {
      if (!struck || view.time > pursesUntil || this.#told.has(stakeId) || !isAddressEqual(owner, l1.account.address)) {
        continue;
      }
      this.#told.add(stakeId);
      onEvent({ type: 'stakeLost', stakeId });
    }
    for (const game of lostAsClaimant(view, l1.account.address)) {
      if (this.#wrong !== undefined || this.#examined.has(game.id)) continue;
      const { id: claimId, ...claim } = view.claims.find(({ id }) => id === game.claimId)!;
      this.#wrong = await provenAgainst(node, l1, game, claim, view);
      this.#examined.add(game.id);
      if (this.#wrong !== undefined) onEvent({ type: 'nodeWrong', claimId, own: claim.value, why: this.#wrong });
    }
    for (const { id: claimId, kind, number, value: own, status, claimant } of view.claims) {
      if (this.#wrong !== undefined || this.#refuted.has(claimId) || status !== 'refuted') continue;
      if (!isAddressEqual(claimant, l1.account.address) || number > node.head) continue;
      const final = await l1.dispute.finalValue(kind, number, { blockHash: view.block.hash });
      if (final !== undefined && final !== (await node.value(kind, number))) {
        this.#wrong = `on L1 ${kind} ${final} of batch ${number} is final`;
        onEvent({ type: 'nodeWrong', claimId, own, why: this.#wrong });
      }
      this.#refuted.add(claimId);
    }
    return this.#wrong !== undefined;
  }
}

/** Whether L1 refuses a claim or its stake at the moment, e.g. as too far ahead, or the account cannot or must not pay it: a later look makes it. */
export function isClaimedLater(error: unknown): boolean {
  if (error instanceof L1Error) return error.code === 'L1_REVERTED' || error.code === 'L1_BOND_CEILING';
  return error instanceof BaseError && error.walk((cause) => cause instanceof InsufficientFundsError) !== null;
}
