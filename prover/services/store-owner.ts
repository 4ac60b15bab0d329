import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StateError } from '../../src/errors/state.js';
import type { DeploymentFile } from '../config/deployment.js';

/** In the folder of a node, which rollup it follows. */
const FILE = 'rollup.json';

/**
 * Marks a node's folder as that of a rollup, or checks the mark.
 * @throws StateError `STATE_OTHER_CHAIN` when the folder is another rollup's
 */
export function checkStoreOwner(path: string, { l1ChainId, rollup }: DeploymentFile): void {
  const own = JSON.stringify({ l1ChainId, rollup: rollup.toLowerCase() });
  const file = join(path, FILE);
  if (!existsSync(file)) {
    mkdirSync(path, { recursive: true });
    writeFileSync(file, `${own}\n`);
    return;
  }
  const found = readFileSync(file, 'utf8').trim();
  if (found === own) return;
  throw new StateError('STATE_OTHER_CHAIN', `The store ${path} is of ${found}, and the deployment is ${own}.`, {
    hint: 'Give another --store, or the deployment of this store; a folder that is no longer needed can be removed.',
  });
}
