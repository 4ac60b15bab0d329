import { join } from 'node:path';
import { Level } from 'level';
import type { Address, Hex } from 'viem';
import type { GenesisState } from '../../src/batch/genesis.js';
import type { AccountAccess, Batch, Replay, Rules } from '../../src/batch/types.js';
import { StateUnavailableError } from '../../src/errors/state.js';
import { TrieError } from '../../src/errors/trie.js';
import { replayBatch } from '../../src/execution/replay.js';
import type { Mode } from '../../src/proof/types.js';
import { FlatState } from '../../src/state/flat-state.js';
import type { AppliedBatch, StateView } from '../../src/state/view.js';
import type { BatchRequest } from '../../src/trace/request.js';
import type { TrieNode } from '../../src/trie/node.js';
import { type GenesisAccount, StateTrie } from '../../src/trie/state.js';
import { LevelTrieStore } from '../../src/trie/store.js';

/** Changes what a node believes a batch did. Only for agents that are told to cheat. */
export type Tamper = (applied: AppliedBatch, before: StateView) => Promise<AppliedBatch>;

/** What a node is made of. */
export interface NodeOptions {
  /** Folder of its two stores, `state` and `trie`. */
  readonly path: string;
  readonly rules: Rules;
  /** Fills new stores; without it they must be filled. */
  readonly genesis?: GenesisState;
  readonly tamper?: Tamper;
}

/** What f says about one batch on this node's own state before it. */
export interface TruthOfBatch {
  readonly request: BatchRequest;
  /** h(diff) or the post root by f itself, whatever the node claims. */
  readonly value: bigint;
}

/**
 * One participant's L2: flat state with its batches, and state tries for checkpoints only. Executing a batch touches no trie;
 * a root is computed when somebody asks for it, and noted under its batch's hash, so that an L1 reorg cannot mix roots up.
 */
export class L2Node {
  readonly rules: Rules;
  readonly state: FlatState;
  readonly #trie: StateTrie;
  readonly #db: Level<string, string>;
  readonly #tamper: Tamper | undefined;
  /** Root computations run one after another: each extends the last. */
  #rooting: Promise<unknown> = Promise.resolve();

  private constructor({ rules, tamper }: NodeOptions, state: FlatState, db: Level<string, string>) {
    this.rules = rules;
    this.state = state;
    this.#db = db;
    this.#trie = new StateTrie(new LevelTrieStore(db));
    this.#tamper = tamper;
  }

  /**
   * Opens the stores, and fills them with the genesis when they are new.
   * @throws StateUnavailableError `STATE_LOCKED` when another process holds them; StateError, BatchError (genesis)
   */
  static async open(options: NodeOptions): Promise<L2Node> {
    const { genesis } = options;
    const state = await FlatState.open(join(options.path, 'state'), genesis === undefined ? {} : { genesis });
    try {
      const db = new Level<string, string>(join(options.path, 'trie'));
      await db.open().catch((cause: unknown) => {
        const hint = 'Another process may be using it; stop that one first.';
        throw new StateUnavailableError('STATE_LOCKED', `The trie store in ${options.path} does not open.`, {
          hint,
          cause,
        });
      });
      return new L2Node(options, state, db);
    } catch (error) {
      await state.close();
      throw error;
    }
  }

  /** Number of the newest batch. */
  get head(): bigint {
    return this.state.head;
  }

