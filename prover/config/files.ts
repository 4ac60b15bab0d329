import { readFileSync } from 'node:fs';
import { messageOf } from '../../src/errors/base.js';
import { UsageError } from '../../src/errors/usage.js';

/** A text file that somebody named. @throws UsageError `USAGE_FILE` */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError('USAGE_FILE', `Cannot read ${path}: ${messageOf(cause)}.`, {
      hint: 'Give the path of a file that exists and may be read.',
      cause,
    });
  }
}

/** The content of a JSON file that somebody named. @param refuse throws, told why it cannot be read */
export function readJsonFile(path: string, refuse: (why: string, cause: unknown) => never): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    return refuse(messageOf(cause), cause);
  }
}
