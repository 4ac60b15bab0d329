import { messageOf } from '../../src/errors/base.js';
import { askVerifier } from '../../src/l1/ask-verifier.js';
import type { Bundle } from '../../src/proof/types.js';
import type { L2Node } from '../node/node.js';
import { type ProofJobEvent, proveUntilDone } from '../proving/proof-jobs.js';
import type { ProofService, ProofTarget } from '../proving/service.js';
import type { L1Account } from './l1-account.js';

/** What a canary tells. */
export type CanaryEvent =
  | { readonly type: 'canaryBegun'; readonly number: bigint }
  | { readonly type: 'canarySound'; readonly number: bigint }
  /** An alarm: an honest batch cannot be proven here, or the deployed verifier refuses its proof. No game would be won. */
  | { readonly type: 'canaryFailed'; readonly number: bigint; readonly why: string };

/** What a canary is made of. */
export interface CanaryOptions {
  readonly node: L2Node;
  readonly proofs: ProofService;
  readonly target: ProofTarget;
  /** Where the verifier is that is asked, without sending anything. */
  readonly l1: Pick<L1Account, 'reader'>;
  /** Asks it; {@link askVerifier} when absent. */
  readonly ask?: (bundle: Bundle) => Promise<void>;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  readonly tell?: (event: CanaryEvent | ({ readonly number: bigint; readonly mode: string } & ProofJobEvent)) => void;
}

/** Only of so many newest batches: the states before older ones may be pruned. */
const NEWEST = 100n;
/** Milliseconds before another try, when one has failed. */
const AGAIN_AFTER = 600_000;

/**
 * Proves an honest batch, drawn at random, and asks the deployed verifier: that keys, workers and contracts fit together is known before
 * anything hangs on it, not found out by losing.
 */
export class Canary {
  readonly #options: CanaryOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #notBefore = 0;
  #state: 'untried' | 'sound' | 'failed' = 'untried';

  constructor(options: CanaryOptions) {
    this.#options = options;
  }

  /** How the last proof has ended. */
  get state(): 'untried' | 'sound' | 'failed' {
    return this.#state;
  }

  /** Begins a proof unless one is running, there is no batch yet, or one has failed a moment ago. */
  begin(): void {
    const { head } = this.#options.node;
    if (this.#running !== undefined || head === 0n || Date.now() < this.#notBefore) return;
    const { random = Math.random } = this.#options;
    const among = head < NEWEST ? head : NEWEST;
    const number = head - BigInt(Math.floor(random() * Number(among)));
    this.#running = this.#prove(number).finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when nothing is being proven. */
  async settles(): Promise<void> {
    await this.#running;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #prove(number: bigint): Promise<void> {
    const { node, proofs, target, l1, tell = () => {} } = this.#options;
    const { ask = (bundle: Bundle) => askVerifier(l1.reader, bundle) } = this.#options;
    const { signal } = this.#stop;
    try {
      tell({ type: 'canaryBegun', number });
      const { request } = await node.truth(number, 'root');
      const { bundle } = await proveUntilDone(proofs, request, target, {
        signal,
        tell: (event) => tell({ number, mode: 'root', ...event }),
      });
      await ask(bundle);
      this.#state = 'sound';
      tell({ type: 'canarySound', number });
    } catch (error) {
      if (signal.aborted) return;
      this.#state = 'failed';
      this.#notBefore = Date.now() + AGAIN_AFTER;
      tell({ type: 'canaryFailed', number, why: messageOf(error) });
    }
  }
}
