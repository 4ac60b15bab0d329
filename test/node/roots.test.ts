import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { L2Node } from '../../prover/node/node.js';
import { type Announced, RootWorld } from '../helpers/root-world.js';

const SEED = process.env.DELTAPROOF_SEED ?? 'roots';
let world: RootWorld;
let made: Announced[];
let source: L2Node;

beforeEach(async () => {
  world = new RootWorld(SEED);
  source = await world.node('source', { mode: 'off' });
  made = await world.batches(source, 7);
  world.events.length = 0;
}, 60_000);
afterEach(() => world.close());

async function expectAllRoots(node: L2Node): Promise<void> {
  for (let number = 0n; number <= node.head; number++) {
    expect(await node.rootAfter(number), `after batch ${number}`).toBe(await world.oracle(source, number));
  }
}

describe('the roots of a node', () => {
  it('are made when asked for, and only then, in mode off', async () => {
    await source.roots.settled();
    expect(world.events).toEqual([]);
    await expectAllRoots(source);
  });

  it.each([0, 1, 2])('follow execution by themselves with %i workers, merged where it was faster', async (workers) => {
    const node = await world.node('after', { mode: 'after', workers, checkpointEvery: 4n });
    for (const { batch } of made) await node.apply(batch);
    await node.roots.settled();
    const roots = world.told('root');
    expect(roots.map(({ ahead }) => ahead)).not.toContain(true);
    expect(roots.at(-1)).toMatchObject({ number: 7n, root: await world.oracle(source, 7n) });
    expect(roots.map(({ number }) => number)).toContain(4n); // the checkpoint
    expect(roots.reduce((sum, { merged }) => sum + merged, 0n)).toBe(7n);
    await expectAllRoots(node);
  });

  it.each([0, 2])('are made beside execution from what was announced, with %i workers', async (workers) => {
    const node = await world.node('ahead', { mode: 'optimistic', workers });
    await node.rootAfter(0n);
    for (const { batch, announcement } of made) {
      await node.apply(batch, announcement);
      await node.roots.settled();
    }
    expect(world.told('announcementDiffers')).toEqual([]);
    expect(world.told('root').map(({ number, ahead }) => [number, ahead])).toEqual(
      made.map(({ batch }) => [batch.header.number, true]),
    );
    await expectAllRoots(node);
  });

  it('are compared with those made batch by batch in mode shadow', async () => {
    const node = await world.node('shadow', { mode: 'shadow', workers: 2, checkpointEvery: 3n });
    await node.rootAfter(0n);
    for (const { batch, announcement } of made) await node.apply(batch, announcement);
    await node.roots.settled();
    expect(world.told('rootFailed')).toEqual([]);
    expect(world.told('root').at(-1)).toMatchObject({ number: 7n });
    await expectAllRoots(node);
  });

  it('begin again where they stood when the node is opened again', async () => {
    const node = await world.node('again', { mode: 'after', checkpointEvery: 2n });
    for (const { batch } of made.slice(0, 5)) await node.apply(batch);
    await node.roots.settled();
    await node.close();
    world.events.length = 0;
    const again = await world.node('again', { mode: 'after', checkpointEvery: 2n });
    for (const { batch } of made.slice(5)) await again.apply(batch);
    await again.roots.settled();
    expect(world.told('root').reduce((sum, { merged }) => sum + merged, 0n)).toBe(2n);
    await expectAllRoots(again);
  });

  it('of a backlog are made with its checkpoints, also when the first batch after opening is announced', async () => {
    const node = await world.node('backlog', { mode: 'off' });
    for (const { batch } of made.slice(0, 5)) await node.apply(batch);
    await node.close();
    const again = await world.node('backlog', { mode: 'optimistic', checkpointEvery: 2n });
    await again.apply(made[5]!.batch, made[5]!.announcement);
    await again.roots.settled();
    expect(world.told('root').map(({ number }) => number)).toEqual([2n, 4n, 6n]);
    await expectAllRoots(again);
  });

  it('follow a reorganisation, also one below the last checkpoint', async () => {
    const node = await world.node('fork', { mode: 'after', workers: 1, checkpointEvery: 2n });
    for (const { batch } of made) await node.apply(batch);
    await node.roots.settled();
    for (const common of [6n, 3n]) {
      await source.state.revertTo(common);
      const others = await world.batches(source, 3, common);
      await node.state.revertTo(common);
      // While the roots of the first of them are made, they are taken back once more.
      await node.apply(others[0]!.batch);
      await node.state.revertTo(common);
      for (const { batch } of others) await node.apply(batch);
      await node.roots.settled();
      await expectAllRoots(node);
    }
    expect(world.told('rootFailed')).toEqual([]);
  });

  it('are refused by name when the states before them are no longer kept', async () => {
    const node = await world.node('pruned', { mode: 'after', checkpointEvery: 1n, keep: 2 });
    for (const { batch } of made) await node.apply(batch);
    await node.roots.settled();
    await node.close();
    const again = await world.node('pruned', { mode: 'after', checkpointEvery: 1n, keep: 2 });
    await expect(again.rootAfter(2n)).rejects.toMatchObject({ code: 'TRIE_ROOT_MISSING' });
    expect(await again.rootAfter(7n)).toBe(await world.oracle(source, 7n));
  });

  it('leave a challenge nothing to wait for: the truth of any batch is at hand, in both modes', async () => {
    const node = await world.node('truth', { mode: 'after', checkpointEvery: 4n });
    for (const { batch } of made) await node.apply(batch);
    for (const number of [7n, 1n, 4n, 5n, 6n]) {
      const diff = await node.truth(number, 'diff');
      expect(diff.request.preRoot).toBe(await world.oracle(source, number - 1n));
      expect(diff.value).toBe(BigInt((await source.state.batch(number)).diffHash));
      const root = await node.truth(number, 'root');
      expect(root.value).toBe(await world.oracle(source, number));
    }
  });
});
