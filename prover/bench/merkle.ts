import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Hex } from 'viem';
import { sealAnnouncement } from '../../src/batch/announcement.js';
import { word } from '../../src/batch/bytes.js';
import { batchHash } from '../../src/batch/header.js';
import type { Batch, Rules } from '../../src/batch/types.js';
import { changesAfter } from '../node/changes.js';
import type { L2Node, MerkleOptions } from '../node/node.js';
import { nameOf } from '../node/stored-name.js';
import { median } from './median.js';
import { ANNOUNCER, MerkleBench } from './merkle-bench.js';
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
  /** The longest time without a turn of the event loop of the thread that executes, with announcements, and two threads more or none. */
  readonly blockedMs: { readonly threads: number; readonly inline: number };
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

/** What a node is measured on: a block and its announcement. */
interface Prepared {
  readonly batch: Batch;
  readonly announcement: Hex;
}

/** Rounds before those that count: threads that have just begun run slower code. */
const WARM_UP = 8;

/** Nodes that are open beside each other take turns, so that a machine that is slower for a while is so for all of them. */
async function measureFixture(
  bench: MerkleBench,
  fixture: Fixture,
  accounts: number,
  runs: number,
): Promise<MerkleCost> {
  const prepared = await bench.with({ mode: 'off' }, (node) => prepare(bench, fixture, node));
  const costs = await bench.with({ mode: 'off' }, (plain) =>
    onCopy(bench, { mode: 'after', workers: 0 }, (after) =>
      onCopy(bench, { mode: 'optimistic', workers: 2 }, (threads) =>
        onCopy(bench, { mode: 'optimistic', workers: 0 }, async (inline) => {
          const rounds: Round[] = [];
          for (let round = -WARM_UP; round < runs; round++) {
            const plainly = await timed(plain, prepared, bench);
            const [one, two, three] = [await after(prepared), await threads(prepared), await inline(prepared)];
            if (round >= 0) rounds.push({ ...plainly, after: one, threads: two, inline: three });
          }
          return rounds;
        }),
      ),
    ),
  );
  const mid = (of: (round: Round) => number) => median(costs.map(of));
  const [afterMs, optimisticMs] = [mid(({ after }) => after.ms), mid(({ threads }) => threads.ms)];
  const blocked = (of: (round: Round) => Stored) => Math.max(...costs.map((round) => of(round).blockedMs));
  return {
    accounts,
    execMs: mid(({ execMs }) => execMs),
    merkleMs: mid(({ merkleMs }) => merkleMs),
    afterMs,
    optimisticMs,
    ratio: afterMs / optimisticMs,
    blockedMs: { threads: blocked(({ threads }) => threads), inline: blocked(({ inline }) => inline) },
  };
}

/** A block from its arrival to its root in the store, and the longest time without a turn of the event loop. */
interface Stored {
  readonly ms: number;
  readonly blockedMs: number;
}

interface Round {
  readonly execMs: number;
  readonly merkleMs: number;
  readonly after: Stored;
  readonly threads: Stored;
  readonly inline: Stored;
}

async function prepare(bench: MerkleBench, fixture: Fixture, node: L2Node): Promise<Prepared> {
  const batch = await bench.batch(node, await bench.transactions(fixture, node));
  const { replay } = await node.apply(batch);
  const refused = replay.outcomes.filter((one) => one.kind !== 'executed' || (one.run ?? { end: 'ok' }).end !== 'ok');
  if (refused.length > 0) throw new RangeError(`${refused.length} transactions of ${fixture} are not executed.`);
  const list = { batchHash: batchHash(batch.header), list: replay.blockAccessList };
  return { batch, announcement: await sealAnnouncement(list, ANNOUNCER) };
}

/** Opens a node on a copy, which stores a block and its root as often as it is asked to, and takes it back. */
function onCopy<T>(
  bench: MerkleBench,
  merkle: MerkleOptions,
  work: (store: (prepared: Prepared) => Promise<Stored>) => Promise<T>,
): Promise<T> {
  return bench.copied((copy) =>
    copy.with(merkle, (node, events) =>
      work(async ({ batch, announcement }) => {
        const delay = monitorEventLoopDelay({ resolution: 1 });
        delay.enable();
        const start = performance.now();
        const stored = events.stored(1n);
        await node.apply(batch, merkle.mode === 'optimistic' ? announcement : undefined);
        await stored;
        const ms = performance.now() - start;
        delay.disable();
        await copy.reset(node);
        return { ms, blockedMs: delay.max / 1e6 };
      }),
    ),
  );
}

/** Execution alone, then merkleisation alone. */
async function timed(
  node: L2Node,
  { batch }: Prepared,
  bench: MerkleBench,
): Promise<Pick<Round, 'execMs' | 'merkleMs'>> {
  const start = performance.now();
  await node.apply(batch);
  const executed = performance.now();
  await node.roots.at(1n, async () => undefined);
  const merkleMs = performance.now() - executed;
  await bench.reset(node);
  return { execMs: executed - start, merkleMs };
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
