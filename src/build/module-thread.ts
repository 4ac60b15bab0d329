import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { IS_SOURCE, moduleUrl, packageFolder } from './package-root.js';

/**
 * A thread that runs a module of this build ({@link moduleUrl}). Of TypeScript's sources it registers the loader itself: in a thread,
 * `--import tsx` has no effect.
 */
export function moduleThread(path: string, workerData: unknown): Worker {
  const url = moduleUrl(path);
  if (!IS_SOURCE) return new Worker(url, { workerData, execArgv: [] });
  // As a module: the package's form for `require` does not find its other files.
  const loader = pathToFileURL(join(packageFolder('tsx'), 'dist/esm/api/index.mjs')).href;
  const program = `import('${loader}').then(({ register }) => { register(); return import('${url.href}'); });`;
  return new Worker(program, { eval: true, workerData, execArgv: [] });
}
