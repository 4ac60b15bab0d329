import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { IS_SOURCE, moduleUrl } from '../../src/build/package-root.js';

/** What worker processes are told. */
export interface WorkersOptions {
  readonly count: number;
  readonly redis: string;
  readonly prefix: string;
  /** Folder with the artifacts. */
  readonly data: string;
}

/** Starts `deltaproof worker` processes; yields how to end them. They end with this process at the latest. */
export function startWorkers({ count, redis, prefix, data }: WorkersOptions): () => Promise<void> {
  const main = fileURLToPath(moduleUrl('prover/cli/main'));
  const loader = IS_SOURCE ? ['--import', 'tsx'] : [];
  const args = [...loader, main, 'worker', '--redis', redis, '--prefix', prefix, '--data', data];
  const children = Array.from({ length: count }, () => spawn(process.execPath, args, { stdio: ['ignore', 2, 2] }));
  const kill = () => {
    for (const child of children) child.kill('SIGKILL');
  };
  process.once('exit', kill);
  return async () => {
    process.off('exit', kill);
    await Promise.all(children.map(end));
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}
