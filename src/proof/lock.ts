import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whoever holds a lock touches it this often; one that was not touched for so long is nobody's. Milliseconds. */
const HEARTBEAT = 5_000;
const ABANDONED = 60_000;
const POLL = 250;

/** What tells lock files of one process apart from those of others. */
let taken = 0;

/**
 * Runs `work` while no other process that uses the same lock file runs its own, waiting until then. A holder that was killed is found by its
 * process on this machine, on others by its silence.
 */
export async function exclusively<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  while (!(await take(path))) {
    if (await abandoned(path)) await discard(path);
    else await sleep(POLL);
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, HEARTBEAT);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(`${process.pid}@${hostname()}`);
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function abandoned(path: string): Promise<boolean> {
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => undefined,
  );
  if (age === undefined) return false;
  if (age > ABANDONED) return true;
  const [pid, host] = (await readFile(path, 'utf8').catch(() => '')).split('@');
  return host === hostname() && !isRunning(Number(pid));
}

/** Of several that find it abandoned one takes it away; the name is its own, so that nobody's new lock goes with it. */
async function discard(path: string): Promise<void> {
  const aside = `${path}.${process.pid}.${taken++}`;
  await rename(path, aside).catch(() => {});
  await rm(aside, { force: true });
}

/** Whether a process of this machine runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
