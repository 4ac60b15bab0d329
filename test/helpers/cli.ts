import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';
import { batchFileText } from '../../src/batch/batch-file.js';
import { sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { packageRoot } from '../../src/build/package-root.js';
import { limiter, settled } from '../../src/proof/limiter.js';
import { sampleEnvironment, sampleGenesis } from '../../src/samples/accounts.js';
import { sampleBatch } from '../../src/samples/batch.js';
import { MemoryState } from '../../src/state/memory-state.js';

/** The compiled command line; `npm test` builds it first. */
const MAIN = join(packageRoot(), 'dist', 'prover', 'cli', 'main.js');

// A test may run several proofs or dozens of commands, on a machine that does other things too.
vi.setConfig({ testTimeout: 400_000 });

/** How a command ended. */
export interface Ended {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /**
   * Resolves with what matches on stdout or stderr as soon as something does; rejects with all that was said when the command ends before,
   * or after {@link PATIENCE}.
   */
  said(pattern: RegExp): Promise<string>;
  /** All that it has said so far. */
  text(): string;
}

/** Milliseconds that a command has for what it is expected to say: well below a test's own limit, whose message says nothing of it. */
const PATIENCE = 180_000;

/** Variables of this shell that would change what a command does. */
const OWN = ['DELTAPROOF_DATA', 'DELTAPROOF_REDIS', 'DELTAPROOF_PRIVATE_KEY', 'DELTAPROOF_TASK_METRICS'];

/** Starts `deltaproof <args>` as a user does. It is killed with this process at the latest. */
export function start(args: readonly string[], options: { env?: Record<string, string>; cwd?: string } = {}): Running {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing. Build it: npm run build`);
  const env = { ...process.env, ...options.env };
  for (const name of OWN) if (options.env?.[name] === undefined) delete env[name];
  const child = spawn(process.execPath, [MAIN, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let stdout = '';
  let stderr = '';
  const heard = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const listener of heard) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const listener of heard) listener();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      process.off('exit', kill);
      resolve({ code, signal, stdout, stderr });
    });
  });
  const said = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const fail = (what: string) => reject(new Error(`${what} without saying ${pattern}:\n${stdout}${stderr}`));
      const timer = setTimeout(() => fail(`${PATIENCE / 1_000} s`), PATIENCE);
      const listener = () => {
        const [found] = pattern.exec(stdout) ?? pattern.exec(stderr) ?? [];
        if (found === undefined) return;
        heard.delete(listener);
        clearTimeout(timer);
        resolve(found);
      };
      heard.add(listener);
      listener();
      void ended.then(() => {
        clearTimeout(timer);
        fail('ended');
      });
    });
  return { child, ended, said, text: () => stdout + stderr };
}

/** Runs `deltaproof <args>` to its end. */
export function run(args: readonly string[], options: { env?: Record<string, string>; cwd?: string } = {}) {
  return start(args, options).ended;
}

/** The one JSON value on stdout: nothing else may stand there. */
// biome-ignore lint/suspicious/noExplicitAny: the caller asserts on what it finds
export function jsonOf({ stdout, stderr }: Ended): any {
  if (!/^[^\n]+\n$/.test(stdout)) throw new Error(`stdout is not one line:\n${stdout}\nstderr:\n${stderr}`);
  return JSON.parse(stdout);
}

/** The process's children, their children and so on, by pid (Linux). */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // Gone meanwhile.
    }
  }
  const of = (parent: number): number[] =>
    [...parents].filter(([, above]) => above === parent).flatMap(([child]) => [child, ...of(child)]);
  return of(pid);
}

/** Whether the process is there. */
export function isAlive(pid: number): boolean {
  try {
    // A zombie has ended; in a container nobody may be there to bury it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
  } catch {
    return false;
  }
}

/** A folder that is removed after the test file or `describe` that calls it; not for use inside a test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'deltaproof-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The text of a small batch file that the shapes of key set `test` hold in one proof. */
export async function smallBatchFile({ seed = 'cli', transfers = 3 } = {}): Promise<string> {
  const genesis = sampleGenesis(seed, 8);
  const environment = sampleEnvironment(genesis, 1n, ZERO_WORD, RULES_V2);
  const state = new MemoryState(genesis.state);
  const { feeRecipient } = environment;
  const txs = await sampleBatch({
    genesis,
    state,
    number: 1n,
    feeRecipient,
    rules: RULES_V2,
    transfers,
    invalid: false,
  });
  return batchFileText({ preState: genesis.state, batch: sealBatch(environment, [...txs, '0x']) });
}

/** Runs work on each item, at most `limit` at a time: a test file has one core. */
export async function each<T>(items: readonly T[], work: (item: T) => Promise<void>, limit = 2): Promise<void> {
  const atOnce = limiter(limit);
  await settled(items.map((item) => atOnce(() => work(item))));
}

/** Writes a file and yields its path. */
export function write(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
