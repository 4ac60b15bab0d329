import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Level } from 'level';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FlatState } from '../../src/state/flat-state.js';
import type { Database } from '../../src/state/store.js';
import { addressAt, plainGenesis, wideBatch } from '../helpers/state-batches.js';

const COUNT = 2_000;
let path: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'deltaproof-state-'));
});
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(path, { recursive: true });
});

function writer(mode: 'write' | 'hold'): ChildProcess {
  const script = join(import.meta.dirname, '../helpers/state-writer.ts');
  const args = ['--import', 'tsx', script, join(path, 'state'), String(COUNT), mode];
  child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return child;
}

/** The nonces of all accounts, of which there is one when a batch is whole or absent. */
async function noncesOf(state: FlatState): Promise<Set<bigint>> {
  const nonces = new Set<bigint>();
  for await (const [, { nonce }] of state.view().accounts()) nonces.add(nonce);
  return nonces;
}

describe('a store whose process is killed', () => {
  it('has each batch wholly or not at all, and goes on from there', async () => {
    let cutBatches = 0;
    for (const delay of [0, 2, 6, 12, 24]) {
      const process = writer('write');
      let started = 0n;
      let done = 0n;
      let killed = false;
      for await (const line of createInterface({ input: process.stdout! })) {
        const [what, number] = line.split(' ');
        if (what === 'start') started = BigInt(number!);
        if (what === 'done') done = BigInt(number!);
        if (what === 'start' && done > 0n && !killed) {
          killed = true;
          setTimeout(() => process.kill('SIGKILL'), delay); // where in the batch it dies is left to chance
        }
      }
      if (process.signalCode === null) await once(process, 'exit');
      expect(process.signalCode).toBe('SIGKILL');
      const state = await FlatState.open(join(path, 'state'), { genesis: plainGenesis(COUNT) });
      expect(
        state.head === done || state.head === started,
        `head ${state.head}, done ${done}, started ${started}`,
      ).toBe(true);
      if (started !== done) cutBatches += 1;
      expect(await noncesOf(state)).toEqual(new Set([state.head]));
      expect((await state.batch(state.head)).batch.header.number).toBe(state.head);
      expect((await (await state.asOf(state.head - 1n)).account(addressAt(7))).nonce).toBe(state.head - 1n);
      await state.close();
    }
    expect(cutBatches).toBeGreaterThan(0);
  });

  it('is refused to a second process with a clear error while the first lives', async () => {
    const process = writer('hold');
    await once(process.stdout!, 'data');
    const open = FlatState.open(join(path, 'state'), { genesis: plainGenesis(COUNT) });
    await expect(open).rejects.toMatchObject({ code: 'STATE_LOCKED', retryable: true });
    process.kill('SIGKILL');
    await once(process, 'exit');
    const state = await FlatState.open(join(path, 'state'));
    expect(state.head).toBe(0n);
    await state.close();
  });
});

describe('a store whose disk is full', () => {
  /** Level whose writes fail like LevelDB's on a full disk from the moment `full` is set. */
  function failing(disk: { full: boolean }) {
    return (location: string): Database => {
      const db: Database = new Level(location, { keyEncoding: 'view', valueEncoding: 'view' });
      const begin = db.batch.bind(db) as () => ReturnType<Database['batch']>;
      const inject = () => {
        const batch = begin();
        const write = batch.write.bind(batch) as (...args: unknown[]) => Promise<void>;
        const failingWrite = async (...args: unknown[]) => {
          if (!disk.full) return write(...args);
          await batch.close();
          const message = `IO error: ${location}/000003.log: No space left on device`;
          throw Object.assign(new Error(message), { code: 'LEVEL_IO_ERROR' });
        };
        return Object.assign(batch, { write: failingWrite });
      };
      return Object.assign(db, { batch: inject });
    };
  }

  it('names the error, loses nothing, writes nothing more, and goes on after it is opened again', async () => {
    const disk = { full: false };
    const location = join(path, 'state');
    const first = await FlatState.open(location, { genesis: plainGenesis(5), database: failing(disk) });
    await first.applyBatch(wideBatch(1n, await first.batchHash(0n), 5));
    const view = first.view();
    const second = wideBatch(2n, await first.batchHash(1n), 5);
    disk.full = true;
    await expect(first.applyBatch(second)).rejects.toMatchObject({ code: 'STATE_DISK_FULL', retryable: true });
    disk.full = false;
    await expect(first.applyBatch(second)).rejects.toMatchObject({ code: 'STATE_BROKEN' });
    expect(first.head).toBe(1n);
    expect((await view.account(addressAt(1))).nonce).toBe(1n);
    await first.close();
    const again = await FlatState.open(location, { genesis: plainGenesis(5) });
    expect(again.head).toBe(1n);
    expect(await noncesOf(again)).toEqual(new Set([1n]));
    await again.applyBatch(second);
    expect(await noncesOf(again)).toEqual(new Set([2n]));
    await again.close();
  });

  it('leaves no half genesis behind', async () => {
    const disk = { full: true };
    const location = join(path, 'state');
    const open = FlatState.open(location, { genesis: plainGenesis(5), database: failing(disk) });
    await expect(open).rejects.toMatchObject({ code: 'STATE_DISK_FULL' });
    const state = await FlatState.open(location, { genesis: plainGenesis(5) });
    expect(await noncesOf(state)).toEqual(new Set([0n]));
    await state.close();
  });
});
