import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['src', 'prover', 'contracts', 'circuits', 'dist'];
/** Read by a build beside the sources; the last one is npm's list of what is installed. */
const SETTINGS = [
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'],
  'node_modules/.package-lock.json',
];
/** Where a finished build says what it has read and made, from the project's folder. */
export const STAMP = 'dist/.built';

/** Digest of all that a build reads below `root`: what somebody wrote, settings, dependencies. */
export function digestOfSources(root: string): string {
  return digestOf(root, [...filesOf(root, false), ...SETTINGS]);
}

/** Digest of all that builds have made: `dist`, and folders `generated`. */
export function digestOfMade(root: string): string {
  return digestOf(root, filesOf(root, true));
}

function filesOf(root: string, made: boolean): string[] {
  const isMade = (path: string) => path.startsWith('dist/') || path.includes('/generated/');
  const below = (folder: string) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return FOLDERS.filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => below(folder).map((name) => `${folder}/${name}`))
    .filter((path) => path !== STAMP && isMade(path) === made && statSync(join(root, path)).isFile())
    .sort();
}

/** Hash of the names and contents of files, and of which are not there. */
function digestOf(root: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of files) {
    const bytes = existsSync(join(root, path)) ? readFileSync(join(root, path)) : undefined;
    hash.update(`${path} ${bytes?.length ?? 'none'}\n`).update(bytes ?? '');
  }
  return hash.digest('hex');
}
