import type { Hex } from 'viem';
import { agrees, type DueMove, type DueProof, dueMoves, provesFor } from '../../src/dispute/moves.js';
import type { DisputeView } from '../../src/dispute/types.js';
import { messageOf } from '../../src/errors/base.js';
import type { L1Call } from '../../src/l1/send-call.js';
import type { L2Node } from '../node/node.js';
import { type ProofJobEvent, proveUntilDone } from '../proving/proof-jobs.js';
import type { ProofService, ProofTarget, ProvenBundle } from '../proving/service.js';
import { Failures } from './failures.js';
import { type L1Account, unlessOvertaken } from './l1-account.js';
import { ProofSender, type SentParts } from './proof-sender.js';

/** Games that one proof settles, so that it fits an L1 transaction whoever opened how many; the others are settled after it. */
const GAMES_PER_PROOF = 16;
/** Milliseconds before a batch that could not be executed again is tried once more. */
const AGAIN_AFTER = 60_000;

/** What a player tells about its moves. */
export type PlayerEvent =
  | { readonly type: 'stated'; readonly index: bigint; readonly root: bigint }
  | { readonly type: 'answered'; readonly gameId: bigint; readonly index: bigint; readonly agree: boolean }
  | ({ readonly number: bigint; readonly mode: string } & ProofJobEvent)
  | { readonly type: 'proven'; readonly number: bigint; readonly mode: string; readonly proof: ProvenBundle }
  | ({ readonly type: 'uploaded'; readonly number: bigint; readonly mode: string } & SentParts)
  /** `alarm` when a proof that is needed cannot be made. */
  | { readonly type: 'notProving'; readonly number: bigint; readonly why: string; readonly alarm: boolean }
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

/** A proof that a game waits for: being made, made, or given up. */
interface NeededProof {
  readonly stop: AbortController;
  finished: ProvenBundle | undefined;
  running: Promise<void> | undefined;
  /** Milliseconds since 1970 when one that was given up is begun again. */
  again: number | undefined;
}

/**
 * Plays the games of one account, as claimant and as challenger, by its own node's state and nothing else: states its roots,
 * answers, queues the proof that decides a game in its favour and takes it to L1, settles, takes its money. It keeps no state of its own: what is
 * due follows from L1's view, what is on its way to L1 from the account's outbox, and a proof job is found again by its content.
 */
