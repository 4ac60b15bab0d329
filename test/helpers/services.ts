import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import { requireHere } from '../../src/build/package-root.js';
import { jsonOf, type Running, run, start } from './cli.js';

/** Services of one folder, as an operator starts them; whatever still runs is ended after the tests of the file. */
export class Services {
  readonly #folder: string;
  readonly #running = new Set<Running>();

  constructor(folder: string) {
    this.#folder = folder;
    afterAll(async () => {
      for (const one of this.#running) await this.stop(one);
    });
  }

  /** Starts a service and waits until it works; `ready` is what it then says on stdout. */
  // biome-ignore lint/suspicious/noExplicitAny: the caller asserts on what it finds
  async start(args: readonly string[]): Promise<Running & { readonly ready: any }> {
    const one = start([...args, '--json'], { cwd: this.#folder });
    this.#running.add(one);
    return { ...one, ready: JSON.parse(await one.said(/^\{.*"working":true.*\n/m)) };
  }

  /** Ends it as an operator does, or at once. */
  stop({ child, ended }: Running, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') {
    child.kill(signal);
    return ended;
  }

  /** Runs a command to its end. */
  run(args: readonly string[], env: Record<string, string> = {}) {
    return run([...args, '--json'], { cwd: this.#folder, env });
  }

  /** The one object that a command says. */
  // biome-ignore lint/suspicious/noExplicitAny: the caller asserts on what it finds
  async json(args: readonly string[]): Promise<any> {
    const ended = await this.run(args);
    if (ended.code !== 0) throw new Error(`${args.join(' ')}: exit code ${ended.code}\n${ended.stdout}${ended.stderr}`);
    return jsonOf(ended);
  }

  /** How a command fails. */
  async codeOf(args: readonly string[], env: Record<string, string> = {}) {
    const ended = await this.run(args, env);
    return { exit: ended.code, code: jsonOf(ended).error?.code };
  }
}

/** Runs foundry's `cast`. */
export async function cast(args: readonly string[], cwd?: string): Promise<string> {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch;
  const program = requireHere().resolve(`@foundry-rs/cast-${process.platform}-${arch}/bin/cast`);
  return (await promisify(execFile)(program, args, cwd === undefined ? {} : { cwd })).stdout;
}

/** Asks again until the answer will do. @throws Error after two minutes */
export async function until<T>(ask: () => Promise<T>, isEnough: (answer: T) => boolean): Promise<T> {
  for (const end = Date.now() + 120_000; ; ) {
    const answer = await ask();
    if (isEnough(answer)) return answer;
    if (Date.now() > end) throw new Error(`not within two minutes; the last answer: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
