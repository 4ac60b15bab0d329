import type { Hex } from 'viem';
import type { BlockAccessList } from '../../src/batch/access-list.js';
import { synthesize } from '../../src/batch/synthesis.js';
import { StateError } from '../../src/errors/state.js';
import { TrieError } from '../../src/errors/trie.js';
import type { Base, Merkleiser, Prepared } from '../../src/merkle/types.js';
import type { FlatState } from '../../src/state/flat-state.js';
import type { FlatView } from '../../src/state/flat-view.js';
import { changesAfter } from './changes.js';
import type { MerkleMode, RootEvent, RootsOptions } from './root-options.js';
import { stateAccounts } from './state-accounts.js';
import { hashOf, nameOf, numberOf } from './stored-name.js';

/** A state whose tries are stored is kept for as many batches as this by default: what lies between two such is merged. */
const CHECKPOINT_EVERY = 100n;
/** Changed accounts and slots that are merkleised at once while a node catches up: whoever asks for a root waits for one such piece at most. */
const MOST_CHANGES = 5_000;
/** Roots that are remembered. */
const MOST_ROOTS = 1_024;

/** A batch that is being executed while its root is made. */
export interface Ahead {
  /**
   * Execution is over: the root counts when the list that it was made from is what execution produced (`counts`) and the batch is stored
   * under this hash; else it is forgotten.
   */
  decide(hash: Hex, counts: boolean): void;
}

/** What is done with the tries of a state. */
type Use<T> = (base: Base, root: bigint, merkleiser: Merkleiser) => Promise<T>;

interface Stored {
  readonly name: Hex;
  readonly number: bigint;
}

/** The newest stored state, which was on the flat state's chain when `seen` was its present: a view that fails once batches were taken back. */
interface Line extends Stored {
  readonly seen: FlatView;
}

/**
 * The state roots of a node. One line of stored tries follows the flat state: at its head by the newest batch, with a state kept at every
 * checkpoint. A root between two checkpoints is made from the one before it, by merged changes. Works run one after another; what
 * somebody asks for waits for one piece of the backlog at most.
 */
export class Roots {
  readonly mode: MerkleMode;
  readonly #state: FlatState;
  readonly #merkleiser: Merkleiser;
  readonly #every: bigint;
  readonly #keep: number | undefined;
  readonly #tell: (event: RootEvent) => void;
  readonly #known = new Map<Hex, bigint>();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #following = false;
  /** There is something new since the last look. */
  #wanted = false;
  #closed = false;
  /** What mode `shadow` found: no root counts after it. */
  #fault: TrieError | undefined;

  constructor(state: FlatState, merkleiser: Merkleiser, options: RootsOptions) {
    this.mode = options.mode;
    this.#state = state;
    this.#merkleiser = merkleiser;
    this.#every = options.checkpointEvery ?? CHECKPOINT_EVERY;
    this.#keep = options.keep;
    this.#tell = options.tell ?? (() => {});
  }

  /**
   * The state root after a batch (0: genesis).
   * @throws TrieError `TRIE_ROOT_MISSING` when the states before it are no longer kept; StateError `STATE_UNKNOWN_BATCH`, `STATE_REVERTED` (batches
   * were taken back meanwhile)
   */
  async rootAfter(number: bigint): Promise<bigint> {
    const known = this.#known.get(await this.#state.batchHash(number));
    return known ?? this.at(number, async (_base, root) => root);
  }

