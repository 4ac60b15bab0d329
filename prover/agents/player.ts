import { isAddressEqual, parseGwei } from 'viem';
import { rounds } from '../../src/dispute/bisection.js';
import {
  agrees,
  type DueMove,
  type DueProof,
  dueMoves,
  provesFor,
  type UnpaidProof,
  unpaidProofs,
} from '../../src/dispute/moves.js';
import { secondsLeft } from '../../src/dispute/time.js';
import type { DisputeView } from '../../src/dispute/types.js';
import { measureParts, sizeOfProve } from '../../src/l1/part-gas.js';
import { fitsOneTransaction } from '../../src/l1/plan-parts.js';
import type { L1Call } from '../../src/l1/send-call.js';
import type { Bundle } from '../../src/proof/types.js';
import type { ProvenBundle } from '../proving/service.js';
import { Failures } from './failures.js';
import type { FreeStriking } from './free-strikes.js';
import { unlessOvertaken } from './l1-account.js';
import { type NeededProofEvent, NeededProofs, type NeededProofsOptions, type Wanted } from './needed-proofs.js';
import { ProofSender, type SentParts } from './proof-sender.js';

/** Games that one proof settles, so that it fits an L1 transaction whoever opened how many; the others are settled after it. */
const GAMES_PER_PROOF = 16;

/** What a player tells about its moves. */
export type PlayerEvent =
  | NeededProofEvent
  | { readonly type: 'stated'; readonly index: bigint; readonly root: bigint }
  | { readonly type: 'answered'; readonly gameId: bigint; readonly index: bigint; readonly agree: boolean }
  | ({ readonly type: 'uploaded'; readonly number: bigint; readonly mode: string } & SentParts)
  | { readonly type: 'settled'; readonly gameId: bigint }
  | { readonly type: 'reimbursed'; readonly gameId: bigint }
  | { readonly type: 'resolved'; readonly claimId: bigint };

/** What a player is made of. */
export interface PlayerOptions extends NeededProofsOptions {
  readonly tell?: (event: PlayerEvent) => void;
  /** Seconds of a game's clock that are left when a proof no longer waits for a base fee that L1 pays back; a day by default. */
  readonly patience?: bigint;
}

const DAY = 86_400n;

/**
 * Plays the games of one account, as claimant and as challenger, by its own node's state and nothing else: states its roots,
 * answers, queues the proof that decides a game in its favour and takes it to L1, settles, takes its money. It keeps no state of its own: what is
 * due follows from L1's view, what is on its way to L1 from the account's outbox, and a proof job is found again by its content.
 */