  /** Executes the next batch and stores what it did, as this node sees it. */
  async apply(batch: Batch): Promise<AppliedBatch> {
    const view = this.state.view();
    const honest = await replayBatch(view, batch, this.rules, this.#ancestors);
    const applied = this.#tamper === undefined ? honest : await this.#tamper(honest, view);
    await this.state.applyBatch(applied);
    return applied;
  }

  /** This node's own value for a claim: h(diff) of a batch, or the state root after it. */
  async value(kind: Mode, number: bigint): Promise<bigint> {
    return kind === 'root' ? this.rootAfter(number) : BigInt((await this.state.batch(number)).diffHash);
  }

  /** The state root after a batch (0: genesis), from the nearest root that is known. */
  rootAfter(number: bigint): Promise<bigint> {
    const run = this.#rooting.then(() => this.#rootAfter(number));
    this.#rooting = run.catch(() => undefined);
    return run;
  }

  /** What a prover needs for batch `number` on the state that this node has before it, and what will come out. */
  async truth(number: bigint, mode: Mode): Promise<TruthOfBatch> {
    const { batch } = await this.state.batch(number);
    const before = await this.state.asOf(number - 1n);
    const preRoot = await this.rootAfter(number - 1n);
    const { replay, diffHash } = await replayBatch(before, batch, this.rules, this.#ancestors);
    const request = await cutOut(this.#trie, { rules: this.rules, batch, mode, preRoot }, replay);
    const value = mode === 'diff' ? BigInt(diffHash) : await this.#trie.applyChanges(preRoot, replay.accessList);
    return { request, value };
  }

  /** Accounts and slots that batch n changed, before and after, as this node sees it: from the flat state's change sets. */
  async changesOf(number: bigint): Promise<AccountAccess[]> {
    const [before, after] = [await this.state.asOf(number - 1n), await this.state.asOf(number)];
    const { accounts, slots } = await this.state.changedKeys(number);
    const keys = new Map<Address, Hex[]>(accounts.map((address) => [address, []]));
    for (const { address, key } of slots) keys.set(address, [...(keys.get(address) ?? []), key]);
    return Promise.all(
      [...keys].map(async ([address, owned]) => ({
        address,
        pre: await before.account(address),
        post: await after.account(address),
        slots: await Promise.all(
          owned.map(async (key) => ({
            key,
            pre: await before.slot(address, key),
            post: await after.slot(address, key),
          })),
        ),
      })),
    );
  }

  /** Waits for what is being computed and lets other processes have the stores. */
  async close(): Promise<void> {
    await this.#rooting;
    await this.state.close();
    await this.#db.close();
  }

  readonly #ancestors = (number: bigint): Promise<Hex> => this.state.batchHash(number);

  async #rootAfter(number: bigint): Promise<bigint> {
    let known = number;
    let root = await this.#knownRoot(known);
    while (root === undefined && known > 0n) root = await this.#knownRoot(--known);
    root ??= await this.#genesisRoot();
    for (let n = known + 1n; n <= number; n++) {
      const accesses = await this.changesOf(n);
      root = await this.#trie.applyChanges(root, accesses, undefined, BigInt(await this.state.batchHash(n)));
    }
    return root;
  }

  async #knownRoot(number: bigint): Promise<bigint | undefined> {
    const name = BigInt(await this.state.batchHash(number));
    return this.#trie.rootOf(name).catch((error: unknown) => {
      if (error instanceof TrieError && error.code === 'TRIE_ROOT_MISSING') return undefined;
      throw error;
    });
  }

  async #genesisRoot(): Promise<bigint> {
    const view = await this.state.asOf(0n);
    return this.#trie.genesis(stateAccounts(view), 0n);
  }
}

/** Every account of a flat state with its storage, as the first trie needs them. */
export async function* stateAccounts(view: StateView): AsyncGenerator<GenesisAccount> {
  const storage = new Map<Address, [Hex, bigint][]>();
  for await (const { address, key, value } of view.slots()) {
    const slots = storage.get(address) ?? [];
    storage.set(address, slots);
    slots.push([key, value]);
  }
  for await (const [address, account] of view.accounts()) {
    yield { address, account, storage: storage.get(address) ?? [] };
  }
}

/** Cuts the accounts, slots, codes and trie nodes that a batch touches out of a state trie. */
export async function cutOut(
  trie: StateTrie,
  what: Pick<BatchRequest, 'rules' | 'batch' | 'mode' | 'preRoot'>,
  { accessList, codes }: Pick<Replay, 'accessList' | 'codes'>,
): Promise<BatchRequest> {
  const nodes: ReadonlyMap<bigint, TrieNode> = await trie.nodesAround([what.preRoot], accessList);
  const accounts = new Map(accessList.map(({ address, pre }) => [address, pre]));
  const slots = new Map<Address, Map<Hex, bigint>>();
  for (const { address, slots: touched = [] } of accessList) {
    const present = touched.filter(({ pre }) => pre !== 0n);
    if (present.length > 0) slots.set(address, new Map(present.map(({ key, pre }) => [key, pre])));
  }
  return { ...what, accounts, slots, codes, nodes };
}
