import { readdirSync, statSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { Token } from '../../contracts/generated/l2.js';
import { word } from '../../src/batch/bytes.js';
import { compareHex, type DiffItem } from '../../src/batch/diff.js';
import { sealBatch } from '../../src/batch/header.js';
import { privateKeyOf } from '../../src/batch/sign.js';
import type { Batch, Rules } from '../../src/batch/types.js';
import { sampleEnvironment } from '../../src/samples/accounts.js';
import { mappingSlot } from '../../src/samples/contracts.js';
import { SeededRandom } from '../../src/samples/random.js';
import { L2Node, type MerkleOptions, type NodeEvent } from '../node/node.js';
import { chainBlock, type Fixture, type MerkleGenesis, merkleGenesis, transactionsOf } from './merkle-fixtures.js';
import { preparedFolder } from './prepared.js';

/** Who signs the announcements. */
export const ANNOUNCER = privateKeyToAccount(privateKeyOf('merkle announcer', 0));

/** What roots are measured on: a node in a prepared folder, whose state is the genesis, before and after. */
export class MerkleBench {
  readonly #genesis: MerkleGenesis;
  readonly #rules: Rules;
  readonly #path: string;

  private constructor(genesis: MerkleGenesis, rules: Rules, path: string) {
    this.#genesis = genesis;
    this.#rules = rules;
    this.#path = path;
  }

  /** The folder is made at the first time: state and trie of so many accounts. */
  static async on(accounts: number, rules: Rules): Promise<MerkleBench> {
    const genesis = merkleGenesis(accounts);
    const path = await preparedFolder(`merkle2-${accounts}`, async (folder) => {
      const node = await L2Node.open({ path: folder, rules, genesis: genesis.state, merkle: { mode: 'off' } });
      await node.rootAfter(0n);
      await node.close();
    });
    return new MerkleBench(genesis, rules, path);
  }

  /** Work on a copy of the folder, which is removed behind it: nodes on both can be open at once. */
  async copied<T>(work: (copy: MerkleBench) => Promise<T>): Promise<T> {
    const path = await mkdtemp(join(tmpdir(), 'deltaproof-bench-'));
    try {
      await cp(this.#path, path, { recursive: true });
      return await work(new MerkleBench(this.#genesis, this.#rules, path));
    } finally {
      await rm(path, { recursive: true, force: true });
    }
  }

  /** Opens a node with these options, and puts everything back behind `work`. */
  async with<T>(merkle: MerkleOptions, work: (node: L2Node, events: RootEvents) => Promise<T>): Promise<T> {
    const events = new RootEvents();
    const announcer = ANNOUNCER.address.toLowerCase() as Hex;
    const node = await L2Node.open({
      path: this.#path,
      rules: this.#rules,
      announcer,
      merkle,
      tell: (event) => events.tell(event),
    });
    try {
      await this.reset(node);
      return await work(node, events);
    } finally {
      await this.reset(node);
      await node.close();
    }
  }

  /** Takes all batches back, out of the trie too. */
  async reset(node: L2Node): Promise<void> {
    await node.roots.settled();
    if (node.head > 0n) await node.state.revertTo(0n);
    await node.roots.at(0n, async () => undefined);
  }

  /** The next batch of a node. */
  async batch(node: L2Node, txs: readonly Hex[]): Promise<Batch> {
    const parent = await node.state.batchHash(node.head);
    return sealBatch(sampleEnvironment(this.#genesis, node.head + 1n, parent, this.#rules), txs);
  }

  transactions(fixture: Fixture, node: L2Node): Promise<Hex[]> {
    return transactionsOf(fixture, this.#genesis, node.state.view(), this.#rules);
  }

  /** Bytes of the store of nodes. */
  storeBytes(): number {
    const folder = join(this.#path, 'trie');
    // Level removes what it has merged meanwhile.
    const sizeOf = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
    return readdirSync(folder).reduce((sum, name) => sum + sizeOf(name), 0);
  }

  /** What 100 token transfers between accounts drawn at random change: fees of the senders, balances of both. */
  transferDiff(number: number): DiffItem[] {
    const { signers, state, token } = this.#genesis;
    const random = new SeededRandom(`merkle disk ${number}`);
    const parties = Array.from({ length: 200 }, () => signers[random.below(signers.length)]!.address);
    const slots = new Map(
      parties.map((address) => [mappingSlot(word(BigInt(address)), Token.slots._balances), BigInt(number)]),
    );
    const senders = new Set(parties.slice(0, 100));
    const items: DiffItem[] = [...senders].map((address) => {
      const { nonce, balance } = state.get(address)!;
      return { address, nonce: nonce + BigInt(number), balance: balance - BigInt(number), slots: [] };
    });
    items.push({
      address: token,
      slots: Array.from(slots, ([key, value]) => ({ key, value })).sort((a, b) => compareHex(a.key, b.key)),
    });
    return items.sort((a, b) => compareHex(a.address, b.address));
  }

  /** Executes so many batches more of a longer chain, of so many token transfers each. */
  async extend(node: L2Node, batches: number, transfers: number): Promise<Batch[]> {
    const made: Batch[] = [];
    for (let n = 0; n < batches; n++) {
      const txs = await chainBlock(this.#genesis, node.state.view(), this.#rules, node.head + 1n, transfers);
      const batch = await this.batch(node, txs);
      await node.apply(batch);
      made.push(batch);
    }
    return made;
  }
}

/** Hears when a root is stored. */
export class RootEvents {
  #heard: (number: bigint) => void = () => undefined;
  #failed: (error: unknown) => void = () => undefined;

  tell(event: NodeEvent): void {
    if (event.type === 'root') this.#heard(event.number);
    else this.#failed(event.type === 'rootFailed' ? event.error : new Error(event.why));
  }

  stored(number: bigint): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#heard = (told) => told === number && resolve();
      this.#failed = reject;
    });
  }
}
