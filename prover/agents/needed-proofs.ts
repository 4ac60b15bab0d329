import type { Hex } from 'viem';
import { messageOf } from '../../src/errors/base.js';
import type { Mode } from '../../src/proof/types.js';
import type { L2Node } from '../node/node.js';
import { type ProofJobEvent, proveUntilDone } from '../proving/proof-jobs.js';
import type { ProofService, ProvenBundle } from '../proving/service.js';
import type { L1Account } from './l1-account.js';
import { proofTarget } from './proof-target.js';

/** What is told about proofs that somebody needs. */
export type NeededProofEvent =
  | ({ readonly number: bigint; readonly mode: string } & ProofJobEvent)
  | { readonly type: 'proven'; readonly number: bigint; readonly mode: string; readonly proof: ProvenBundle }
  /** `alarm` when a proof that is needed cannot be made. */
  | { readonly type: 'notProving'; readonly number: bigint; readonly why: string; readonly alarm: boolean };

/** Who needs proofs, and by which keys they are made. */
export interface NeededProofsOptions {
  readonly node: L2Node;
  readonly l1: L1Account;
  readonly proofs: ProofService;
  /** Name and hash of the key set that L1's verifier accepts. */
  readonly keys: { readonly keySet: string; readonly keySetHash: Hex };
}

/** What is proven: the result of batch `number` from `preRoot`. */
interface Statement {
  readonly number: bigint;
  readonly mode: Mode;
  readonly preRoot: bigint;
}

/** A proof that is needed. */
export interface Wanted extends Statement {
  /** Whether a proof of this value is of use. */
  readonly serves: (value: bigint) => boolean;
  /** Milliseconds since 1970 after which it is not; none when absent. */
  readonly deadline?: number;
  /** A game that waits for it, for people. */
  readonly game?: string;
}

/** One of them: being made, made, or given up. */
interface Needed {
  readonly stop: AbortController;
  wanted: Wanted;
  finished: ProvenBundle | undefined;
  running: Promise<void> | undefined;
  /** Milliseconds since 1970 when one that was given up is begun again. */
  again: number | undefined;
}

/** Milliseconds before a batch that could not be executed again is tried once more. */
const AGAIN_AFTER = 60_000;

/** Proofs by an own node that somebody waits for, each queued once and kept as long as it is asked for at every look. */
export class NeededProofs {
  readonly #options: NeededProofsOptions;
  readonly #tell: (event: NeededProofEvent) => void;
  readonly #proofs = new Map<string, Needed>();
  #asked = new Set<string>();

  constructor(options: NeededProofsOptions, tell: (event: NeededProofEvent) => void) {
    this.#options = options;
    this.#tell = tell;
  }

  /** The proof, when it is ready; it is queued when it is not. Undefined too where none can be of use. */
  async get(wanted: Wanted): Promise<ProvenBundle | undefined> {
    const key = await this.#ask(wanted);
    const known = this.#proofs.get(key);
    const isUrgentNow =
      known?.running !== undefined && known.wanted.deadline === undefined && wanted.deadline !== undefined;
    if (known !== undefined) known.wanted = wanted;
    // Asked for again, the queue's job gets the deadline.
    if (isUrgentNow) known!.stop.abort();
    const isDue = known === undefined || isUrgentNow || (known.again !== undefined && known.again <= Date.now());
    return (isDue ? await this.#start(key, wanted) : known).finished;
  }

  /** The proof where it is ready; none is begun. */
  async made(statement: Statement): Promise<ProvenBundle | undefined> {
    return this.#proofs.get(await this.#ask(statement))?.finished;
  }

  /** Ends a look: what it has not asked for is made no more. */
  endLook(): void {
    for (const [key, { stop }] of this.#proofs) {
      if (this.#asked.has(key)) continue;
      stop.abort();
      this.#proofs.delete(key);
    }
    this.#asked = new Set();
  }

  /** Whether one is being made. */
  get isProving(): boolean {
    return [...this.#proofs.values()].some(({ running }) => running !== undefined);
  }

  /** Resolves when one that is being made ends, at once when none is. */
  async settles(): Promise<void> {
    const running = [...this.#proofs.values()].flatMap((proof) => proof.running ?? []);
    if (running.length > 0) await Promise.race(running);
  }

  /** Waits for none any more; the jobs stay in the queue. */
  async close(): Promise<void> {
    const proofs = [...this.#proofs.values()];
    for (const { stop } of proofs) stop.abort();
    await Promise.all(proofs.map(({ running }) => running));
  }

  /** Notes that a proof is asked for at this look. */
  async #ask({ number, mode, preRoot }: Statement): Promise<string> {
    // By the batch's hash: an L1 reorg may put another batch in its place, on the same pre-root.
    const key = `${await this.#options.node.state.batchHash(number)} ${mode} ${preRoot}`;
    this.#asked.add(key);
    return key;
  }

  /** Queues a proof when f itself serves; who was told to cheat knows better than to prove against itself. */
  async #start(key: string, wanted: Wanted): Promise<Needed> {
    const { node, l1, keys, proofs } = this.#options;
    const { number, mode, preRoot, game } = wanted;
    const needed: Needed = {
      stop: new AbortController(),
      wanted,
      finished: undefined,
      running: undefined,
      again: undefined,
    };
    const giveUp = (why: string, alarm = false): Needed => {
      this.#proofs.set(key, needed);
      this.#tell({ type: 'notProving', number, why, alarm });
      return needed;
    };
    if ((await node.rootAfter(number - 1n)) !== preRoot) return giveUp('the agreed root is not our own');
    const truth = await node.truth(number, mode).catch((error: unknown) => {
      // The batch is not executed at every look: what is wrong with the own store does not end by itself.
      needed.again = Date.now() + AGAIN_AFTER;
      giveUp(`it cannot be executed again: ${messageOf(error)}`, true);
    });
    if (truth === undefined) return needed;
    if (!wanted.serves(truth.value)) return giveUp('the proof would decide against us');
    this.#proofs.set(key, needed);
    const { signal } = needed.stop;
    needed.running = proveUntilDone(proofs, truth.request, proofTarget(l1, keys), {
      signal,
      deadline: () => needed.wanted.deadline,
      ...(game === undefined ? {} : { game }),
      tell: (event) => this.#tell({ number, mode, ...event }),
    })
      .then((proof) => {
        needed.finished = proof;
        this.#tell({ type: 'proven', number, mode, proof });
      })
      .catch((error: unknown) => {
        if (!signal.aborted) giveUp(`no try can succeed: ${messageOf(error)}`, true);
      })
      .finally(() => {
        needed.running = undefined;
      });
    return needed;
  }
}
