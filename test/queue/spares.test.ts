import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArtifactFolder } from '../../prover/queue/artifacts.js';
import type { TaskSpec } from '../../prover/queue/types.js';
import { TaskRunner } from '../../prover/worker/runner.js';

/* Processes that are started before there is a task for them. */
let folder: string;
let log: string;
let runner: TaskRunner;

/** A task module that notes what is asked of which process, and answers with its own number and how often it has run. */
function moduleOf(prepare: string): string {
  const path = join(folder, `tasks-${Math.random()}.mjs`);
  writeFileSync(
    path,
    `import { appendFileSync } from 'node:fs';
const note = (what) => appendFileSync(${JSON.stringify(log)}, what + ' ' + process.pid + '\\n');
let runs = 0;
export async function prepare(after) { note('prepare:' + after); ${prepare} }
export async function run({ payload }) { note('run'); if (payload.hang) await new Promise(() => setTimeout(() => {}, 1e6)); return { pid: process.pid, runs: ++runs }; }
`,
  );
  return path;
}

const open = (module: string) =>
  new TaskRunner({ module, graceMs: 100 }, new ArtifactFolder(join(folder, 'artifacts')));
const spec = (stage: string, payload = {}): TaskSpec => ({ stage, key: `${stage}:1`, payload });
const run = (stage: string, payload = {}, signal = new AbortController().signal) =>
  runner.run(spec(stage, payload), { signal, onProgress: () => undefined });
const notes = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
const prepared = (after: string) => notes().filter((line) => line.startsWith(`prepare:${after} `));
const pidsOf = (lines: readonly string[]) => lines.map((line) => Number(line.split(' ')[1]));
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    // A killed child is a zombie until its parent has heard of it.
    return !/^\S+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
const until = async (condition: () => boolean) => {
  for (let i = 0; !condition(); i++) {
    if (i > 400) throw new Error(`This never happened: ${condition}\n${notes().join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deltaproof-spares-'));
  log = join(folder, 'log');
});
afterEach(() => {
  runner.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('spare processes', () => {
  it('one waits before the first task and takes it; as many as are kept wait after it', async () => {
    runner = open(moduleOf(''));
    runner.keep(2);
    await until(() => prepared('null').length === 1);
    const [first] = pidsOf(prepared('null'));
    expect((await run('trace')).result).toEqual({ pid: first, runs: 1 });
    await until(() => prepared('trace').length === 2);
    expect(alive(first!)).toBe(false);
    const waiting = pidsOf(prepared('trace'));
    const results = (await Promise.all([run('prove'), run('prove')])).map(({ result }) => result);
    expect(results).toHaveLength(2);
    expect(results).toEqual(expect.arrayContaining(waiting.map((pid) => ({ pid, runs: 1 }))));
  });

  it('never run two tasks', async () => {
    runner = open(moduleOf(''));
    runner.keep(1);
    const results: unknown[] = [];
    for (let i = 0; i < 5; i++) results.push((await run('prove')).result);
    const pids = results.map((result) => (result as { pid: number }).pid);
    expect(new Set(pids).size).toBe(5);
    expect(results).toEqual(pids.map((pid) => ({ pid, runs: 1 })));
  });

  it('that have died are not given a task, and one that dies while it loads harms none', async () => {
    runner = open(moduleOf('process.exit(7);'));
    runner.keep(2);
    await until(() => prepared('null').length === 1);
    await until(() => !alive(pidsOf(prepared('null'))[0]!));
    // The parent hears of it in its own time.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await run('trace')).result).toMatchObject({ runs: 1 });
  });

  it('that cannot be prepared run their task all the same', async () => {
    runner = open(moduleOf('throw new Error("no");'));
    runner.keep(1);
    await until(() => prepared('null').length === 1);
    expect((await run('trace')).result).toEqual({ pid: pidsOf(prepared('null'))[0], runs: 1 });
  });

  it('are ended when the runner is closed, also those that compute without a break', async () => {
    runner = open(moduleOf('for (;;) {}'));
    runner.keep(1);
    await until(() => prepared('null').length === 1);
    const [pid] = pidsOf(prepared('null'));
    expect(alive(pid!)).toBe(true);
    runner.close();
    await until(() => !alive(pid!));
  });

  it('are ended with their worker, however it ends', async () => {
    runner = open(moduleOf(''));
    const module = moduleOf('for (;;) {}');
    const host = join(folder, 'host.ts');
    writeFileSync(
      host,
      `import { ArtifactFolder } from '${process.cwd()}/prover/queue/artifacts.ts';
import { TaskRunner } from '${process.cwd()}/prover/worker/runner.ts';
new TaskRunner({ module: ${JSON.stringify(module)} }, new ArtifactFolder('${folder}/a')).keep(1);
setInterval(() => { if (require('node:fs').existsSync(${JSON.stringify(log)})) process.kill(process.pid, 'SIGKILL'); }, 20);
`,
    );
    expect(() =>
      execFileSync(process.execPath, ['--import', 'tsx', host], { stdio: 'ignore', timeout: 30_000 }),
    ).toThrow();
    const [pid] = pidsOf(prepared('null'));
    expect(pid).toBeGreaterThan(0);
    await until(() => !alive(pid!));
  });

  it('wait for other tasks while one is stopped', async () => {
    runner = open(moduleOf(''));
    runner.keep(1);
    const abort = new AbortController();
    const hanging = run('prove', { hang: true }, abort.signal);
    await until(() => notes().some((line) => line.startsWith('run ')) && prepared('prove').length === 1);
    abort.abort(new Error('enough'));
    await expect(hanging).rejects.toThrow('enough');
    expect((await run('prove')).result).toEqual({ pid: pidsOf(prepared('prove'))[0], runs: 1 });
  });
});
