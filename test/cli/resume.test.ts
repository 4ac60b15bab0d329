import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseBundle } from '../../src/proof/bundle-file.js';
import { buildKeySet } from '../../src/proof/keyset.js';
import { decodePart } from '../../src/proof/parts.js';
import { decodeRecords } from '../../src/proof/record.js';
import type { Bundle } from '../../src/proof/types.js';
import {
  descendants,
  isAlive,
  jsonOf,
  type Running,
  run,
  scratch,
  smallBatchFile,
  start,
  write,
} from '../helpers/cli.js';

const folder = scratch();
const data = `${folder}/stopped`;
const out = `${folder}/stopped.json`;
const started: Running[] = [];
let batch: string;

/** A bundle with what is the same in every proof of its rows: shapes, commitments and sums. */
const withoutProofs = ({ parts, ...bundle }: Bundle) => ({
  ...bundle,
  parts: parts.map((part) => {
    const { kind, body } = decodePart(part);
    return kind === 'proofs' ? decodeRecords(body).map(({ shape, D, sum }) => ({ shape, D, sum })) : part;
  }),
});
const proveTo = (to: string, store: string) => ['prove', batch, '--key-set', 'test', '--out', to, '--data', store];
const jobs = (verb: string, ...rest: string[]) => run(['jobs', verb, ...rest, '--data', data, '--json']);

beforeAll(async () => {
  await buildKeySet('test');
  batch = write(folder, 'batch.json', await smallBatchFile());
});

afterAll(() => {
  for (const { child } of started) child.kill('SIGKILL');
});

/** Starts the proof on the store that is stopped again and again. */
function prove(): Running {
  const running = start(proveTo(out, data));
  started.push(running);
  return running;
}

/** Every process below the command, when the task process of its proof is among them. */
async function whileProving({ child }: Running): Promise<number[]> {
  await vi.waitUntil(() => descendants(child.pid!).some(isTask), { timeout: 60_000, interval: 20 });
  return descendants(child.pid!);
}

function isTask(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('child-main.js');
  } catch {
    return false;
  }
}

const allGone = (pids: readonly number[]) =>
  vi.waitUntil(() => pids.every((pid) => !isAlive(pid)), { timeout: 20_000, interval: 50 });

describe('a proof that is stopped', () => {
  it('by kill -9 leaves no process and a store that holds what was done; other processes are told who holds it', async () => {
    const running = prove();
    await running.said(/commit .*1\/1/);
    const below = await whileProving(running);
    // So that it holds its store, and its proof is not done, however long the other process takes.
    running.child.kill('SIGSTOP');
    const second = await jobs('list');
    expect(second.code).toBe(1);
    expect(jsonOf(second).error).toMatchObject({ code: 'QUEUE_STORE_LOCKED', message: expect.stringContaining(data) });
    running.child.kill('SIGKILL');
    expect(await running.ended).toMatchObject({ code: null, signal: 'SIGKILL', stdout: '' });
    await allGone(below);
    const listed = await jobs('list');
    expect(listed.code).toBe(0);
    expect(jsonOf(listed)).toEqual([expect.objectContaining({ state: 'waiting', artifact: null })]);
  });

  it('can be looked at, cancelled and queued again', async () => {
    const [{ id }] = jsonOf(await jobs('list'));
    const shown = await run(['jobs', 'show', id.slice(0, 6), '--data', data]);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(/waiting.*\n {2}trace +1\/1 done.*\n {2}commit +1\/1 done/);
    expect(jsonOf(await jobs('cancel', id))).toMatchObject({ id, state: 'cancelled' });
    const twice = await jobs('cancel', id);
    expect(twice.code).toBe(1);
    expect(jsonOf(twice).error).toMatchObject({
      code: 'QUEUE_JOB_STATE',
      message: expect.stringContaining('cancelled'),
    });
    expect(jsonOf(await jobs('retry', id))).toMatchObject({ id, state: 'waiting' });
    expect(jsonOf(await jobs('cancel', id))).toMatchObject({ id, state: 'cancelled' });
  });

  it('by Ctrl-C ends with 130, leaves no process and a sound store', async () => {
    const running = prove();
    await running.said(/was cancelled and is tried again/);
    const below = await whileProving(running);
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/Stopped by SIGINT; what was finished is kept/);
    await allGone(below);
    expect(jsonOf(await jobs('list'))).toEqual([expect.objectContaining({ state: 'waiting' })]);
  });

  it('goes on with what was finished: the same statement and artifacts as in one go', async () => {
    const straight = `${folder}/straight.json`;
    const [resumed, whole] = await Promise.all([
      prove().ended,
      run([...proveTo(straight, `${folder}/straight`), '--json']),
    ]);
    expect(resumed, resumed.stderr).toMatchObject({ code: 0 });
    expect(jsonOf(whole)).toMatchObject({ bundle: straight, mode: 'diff' });
    const [a, b] = [out, straight].map((path) => withoutProofs(parseBundle(readFileSync(path))));
    expect(a).toEqual(b);
    // Proofs are randomised, everything else is named by its content: request, rows, tables, the list of commitments are the same files.
    const [mine, theirs] = [data, `${folder}/straight`].map((path) => readdirSync(`${path}/artifacts/data`));
    expect(mine!.filter((name) => theirs!.includes(name))).toHaveLength(4);
    expect(mine).toHaveLength(6);
    expect(theirs).toHaveLength(6);
    const [job] = jsonOf(await jobs('list'));
    const attempts = Object.fromEntries(
      job.stages.map(({ name, attempts }: { name: string; attempts: number }) => [name, attempts]),
    );
    expect(attempts).toMatchObject({ trace: 1, commit: 1 });
    expect(await run(['verify', out, '--key-set', 'test'])).toMatchObject({ code: 0 });
  });

  it('costs nothing when it is done: asked again, the bundle is written again', async () => {
    const before = readFileSync(out, 'utf8');
    const again = await run([...proveTo(`${folder}/again.json`, data), '--json']);
    expect(again.code).toBe(0);
    expect(readFileSync(`${folder}/again.json`, 'utf8')).toBe(before);
  });
});

describe('the demo', () => {
  const tmp = scratch();

  it('stopped by Ctrl-C leaves neither process nor file', async () => {
    const running = start(['demo', '--key-set', 'test', '--accounts', '200'], { env: { TMPDIR: tmp } });
    started.push(running);
    // Before its batches are there.
    await running.said(/a private L1 /);
    await vi.waitUntil(() => descendants(running.child.pid!).length > 0, { timeout: 20_000, interval: 10 });
    const below = descendants(running.child.pid!);
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stdout: '' });
    await allGone(below);
    expect(readdirSync(tmp).filter((name) => name.startsWith('deltaproof'))).toEqual([]);
  });
});
