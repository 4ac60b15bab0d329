import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What the agent's process says of itself. */
export interface Said {
  readonly type: string;
  readonly number?: string;
  readonly from?: number;
  readonly to?: number;
  readonly of?: number;
  readonly what?: string;
  readonly code?: string;
}

/** A challenger in a process of its own. */
export class AgentProcess {
  readonly said: Said[] = [];
  readonly #child: ChildProcess;
  readonly #heard = new Set<() => void>();
  readonly #ended: Promise<unknown>;

  /** @param killedBut it is killed, as by kill -9, when it has uploaded parts of a batch that has not this number; never when absent */
  constructor(folder: string, killedBut?: string) {
    const script = join(import.meta.dirname, '../fixtures/agents/challenger.mjs');
    this.#child = spawn(
      process.execPath,
      ['--import', 'tsx', script, folder, ...(killedBut === undefined ? [] : [killedBut])],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    this.#ended = once(this.#child, 'close');
    let rest = '';
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.said.push(JSON.parse(line) as Said);
      for (const listener of this.#heard) listener();
    });
    process.once('exit', () => this.#child.kill('SIGKILL'));
  }

  /** Resolves with the first thing said that is looked for; rejects when the process ends before. */
  until(wanted: (said: Said) => boolean): Promise<Said> {
    return new Promise((resolve, reject) => {
      const listener = () => {
        const found = this.said.find(wanted);
        if (found === undefined) return;
        this.#heard.delete(listener);
        resolve(found);
      };
      this.#heard.add(listener);
      listener();
      // Behind the last that it said.
      this.#child.once('close', () =>
        reject(new Error(`the agent ended:\n${JSON.stringify(this.said, undefined, 1)}`)),
      );
    });
  }

  /** kill -9: nothing is put away. Resolves when all that it said is heard. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  uploads(number: bigint): Said[] {
    return this.said.filter((said) => said.type === 'uploaded' && said.number === number.toString());
  }
}
