import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { L2Node } from '../../prover/node/node.js';
import type { RootEvent, RootsOptions } from '../../prover/node/root-options.js';
import { Roots } from '../../prover/node/roots.js';
import { ZERO_WORD } from '../../src/batch/header.js';
import type { Batch } from '../../src/batch/types.js';
import { openMerkleiser } from '../../src/merkle/open.js';
import type { Merkleiser } from '../../src/merkle/types.js';
import { RootWorld } from '../helpers/root-world.js';

/** The last batch that both chains have. */
const COMMON = 3n;
let world: RootWorld;
/** A node on chain A, whose own roots nobody asks for. */
let node: L2Node;
/** Nodes that stay on chain A and on chain B. */
let a: L2Node;
let b: L2Node;
let chainA: Batch[];
let chainB: Batch[];
let merkleiser: Merkleiser;
let roots: Roots;
const events: RootEvent[] = [];

beforeEach(async () => {
  world = new RootWorld('reorganised');
  [node, a, b] = [
    await world.node('node', { mode: 'off' }),
    await world.node('a', { mode: 'off' }),
    await world.node('b', { mode: 'off' }),
  ];
  chainA = (await world.batches(a, 7)).map(({ batch }) => batch);
  for (const batch of chainA) await node.apply(batch);
  for (const batch of chainA.slice(0, Number(COMMON))) await b.apply(batch);
  chainB = (await world.batches(b, 4, 3n)).map(({ batch }) => batch);
  events.length = 0;
}, 60_000);
afterEach(async () => {
  await roots.close();
  await world.close();
});

async function open(options: RootsOptions): Promise<void> {
  merkleiser = await openMerkleiser(join(world.path, 'tries'), { workers: 0 });
  roots = new Roots(node.state, merkleiser, { ...options, tell: (event) => events.push(event) });
}

async function goTo(chain: readonly Batch[]): Promise<void> {
  await node.state.revertTo(COMMON);
  for (const batch of chain) await node.apply(batch);
}

/** Does something once, at the end of the first call of a method for which it is time. */
function once<T extends object>(
  on: T,
  method: keyof T & string,
  time: (arg: unknown) => boolean,
  what: () => Promise<void>,
) {
  const original = (on[method] as (...args: unknown[]) => Promise<unknown>).bind(on);
  let done = false;
  vi.spyOn(on as Record<string, () => unknown>, method).mockImplementation(async (...args: unknown[]) => {
    const result = await original(...args);
    if (!done && time(args[0])) {
      done = true;
      await what();
    }
    return result;
  });
}

async function expectRoots(truth: L2Node): Promise<void> {
  for (let number = 0n; number <= 7n; number++) {
    expect(await roots.rootAfter(number), `after batch ${number}`).toBe(await world.oracle(truth, number));
  }
}

describe('a reorganisation while a root is made', () => {
  it('of the tries: the root of one chain is never remembered as the other chain’s', async () => {
    await open({ mode: 'off' });
    once(
      merkleiser,
      'prepare',
      () => true,
      () => goTo(chainB),
    );
    await roots.rootAfter(7n).catch((error: unknown) => expect(error).toMatchObject({ code: 'STATE_REVERTED' }));
    await expectRoots(b);
    await goTo(chainA.slice(Number(COMMON)));
    await expectRoots(a);
  });

  it('of the changes: those of two chains are never mixed', async () => {
    await open({ mode: 'after' });
    once(
      node.state,
      'changes',
      (number) => number === 5n,
      () => goTo(chainB),
    );
    roots.follow();
    await roots.settled();
    expect(events).toMatchObject([{ type: 'root', number: 7n, root: await world.oracle(b, 7n) }]);
    await expectRoots(b);
  });

  it('to a shorter chain: that is no damage, and what is there is followed', async () => {
    await open({ mode: 'after' });
    once(
      node.state,
      'changes',
      (number) => number === 5n,
      () => goTo([]),
    );
    roots.follow();
    await roots.settled();
    expect(events).toMatchObject([{ type: 'root', number: COMMON, root: await world.oracle(b, COMMON) }]);
  });

  it('while an earlier one is followed: nothing is made from a state that it removed', async () => {
    await open({ mode: 'after', checkpointEvery: 1n });
    roots.follow();
    await roots.settled();
    events.length = 0;
    await node.state.revertTo(5n);
    once(
      merkleiser,
      'rollback',
      () => true,
      () => goTo(chainB),
    );
    await roots.rootAfter(5n).catch((error: unknown) => expect(error).toMatchObject({ code: 'STATE_REVERTED' }));
    roots.follow();
    await roots.settled();
    await expectRoots(b);
  });

  it('leaves nothing prepared behind, in mode shadow either', async () => {
    await open({ mode: 'shadow' });
    await roots.rootAfter(0n);
    const made = new Set<number>();
    const [prepare, commit, drop] = [
      vi.spyOn(merkleiser, 'prepare'),
      vi.spyOn(merkleiser, 'commit'),
      vi.spyOn(merkleiser, 'drop'),
    ];
    let reads = 0;
    once(
      node.state,
      'changes',
      (number) => number === 5n && ++reads === 2,
      () => goTo([]),
    );
    roots.follow();
    await roots.settled();
    for (const { type, value } of prepare.mock.settledResults) if (type === 'fulfilled') made.add(value.ticket);
    expect(made.size).toBeGreaterThan(8);
    for (const [ticket] of [...commit.mock.calls, ...drop.mock.calls]) made.delete(ticket);
    expect([...made]).toEqual([]);
    expect(events).toMatchObject([{ type: 'root', number: COMMON }]);
  });
});

it('a root that is begun with only when execution is over is not made alone', async () => {
  await open({ mode: 'optimistic' });
  await roots.rootAfter(7n);
  const prepare = vi.spyOn(merkleiser, 'prepare');
  const ahead = roots.ahead([])!;
  roots.release();
  ahead.decide(ZERO_WORD, false);
  await roots.settled();
  const later = roots.ahead([])!;
  await vi.waitFor(() => expect(prepare).toHaveBeenCalledTimes(2));
  later.decide(ZERO_WORD, false);
  await roots.settled();
  expect(prepare.mock.calls.map(([, , alone]) => alone)).toEqual([false, true]);
});
