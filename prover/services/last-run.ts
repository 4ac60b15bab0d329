import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkStores } from '../node/stores.js';
import type { Log } from './log.js';

/** In the folder of a node, from its opening to the orderly end of the process. */
const FILE = 'running';

/**
 * Opens the node in a folder, which is marked until this process ends. A process that was cut off leaves the mark: it was killed, or
 * LevelDB has ended it at a damaged table and would do so again. So the tables are checked first then.
 * @throws StateError `STATE_CORRUPT`, and what `open` throws
 */
export async function openMarked<Node>(path: string, log: Log, open: () => Promise<Node>): Promise<Node> {
  const mark = join(path, FILE);
  const isMarked = existsSync(mark);
  if (isMarked) {
    log.warn({ store: path }, 'the last process on this store was cut off: its tables are checked');
    await checkStores(path);
  }
  writeFileSync(mark, '');
  const node = await open().catch((error: unknown) => {
    // A mark that was there may be that of a process that has the stores open.
    if (!isMarked) rmSync(mark, { force: true });
    throw error;
  });
  process.once('exit', () => rmSync(mark, { force: true }));
  return node;
}
