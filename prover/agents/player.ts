import type { Hex } from 'viem';
import { agrees, type DueMove, type DueProof, dueMoves, provesFor } from '../../src/dispute/moves.js';
import type { DisputeView } from '../../src/dispute/types.js';
import type { L2Node } from '../node/node.js';
import type { ProofService, ProofTarget, ProvenBundle } from '../proving/service.js';
import { Failures } from './failures.js';
import { type L1Account, unlessOvertaken } from './l1-account.js';
import { ProofSender, type SentParts } from './proof-sender.js';

/** Games that one proof settles, so that it fits an L1 transaction whoever opened how many; the others are settled after it. */
const GAMES_PER_PROOF = 16;

/** What a player tells about its moves. */
export type PlayerEvent =
  | { readonly type: 'stated'; readonly index: bigint; readonly root: bigint }
  | { readonly type: 'answered'; readonly gameId: bigint; readonly index: bigint; readonly agree: boolean }
  | { readonly type: 'proving'; readonly number: bigint; readonly mode: string; readonly job: string }
  | { readonly type: 'proven'; readonly number: bigint; readonly mode: string; readonly proof: ProvenBundle }
  | ({ readonly type: 'uploaded'; readonly number: bigint; readonly mode: string } & SentParts)
  | { readonly type: 'notProving'; readonly number: bigint; readonly why: string }
  | { readonly type: 'settled'; readonly gameId: bigint }
  | { readonly type: 'resolved'; readonly claimId: bigint };

/** What a player is made of. */
export interface PlayerOptions {
  readonly node: L2Node;
  readonly l1: L1Account;
  readonly proofs: ProofService;
  /** Name and hash of the key set that L1's verifier accepts. */
  readonly keys: { readonly keySet: string; readonly keySetHash: Hex };
  readonly tell?: (event: PlayerEvent) => void;
}

/**
 * Plays the games of one account, as claimant and as challenger, by its own node's state and nothing else: states its roots,
 * answers, queues the proof that decides a game in its favour and takes it to L1, settles, takes its money. It keeps no state of its own: what is
 * due follows from L1's view, and a proof job is found again by its content.
 */
export class Player {
  readonly #options: PlayerOptions;
  readonly #tell: (event: PlayerEvent) => void;
  /** Statements whose proof is queued, done or given up. */
  readonly #known = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  readonly #finished = new Map<string, ProvenBundle>();
  readonly #failures: unknown[] = [];
  readonly #sender: ProofSender;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#tell = options.tell ?? (() => {});
    this.#sender = new ProofSender(options.l1, ({ header: { number }, mode }, parts) =>
      this.#tell({ type: 'uploaded', number, mode, ...parts }),
    );
  }

  /**
   * Makes every move that is due in `view`. Resolves when all are sent; a proof only when it is ready, and of a large one the
   * parts that are due.
   * @returns whether anything was sent
   * @throws after all moves, what made one fail, or a proof job fail for good
   */
  async play(view: DisputeView): Promise<boolean> {
    const failures = new Failures();
    for (const failure of this.#failures.splice(0)) await failures.of(() => Promise.reject(failure));
    let sent = false;
    for (const move of dueMoves(view, this.#options.l1.account.address)) {
      if (await failures.of(() => unlessOvertaken(() => this.#move(move, view.block)))) sent = true;
    }
    failures.throw();
    return sent;
  }

  /** Whether a proof job of this player is running. */
  get isProving(): boolean {
    return this.#running.size > 0;
  }

  /** Resolves when a running proof job of this player ends, at once when none runs. */
  async proofSettles(): Promise<void> {
    if (this.#running.size > 0) await Promise.race(this.#running);
  }

  async #move(move: DueMove, block: DisputeView['block']): Promise<boolean> {
    const { node, l1 } = this.#options;
    switch (move.type) {
      case 'state': {
        const root = await node.rootAfter(move.index);
        await l1.send('state', l1.calls.state(move.claimId, move.claimHash, move.index, root));
        this.#tell({ type: 'stated', index: move.index, root });
        return true;
      }
      case 'answer': {
        const agree = agrees(move, await node.rootAfter(move.index));
        await l1.send('answer', l1.calls.answer(move.gameId, move.stateHash, agree));
        this.#tell({ type: 'answered', gameId: move.gameId, index: move.index, agree });
        return true;
      }
      case 'prove':
        return this.#prove(move, block);
      case 'settle':
        await l1.send('settle', l1.calls.settle(move.gameId));
        this.#tell({ type: 'settled', gameId: move.gameId });
        return true;
      case 'resolve':
        await l1.send('resolve', l1.calls.resolve(move.claimId));
        this.#tell({ type: 'resolved', claimId: move.claimId });
        return true;
    }
  }

  async #prove(move: DueProof, block: DisputeView['block']): Promise<boolean> {
    const { node } = this.#options;
    // By the batch's hash: an L1 reorg may put another batch in its place, on the same pre-root.
    const key = `${await node.state.batchHash(move.number)} ${move.mode} ${move.preRoot}`;
    const finished = this.#finished.get(key);
    if (finished === undefined) {
      if (!this.#known.has(key)) await this.#startProof(key, move);
      return false;
    }
    const games = provesFor(move, finished.bundle.value);
    if (games.length === 0) return false;
    return this.#sender.send(finished.bundle, games.slice(0, GAMES_PER_PROOF), block);
  }

  /** Queues the proof when f itself speaks for this player; who was told to cheat knows better than to prove against itself. */
  async #startProof(key: string, move: DueProof): Promise<void> {
    const { node, proofs } = this.#options;
    const { number, mode, preRoot } = move;
    if ((await node.rootAfter(number - 1n)) !== preRoot) {
      this.#giveUp(key, number, 'the agreed root is not our own');
      return;
    }
    const { request, value } = await node.truth(number, mode);
    if (provesFor(move, value).length === 0) {
      this.#giveUp(key, number, 'the proof would decide against us');
      return;
    }
    const job = await proofs.submit(request, this.#target());
    this.#tell({ type: 'proving', number, mode, job });
    this.#known.add(key);
    const running = proofs
      .bundleOf(job)
      .then((proof) => {
        this.#finished.set(key, proof);
        this.#tell({ type: 'proven', number, mode, proof });
      })
      .catch((error: unknown) => {
        this.#known.delete(key);
        this.#failures.push(error);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #giveUp(key: string, number: bigint, why: string): void {
    this.#known.add(key);
    this.#tell({ type: 'notProving', number, why });
  }

  #target(): ProofTarget {
    const { l1, keys } = this.#options;
    const l1ChainId = BigInt(l1.reader.chain!.id);
    return { ...keys, l1ChainId, verifier: l1.contracts.verifier, beneficiary: l1.account.address };
  }
}
