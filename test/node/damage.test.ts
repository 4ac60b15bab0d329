import { type ChildProcess, fork } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Level } from 'level';
import { keccak256 } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { L2Node } from '../../prover/node/node.js';
import { checkStores, removeStores } from '../../prover/node/stores.js';
import type { Batch } from '../../src/batch/types.js';
import { DeltaproofError } from '../../src/errors/base.js';
import { SeededRandom } from '../../src/samples/random.js';
import { type Claims, claimsOn, type KnownToL1 } from '../fixtures/damaged-node.js';
import { testSeed } from '../helpers/chips/random.js';
import { RootWorld } from '../helpers/root-world.js';

/* One byte of a node's store is another one: the damage has a name before anything is staked, or it changes nothing. */

const POSITIONS = 50;
const BATCHES = 12;
const NEXT = BigInt(BATCHES + 1);
const NEXT_BUT_TWO = (NEXT - 2n).toString(16).padStart(16, '0');

let world: RootWorld;
let chain: Batch[];
/** Stays open. */
let truthful: L2Node;
let root: bigint;
let rootBefore: bigint;
let truth: Claims;
let known: KnownToL1;

/** A store with tables and logs: what is in the log when a store is opened becomes a table. */
async function fill(name: string, to: bigint): Promise<void> {
  for (let head = 0n; head < to; ) {
    const node = await world.node(name);
    await follow(node, node.head + 4n < to ? node.head + 4n : to);
    await node.rootAfter(node.head);
    await node.close();
    head = node.head;
  }
}

/** Executes what L1 has and the node has not. */
async function follow(node: L2Node, to: bigint): Promise<void> {
  while (node.head < to) await node.apply(chain[Number(node.head)]!);
}

/** What an agent would stake on, after its checks. */
const claims = (name: string): Promise<Claims> => claimsOn(join(world.path, name), known);

beforeAll(async () => {
  world = new RootWorld('damaged stores', 200);
  truthful = await world.node('truthful');
  chain = (await world.batches(truthful, BATCHES + 1)).map(({ batch }) => batch);
  root = await truthful.rootAfter(NEXT - 1n);
  rootBefore = await truthful.rootAfter(NEXT - 3n);
  truth = { diff: await truthful.value('diff', NEXT), root: await truthful.rootAfter(NEXT) };
  known = { seed: 'damaged stores', accounts: 200, chain, root, rootBefore };
  await fill('early', 8n);
  await fill('whole', NEXT - 1n);
});
afterAll(() => world.close());

/** Every byte of the files below a folder, as (file, place). */
function filesOf(name: string): readonly { readonly path: string; readonly size: number }[] {
  const folder = join(world.path, name);
  return (readdirSync(folder, { recursive: true }) as string[])
    .map((path) => ({ path, size: statSync(join(folder, path)).size }))
    .filter(
      ({ path, size }) =>
        size > 0 && statSync(join(folder, path)).isFile() && !path.endsWith('LOG') && !path.endsWith('LOG.old'),
    );
}

function damage(name: string, path: string, place: number, bit: number): void {
  const file = join(world.path, name, path);
  const bytes = readFileSync(file);
  bytes[place]! ^= 1 << bit;
  writeFileSync(file, bytes);
}

/** The claims of a copy that `change` was made to. */
async function claimsOf(name: string, change: (name: string) => void | Promise<void>) {
  cpSync(join(world.path, 'whole'), join(world.path, name), { recursive: true });
  try {
    await change(name);
    return await claims(name);
  } finally {
    rmSync(join(world.path, name), { recursive: true, force: true });
  }
}

/** {@link claimsOf}, or the name under which the damage was noticed. */
async function claimsAfter(name: string, change: (name: string) => void | Promise<void>) {
  try {
    return await claimsOf(name, change);
  } catch (error) {
    expect(error, String((error as Error).stack)).toBeInstanceOf(DeltaproofError);
    return (error as DeltaproofError).code;
  }
}

/** A process that opens damaged stores, and another one when LevelDB has ended it. */
class OtherProcess {
  #child: ChildProcess | undefined;

