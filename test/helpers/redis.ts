import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../prover/soak/free-port.js';

/** A private redis-server of this process. */
export interface TestRedis {
  readonly url: string;
  /** kill -9; the data stays. */
  crash(): Promise<void>;
  /** Starts again on the same port with the data it had. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Starts the real redis-server on a free loopback port; every write is synced, so that a crash loses nothing. */
export async function startRedis(): Promise<TestRedis> {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    throw new Error('redis-server is missing. Install it: apt-get install -y redis-server');
  }
  const folder = await mkdtemp(join(tmpdir(), 'deltaproof-redis-'));
  const port = await freePort();
  let server: ChildProcess | undefined;
  const kill = () => void server?.kill('SIGKILL');
  const start = async () => {
    const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
    server = spawn('redis-server', [...options, '--appendonly', 'yes', '--appendfsync', 'always'], { stdio: 'ignore' });
    await answers(port, server);
  };
  const end = async (signal: NodeJS.Signals) => {
    const old = server;
    if (old === undefined || old.exitCode !== null || old.signalCode !== null) return;
    const gone = new Promise((resolve) => old.once('exit', resolve));
    old.kill(signal);
    await gone;
  };
  process.once('exit', kill);
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    crash: () => end('SIGKILL'),
    restart: start,
    stop: async () => {
      process.off('exit', kill);
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(port: number, server: ChildProcess): Promise<void> {
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on('error', () => undefined); // not up yet
  const gone = new Promise<never>((_, reject) => {
    server.once('exit', (code) => reject(new Error(`redis-server ended with exit code ${code}.`)));
  });
  try {
    await Promise.race([client.ping(), gone]);
  } finally {
    gone.catch(() => undefined);
    client.disconnect();
  }
}
