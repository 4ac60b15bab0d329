import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/build/package-root.js';

/** The version of the programs. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return version;
}
