import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, found upwards from this file: the same from `src/` and from `dist/src/`. */
export function packageRoot(): string {
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
  return dirname(requireHere().resolve(`${name}/package.json`));
}

/** Resolves modules as this package's own files do. */
export function requireHere(): NodeJS.Require {
  return createRequire(join(packageRoot(), 'package.json'));
}
