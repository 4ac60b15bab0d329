import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Level } from 'level';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/build/package-root.js';
import { SeededRandom } from '../../src/samples/random.js';
import { Store } from '../../src/state/store.js';
import { checkTables } from '../../src/state/table-check.js';
import { testSeed } from '../helpers/chips/random.js';

/* A store of several tables, with blocks that are compressed and such that are not, and what becomes of damaged ones. */

type Bytes = Uint8Array;
const folder = mkdtempSync(join(tmpdir(), 'deltaproof-tables-'));
afterAll(() => rmSync(folder, { recursive: true }));
const whole = join(folder, 'whole');
/** Each opening makes a table of what was written since the one before. */
const TABLES = 3;
/** At the end of each, by which LevelDB knows it. */
const MAGIC_BYTES = 8;
const random = new SeededRandom('tables');
/** Long keys that begin alike make indices which are compressed, random values blocks which are not. */
const keyOf = (i: number) => Buffer.from(`${'account/'.repeat(8)}${random.hex(20).slice(2)}${i}`);
const keys = Array.from({ length: 1_200 }, (_, i) => keyOf(i));
const anyValue = (): Bytes => Buffer.from(random.hex(40).slice(2), 'hex');
const oneOfBoth = (i: number): Bytes => (i < 200 ? Buffer.alloc(40, i) : anyValue());

async function write(path: string, some: readonly Bytes[], valueAt = oneOfBoth): Promise<void> {
  const level = new Level<Bytes, Bytes>(path, { keyEncoding: 'view', valueEncoding: 'view' });
  await level.batch(some.map((key, i) => ({ type: 'put', key, value: valueAt(i) })));
  await level.close();
}

const tablesOf = (path: string) => readdirSync(path).filter((name) => name.endsWith('.ldb'));

beforeAll(async () => {
  for (let i = 0; i < TABLES; i++) await write(whole, keys.slice(400 * i, 400 * (i + 1)));
  await write(whole, keys.slice(0, 1));
  expect(tablesOf(whole)).toHaveLength(TABLES);
});

/** A copy of the store in which a table is changed. */
function damaged(name: string, table: string, change: (bytes: Buffer) => Bytes): string {
  const path = join(folder, name);
  rmSync(path, { recursive: true, force: true });
  cpSync(whole, path, { recursive: true });
  const bytes = readFileSync(join(path, table));
  writeFileSync(join(path, table), change(bytes));
  return path;
}

describe('the tables of a store', () => {
  it('are sound as LevelDB has written them, also when there are none', async () => {
    expect(await checkTables(whole)).toBe(TABLES);
    const young = join(folder, 'young');
    await write(young, keys.slice(0, 1));
    expect(await checkTables(young)).toBe(0);
  });

  it('are damaged in their own words wherever a bit is another one', async () => {
    const seed = testSeed();
    console.log(`damaged tables: DELTAPROOF_SEED=${seed}`);
    const places = new SeededRandom(`damaged tables ${seed}`);
    for (let i = 0; i < 200; i++) {
      const table = places.pick(tablesOf(whole));
      const size = readFileSync(join(whole, table)).length;
      // Half of them where indices and the footer are.
      const place = i % 2 === 0 ? places.below(size - MAGIC_BYTES) : size - MAGIC_BYTES - 1 - places.below(400);
      const bit = places.below(8);
      const path = damaged('flipped', table, (bytes) => {
        bytes[place]! ^= 1 << bit;
        return bytes;
      });
      await expect(checkTables(path), `bit ${bit} of byte ${place} of ${size}`).rejects.toMatchObject({
        code: 'STATE_CORRUPT',
        message: expect.stringContaining(table),
      });
    }
    const longer = damaged('longer', tablesOf(whole)[0]!, (bytes) => Buffer.concat([bytes.subarray(0, 1), bytes]));
    await expect(checkTables(longer)).rejects.toMatchObject({ code: 'STATE_CORRUPT' });
  });

  it('without an end are what a kill has left, or are named by LevelDB', async () => {
    const [table] = tablesOf(whole);
    for (const left of [0, 47, 1_000]) {
      const orphan = damaged('orphan', table!, (bytes) => bytes);
      writeFileSync(join(orphan, '000999.ldb'), readFileSync(join(whole, table!)).subarray(0, left));
      expect(await checkTables(orphan)).toBe(TABLES);
      await write(orphan, keys.slice(0, 1));
      expect(tablesOf(orphan)).not.toContain('000999.ldb');
      const cut = damaged('cut', table!, (bytes) => bytes.subarray(0, left));
      expect(await checkTables(cut)).toBe(TABLES - 1);
      const store = await Store.open(cut).catch((error: unknown) => error);
      if (store instanceof Store) {
        const bytesOfKeys = async () => {
          let bytes = 0;
          for await (const [key] of store.entries(Buffer.from('account/'))) bytes += key.length;
          return bytes;
        };
        await expect(bytesOfKeys()).rejects.toMatchObject({ code: 'STATE_CORRUPT' });
        await store.close();
      } else expect(store).toMatchObject({ code: 'STATE_CORRUPT' });
    }
  });

  it('are named where LevelDB ends the process that has them open', async () => {
    // As every sixteenth does, the second of these keys that stands whole in a table comes after others and before others.
    const path = join(folder, 'ending');
    const short = Array.from({ length: 200 }, () => Buffer.from(`61${random.hex(20).slice(2)}`, 'hex'));
    for (const some of [short.slice(0, 100), short.slice(100, 199), short.slice(199)])
      await write(path, some, anyValue);
    const [table] = tablesOf(path).map((name) => join(path, name));
    const bytes = readFileSync(table!);
    const [, second] = short
      .map((key) => bytes.indexOf(key))
      .filter((place) => place >= 0)
      .sort((a, b) => a - b);
    bytes[second!] = 0xff;
    writeFileSync(table!, bytes);
    await expect(checkTables(path)).rejects.toMatchObject({ code: 'STATE_CORRUPT' });
    // What it does by itself when there are enough tables.
    const joining = `const { Level } = require('level'); const db = new Level(${JSON.stringify(path)});
      db.open().then(() => db.compactRange('', '~')).then(() => db.close());`;
    const { signal, stderr } = spawnSync(process.execPath, ['-e', joining], { encoding: 'utf8', cwd: packageRoot() });
    expect([signal, stderr]).toEqual(['SIGABRT', expect.stringContaining('Assertion')]);
  });
});
