import { higher, lower } from '../../src/batch/extremes.js';
import type { DisputeView } from '../../src/dispute/types.js';
import { RPC_CODE, RpcError } from '../../src/errors/rpc.js';
import type { DisputeClient } from '../../src/l1/dispute-client.js';
import type { RollupClient } from '../../src/l1/rollup-client.js';
import type { FlatState } from '../../src/state/flat-state.js';
import { lastCommon } from '../node/last-common.js';

/** How far L1 has confirmed this node's batches, by number; the genesis is 0. */
export interface Confirmed {
  /** The newest batch that L1 has. */
  readonly safe: bigint;
  /** The newest batch up to which L1 holds final claims; at most `safe`. */
  readonly finalized: bigint;
}

/** What L1 is asked for. */
export interface FinalitySource {
  readonly rollup: Pick<RollupClient, 'view' | 'batchHash'>;
  readonly dispute: Pick<DisputeClient, 'view'>;
}

/** Milliseconds for which an answer of L1 is used again. */
const AGE = 2_000;

/** What the tags `safe` and `finalized` mean (docs/RPC.md), asked of L1 when somebody wants to know, at most once in two seconds. */
export class Finality {
  readonly #l1: FinalitySource;
  readonly #state: Pick<FlatState, 'head' | 'batchHash'>;
  readonly #age: number;
  #asked: { readonly at: number; readonly confirmed: Promise<Confirmed> } | undefined;

  /** @param age milliseconds for which an answer is used again */
  constructor(l1: FinalitySource, state: Pick<FlatState, 'head' | 'batchHash'>, age = AGE) {
    this.#l1 = l1;
    this.#state = state;
    this.#age = age;
  }

  /** @throws RpcError `RPC_L1_UNAVAILABLE` */
  async confirmed(): Promise<Confirmed> {
    const now = performance.now();
    if (this.#asked === undefined || now - this.#asked.at >= this.#age) {
      this.#asked = { at: now, confirmed: this.#ask() };
    }
    const { safe, finalized } = await this.#asked.confirmed;
    // The node may have taken batches back meanwhile.
    const { head } = this.#state;
    return { safe: lower(safe, head), finalized: lower(finalized, head) };
  }

  async #ask(): Promise<Confirmed> {
    try {
      const { rollup, dispute } = this.#l1;
      const { block, latest } = await rollup.view();
      const safe = await this.#common(lower(latest, this.#state.head), { blockHash: block.hash });
      return { safe, finalized: lower(finalIn(await dispute.view({ blockHash: block.hash })), safe) };
    } catch (cause) {
      // Its words may name the L1 node, with a password in its address: nothing for strangers.
      const message = 'L1 does not say at the moment what it has.';
      throw new RpcError(RPC_CODE.unavailable, 'RPC_L1_UNAVAILABLE', message, { hint: 'Ask again later.', cause });
    }
  }

  /** The newest batch up to `most` that L1 and this node have. */
  async #common(most: bigint, at: { readonly blockHash: `0x${string}` }): Promise<bigint> {
    const isCommon = async (number: bigint) =>
      (await this.#l1.rollup.batchHash(number, at)) === (await this.#state.batchHash(number));
    return (await isCommon(most)) ? most : lastCommon(most, isCommon);
  }
}

/** The batch of the newest final root, and on from there as long as each batch's diff is final. */
function finalIn({ claims, lastFinalRoot }: DisputeView): bigint {
  const final = claims.filter(({ status }) => status === 'final');
  const roots = final.filter(({ kind }) => kind === 'root').map(({ number }) => number);
  const diffs = new Set(final.filter(({ kind }) => kind === 'diff').map(({ number }) => number));
  let number = roots.reduce(higher, lastFinalRoot);
  while (diffs.has(number + 1n)) number++;
  return number;
}
