import { accessSync } from 'node:fs';

/** Whether this process may use a path so (`fs.constants`): write to it, execute it. */
export function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
