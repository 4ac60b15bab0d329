import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Writes a file unless that text is there already. */
export function writeIfChanged(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(file, text);
}