  /** Does something with the tries after a batch, which nobody changes meanwhile. */
  at<T>(number: bigint, use: Use<T>): Promise<T> {
    return this.#alone(async () => {
      await this.#state.batchHash(number);
      let line = await this.#line();
      for (; line.number < number; line = await this.#line()) await this.#extend(line, number);
      const from = await this.#newestUpTo(number);
      if (from.number === number) return use(from.name, await this.#rootOf(from), this.#merkleiser);
      return this.#between(from, line.seen, number, MOST_CHANGES, (ticket, root, hash) => {
        this.#remember(hash, root);
        return use(ticket, root, this.#merkleiser);
      });
    });
  }

  /**
   * Does something with the tries after a batch, made from a stored state before it in pieces of so many changes (0: batch by batch), which
   * are not stored.
   */
  async #between<T>(
    from: Stored,
    seen: FlatView,
    number: bigint,
    most: number,
    use: (ticket: number, root: bigint, hash: Hex) => Promise<T>,
  ): Promise<T> {
    const tickets: number[] = [];
    let [base, at]: [Base, bigint] = [from.name, from.number];
    try {
      for (;;) {
        const { diff, reached, hash } = await changesAfter(this.#state, seen, at, number, most);
        const { ticket, root } = await this.#merkleiser.prepare(base, diff);
        tickets.push(ticket);
        [base, at] = [ticket, reached];
        if (reached === number) return await use(ticket, root, hash);
      }
    } finally {
      for (const ticket of tickets) await this.#merkleiser.drop(ticket);
    }
  }

  /**
   * Begins with the root after the next batch, by an announced list of what it will change; `undefined` when roots are not made ahead, or
   * those before it are not made yet.
   */
  ahead(list: BlockAccessList): Ahead | undefined {
    if (this.#waiting > 0 || !(this.mode === 'optimistic' || this.mode === 'shadow')) return undefined;
    let decide: Ahead['decide'] = () => {};
    const decided = new Promise<{ hash: Hex; counts: boolean }>((resolve) => {
      decide = (hash, counts) => resolve({ hash, counts });
    });
    const number = this.#state.head + 1n;
    this.#alone(() => this.#runAhead(number, list, decided)).catch((error: unknown) => {
      if (!isReverted(error)) this.#tell({ type: 'rootFailed', error });
    });
    return { decide };
  }

  /** Execution has ended: all cores may make roots. */
  release(): void {
    this.#merkleiser.release();
  }

  /** Makes the roots of new batches in the background, unless the mode says that only asked-for ones are made. */
  follow(): void {
    if (this.mode === 'off' || this.#closed) return;
    this.#wanted = true;
    if (this.#following) return;
    this.#following = true;
    this.#alone(() => this.#followOnce())
      .catch((error: unknown) => {
        if (!isReverted(error)) this.#tell({ type: 'rootFailed', error });
        // At once only after what cannot happen again without another reorganisation.
        return error instanceof StateError && error.code === 'STATE_REVERTED';
      })
      .then((more) => {
        this.#following = false;
        if (more || this.#wanted) this.follow();
      });
  }

  /** Resolves when nothing is being made. */
  async settled(): Promise<void> {
    for (let last = this.#last; ; last = this.#last) {
      await last;
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (last === this.#last && !this.#following) return;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
    await this.#merkleiser.close();
  }

  async #followOnce(): Promise<boolean> {
    this.#wanted = false;
    const line = await this.#line();
    if (line.number < this.#state.head) await this.#extend(line, this.#state.head);
    return line.number < this.#state.head;
  }

  async #runAhead(
    number: bigint,
    list: BlockAccessList,
    decided: Promise<{ readonly hash: Hex; readonly counts: boolean }>,
  ): Promise<void> {
    let isOver = false;
    void decided.then(() => {
      isOver = true;
    });
    const line = await this.#line();
    // A backlog, of before the node was opened, is made in pieces and with its checkpoints behind execution.
    if (line.number !== number - 1n) return;
    // Of a false list nothing is wrong here but that it cannot be applied: the error counts only when the list does.
    const made = await this.#merkleiser
      .prepare(line.name, synthesize([list]), !isOver)
      .catch((error: unknown) => ({ error }));
    const { hash, counts } = await decided;
    if ('error' in made) {
      if (counts) throw made.error;
    } else if (!counts) {
      await this.#merkleiser.drop(made.ticket);
    } else {
      await this.#finish(made, line, { number, hash }, true);
    }
  }

  /** Moves the line on to batch `to`, or a piece of the way. */
  async #extend(line: Line, to: bigint): Promise<void> {
    const checkpoint = (line.number / this.#every + 1n) * this.#every;
    const end = to < checkpoint ? to : checkpoint;
    const { diff, reached, hash } = await changesAfter(this.#state, line.seen, line.number, end, MOST_CHANGES);
    const prepared = await this.#merkleiser.prepare(line.name, diff);
    await this.#finish(prepared, line, { number: reached, hash }, false);
  }

  async #finish(made: Prepared, line: Line, at: { number: bigint; hash: Hex }, ahead: boolean): Promise<void> {
    try {
      await this.#compare(made, line, at.number, at.hash);
      await this.#store(made, line, at, ahead);
    } finally {
      // Whatever was not stored: of what was, nothing is left to forget.
      await this.#merkleiser.drop(made.ticket);
    }
  }

  async #store(
    made: Prepared,
    line: Stored,
    { number, hash }: { number: bigint; hash: Hex },
    ahead: boolean,
  ): Promise<void> {
    // A reorganisation may have taken the batch back meanwhile.
    if (number > this.#state.head || (await this.#state.batchHash(number)) !== hash) return;
    await this.#merkleiser.commit(made.ticket, nameOf(number, hash), line.number % this.#every !== 0n);
    if (this.#keep !== undefined) await this.#merkleiser.prune(this.#keep);
    this.#remember(hash, made.root);
    const { root, hashes, ms } = made;
    this.#tell({ type: 'root', number, root, ahead, merged: number - line.number, hashes, ms });
  }

  /** In mode `shadow`: batch by batch, from what execution changed, the root must be the same. */
  async #compare(made: Prepared, line: Line, number: bigint, hash: Hex): Promise<void> {
    if (this.mode !== 'shadow') return;
    const root = await this.#between(line, line.seen, number, 0, async (_ticket, root) => root);
    if (root === made.root || number > this.#state.head) return;
    if ((await this.#state.batchHash(number)) !== hash) return;
    const message = `The root after batch ${number} is ${made.root}, and ${root} when its batches are merkleised one by one after execution.`;
    this.#fault = new TrieError('TRIE_SHADOW', message, {
      hint: 'This is a fault of this program: keep the stores and report it; --merkle off makes roots on demand.',
    });
    throw this.#fault;
  }

  /** The head of the line, which is on the flat state's chain: what a reorganisation removed is taken back first. */
  async #line(): Promise<Line> {
    if (this.#fault !== undefined) throw this.#fault;
    const { head, oldest } = this.#state;
    const seen = this.#state.view();
    const names = await this.#merkleiser.names();
    for (const name of [...names].reverse()) {
      const number = numberOf(name);
      if (number > head || nameOf(number, await this.#state.batchHash(number)) !== name) continue;
      if (name !== names.at(-1)) await this.#merkleiser.rollback(name);
      return { name, number, seen };
    }
    // A new store, or one that is of another chain: the oldest state that can be opened is merkleised as a whole.
    const name = nameOf(oldest, await this.#state.batchHash(oldest));
    await this.#merkleiser.build(name, stateAccounts(await this.#state.asOf(oldest)));
    return { name, number: oldest, seen };
  }

  async #newestUpTo(number: bigint): Promise<Stored> {
    const names = await this.#merkleiser.names();
    const name = [...names].reverse().find((one) => numberOf(one) <= number);
    if (name !== undefined) return { name, number: numberOf(name) };
    throw new TrieError('TRIE_ROOT_MISSING', `No state at or before batch ${number} is kept any more.`, {
      hint: 'Keep more states, or rebuild the trie store: remove its folder while the node is stopped.',
      details: { number: String(number) },
    });
  }

  async #rootOf({ name, number }: Stored): Promise<bigint> {
    const hash = hashOf(name);
    const root = this.#known.get(hash) ?? (await this.#merkleiser.rootOf(name));
    if (root === undefined) throw new TrieError('TRIE_ROOT_MISSING', `The root after batch ${number} is not stored.`);
    this.#remember(hash, root);
    return root;
  }

  #remember(hash: Hex, root: bigint): void {
    this.#known.set(hash, root);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_ROOTS) this.#known.delete(oldest!);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const run = this.#last.then(work).finally(() => this.#waiting--);
    this.#last = run.catch(() => undefined);
    return run;
  }
}

/** Batches were taken back while something was made of them: it begins again on what is there now. */
function isReverted(error: unknown): boolean {
  return error instanceof StateError && (error.code === 'STATE_REVERTED' || error.code === 'STATE_UNKNOWN_BATCH');
}