  /** The claims of a damaged copy, or how its damage was noticed: `ended` when the process died of it, and whoever looks names it. */
  async ask(name: string, change: (name: string) => void): Promise<Claims | string> {
    cpSync(join(world.path, 'whole'), join(world.path, name), { recursive: true });
    change(name);
    this.#child ??= this.#start();
    const child = this.#child;
    const answer = await new Promise<Claims | string>((resolve) => {
      child.once('message', (message) => resolve(message as Claims | string));
      child.once('exit', (_code, signal) => resolve(`ended ${signal}`));
      child.send(join(world.path, name));
    });
    child.removeAllListeners();
    if (typeof answer === 'string' && answer.startsWith('ended')) {
      await expect(checkStores(join(world.path, name)), answer).rejects.toMatchObject({ code: 'STATE_CORRUPT' });
    }
    rmSync(join(world.path, name), { recursive: true, force: true });
    if (typeof answer === 'string') {
      expect(answer, name).toMatch(/^([A-Z]+_[A-Z_]+|ended SIG(ABRT|SEGV|BUS))$/);
      if (answer.startsWith('ended')) this.#child = undefined;
    }
    return answer;
  }

  end(): void {
    this.#child?.kill('SIGKILL');
  }

  #start(): ChildProcess {
    const script = join(import.meta.dirname, '../fixtures/damaged-node.ts');
    const child = fork(script, [], { execArgv: ['--import', 'tsx'], serialization: 'advanced', stdio: 'ignore' });
    process.once('exit', () => child.kill('SIGKILL'));
    child.send(known);
    return child;
  }
}

type Bytes = Uint8Array;
const levelAt = (folder: string) =>
  new Level<Bytes, Bytes>(join(world.path, folder), { keyEncoding: 'view', valueEncoding: 'view' });
const hex = (bytes: Bytes) => Buffer.from(bytes).toString('hex');

/** The entries of a node's two stores, in hexadecimal. */
async function entriesOf(name: string) {
  const all = async (store: string) => {
    const level = levelAt(join(name, store));
    const entries = new Map<string, string>();
    for await (const [key, value] of level.iterator()) entries.set(hex(key), hex(value));
    await level.close();
    return entries;
  };
  return { state: await all('state'), trie: await all('trie') };
}

/** Gives an entry of a store other bytes, or removes it. */
async function replace(folder: string, key: string, value: string | undefined): Promise<void> {
  const level = levelAt(folder);
  if (value === undefined) await level.del(Buffer.from(key, 'hex'));
  else await level.put(Buffer.from(key, 'hex'), Buffer.from(value, 'hex'));
  await level.close();
}

/** Keys of the flat state and of the account trie's nodes that a batch has to do with. */
async function touchedBy(number: bigint): Promise<string[]> {
  const { accounts, slots } = await truthful.state.changes(number);
  return [
    ...accounts.map(({ address }) => `61${address.slice(2)}`),
    ...slots.map(({ address, key }) => `73${address.slice(2)}${key.slice(2)}`),
    ...accounts.flatMap(({ address }) => {
      const path = keccak256(address).slice(2);
      return Array.from({ length: 4 }, (_, depth) => hex(Buffer.from(`n/${path.slice(0, depth)}`)));
    }),
  ];
}

