import { type Strike, strikes } from '../../src/dispute/moves.js';
import type { ClaimView, DisputeView } from '../../src/dispute/types.js';
import type { L1Account } from './l1-account.js';

/** What strikes false stakes without a bond and without a proof. */
export interface FreeStriking {
  readonly moves: readonly Strike['move'][];
  /** Stakes that need neither bond nor proof at the moment, as one of these is about to end them. */
  readonly stakes: ReadonlySet<bigint>;
}

/** Finds free strikes, and relies on each for as long as a player has for one move: one that never gets through must hold nothing else back. */
export class FreeStrikes {
  readonly #l1: Pick<L1Account, 'account' | 'dispute'>;
  /** Protocol time at which a stake's strike was found first. */
  #since = new Map<bigint, bigint>();

  constructor(l1: Pick<L1Account, 'account' | 'dispute'>) {
    this.#l1 = l1;
  }

  /** @param falseClaims what the own node contradicts */
  async look(view: DisputeView, falseClaims: readonly ClaimView[]): Promise<FreeStriking> {
    const { account, dispute } = this.#l1;
    const found = strikes(view, account.address, falseClaims);
    this.#since = new Map(found.map(({ stakeId }) => [stakeId, this.#since.get(stakeId) ?? view.time]));
    if (found.length === 0) return NOTHING;
    const { extension } = await dispute.parameters({ blockHash: view.block.hash });
    const isFresh = (since: bigint) => view.time < since + extension;
    const stakes = [...this.#since].filter(([, since]) => isFresh(since)).map(([stakeId]) => stakeId);
    return { moves: found.map(({ move }) => move), stakes: new Set(stakes) };
  }
}

const NOTHING: FreeStriking = { moves: [], stakes: new Set() };
