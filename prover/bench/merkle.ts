import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Hex } from 'viem';
import { sealAnnouncement } from '../../src/batch/announcement.js';
import { word } from '../../src/batch/bytes.js';
import { batchHash } from '../../src/batch/header.js';
import type { Rules } from '../../src/batch/types.js';
import { changesAfter } from '../node/changes.js';
import type { L2Node, MerkleOptions } from '../node/node.js';
import { nameOf } from '../node/stored-name.js';
import { median } from './median.js';
import { ANNOUNCER, MerkleBench, type RootEvents } from './merkle-bench.js';
import { FIXTURES, type Fixture } from './merkle-fixtures.js';

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
  /** The median of what `measured` takes, from a mark that it may set anew; the first run warms up. */
  const timed = (
    merkle: MerkleOptions,
    measured: (node: L2Node, events: RootEvents, mark: () => void) => Promise<void>,
  ) =>
    bench.with(merkle, async (node, events) => {
      const samples: number[] = [];
      for (let run = 0; run <= runs; run++) {
        let start = performance.now();
        await measured(node, events, () => {
          start = performance.now();
        });
        if (run > 0) samples.push(performance.now() - start);
        await bench.reset(node);
      }
      return median(samples);
    });
  const toRoot = (merkle: MerkleOptions, announcement?: Hex) =>
    timed(merkle, async (node, events) => {
      const stored = events.stored(1n);
      await node.apply(prepared.batch, announcement);
      await stored;
    });
  const execMs = await timed({ mode: 'off' }, async (node) => void (await node.apply(prepared.batch)));
  const merkleMs = await timed({ mode: 'off' }, async (node, _events, mark) => {
    await node.apply(prepared.batch);
    mark();
    await node.roots.at(1n, async () => undefined);
  });
  const afterMs = await toRoot({ mode: 'after', workers: 0 });
  const optimisticMs = await toRoot({ mode: 'optimistic', workers: 2 }, prepared.announcement);
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
  tell(`a chain of ${batches} blocks`);
  const chain = await bench.with({ mode: 'off' }, (node) => bench.extend(node, batches, 100));
  const timed = (workers: number, ends: (head: bigint) => bigint[]) =>
    bench.with({ mode: 'off', workers, checkpointEvery: BigInt(batches) }, async (node) => {
      for (const batch of chain) await node.apply(batch);
      let hashes = 0;
      const start = performance.now();
      await node.roots.at(0n, async (base, _root, merkleiser) => {
        let [from, number] = [base, 0n];
        for (const end of ends(node.head)) {
          const { diff, hash } = await changesAfter(node.state, node.state.view(), number, end);
          const made = await merkleiser.prepare(from, diff);
          hashes += made.hashes;
          const name = nameOf(end, hash);
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
  /** The longest time that the event loop was blocked between these two. */
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
  const chain = await bench.with({ mode: 'off' }, (node) => bench.extend(node, batches, 10));
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
