import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Level } from 'level';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jsonOf, run } from '../helpers/cli.js';
import { RootWorld } from '../helpers/root-world.js';

let world: RootWorld;
let store: string;
let root: bigint;

beforeAll(async () => {
  world = new RootWorld('doctor', 60);
  const node = await world.node('node');
  await world.batches(node, 3);
  root = await node.rootAfter(3n);
  await node.close();
  store = join(world.path, 'node');
});
afterAll(() => world.close());

const doctor = (...options: string[]) => run(['doctor', '--store', store, '--json', ...options]);

it('finds a sound store sound, the newest batches or all of it', async () => {
  expect(jsonOf(await doctor())).toEqual({ store, sound: true, deep: false, head: '3' });
  const deep = jsonOf(await doctor('--deep'));
  expect(deep).toMatchObject({ sound: true, deep: true, batches: '3', root: root.toString() });
  expect(deep.accounts).toBeGreaterThan(60);
  expect(deep.codes).toBeGreaterThan(0);
});

it('names a table with another byte in it, which LevelDB would read all the same, and removes it unread', async () => {
  const copy = join(world.path, 'other-byte');
  cpSync(store, copy, { recursive: true });
  const table = readdirSync(join(copy, 'state')).find((name) => name.endsWith('.ldb'))!;
  const bytes = readFileSync(join(copy, 'state', table));
  bytes[100]! ^= 1;
  writeFileSync(join(copy, 'state', table), bytes);
  const ended = await run(['doctor', '--store', copy, '--json']);
  expect(ended.code).toBe(1);
  expect(jsonOf(ended).error).toMatchObject({
    code: 'STATE_CORRUPT',
    message: expect.stringContaining(`${table}, the block at 0 has another checksum`),
  });
  const removed = await run(['doctor', '--store', copy, '--resync', '--json']);
  expect(jsonOf(removed)).toEqual({ store: copy, removed: true });
  expect(readdirSync(copy)).not.toContain('state');
});

it('names what nothing but the tries can tell, and leads back to L1', async () => {
  const level = new Level<Uint8Array, Uint8Array>(join(store, 'state'), { keyEncoding: 'view', valueEncoding: 'view' });
  const changed = new Set<string>();
  for await (const [, value] of level.iterator({ gte: Buffer.from('k'), lt: Buffer.from('l') })) {
    for (const [hex] of Buffer.from(value)
      .toString('hex')
      .matchAll(/1561[0-9a-f]{40}/g))
      changed.add(hex.slice(2));
  }
  for await (const [key, value] of level.iterator({ gte: Buffer.from('a'), lt: Buffer.from('b') })) {
    if (changed.has(Buffer.from(key).toString('hex'))) continue;
    const other = Uint8Array.from(value);
    other[39]! ^= 1;
    await level.put(key, other);
    break;
  }
  await level.close();
  expect(await doctor()).toMatchObject({ code: 0 });
  const ended = await doctor('--deep');
  expect(ended.code).toBe(1);
  expect(jsonOf(ended).error).toMatchObject({ code: 'STATE_CORRUPT', message: expect.stringMatching(/account 0x/) });
  expect(jsonOf(ended).error.message).toContain('deltaproof doctor --store <its folder> --resync');
  expect(jsonOf(await doctor('--resync'))).toEqual({ store, removed: true });
  const node = await world.node('node');
  await world.batches(node, 1);
  expect(node.head).toBe(1n);
  expect(jsonOf(await doctor()).error).toMatchObject({ code: 'STATE_LOCKED' });
});
