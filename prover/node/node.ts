import { join } from 'node:path';
import type { Address, Hex } from 'viem';
import type { BlockAccessList } from '../../src/batch/access-list.js';
import { announces, openAnnouncement } from '../../src/batch/announcement.js';
import { diffItems } from '../../src/batch/diff.js';
import { type Differences, differences } from '../../src/batch/differences.js';
import type { GenesisState } from '../../src/batch/genesis.js';
import { batchHash } from '../../src/batch/header.js';
import type { AccountAccess, Batch, Replay, Rules } from '../../src/batch/types.js';
import { AccessListError, AnnouncementError } from '../../src/errors/announcement.js';
import { replayBatch } from '../../src/execution/replay.js';
import { openMerkleiser } from '../../src/merkle/open.js';
import type { Mode } from '../../src/proof/types.js';
import { FlatState } from '../../src/state/flat-state.js';
import type { AppliedBatch, StateView } from '../../src/state/view.js';
import type { BatchRequest } from '../../src/trace/request.js';
import { readerOf } from '../../src/trie/store.js';
import { AnnouncementFolder } from './announcement-folder.js';
import { accessesOf } from './changes.js';
import { type AgreedRoot, rootFrom } from './claim-check.js';
import { cutOut } from './cut-out.js';
import { checkCodes, checkLeaves, corrupt } from './leaves.js';
import type { RootEvent, RootsOptions } from './root-options.js';
import { Roots } from './roots.js';
import { storesOf } from './stores.js';

/** Changes what a node believes a batch did. Only for agents that are told to cheat. */
export type Tamper = (applied: AppliedBatch, before: StateView) => Promise<AppliedBatch>;

/** How a node makes state roots. */
export interface MerkleOptions extends Partial<Omit<RootsOptions, 'tell'>> {
  /** Threads beside the one that executes: none by default, and then roots are made between other things. */
  readonly workers?: number;
}

/** What a node tells about its roots, and about announcements that were of no use: why, and what differs where execution produced another list. */
export type NodeEvent =
  | RootEvent
  | {
      readonly type: 'announcementDiffers';
      readonly number: bigint;
      readonly why: string;
      readonly differences: Differences;
    };

/** What a node is made of. */
export interface NodeOptions {
  /** Folder of its two stores, `state` and `trie`. */
  readonly path: string;
  readonly rules: Rules;
  /** Fills new stores; without it they must be filled. */
  readonly genesis?: GenesisState;
  readonly tamper?: Tamper;
  /** Who signs announcements: the rollup's sequencer. Without it none counts. */
  readonly announcer?: Address;
  /** Mode `optimistic` by default. */
  readonly merkle?: MerkleOptions;
  readonly tell?: (event: NodeEvent) => void;
}

/** What f says about one batch on this node's own state before it. */
export interface TruthOfBatch {
  readonly request: BatchRequest;
  /** h(diff) or the post root by f itself, whatever the node claims. */
  readonly value: bigint;
  /** What f does in the batch. */
  readonly replay: Replay;
}

/**
 * One participant's L2: flat state with its batches, and state tries beside it. Executing a batch touches no trie; its root is made meanwhile
 * when what it changes was announced, or behind it, or when somebody asks for it.
 */
export class L2Node {
  readonly rules: Rules;
  readonly state: FlatState;
  readonly roots: Roots;
  readonly #tamper: Tamper | undefined;
  readonly #announcer: Address | undefined;
  readonly #differing: AnnouncementFolder | undefined;
  #kept: Promise<void> | undefined;
  readonly #tell: (event: NodeEvent) => void;

  private constructor(
    { rules, tamper, announcer, tell }: NodeOptions,
    state: FlatState,
    roots: Roots,
    differing: AnnouncementFolder | undefined,
  ) {
    this.#differing = differing;
    this.rules = rules;
    this.state = state;
    this.roots = roots;
    this.#tamper = tamper;
    this.#announcer = announcer;
    this.#tell = tell ?? (() => {});
  }

  /**
   * Opens the stores, and fills them with the genesis when they are new.
   * @throws StateUnavailableError `STATE_LOCKED` when another process holds them; StateError, BatchError (genesis)
   */
  static async open(options: NodeOptions): Promise<L2Node> {
    const { path, genesis, announcer, merkle = {}, tell = () => {} } = options;
    const stores = storesOf(path);
    const state = await FlatState.open(stores.state, genesis === undefined ? {} : { genesis });
    try {
      const differing = announcer && (await differingOf(path));
      const merkleiser = await openMerkleiser(stores.trie, { workers: merkle.workers ?? 0 });
      const roots = new Roots(state, merkleiser, { mode: 'optimistic', ...merkle, tell });
      return new L2Node(options, state, roots, differing);
    } catch (error) {
      await state.close();
      throw error;
    }
  }

  /** Number of the newest batch. */
  get head(): bigint {
    return this.state.head;
  }

