import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createPublicClient, http } from 'viem';
import { requireHere } from '../build/package-root.js';
import { L1Error } from '../errors/l1.js';

/** A private anvil of this process, on its default hardfork and chain id 31337, with L1's cap of gas a transaction. */
export interface LocalL1 {
  readonly url: string;
  readonly pid: number;
  /** Ends the process; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Options of {@link startAnvil}. */
export interface AnvilOptions {
  /** Extra command-line flags, e.g. `['--no-mining']`. */
  readonly args?: readonly string[];
  /** Port; a free one by default. */
  readonly port?: number;
}

/**
 * Starts the anvil binary of the npm package on 127.0.0.1 and waits until it answers. It is ended by `stop()` and, at the
 * latest, with this process.
 * @throws L1Error `L1_START` when the binary is missing or exits early.
 */
export async function startAnvil({ args = [], port }: AnvilOptions = {}): Promise<LocalL1> {
  const chosen = port ?? (await freePort());
  const url = `http://127.0.0.1:${chosen}`;
  const where = ['--host', '127.0.0.1', '--port', String(chosen)];
  // anvil does not know EIP-7825 by itself.
  const child = spawn(anvilBinary(), [...where, '--silent', '--enable-tx-gas-limit', ...args], { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    child.kill('SIGTERM');
    await exited;
  };
  try {
    await answers(url, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid: child.pid!, stop };
}

function anvilBinary(): string {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch;
  const name = `@foundry-rs/anvil-${process.platform}-${arch}`;
  try {
    return requireHere().resolve(`${name}/bin/anvil`);
  } catch (cause) {
    throw new L1Error('L1_START', `The package ${name} with anvil's binary is not installed.`, {
      hint: 'Run npm ci.',
      cause,
    });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve((address as { port: number }).port));
    });
  });
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const client = createPublicClient({ transport: http(url, { retryCount: 0, timeout: 2_000 }) });
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null || child.pid === undefined) break;
    try {
      await client.getBlockNumber();
      return;
    } catch {
      // Not listening yet: it is asked again until it answers, exits or 30 seconds are over.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new L1Error('L1_START', `anvil did not answer at ${url} (exit code ${child.exitCode}).`, {
    hint: 'Is the port taken?',
  });
}
