import { afterAll, beforeAll, expect, it } from 'vitest';
import type { L2Node } from '../../prover/node/node.js';
import { MERKLE_MODES } from '../../prover/node/root-options.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { type Announced, RootWorld } from '../helpers/root-world.js';

const seed = testSeed();
const STEPS = 40;
const COMMON = 3;
let world: RootWorld;
/** Two chains of 6 batches with 3 in common, and their roots. */
const chains: Announced[][] = [];
const roots: bigint[][] = [];

beforeAll(async () => {
  world = new RootWorld('life');
  const source = await world.node('source', { mode: 'off' });
  for (const fork of [0n, 1n]) {
    await source.state.revertTo(fork === 0n ? 0n : BigInt(COMMON));
    const made = await world.batches(source, 6 - Number(source.head), fork);
    chains.push([...(chains[0] ?? []).slice(0, 6 - made.length), ...made]);
    roots.push([]);
    for (let n = 0n; n <= 6n; n++) roots.at(-1)!.push(await world.oracle(source, n));
  }
}, 60_000);
afterAll(() => world.close());

it.each([0, 1, 2])('whatever happens to a node with %i workers, in any order, its roots are right', async (workers) => {
  console.log(`life of a node: DELTAPROOF_SEED=${seed}`);
  const random = randomOf(seed, `${workers} workers`);
  const open = (): Promise<L2Node> => {
    const mode = random.pick(MERKLE_MODES);
    return world.node(`life ${workers}`, { mode, workers, checkpointEvery: BigInt(1 + random.int(4)) });
  };
  let node = await open();
  let chain = 0;
  const done: string[] = [];
  const asked: Promise<void>[] = [];
  world.events.length = 0;
  const ask = (number: number): Promise<void> => {
    const truths = roots.map((of) => of[number]);
    const right = (root: bigint) => expect(truths, `${done.join(', ')}: root ${number}`).toContain(root);
    return node.rootAfter(BigInt(number)).then(right, (error: unknown) => {
      expect(error).toMatchObject({ code: expect.stringMatching(/^STATE_(REVERTED|UNKNOWN_BATCH)$/) });
    });
  };
  for (let step = 0; step < STEPS; step++) {
    const head = Number(node.head);
    const what = random.int(10);
    if (what < 5 && head < 6) {
      const { batch, announcement } = chains[chain]![head]!;
      const lie = random.pick([announcement, chains[1 - chain]![head]!.announcement, undefined]);
      await node.apply(batch, lie);
      done.push(`apply ${chain}:${head + 1}`);
    } else if (what < 7) {
      const to = random.int(head + 1);
      await node.state.revertTo(BigInt(to));
      done.push(`revert ${to}`);
      if (to <= COMMON) chain = random.int(2);
    } else if (what < 9) {
      const number = random.int(head + 1);
      asked.push(ask(number));
      done.push(`ask ${number}`);
    } else {
      await Promise.all(asked.splice(0));
      await node.close();
      node = await open();
      done.push(`open as ${node.roots.mode}`);
    }
  }
  await Promise.all(asked);
  await node.roots.settled();
  for (let number = 0; number <= node.head; number++) {
    expect(await node.rootAfter(BigInt(number)), `${done.join(', ')}: root ${number}`).toBe(roots[chain]![number]);
  }
  expect(world.told('rootFailed')).toEqual([]);
});
