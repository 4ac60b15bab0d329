import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { CircuitError } from '../errors/proof.js';
import { layoutCircom } from './generate-bus.js';
import { packageRoot } from './package-root.js';

/** Where circom looks for an include that is not found beside the including file, relative to the project. */
export const INCLUDE_FOLDERS = ['node_modules', 'circuits'] as const;

/** The generated folder: main circuits and the bus layout. */
export function generatedFolder(): string {
  return join(packageRoot(), 'circuits', 'generated');
}

/**
 * Every file that a main circuit in `circuits/generated/` includes, directly or not: path in the project to text, sorted.
 * The generated bus layout is taken from its generator, so a stale file on disk never matters.
 * @throws CircuitError `CIRCUIT_INCLUDE`
 */
export function includedSources(main: string): [path: string, text: string][] {
  const layout = join(generatedFolder(), 'layout.circom');
  const found = new Map<string, string>();
  const pending = includesOf(main, generatedFolder(), 'the main circuit');
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (found.has(path)) continue;
    const text = path === layout ? layoutCircom() : readFileSync(path, 'utf8');
    found.set(path, text);
    pending.push(...includesOf(text, dirname(path), path));
  }
  return [...found].map(([path, text]): [string, string] => [relative(packageRoot(), path), text]).sort(byPath);
}

function byPath([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1;
}

function includesOf(text: string, folder: string, from: string): string[] {
  return [...text.matchAll(/^\s*include\s+"([^"]+)"\s*;/gm)].map(([, name]) => {
    const candidates = [folder, ...INCLUDE_FOLDERS.map((place) => join(packageRoot(), place))].map((f) =>
      join(f, name!),
    );
    const path = candidates.find(
      (candidate) => existsSync(candidate) || candidate.endsWith('/generated/layout.circom'),
    );
    if (path === undefined) throw new CircuitError('CIRCUIT_INCLUDE', `"${name}", included by ${from}, is not there.`);
    return path;
  });
}

/** A source without its comments, blank lines and indentation: what a circuit is named by, as none of these changes what it compiles to. */
export function bareSource(text: string): string {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\/\/[^\n]*/g, '');
  return code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