export class Player {
  readonly #options: PlayerOptions;
  readonly #tell: (event: PlayerEvent) => void;
  readonly #proofs = new Map<string, NeededProof>();
  readonly #sender: ProofSender;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#tell = options.tell ?? (() => {});
    this.#sender = new ProofSender(options.l1, ({ header: { number }, mode }, parts) =>
      this.#tell({ type: 'uploaded', number, mode, ...parts }),
    );
  }

  /**
   * Makes every move that is due in `view`: all go out at once, the earliest deadline first. Resolves when L1 has them; a proof only when it
   * is ready, and of a large one the parts that are due.
   * @returns whether anything was sent
   * @throws after all moves, what made one fail
   */
  async play(view: DisputeView): Promise<boolean> {
    const failures = new Failures();
    const { l1 } = this.#options;
    // What an L1 reorg has taken back is on its way again before it is found due.
    await failures.from(() => l1.outbox.look());
    const due = dueMoves(view, l1.account.address);
    const sending: Promise<boolean>[] = [];
    const needed = new Set<string>();
    for (const move of due) {
      const ready = await failures.from(() => this.#prepare(move, view.block, needed));
      if (ready !== undefined) sending.push(failures.of(() => unlessOvertaken(ready)));
    }
    const sent = (await Promise.all(sending)).includes(true);
    this.#endUnneeded(needed);
    failures.throw();
    return sent;
  }

  /** Whether a proof job of this player is running. */
  get isProving(): boolean {
    return [...this.#proofs.values()].some(({ running }) => running !== undefined);
  }

  /** Resolves when a running proof job of this player ends, at once when none runs. */
  async proofSettles(): Promise<void> {
    const running = [...this.#proofs.values()].flatMap((proof) => proof.running ?? []);
    if (running.length > 0) await Promise.race(running);
  }

  /** Waits for no proof any more; the jobs stay in the queue. */
  async close(): Promise<void> {
    const proofs = [...this.#proofs.values()];
    for (const { stop } of proofs) stop.abort();
    await Promise.all(proofs.map(({ running }) => running));
  }

  /**
   * What sends a move; what it says is computed here. Undefined when there is nothing to send now.
   * @param needed gets the key of the proof that it waits for
   */
  async #prepare(
    move: DueMove,
    block: DisputeView['block'],
    needed: Set<string>,
  ): Promise<(() => Promise<boolean>) | undefined> {
    const { node, l1 } = this.#options;
    const sent = (what: string, call: L1Call, event: PlayerEvent) => async () => {
      await l1.send(what, call, { seen: block.number });
      this.#tell(event);
      return true;
    };
    switch (move.type) {
      case 'state': {
        const { claimId, claimHash, index } = move;
        const root = await node.rootAfter(index);
        return sent('state', l1.calls.state(claimId, claimHash, index, root), { type: 'stated', index, root });
      }
      case 'answer': {
        const { gameId, stateHash, index } = move;
        const agree = agrees(move, await node.rootAfter(index));
        return sent('answer', l1.calls.answer(gameId, stateHash, agree), { type: 'answered', gameId, index, agree });
      }
      case 'prove':
        return this.#prove(move, block, needed);
      case 'settle': {
        const { gameId } = move;
        return sent('settle', l1.calls.settle(gameId), { type: 'settled', gameId });
      }
      case 'resolve': {
        const { claimId } = move;
        return sent('resolve', l1.calls.resolve(claimId), { type: 'resolved', claimId });
      }
    }
  }

  async #prove(
    move: DueProof,
    block: DisputeView['block'],
    needed: Set<string>,
  ): Promise<(() => Promise<boolean>) | undefined> {
    const key = await this.#keyOf(move);
    needed.add(key);
    const known = this.#proofs.get(key);
    const isDue = known === undefined || (known.again !== undefined && known.again <= Date.now());
    const { finished } = isDue ? await this.#startProof(key, move) : known;
    if (finished === undefined) return undefined;
    const games = provesFor(move, finished.bundle.value);
    if (games.length === 0) return undefined;
    return () => this.#sender.send(finished.bundle, games.slice(0, GAMES_PER_PROOF), block);
  }

  /** By the batch's hash: an L1 reorg may put another batch in its place, on the same pre-root. */
  async #keyOf({ number, mode, preRoot }: DueProof): Promise<string> {
    return `${await this.#options.node.state.batchHash(number)} ${mode} ${preRoot}`;
  }

  /** Queues the proof when f itself speaks for this player; who was told to cheat knows better than to prove against itself. */
  async #startProof(key: string, move: DueProof): Promise<NeededProof> {
    const { node } = this.#options;
    const { number, mode, preRoot } = move;
    const needed: NeededProof = {
      stop: new AbortController(),
      finished: undefined,
      running: undefined,
      again: undefined,
    };
    const giveUp = (why: string, alarm = false): NeededProof => {
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
    const { request, value } = truth;
    if (provesFor(move, value).length === 0) return giveUp('the proof would decide against us');
    const { signal } = needed.stop;
    const tell = (event: ProofJobEvent) => this.#tell({ number, mode, ...event });
    needed.running = proveUntilDone(this.#options.proofs, request, this.#target(), { signal, tell })
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
    this.#proofs.set(key, needed);
    return needed;
  }

  /** Forgets proofs that no game waits for any more. */
  #endUnneeded(needed: ReadonlySet<string>): void {
    for (const [key, { stop }] of this.#proofs) {
      if (needed.has(key)) continue;
      stop.abort();
      this.#proofs.delete(key);
    }
  }

  #target(): ProofTarget {
    const { l1, keys } = this.#options;
    const l1ChainId = BigInt(l1.reader.chain!.id);
    return { ...keys, l1ChainId, verifier: l1.contracts.verifier, beneficiary: l1.account.address };
  }
}
