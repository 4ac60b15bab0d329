import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { IS_SOURCE, moduleUrl, requireHere } from '../../src/build/package-root.js';
import { SoakError } from '../../src/errors/soak.js';

/** Milliseconds between an end and the next start. */
const PAUSE = 1_000;
/** Milliseconds in which an orderly end is over. */
const PATIENCE = 60_000;
/** Variables of this process that would change what a service does. */
const OWN = ['DELTAPROOF_DATA', 'DELTAPROOF_REDIS', 'DELTAPROOF_PRIVATE_KEY', 'DELTAPROOF_TASK_METRICS'];

/** How a process of the command line ended. */
interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
}

/** A verb that runs until it is ended, as an operator's supervisor runs it: whatever ends it, it is started again with the same command line. */
export class Service {
  readonly name: string;
  /** How often it ended by itself after it had worked. */
  exits = 0;
  /** How often it was killed. */
  kills = 0;
  readonly #folder: string;
  #args: readonly string[];
  #child: ChildProcess | undefined;
  #ended: Promise<End> | undefined;
  #isWanted = false;
  #working: Promise<void> | undefined;

  /** @param folder where it is started, and where its words go: `<name>.log` */
  constructor(name: string, args: readonly string[], folder: string) {
    this.name = name;
    this.#args = args;
    this.#folder = folder;
  }

  /** Starts it, and resolves when it works. */
  start(args: readonly string[] = this.#args): Promise<void> {
    this.#args = args;
    this.#isWanted = true;
    this.#working ??= this.#run().finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  /** kill -9, a pause, and a new start, which is not waited for. */
  async kill(pauseMs: number): Promise<void> {
    this.kills++;
    await this.#end('SIGKILL');
    await sleep(pauseMs);
    void this.start().catch(() => undefined);
  }

  /** Ends it as an operator does. @returns its exit code; null where it had to be killed */
  async stop(): Promise<number | null> {
    const end = await this.#end('SIGTERM');
    return end?.code ?? null;
  }

  /** Whether it runs. */
  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  async #end(signal: NodeJS.Signals): Promise<End | undefined> {
    this.#isWanted = false;
    this.#child?.kill(signal);
    const child = this.#child;
    const late = setTimeout(() => child?.kill('SIGKILL'), PATIENCE);
    const end = await this.#ended;
    clearTimeout(late);
    await this.#working?.catch(() => undefined);
    return end;
  }

  /** Until it works: a start that fails is tried again, since L1 may be away just then. */
  async #run(): Promise<void> {
    while (this.#isWanted) {
      const { child, ended, works } = startVerb(this.#args, this.#folder, this.name);
      this.#child = child;
      this.#ended = ended;
      void ended.then(() => {
        if (this.#child === child) this.#child = undefined;
      });
      if (await works) {
        void ended.then(() => this.#endedByItself());
        return;
      }
      await sleep(PAUSE);
    }
  }

  async #endedByItself(): Promise<void> {
    if (!this.#isWanted) return;
    this.exits++;
    await sleep(PAUSE);
    if (this.#isWanted) void this.start().catch(() => undefined);
  }
}

/** Runs a verb to its end; yields the one object that it says. @throws SoakError `SOAK_SERVICE` */
// biome-ignore lint/suspicious/noExplicitAny: the caller knows what the verb says
export async function runVerb(args: readonly string[], folder: string): Promise<any> {
  const { code, stdout } = await startVerb(args, folder, 'commands').ended;
  if (code !== 0) {
    throw new SoakError('SOAK_SERVICE', `deltaproof ${args.join(' ')} ended with ${code}: ${stdout.trim()}`, {
      hint: `Its words are in ${join(folder, 'commands.log')}.`,
    });
  }
  return JSON.parse(stdout);
}

function startVerb(args: readonly string[], folder: string, name: string) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !OWN.includes(key)));
  // Found from here, as the service runs in a folder of its own.
  const loader = IS_SOURCE ? ['--import', pathToFileURL(requireHere().resolve('tsx')).href] : [];
  const main = fileURLToPath(moduleUrl('prover/cli/main'));
  const child = spawn(process.execPath, [...loader, main, ...args, '--json'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.stderr.pipe(createWriteStream(join(folder, `${name}.log`), { flags: 'a' }));
  let stdout = '';
  const works = new Promise<boolean>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (/"working":true/.test(stdout)) resolve(true);
    });
    child.once('close', () => resolve(false));
  });
  const ended = new Promise<End>((resolve) => {
    child.once('close', (code, signal) => {
      process.off('exit', kill);
      resolve({ code, signal, stdout });
    });
  });
  return { child, ended, works };
}
