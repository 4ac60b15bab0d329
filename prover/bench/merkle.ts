import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { Token } from '../../contracts/generated/l2.js';
import { sealAnnouncement } from '../../src/batch/announcement.js';
import { word } from '../../src/batch/bytes.js';
import { compareHex, type DiffItem } from '../../src/batch/diff.js';
import { batchHash, sealBatch } from '../../src/batch/header.js';
import { privateKeyOf } from '../../src/batch/sign.js';
import type { Batch, Rules } from '../../src/batch/types.js';
import { sampleEnvironment } from '../../src/samples/accounts.js';
import { mappingSlot } from '../../src/samples/contracts.js';
import { SeededRandom } from '../../src/samples/random.js';
import { changesAfter } from '../node/changes.js';
import { L2Node, type MerkleOptions, type NodeEvent } from '../node/node.js';
import { median } from './median.js';
import {
  chainBlock,
  FIXTURES,
  type Fixture,
  type MerkleGenesis,
  merkleGenesis,
  transactionsOf,
} from './merkle-fixtures.js';
import { preparedFolder } from './prepared.js';

/** One block on one node, from its arrival to its root in the store. Milliseconds, medians. */
export interface MerkleCost {
  readonly accounts: number;
  /** Executing the block and storing what it changed, no root. */
  readonly execMs: number;
  /** Merkleising it, on one thread. */
  readonly merkleMs: number;
  /** One after the other, on one thread. */
  readonly afterMs: number;
  /** Beside each other, from the announced list, with two threads more. */
  readonly optimisticMs: number;
  /** afterMs / optimisticMs. */
  readonly ratio: number;
}

/** Hundred blocks behind: merged, on two threads, against one by one, on one. */
export interface CatchUpCost {
  readonly accounts: number;
  readonly batches: number;
  readonly oneByOneMs: number;
  readonly mergedMs: number;
  /** oneByOneMs / mergedMs. */
  readonly ratio: number;
  /** Hashes of one by one / hashes of merged. */
  readonly fewerHashes: number;
}

const ANNOUNCER = privateKeyToAccount(privateKeyOf('merkle announcer', 0));

/** What roots are measured on: a node in a prepared folder, whose state is the genesis, before and after. */
class MerkleBench {
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
    const path = await preparedFolder(`merkle-${accounts}`, async (folder) => {
      const node = await L2Node.open({ path: folder, rules, genesis: genesis.state, merkle: { mode: 'off' } });
      await node.rootAfter(0n);
      await node.close();
    });
    return new MerkleBench(genesis, rules, path);
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
    return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
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