export class Player {
  readonly #options: PlayerOptions;
  readonly #tell: (event: PlayerEvent) => void;
  readonly #proofs: NeededProofs;
  readonly #sender: ProofSender;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#tell = options.tell ?? (() => {});
    this.#proofs = new NeededProofs(options, (event) => this.#tell(event));
    this.#sender = new ProofSender(options.l1, ({ header: { number }, mode }, parts) =>
      this.#tell({ type: 'uploaded', number, mode, ...parts }),
    );
  }

  /**
   * Makes every move that is due in `view`: all go out at once, what strikes a false stake first, then the earliest deadline. Resolves when L1 has
   * them; a proof only when it is ready, and of a large one the parts that are due.
   * @param striking what strikes false stakes without a proof: none is begun for games that end by that
   * @returns whether anything was sent
   * @throws after all moves, what made one fail
   */
  async play(view: DisputeView, striking: FreeStriking = { moves: [], stakes: new Set() }): Promise<boolean> {
    const failures = new Failures();
    const { l1 } = this.#options;
    // What an L1 reorg has taken back is on its way again before it is found due.
    await failures.from(() => l1.outbox.look());
    const settled = new Set(striking.moves.flatMap((move) => (move.type === 'settle' ? [move.gameId] : [])));
    const due = dueMoves(view, l1.account.address).filter(
      (move) => !(move.type === 'settle' && settled.has(move.gameId)),
    );
    const sending: Promise<boolean>[] = [];
    const send = async (prepare: () => Promise<(() => Promise<boolean>) | undefined>) => {
      const ready = await failures.from(prepare);
      if (ready !== undefined) sending.push(failures.of(() => unlessOvertaken(ready)));
    };
    for (const move of [...striking.moves, ...due]) {
      await send(() => this.#prepare(move, view, move.type === 'prove' && isMoot(move, striking.stakes, view)));
    }
    for (const unpaid of unpaidProofs(view, l1.account.address)) await send(() => this.#reimburse(unpaid, view));
    const sent = (await Promise.all(sending)).includes(true);
    this.#proofs.endLook();
    failures.throw();
    return sent;
  }

  /** Whether a proof job of this player is running. */
  get isProving(): boolean {
    return this.#proofs.isProving;
  }

  /** Resolves when a running proof job of this player ends, at once when none runs. */
  proofSettles(): Promise<void> {
    return this.#proofs.settles();
  }

  /** Waits for no proof any more; the jobs stay in the queue. */
  close(): Promise<void> {
    return this.#proofs.close();
  }

  /** What sends a move; what it says is computed here. Undefined when there is nothing to send now. */
  async #prepare(move: DueMove, view: DisputeView, moot: boolean): Promise<(() => Promise<boolean>) | undefined> {
    const { node, l1 } = this.#options;
    const sent = (what: string, call: L1Call, events: readonly PlayerEvent[]) => this.#sent(view, what, call, events);
    switch (move.type) {
      case 'state': {
        const { claimId, claimHash, indices } = move;
        const roots: bigint[] = [];
        for (const index of indices) roots.push(await node.rootAfter(index));
        const told = indices.map((index, i): PlayerEvent => ({ type: 'stated', index, root: roots[i]! }));
        return sent('state', l1.calls.state(claimId, claimHash, indices, roots), told);
      }
      case 'answer': {
        const { gameId, stateHash, index } = move;
        const agree = agrees(move, await node.rootAfter(index));
        return sent('answer', l1.calls.answer(gameId, stateHash, agree), [{ type: 'answered', gameId, index, agree }]);
      }
      case 'prove':
        return this.#prove(move, view, moot);
      case 'settle': {
        const { gameId } = move;
        return sent('settle', l1.calls.settle(gameId), [{ type: 'settled', gameId }]);
      }
      case 'resolve': {
        const { claimIds } = move;
        const told = claimIds.map((claimId): PlayerEvent => ({ type: 'resolved', claimId }));
        return sent('resolve', l1.calls.resolve(claimIds), told);
      }
    }
  }

  /** @param moot the games end without: what is begun goes on, nothing else is */
  async #prove(move: DueProof, view: DisputeView, moot: boolean): Promise<(() => Promise<boolean>) | undefined> {
    const { number, mode, preRoot, deadline, required } = move;
    if (moot) return this.#goOn(move, view, (value) => provesFor(move, value).length > 0);
    const left = secondsLeft(deadline, view);
    const finished = await this.#proofs.get({
      number,
      mode,
      preRoot,
      serves: (value) => provesFor(move, value).length > 0,
      // What a claimant could do without comes behind all that is needed.
      ...(required ? { deadline: Date.now() + 1_000 * Number(left) } : {}),
      game: `${move.games[0]!.id}`,
    });
    if (finished === undefined) return undefined;
    const games = provesFor(move, finished.bundle.value);
    if (games.length === 0) return undefined;
    const isWaiting = required ? await this.#isTooDear(left, view) : !(await this.#isRefunded(finished.bundle, view));
    if (isWaiting) return undefined;
    return () => this.#sender.send(finished.bundle, games.slice(0, GAMES_PER_PROOF), view.block, left);
  }

  /** An upload that was begun goes on, also one of a process that was killed, as what it has cost is paid only when L1 has all of it. */
  async #goOn(
    { number, mode, preRoot }: Pick<DueProof, 'number' | 'mode' | 'preRoot'>,
    view: DisputeView,
    serves: (value: bigint) => boolean,
  ): Promise<(() => Promise<boolean>) | undefined> {
    const made = await this.#proofs.made({ number, mode, preRoot });
    const finished = made ?? (await this.#madeBefore({ number, mode, preRoot, serves }, view));
    if (finished === undefined || !(await this.#sender.hasBegun(finished.bundle, view.block))) return undefined;
    return () => this.#sender.send(finished.bundle, [], view.block);
  }

  /** The proof of an upload that a process before this one has begun. */
  async #madeBefore(wanted: Wanted, { block }: DisputeView): Promise<ProvenBundle | undefined> {
    const { header } = (await this.#options.node.state.batch(wanted.number)).batch;
    if (!(await this.#sender.wasBegun(header, wanted.preRoot, wanted.mode, block))) return undefined;
    return this.#proofs.get(wanted);
  }

  /** Takes what a purse owes for an own proof, or goes on with the proof. */
  async #reimburse({ gameId, isClosed, target, deadline, ...statement }: UnpaidProof, view: DisputeView) {
    const { node, l1 } = this.#options;
    const { number, mode, preRoot } = statement;
    const hash = await node.state.batchHash(number);
    const proven = await l1.dispute.proven(hash, preRoot, mode, { blockHash: view.block.hash });
    if (proven === undefined) {
      return view.time < deadline ? this.#goOn(statement, view, (value) => value !== target) : undefined;
    }
    const { payee, owed, value, storedAt } = proven;
    const isOwed = isAddressEqual(payee, l1.account.address) && owed > 0n && value !== target && storedAt < deadline;
    if (!isClosed || !isOwed) return undefined;
    return this.#sent(view, 'reimburse', l1.calls.reimburse(gameId), [{ type: 'reimbursed', gameId }]);
  }

  #sent({ block }: DisputeView, what: string, call: L1Call, events: readonly PlayerEvent[]): () => Promise<boolean> {
    return async () => {
      await this.#options.l1.send(what, call, { seen: block.number });
      for (const event of events) this.#tell(event);
      return true;
    };
  }

  /**
   * Whether a lost bond pays all that a claimant's proof costs. The claimant wins by the clock without: a proof ends the game earlier, and a
   * puppet that loses its bond must not be able to make it spend more than that.
   */
  async #isRefunded({ parts }: Bundle, { block }: DisputeView): Promise<boolean> {
    const { l1 } = this.#options;
    const at = { blockHash: block.hash };
    const [{ bond, moveFee, maxAhead, maxPrice }, baseFee] = await Promise.all([
      l1.dispute.parameters(at),
      this.#baseFeeAt(block),
    ]);
    const price = baseFee + parseGwei('1');
    const left = bond / 2n - BigInt(rounds(0n, maxAhead)) * moveFee;
    const gas = BigInt(Math.ceil(sizeOfProve(measureParts(parts)).gas));
    return fitsOneTransaction(parts) && price <= maxPrice && gas * price <= left;
  }

  async #baseFeeAt({ hash }: DisputeView['block']): Promise<bigint> {
    return (await this.#options.l1.reader.getBlock({ blockHash: hash })).baseFeePerGas ?? 0n;
  }

  /** Whether L1 pays back less than its base fee at the moment, and there is time to wait. */
  async #isTooDear(left: bigint, { block }: DisputeView): Promise<boolean> {
    const { l1, patience = DAY } = this.#options;
    if (left <= patience) return false;
    const [{ maxPrice }, baseFee] = await Promise.all([
      l1.dispute.parameters({ blockHash: block.hash }),
      this.#baseFeeAt(block),
    ]);
    return baseFee > maxPrice;
  }
}

/** Whether all games that wait for a proof are against stakes that are being struck. */
function isMoot({ games }: DueProof, struck: ReadonlySet<bigint>, view: DisputeView): boolean {
  if (struck.size === 0) return false;
  const claimOf = new Map(view.games.map(({ id, claimId }) => [id, claimId]));
  const stakeOf = new Map(view.claims.map(({ id, stakeId }) => [id, stakeId]));
  return games.every(({ id }) => struck.has(stakeOf.get(claimOf.get(id)!)!));
}
