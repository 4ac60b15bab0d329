import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whether this code is TypeScript that a loader translates: its processes need the same loader. */
export const IS_SOURCE = import.meta.url.endsWith('.ts');

/** The project's folder, found upwards from this file: the same from `src/` and from `dist/src/`. */
export function packageRoot(): string {
  root ??= findRoot();
  return root;
}

let root: string | undefined;

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'deltaproof') return folder;
    const parent = dirname(folder);
    if (parent === folder) throw new Error('package.json of deltaproof not found above this file');
    folder = parent;
  }
}

/** The folder of a package that this one depends on, wherever npm has put it: beside this package's files or above them. */
export function packageFolder(name: string): string {
  const folder = folders.get(name) ?? dirname(requireHere().resolve(`${name}/package.json`));
  folders.set(name, folder);
  return folder;
}

const folders = new Map<string, string>();

/** Resolves modules as this package's own files do. */
export function requireHere(): NodeJS.Require {
  return createRequire(join(packageRoot(), 'package.json'));
}

/**
 * A module of the build that this code is of, to be started as a process: TypeScript's source, else JavaScript. Bundled or not, code lies
 * two folders below its build's.
 * @param path from the project's folder, without its ending: `prover/cli/main`
 */
export function moduleUrl(path: string): URL {
  return new URL(`../../${path}${IS_SOURCE ? '.ts' : '.js'}`, import.meta.url);
}
