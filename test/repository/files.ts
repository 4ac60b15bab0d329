import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/build/package-root.js';

/** Folders that hold nothing anybody wrote. */
const MADE = new Set(['node_modules', 'dist', 'coverage', 'generated']);

/** Paths of the files below a folder ('' is the project's own), from the project's folder; without hidden ones and what is made. */
export function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(packageRoot(), folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.startsWith('.') || MADE.has(entry.name)) return [];
      if (entry.isDirectory()) return filesIn(path, ending);
      return entry.name.endsWith(ending) ? [path] : [];
    })
    .sort();
}

/** The text of a file of the project. */
export function textOf(path: string): string {
  return readFileSync(join(packageRoot(), path), 'utf8');
}