  /**
   * Executes the next batch and stores what it did, as this node sees it. Its root is made meanwhile from what was announced; that counts only
   * when execution produced the same list, byte for byte, and nothing of it is stored before.
   * @param announcement as the sequencer sealed it (src/batch/announcement.ts), or what came in its place
   */
  async apply(batch: Batch, announcement?: Hex): Promise<AppliedBatch> {
    const { number } = batch.header;
    const hash = batchHash(batch.header);
    const announced = announcement === undefined ? undefined : await this.#opened(announcement, number, hash);
    const ahead = announced === undefined ? undefined : this.roots.ahead(announced);
    // One turn, in which it reaches the threads: they begin before this one has no time for them.
    if (ahead !== undefined) await new Promise((resolve) => setImmediate(resolve));
    let counts = false;
    try {
      const view = this.state.view();
      const honest = await replayBatch(view, batch, this.rules, this.#ancestors);
      this.roots.release();
      const applied = this.#tamper === undefined ? honest : await this.#tamper(honest, view);
      await this.state.applyBatch(applied);
      counts =
        applied === honest &&
        announced !== undefined &&
        this.#isProduced(announcement!, announced, hash, honest.replay);
      return applied;
    } finally {
      this.roots.release();
      ahead?.decide(hash, counts);
      this.roots.follow();
    }
  }

  /** This node's own value for a claim: h(diff) of a batch, or the state root after it. */
  async value(kind: Mode, number: bigint): Promise<bigint> {
    return kind === 'root' ? this.rootAfter(number) : BigInt((await this.state.batch(number)).diffHash);
  }

  /** The state root after a batch (0: genesis). Throws TrieError `TRIE_ROOT_MISSING` when the states before it are no longer kept. */
  rootAfter(number: bigint): Promise<bigint> {
    return this.roots.rootAfter(number);
  }

  /**
   * What a prover needs for batch `number` on the state that this node has before it, and what will come out. All that the batch touches is
   * compared with the tries before it.
   * @throws StateError `STATE_CORRUPT`, TrieError `TRIE_STORE_DAMAGED` when the stores contradict each other
   */
  async truth(number: bigint, mode: Mode): Promise<TruthOfBatch> {
    const { batch } = await this.state.batch(number);
    const before = await this.state.asOf(number - 1n);
    const { replay, diffHash } = await replayBatch(before, batch, this.rules, this.#ancestors);
    checkCodes(replay.codes);
    return this.roots.at(number - 1n, async (base, preRoot, merkleiser) => {
      const nodes = await merkleiser.nodesAround(base, replay.accessList);
      checkLeaves(readerOf(nodes), preRoot, replay.accessList, `before batch ${number}`);
      const request = cutOut(nodes, { rules: this.rules, batch, mode, preRoot }, replay);
      if (mode === 'diff') return { request, replay, value: BigInt(diffHash) };
      const { ticket, root } = await merkleiser.prepare(base, diffItems(replay.accessList));
      await merkleiser.drop(ticket);
      return { request, replay, value: root };
    });
  }

  /**
   * Checks the stores before something is staked on {@link value}: that a batch's diff, or the root after it, follows from `agreed` by this
   * node's batches, and that all that the batch touches is in the tries what it is in the flat state. One damaged store is noticed.
   * @param agreed a root that L1 holds for true or that both sides agree on; the root before batch `number`, as this node has it, when absent
   * @throws StateError `STATE_CORRUPT`, TrieError `TRIE_STORE_DAMAGED`: stake nothing; `TRIE_ROOT_MISSING`, StateError `STATE_PRUNED`: the state
   * after `agreed` is no longer kept
   */
  async checkClaim(kind: Mode, number: bigint, agreed?: AgreedRoot): Promise<void> {
    const before = number - 1n;
    const [{ value }, stored] = [await this.truth(number, 'diff'), await this.value('diff', number)];
    if (value !== stored)
      throw corrupt(`Batch ${number} replayed gives h(diff) ${value}, and the state store has ${stored}.`);
    const to = kind === 'root' ? number : before;
    // What is agreed on behind it says nothing of it.
    const from =
      agreed !== undefined && agreed.number <= to ? agreed : { number: before, root: await this.rootAfter(before) };
    const root = await rootFrom(this, from, to);
    const own = await this.rootAfter(to);
    if (root !== own) {
      throw corrupt(
        `The root after batch ${to} is ${root} by the change sets from batch ${from.number} on, and stored as ${own}.`,
      );
    }
  }

  /** Accounts and slots that batch n changed, before and after, as this node sees it: from the flat state's change sets. */
  changesOf(number: bigint): Promise<AccountAccess[]> {
    return accessesOf(this.state, number - 1n, number);
  }

  /** Waits for what is being computed and lets other processes have the stores. */
  async close(): Promise<void> {
    await this.#kept;
    await this.roots.close();
    await this.state.close();
  }

  async #opened(announcement: Hex, number: bigint, hash: Hex): Promise<BlockAccessList | undefined> {
    if (this.#announcer === undefined) return undefined;
    try {
      return await openAnnouncement(announcement, { batchHash: hash, sequencer: this.#announcer, rules: this.rules });
    } catch (error) {
      if (!(error instanceof AnnouncementError || error instanceof AccessListError)) throw error;
      this.#tell({ type: 'announcementDiffers', number, why: error.message, differences: { count: 0, first: [] } });
      return undefined;
    }
  }

  #isProduced(announcement: Hex, announced: BlockAccessList, hash: Hex, { blockAccessList, batch }: Replay): boolean {
    if (announces(announcement, hash, blockAccessList)) return true;
    const { number } = batch.header;
    const why = 'Execution produced another list.';
    this.#tell({ type: 'announcementDiffers', number, why, differences: differences(announced, blockAccessList) });
    // For `explain`; without it nothing but the explanation is lost.
    this.#kept = this.#differing?.put(number, hash, announcement).catch(() => undefined);
    return false;
  }

  readonly #ancestors = (number: bigint): Promise<Hex> => this.state.batchHash(number);
}

/** Where a node keeps the announcements that execution contradicted, the newest ones, in its folder. */
export function differingOf(path: string): Promise<AnnouncementFolder> {
  return AnnouncementFolder.open(join(path, 'differing'));
}
