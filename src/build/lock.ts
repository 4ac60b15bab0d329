import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whoever holds a lock touches it this often; one that was not touched for so long is nobody's. Milliseconds. */
const HEARTBEAT = 5_000;
const ABANDONED = 60_000;
const POLL = 250;

/** Locks that this process has tried to take: tells its own apart. */
let tried = 0;

/**
 * Runs `work` while no other process that uses the same lock file runs its own, waiting until then. A holder that was killed is found by its
 * process on this machine, on others by its silence.
 */
export async function exclusively<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const holder = `${process.pid}@${hostname()}@${tried++}`;
  while (!(await take(path, holder))) {
    if (!(await abandoned(path)) || !(await discard(path, holder))) await sleep(POLL);
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
    await release(path, holder);
  }
}

async function take(path: string, holder: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(holder);
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Whoever was silent for so long that somebody else has taken the lock leaves it to them. */
async function release(path: string, holder: string): Promise<void> {
  if ((await holderOf(path)) === holder) await rm(path, { force: true });
}

async function abandoned(path: string): Promise<boolean> {
  const age = await ageOf(path);
  if (age === undefined) return false;
  if (age > ABANDONED) return true;
  const [pid, host] = (await holderOf(path)).split('@');
  return host === hostname() && !isRunning(Number(pid));
}

/**
 * Takes an abandoned lock away, unless somebody else is about to: of several that find it abandoned, one looks again and removes it while
 * the others stand by, so that nobody removes what another has taken meanwhile. @returns whether the lock may be tried at once
 */
async function discard(path: string, holder: string): Promise<boolean> {
  const guard = `${path}.abandoned`;
  if (!(await take(guard, holder))) {
    // Whoever guards it needs no more than a moment.
    if (((await ageOf(guard)) ?? 0) > ABANDONED) await rm(guard, { force: true });
    return false;
  }
  try {
    if (await abandoned(path)) await rm(path, { force: true });
    return true;
  } finally {
    await release(guard, holder);
  }
}

/** Milliseconds since a file was touched; undefined when it is not there. */
function ageOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => undefined,
  );
}

/** Empty when nobody holds it. */
function holderOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
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
