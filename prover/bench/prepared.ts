import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../src/build/artifacts.js';

/**
 * A folder in the cache that is made once and then opened by every run: states that take minutes to build. Whoever opens it leaves it as it was.
 * @param name says what is in it, with everything that it depends on
 * @param make fills a folder; what an interrupted one left is removed first
 */
export async function preparedFolder(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = join(cacheFolder(), 'bench', name);
  if (existsSync(path)) return path;
  const unfinished = `${path}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(dirname(unfinished), { recursive: true });
  mkdirSync(unfinished);
  await make(unfinished);
  renameSync(unfinished, path);
  return path;
}
