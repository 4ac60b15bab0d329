import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moduleThread } from '../../src/build/module-thread.js';
import { TrieUnavailableError } from '../../src/errors/trie.js';
import { buildState } from '../../src/merkle/build.js';
import { NodeStore } from '../../src/merkle/node-store.js';
import { ThreadMerkleiser } from '../../src/merkle/thread.js';
import { testSeed } from '../helpers/chips/random.js';
import { accountsOf, allNodes, type LineState, randomLine, statesOf } from '../helpers/merkle/line.js';

const seed = testSeed();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deltaproof-tries-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Every stored state is whole. */
async function expectWhole(store: NodeStore, states: readonly LineState[]): Promise<void> {
  for (const { name, root } of store.states.slice(-3)) {
    const state = states.find((known) => known.name === name)!;
    expect(root, `DELTAPROOF_SEED=${seed}`).toBe(state.root);
    expect(await allNodes(store.at(name)), `DELTAPROOF_SEED=${seed}`).toEqual(state.nodes);
  }
}

it('a store whose process is killed has each state wholly or not at all, with the ways back', async () => {
  const line = randomLine(seed, 'writer', 60);
  const states = [line.next().value];
  const first = await NodeStore.open(folder);
  await buildState(first, states[0]!.name, accountsOf(states[0]!.flat));
  await first.close();
  for (const delay of [0, 1, 3, 6, 10]) {
    const script = join(import.meta.dirname, '../helpers/merkle/tries-writer.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, folder, String(seed)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let started = '';
    let done = '';
    let killed = false;
    for await (const text of createInterface({ input: child.stdout })) {
      const [what, name] = text.split(' ') as [string, string];
      if (what === 'start') started = name;
      else done = name;
      if (what === 'start' && done !== '' && !killed) {
        killed = true;
        setTimeout(() => child.kill('SIGKILL'), delay); // where in the write it dies is left to chance
      }
    }
    if (child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    const store = await NodeStore.open(folder);
    expect([started, done]).toContain(store.head!.name);
    while (states.at(-1)!.name !== store.head!.name) states.push(line.next().value);
    await expectWhole(store, states);
    await store.close();
  }
});

describe('a thread that dies', () => {
  let threads: Worker[];
  let tries: ThreadMerkleiser;
  const start: typeof moduleThread = (...args) => {
    const worker = moduleThread(...args);
    threads.push(worker);
    return worker;
  };
  beforeEach(() => {
    threads = [];
    tries = new ThreadMerkleiser(folder, 1, start);
  });
  afterEach(() => tries.close());

  it('while it prepares fails what is pending, and the next call goes on from the stored head', async () => {
    const states = statesOf(seed, 'dying', 3, 60);
    await tries.build(states[0]!.name, accountsOf(states[0]!.flat));
    const { ticket } = await tries.prepare(states[0]!.name, states[1]!.diff);
    const pending = [tries.prepare(ticket, states[2]!.diff), tries.rootOf(states[0]!.name)];
    void threads[0]!.terminate();
    const results = await Promise.allSettled(pending);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'TRIE_WORKER_DIED', retryable: true } });
      expect((result as PromiseRejectedResult).reason).toBeInstanceOf(TrieUnavailableError);
    }
    expect(await tries.names()).toEqual([states[0]!.name]);
    expect(threads).toHaveLength(2);
    await expect(tries.commit(ticket, states[1]!.name)).rejects.toMatchObject({ code: 'TRIE_STATE_UNKNOWN' });
    const again = await tries.prepare(states[0]!.name, states[1]!.diff);
    expect(again.ticket).toBeGreaterThan(ticket);
    expect(again.root).toBe(states[1]!.root);
    await tries.commit(again.ticket, states[1]!.name);
    expect(await tries.names()).toEqual([states[0]!.name, states[1]!.name]);
  });

  it('while it stores has stored the state wholly or not at all', async () => {
    const states = statesOf(seed, 'dying stores', 7, 60);
    await tries.build(states[0]!.name, accountsOf(states[0]!.flat));
    let head = 0;
    for (const delay of [0, 1, 2, 4, 8]) {
      const { ticket, root } = await tries.prepare(states[head]!.name, states[head + 1]!.diff);
      expect(root, `DELTAPROOF_SEED=${seed}`).toBe(states[head + 1]!.root);
      const committing = tries.commit(ticket, states[head + 1]!.name).then(
        () => 'stored',
        (error: { code: string }) => error.code,
      );
      await new Promise((resolve) => setTimeout(resolve, delay));
      await threads.at(-1)!.terminate();
      const outcome = await committing;
      const names = await tries.names();
      expect(['stored', 'TRIE_WORKER_DIED']).toContain(outcome);
      if (outcome === 'stored') expect(names).toHaveLength(head + 2);
      head = names.length - 1;
      expect(names).toEqual(states.slice(0, head + 1).map(({ name }) => name));
    }
    await tries.close();
    const store = await NodeStore.open(folder);
    await expectWhole(store, states);
    await store.close();
  });

  it('is closed as well', async () => {
    const [first] = statesOf(seed, 'closing', 1);
    await tries.build(first!.name, accountsOf(first!.flat));
    void threads[0]!.terminate();
    await tries.close();
    await expect(tries.names()).rejects.toMatchObject({ code: 'TRIE_STORE_CLOSED' });
    expect(threads).toHaveLength(1);
  });
});
