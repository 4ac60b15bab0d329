import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Level } from 'level';
import { expect, it } from 'vitest';
import { word } from '../../src/batch/bytes.js';
import { NodeStore } from '../../src/merkle/node-store.js';
import { nodeKey } from '../../src/merkle/record.js';
import type { PlacedNode } from '../../src/merkle/types.js';
import { encodeNode } from '../../src/trie/codec.js';
import { randomOf } from '../helpers/chips/random.js';

const PLACES = 2_000;
const PER_COMMIT = 100;
const KEPT = 20;
/** What is counted has a fixed seed. */
const SEED = 11;

it('a pruned line of 1,000 states needs no more disk than one of 250', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deltaproof-tries-'));
  const random = randomOf(SEED, 'disk');
  const nodeAt = (place: number): PlacedNode => {
    const children = Array.from({ length: 16 }, () => random.field());
    return { trie: '', path: place.toString(16).padStart(4, '0'), digest: 1n, node: { kind: 'branch', children } };
  };
  let store = await NodeStore.open(folder);
  const first = Array.from({ length: PLACES }, (_, place) => nodeAt(place));
  await store.fill(first);
  const present = new Map(first.map((placed) => [nodeKey(placed), encodeNode(placed.node)]));
  await store.begin(word(0n), 1n);
  const sizes: number[] = [];
  for (let number = 1; number <= 1_000; number++) {
    const changed = Array.from({ length: PER_COMMIT }, (_, i) => nodeAt((number * 37 + i) % PLACES));
    const put = new Map(changed.map((placed) => [nodeKey(placed), encodeNode(placed.node)]));
    const old = new Map([...put.keys()].map((key) => [key, present.get(key)!]));
    await store.commit({ root: BigInt(number), put, del: [], old }, word(BigInt(number)));
    for (const [key, bytes] of put) present.set(key, bytes);
    await store.prune(KEPT);
    if (number % 250 !== 0) continue;
    await store.close();
    sizes.push(await compactedSize(folder));
    store = await NodeStore.open(folder);
  }
  expect(store.states).toHaveLength(KEPT);
  await store.close();
  await rm(folder, { recursive: true });
  // All nodes and the ways back of the kept states, which do not compress.
  const whole = (PLACES + (KEPT - 1) * PER_COMMIT) * 16 * 32;
  expect(sizes[0]).toBeGreaterThan(whole);
  for (const size of sizes) expect(size).toBeLessThan(1.2 * whole);
});

/** Bytes of a folder's files after LevelDB has rewritten all of them. */
async function compactedSize(folder: string): Promise<number> {
  const db = new Level<string, string>(folder);
  await db.open();
  // In Node, `Level` is classic-level's class; its declaration leaves out what browsers have not.
  await (db as unknown as { compactRange(start: string, end: string): Promise<void> }).compactRange('', '~');
  await db.close();
  const files = await readdir(folder);
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
