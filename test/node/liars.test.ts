import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { L2Node } from '../../prover/node/node.js';
import { batchHash } from '../../src/batch/header.js';
import { LIARS } from '../helpers/liars.js';
import { ANNOUNCER, type Announced, RootWorld } from '../helpers/root-world.js';

let world: RootWorld;
let source: L2Node;
let made: Announced[];
let node: L2Node;

beforeAll(async () => {
  world = new RootWorld('liars');
  source = await world.node('source', { mode: 'off' });
  made = await world.batches(source, 2);
  node = await world.node('follower', { mode: 'optimistic', workers: 0 });
}, 60_000);
afterAll(() => world.close());

describe('a sequencer that announces what is not so', () => {
  it.each(LIARS.map((liar) => [liar.name, liar] as const))('%s: the right root, and one event', async (_name, liar) => {
    if (node.head > 0n) await node.state.revertTo(0n);
    await node.rootAfter(0n);
    await node.roots.settled();
    world.events.length = 0;
    const { batch } = made[0]!;
    const list = world.lists.get(batch.header.number)!;
    await node.apply(batch, await liar.lie({ batchHash: batchHash(batch.header), list }, ANNOUNCER));
    await node.roots.settled();
    const differing = world.told('announcementDiffers');
    expect(differing).toHaveLength(1);
    expect(differing[0]).toMatchObject({ number: 1n, why: expect.stringMatching(/\w+/) });
    // What differs is said where there was a list to compare.
    expect(differing[0]!.differences.count > 0).toBe(liar.reason === 'differs');
    expect(world.told('rootFailed')).toEqual([]);
    const truth = await world.oracle(source, 1n);
    expect(world.told('root')).toMatchObject([{ number: 1n, root: truth, ahead: false }]);
    // Nothing of the lie is stored: the next batch stands on the truth.
    await node.apply(made[1]!.batch, made[1]!.announcement);
    await node.roots.settled();
    expect(world.told('root').at(-1)).toMatchObject({ number: 2n, root: await world.oracle(source, 2n), ahead: true });
  });
});
