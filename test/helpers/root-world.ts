import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { L2Node, type MerkleOptions, type NodeEvent } from '../../prover/node/node.js';
import { stateAccounts } from '../../prover/node/state-accounts.js';
import type { BlockAccessList } from '../../src/batch/access-list.js';
import { sealAnnouncement } from '../../src/batch/announcement.js';
import { batchHash, sealBatch } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Batch } from '../../src/batch/types.js';
import { addressOf, sampleEnvironment, sampleGenesis } from '../../src/samples/accounts.js';
import { sampleBatch } from '../../src/samples/batch.js';
import { withContracts } from '../../src/samples/contracts.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';

/** Who signs announcements in these worlds. */
export const ANNOUNCER = privateKeyToAccount(`0x${'a1'.repeat(32)}`);

/** A batch and its announcement, sealed by {@link ANNOUNCER}. */
export interface Announced {
  readonly batch: Batch;
  readonly announcement: Hex;
}

/** A chain of announced batches, and nodes that follow it. */
export class RootWorld {
  readonly path = mkdtempSync(join(tmpdir(), 'deltaproof-roots-'));
  readonly genesis;
  readonly events: NodeEvent[] = [];
  /** What the batches that were made really changed, by number. */
  readonly lists = new Map<bigint, BlockAccessList>();
  readonly #nodes: L2Node[] = [];

  constructor(seed: string, accounts = 60) {
    this.genesis = withContracts(sampleGenesis(seed, accounts));
  }

  /** A node on the folder `name`, as it is there. */
  async node(name: string, merkle: MerkleOptions = {}): Promise<L2Node> {
    const node = await L2Node.open({
      path: join(this.path, name),
      rules: RULES_V2,
      genesis: this.genesis.state,
      announcer: ANNOUNCER.address.toLowerCase() as Hex,
      merkle,
      tell: (event) => this.events.push(event),
    });
    this.#nodes.push(node);
    return node;
  }

  /** So many next batches of a node, which applies them. Another `fork`: other batches of the same numbers. */
  async batches(node: L2Node, count: number, fork = 0n): Promise<Announced[]> {
    const made: Announced[] = [];
    for (let i = 0; i < count; i++) {
      const number = node.head + 1n;
      const environment = sampleEnvironment(this.genesis, number, await node.state.batchHash(node.head), node.rules);
      const txs = await sampleBatch({
        genesis: this.genesis,
        state: node.state.view(),
        number: number + 1_000n * fork,
        feeRecipient: addressOf('fees'),
        rules: node.rules,
        transfers: 6,
        calls: 8,
      });
      const batch = sealBatch({ ...environment, timestamp: environment.timestamp + fork }, txs);
      const { replay } = await node.apply(batch);
      this.lists.set(number, replay.blockAccessList);
      const announcement = await sealAnnouncement(
        { batchHash: batchHash(batch.header), list: replay.blockAccessList },
        ANNOUNCER,
      );
      made.push({ batch, announcement });
    }
    return made;
  }

  /** The root after a batch, of a trie built anew from the whole flat state. */
  async oracle(node: L2Node, number: bigint): Promise<bigint> {
    return new StateTrie(new MemoryTrieStore()).genesis(stateAccounts(await node.state.asOf(number)));
  }

  /** Events of one kind, in order. */
  told<T extends NodeEvent['type']>(type: T): Extract<NodeEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<NodeEvent, { type: T }> => event.type === type);
  }

  async close(): Promise<void> {
    for (const node of this.#nodes) await node.close();
    rmSync(this.path, { recursive: true, force: true });
  }
}
