/**
 * Generates, compiles and bundles (`npm run build`), unless that was done with these sources, settings and dependencies, and what it made is
 * untouched. Both go by content, so that no change is missed, whatever its time says.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOfMade, digestOfSources, STAMP } from '../../build/build-state.js';
import { packageFolder, packageRoot } from '../../build/package-root.js';

const root = packageRoot();
const stamp = join(root, STAMP);
// As they are before anything reads them: who changes one meanwhile builds again.
const sources = digestOfSources(root);
const stampText = () => `${sources} ${digestOfMade(root)}\n`;

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== stampText()) {
  rmSync(stamp, { force: true });
  await import('./generate.js');
  const compiler = join(packageFolder('typescript'), 'bin/tsc');
  const args = [compiler, '-p', 'tsconfig.build.json'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
  await import('../../build/bundle-programs.js');
  writeFileSync(stamp, stampText());
}
