import { accessSync, constants, type Stats, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { writeAtomically } from '../../src/build/artifacts.js';
import { messageOf } from '../../src/errors/base.js';
import { OutputError } from '../../src/errors/output.js';
import { UsageError } from '../../src/errors/usage.js';

/**
 * Checks before long work that a result can be written to `path`.
 * @throws UsageError `USAGE_FILE` when its folder is not there or not writable, or `path` is a folder itself
 */
export function checkWritable(path: string): void {
  const folder = dirname(resolve(path));
  const refuse = (why: string, cause?: unknown): never => {
    throw new UsageError('USAGE_FILE', `Cannot write ${path}: ${why}.`, {
      hint: 'Choose another place with --out.',
      cause,
    });
  };
  if (kindOf(path) === 'folder') refuse('it is a folder');
  if (kindOf(folder) !== 'folder') refuse(`there is no folder ${folder}`);
  try {
    accessSync(kindOf(path) === 'absent' ? folder : path, constants.W_OK);
  } catch (cause) {
    refuse(messageOf(cause), cause);
  }
}

/**
 * Writes a result whole or not at all; what is no regular file (a pipe, /dev/stdout) is written to as it is.
 * @param kept what the user has when it cannot be written, for the error
 * @throws OutputError `OUTPUT_UNWRITABLE`
 */
export async function writeResult(path: string, text: string, kept: string): Promise<void> {
  try {
    if (kindOf(path) === 'other') writeFileSync(path, text);
    else await writeAtomically(path, text);
  } catch (cause) {
    throw new OutputError('OUTPUT_UNWRITABLE', `Cannot write ${path}: ${messageOf(cause)}. ${kept}`, {
      hint: 'Make room or choose another place with --out, then run the same command again.',
      details: { path },
      cause,
    });
  }
}

function kindOf(path: string): 'absent' | 'file' | 'folder' | 'other' {
  let found: Stats;
  try {
    found = statSync(path);
  } catch {
    return 'absent';
  }
  if (found.isFile()) return 'file';
  return found.isDirectory() ? 'folder' : 'other';
}