describe('a damaged store', () => {
  it('is the truth undamaged', async () => {
    expect(await claimsAfter('copy', () => {})).toEqual(truth);
    // A root behind a claim says nothing of it; a wrong one before it does.
    await truthful.checkClaim('diff', 3n, { number: NEXT, root: 1n });
    await truthful.checkClaim('root', 3n, { number: 3n, root: await truthful.rootAfter(3n) });
    const wrong = truthful.checkClaim('diff', 3n, { number: 2n, root: 1n });
    await expect(wrong).rejects.toMatchObject({ code: 'STATE_CORRUPT', message: expect.stringContaining('agreed on') });
  });

  it('stakes nothing on what is false, whichever byte is damaged', async () => {
    const seed = testSeed();
    console.log(`damage: DELTAPROOF_SEED=${seed}`);
    const random = new SeededRandom(`damage ${seed}`);
    const files = filesOf('whole');
    expect(files.filter(({ path }) => path.endsWith('.ldb')).length).toBeGreaterThan(1);
    expect(files.filter(({ path }) => path.endsWith('.log')).length).toBeGreaterThan(1);
    const seen = new Map<string, number>();
    const other = new OtherProcess();
    for (let i = 0; i < POSITIONS; i++) {
      const { path, size } = random.pick([...files]);
      const [place, bit] = [random.below(size), random.below(8)];
      const result = await other.ask(`copy-${i}`, (name) => damage(name, path, place, bit));
      if (typeof result === 'string') seen.set(result, (seen.get(result) ?? 0) + 1);
      else expect(result, `bit ${bit} of byte ${place} of ${path}`).toEqual(truth);
    }
    other.end();
    console.log([...seen].map(([code, count]) => `${code} ${count}`).join(', '));
  });

  it('stakes nothing on what is false, whichever entry is lost, or is what it was before the last batches', async () => {
    const random = new SeededRandom('lost entries');
    const old = await entriesOf('early');
    let noticed = 0;
    for (const store of ['state', 'trie'] as const) {
      const present = (await entriesOf('whole'))[store];
      const touched = new Set((await touchedBy(NEXT)).map(String));
      for (let i = 0; i < POSITIONS / 2; i++) {
        // Half of what is lost is what the next batch looks at.
        const keys = i % 2 === 0 ? [...present.keys()] : [...present.keys()].filter((key) => touched.has(key));
        const key = random.pick(keys.length > 0 ? keys : [...present.keys()]);
        const before = i % 4 < 2 ? undefined : old[store].get(key);
        const result = await claimsAfter(`lost-${store}-${i}`, (name) => replace(join(name, store), key, before));
        if (typeof result === 'string') noticed++;
        else expect(result, `${store} ${key}`).toEqual(truth);
      }
    }
    expect(noticed).toBeGreaterThan(10);
  });

  it('names an account that no batch changed, before anything is staked on it', async () => {
    const changed = new Set<string>();
    const changes = async (n: bigint) => (await truthful.state.changes(n)).accounts.map(({ address }) => address);
    for (let n = 1n; n < NEXT; n++) for (const address of await changes(n)) changed.add(address);
    const { state } = await entriesOf('whole');
    const fresh = (await changes(NEXT)).find((address) => !changed.has(address) && state.has(`61${address.slice(2)}`))!;
    const key = `61${fresh.slice(2)}`;
    const richer = state.get(key)!.replace(/^(.{78})../, '$1ff');
    expect(await claimsAfter('richer', (name) => replace(join(name, 'state'), key, richer))).toBe('STATE_CORRUPT');
    await expect(claimsOf('richer-again', (name) => replace(join(name, 'state'), key, richer))).rejects.toThrow(
      `account ${fresh} before batch ${NEXT}`,
    );
  });

  it('notices that taking batches back was lost', async () => {
    const node = await world.node('forked');
    await follow(node, 6n);
    await node.close();
    const before = (await entriesOf('forked')).state;
    const again = await world.node('forked');
    await again.state.revertTo(5n);
    await again.close();
    const reverted = (await entriesOf('forked')).state;
    const last = await world.node('forked');
    await follow(last, 8n);
    await last.close();
    // All that the revert alone wrote is as it was before it.
    const present = (await entriesOf('forked')).state;
    for (const [key, value] of reverted) {
      if (before.get(key) === value || present.get(key) !== value) continue;
      await replace(join('forked', 'state'), key, before.get(key));
    }
    await expect(world.node('forked')).rejects.toMatchObject({ code: 'STATE_CORRUPT' });
  });

  it('is read again from L1 when its folder is removed', async () => {
    cpSync(join(world.path, 'whole'), join(world.path, 'resynced'), { recursive: true });
    const key = `62${NEXT_BUT_TWO}`;
    await replace(join('resynced', 'state'), key, undefined);
    await expect(world.node('resynced')).rejects.toThrow(/record of batch 11 at .*doctor --store .* --resync/);
    await removeStores(join(world.path, 'resynced'));
    expect(await claims('resynced')).toEqual(truth);
  });

  it('is held by one node at a time', async () => {
    const node = await world.node('held');
    await expect(world.node('held')).rejects.toMatchObject({ code: 'STATE_LOCKED', retryable: true });
    await expect(removeStores(join(world.path, 'held'))).rejects.toMatchObject({ code: 'STATE_LOCKED' });
    await node.close();
    await (await world.node('held')).close();
  });
});
