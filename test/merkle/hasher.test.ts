import { afterEach, expect, it } from 'vitest';
import { Turns } from '../../src/batch/turns.js';
import { changeState } from '../../src/merkle/change.js';
import { Hasher, type HasherOptions } from '../../src/merkle/hasher.js';
import { updateState } from '../../src/merkle/update.js';
import type { Gate } from '../../src/merkle/updater.js';
import type { Draft } from '../../src/trie/node.js';
import { manyChanges } from '../helpers/merkle/many.js';
import { MemoryNodes } from '../helpers/merkle/memory-nodes.js';

const open: Hasher[] = [];
afterEach(() => Promise.all(open.splice(0).map((hasher) => hasher.close())));

function hasherOf(options: HasherOptions): Hasher {
  const hasher = new Hasher(options);
  open.push(hasher);
  return hasher;
}

const CHANGES = manyChanges(600);
const closedGate = (): Gate => ({ flag: new Int32Array(new SharedArrayBuffer(4)), number: 1 });
const sum = (jobs: readonly number[]) => jobs.reduce((a, b) => a + b, 0);

/** Runs updates until the threads have taken part in one: they say so when the next one begins. */
async function untilJobs(hasher: Hasher, gate?: Gate): Promise<void> {
  for (let tries = 0; sum(hasher.jobs) === 0 && tries < 100; tries++)
    await updateState(new MemoryNodes(), CHANGES, hasher, gate);
}

it('on two cores no thread runs a job before its gate opens; one that never opens holds nobody up', async () => {
  const hasher = hasherOf({ threads: 2, cores: 2 });
  const gate = closedGate();
  for (let i = 0; i < 3; i++) await updateState(new MemoryNodes(), CHANGES, hasher, gate);
  expect(hasher.jobs).toEqual([0, 0]);
  Atomics.store(gate.flag, 0, 1);
  await untilJobs(hasher, gate);
  expect(sum(hasher.jobs)).toBeGreaterThan(0);
}, 60_000);

it('with more than two cores no gate is waited for', async () => {
  const hasher = hasherOf({ threads: 1, cores: 3 });
  await untilJobs(hasher, closedGate());
  expect(sum(hasher.jobs)).toBeGreaterThan(0);
}, 60_000);

it('the bytes of an update are the same with any number of threads', async () => {
  const alone = await updateState(new MemoryNodes(), CHANGES, hasherOf({}));
  for (const threads of [1, 2, 3]) {
    const hasher = hasherOf({ threads, cores: 4 });
    for (let i = 0; i < 3; i++) expect(await updateState(new MemoryNodes(), CHANGES, hasher)).toEqual(alone);
  }
}, 60_000);

it('closing during an update does not spoil it', async () => {
  const alone = await updateState(new MemoryNodes(), CHANGES, hasherOf({}));
  const hasher = hasherOf({ threads: 2, cores: 4 });
  const [update] = await Promise.all([updateState(new MemoryNodes(), CHANGES, hasher), hasher.close()]);
  expect(update).toEqual(alone);
}, 60_000);

it('threads hash a list that was begun while this one is blocked', async () => {
  const { top } = await changeState(0n, CHANGES, new Map(), new Turns());
  const alone = await updateState(new MemoryNodes(), CHANGES, hasherOf({}));
  const hasher = hasherOf({ threads: 1, cores: 2 });
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (let ms = 100; ; ms *= 2) {
    const before = sum(hasher.jobs);
    const finish = await hasher.begin(top as Draft);
    Atomics.wait(never, 0, 0, ms);
    const list = await finish();
    expect(list.root()).toBe(alone.root);
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (sum(hasher.jobs) - before === list.jobs.total) return;
    // A slow machine: the thread had not run all of them when this one came to help.
    expect(ms).toBeLessThan(20_000);
  }
}, 60_000);