  chain(node: L2Node, transfers = 100): Promise<Hex[]> {
    return chainBlock(this.#genesis, node.state.view(), this.#rules, node.head + 1n, transfers);
  }
}

/** Hears when a root is stored. */
class RootEvents {
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

/** All fixtures on a genesis of so many accounts, `runs` times each, the ways in turn. */
export async function measureMerkle(
  accounts: number,
  runs: number,
  rules: Rules,
  tell: (text: string) => void,
): Promise<Record<Fixture, MerkleCost>> {
  tell(`a state of ${accounts} accounts, built once and kept in the cache`);
  const bench = await MerkleBench.on(accounts, rules);
  const costs: Partial<Record<Fixture, MerkleCost>> = {};
  for (const fixture of FIXTURES) {
    tell(`merkleise ${fixture}`);
    costs[fixture] = await measureFixture(bench, fixture, accounts, runs);
  }
  return costs as Record<Fixture, MerkleCost>;
}

async function measureFixture(
  bench: MerkleBench,
  fixture: Fixture,
  accounts: number,
  runs: number,
): Promise<MerkleCost> {
  const prepared = await bench.with({ mode: 'off' }, async (node) => {
    const batch = await bench.batch(node, await bench.transactions(fixture, node));
    const { replay } = await node.apply(batch);
    const refused = replay.outcomes.filter((one) => one.kind !== 'executed' || (one.run ?? { end: 'ok' }).end !== 'ok');
    if (refused.length > 0) throw new RangeError(`${refused.length} transactions of ${fixture} are not executed.`);
    const list = { batchHash: batchHash(batch.header), list: replay.blockAccessList };
    return { batch, announcement: await sealAnnouncement(list, ANNOUNCER) };
  });
  const once = (merkle: MerkleOptions, announced: boolean, wantsRoot: boolean) =>
    bench.with(merkle, async (node, events) => {
      const samples: number[] = [];
      for (let run = 0; run <= runs; run++) {
        const start = performance.now();
        const stored = wantsRoot ? events.stored(1n) : undefined;
        await node.apply(prepared.batch, announced ? prepared.announcement : undefined);
        await stored;
        if (run > 0) samples.push(performance.now() - start); // the first one warms up
        await bench.reset(node);
      }
      return median(samples);
    });
  const execMs = await once({ mode: 'off' }, false, false);
  const merkleMs = await bench.with({ mode: 'off' }, async (node) => {
    const samples: number[] = [];
    for (let run = 0; run <= runs; run++) {
      await node.apply(prepared.batch);
      const start = performance.now();
      await node.roots.at(1n, async () => undefined);
      if (run > 0) samples.push(performance.now() - start);
      await bench.reset(node);
    }
    return median(samples);
  });
  const afterMs = await once({ mode: 'after', workers: 0 }, false, true);
  const optimisticMs = await once({ mode: 'optimistic', workers: 2 }, true, true);
  return { accounts, execMs, merkleMs, afterMs, optimisticMs, ratio: afterMs / optimisticMs };
}

/** Roots of blocks that are executed already. */
export async function measureCatchUp(
  accounts: number,
  batches: number,
  rules: Rules,
  tell: (text: string) => void,
): Promise<CatchUpCost> {
  const bench = await MerkleBench.on(accounts, rules);
  const chain: Batch[] = [];
  tell(`a chain of ${batches} blocks`);
  const executed = async (node: L2Node) => {
    for (const batch of chain) await node.apply(batch);
    for (let n = chain.length; n < batches; n++) {
      const batch = await bench.batch(node, await bench.chain(node));
      await node.apply(batch);
      chain.push(batch);
    }
  };
  const timed = (workers: number, ends: (head: bigint) => bigint[]) =>
    bench.with({ mode: 'off', workers, checkpointEvery: BigInt(batches) }, async (node) => {
      await executed(node);
      let hashes = 0;
      const start = performance.now();
      await node.roots.at(0n, async (base, _root, merkleiser) => {
        let [from, number] = [base, 0n];
        for (const end of ends(node.head)) {
          const { diff } = await changesAfter(node.state, node.state.view(), number, end);
          const made = await merkleiser.prepare(from, diff);
          hashes += made.hashes;
          const name = `0x${end.toString(16).padStart(16, '0')}${(await node.state.batchHash(end)).slice(2)}` as Hex;
          await merkleiser.commit(made.ticket, name);
          [from, number] = [name, end];
        }
      });
      return { ms: performance.now() - start, hashes };
    });
  tell('one by one');
  const single = await timed(0, (head) => Array.from({ length: Number(head) }, (_, i) => BigInt(i + 1)));
  tell('merged');
  const merged = await timed(2, (head) => [head]);
  return {
    accounts,
    batches,
    oneByOneMs: single.ms,
    mergedMs: merged.ms,
    ratio: single.ms / merged.ms,
    fewerHashes: single.hashes / merged.hashes,
  };
}

/** Checkpoints that {@link measureDisk} keeps. */
const KEPT = 10;

/** MiB that the store of nodes grows by in 1,000 batches of 100 token transfers, of which `batches` are made. Nothing is executed. */
export async function measureDisk(
  accounts: number,
  batches: number,
  rules: Rules,
  tell: (text: string) => void,
): Promise<number> {
  const bench = await MerkleBench.on(accounts, rules);
  tell(`disk of ${batches} batches`);
  return bench.with({ mode: 'off', workers: 2 }, async (node) =>
    node.roots.at(0n, async (base, _root, merkleiser) => {
      const before = bench.storeBytes();
      let from = base;
      for (let n = 1; n <= batches; n++) {
        const { ticket } = await merkleiser.prepare(from, bench.transferDiff(n));
        const name = word(BigInt(n));
        await merkleiser.commit(ticket, name, n % 100 !== 1);
        await merkleiser.prune(KEPT);
        from = name;
      }
      const grown = bench.storeBytes() - before;
      await merkleiser.rollback((await merkleiser.names())[0]!);
      return (grown / 2 ** 20) * (1_000 / batches);
    }),
  );
}

/** How far a challenger is from its challenge when it has executed a backlog. */
export interface BacklogCost {
  readonly batches: number;
  readonly executeMs: number;
  /** From then to the roots that a challenge of the last batch needs: before and after it. */
  readonly rootsMs: number;
  /** The longest time that the event loop was blocked in all of it. */
  readonly blockedMs: number;
}

/** A node that executes `batches` of 10 token transfers, the roots made behind it on two threads. */
export async function measureBacklog(
  accounts: number,
  batches: number,
  rules: Rules,
  tell: (text: string) => void,
): Promise<BacklogCost> {
  const bench = await MerkleBench.on(accounts, rules);
  tell(`a backlog of ${batches} batches`);
  const chain = await bench.with({ mode: 'off' }, async (node) => {
    const made: Batch[] = [];
    for (let n = 0; n < batches; n++) {
      const batch = await bench.batch(node, await bench.chain(node, 10));
      await node.apply(batch);
      made.push(batch);
    }
    return made;
  });
  return bench.with({ mode: 'after', workers: 2 }, async (node) => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const start = performance.now();
    for (const batch of chain) await node.apply(batch);
    const executed = performance.now();
    delay.enable();
    await node.rootAfter(node.head);
    await node.rootAfter(node.head - 1n);
    delay.disable();
    return {
      batches,
      executeMs: executed - start,
      rootsMs: performance.now() - executed,
      blockedMs: delay.max / 1e6,
    };
  });
}
