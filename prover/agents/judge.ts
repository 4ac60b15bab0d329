import { isAddressEqual } from 'viem';
import type { ClaimView, DisputeView } from '../../src/dispute/types.js';
import type { L2Node } from '../node/node.js';
import type { Failures } from './failures.js';
import type { L1Account } from './l1-account.js';

/** What a judge goes by. */
export interface JudgeOptions {
  readonly node: L2Node;
  readonly l1: Pick<L1Account, 'account'>;
  /** Claims that it does not look at (to show what happens then); none by default. */
  readonly overlook?: (claim: ClaimView) => boolean;
}

/** Says which claims the own node contradicts; each is compared once. */
export class Judge {
  readonly #options: JudgeOptions;
  /** By the hash of the claim, which covers its batch: after a reorg of L1 it is another one. */
  #judged = new Map<string, boolean>();

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /** Claims of others that can still become final and say what the own node does not. */
  async falseClaims(view: DisputeView, failures: Failures): Promise<ClaimView[]> {
    const { node, l1, overlook = () => false } = this.#options;
    const found: ClaimView[] = [];
    const judged = new Map<string, boolean>();
    for (const claim of view.claims) {
      const { kind, number, value, status, claimant, claimHash } = claim;
      if (status !== 'open' || number > node.head || isAddressEqual(claimant, l1.account.address) || overlook(claim)) {
        continue;
      }
      const isFalse =
        this.#judged.get(claimHash) ?? (await failures.from(async () => (await node.value(kind, number)) !== value));
      if (isFalse === undefined) continue;
      judged.set(claimHash, isFalse);
      if (isFalse) found.push(claim);
    }
    this.#judged = judged;
    return found;
  }
}
