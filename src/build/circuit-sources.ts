import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { CircuitError } from '../errors/proof.js';
import { layoutCircom } from './generate-bus.js';
import { packageFolder, packageRoot } from './package-root.js';

/** Where circom looks for an include that is not found beside the including file. Sources are named by their path in the project. */
export const INCLUDE_FOLDERS = ['node_modules', 'circuits'] as const;
/** The folder of main circuits and of the generated bus layout: both are written where a circuit is compiled. */
export const GENERATED = 'circuits/generated';

const LAYOUT = `${GENERATED}/layout.circom`;

/** The generated folder of the project. */
export function generatedFolder(): string {
  return join(packageRoot(), GENERATED);
}

/** Sources as they were read: of many circuits that are named together, which include the same ones. */
export type ReadSources = Map<string, Source>;

interface Source {
  readonly text: string;
  readonly bare: string;
  readonly includes: readonly string[];
}

/**
 * Every file that a main circuit in `circuits/generated/` includes, directly or not: path in the project to text, sorted. Of circomlib
 * it is `node_modules/circomlib/...`, wherever npm has put it, so that a circuit has one address everywhere.
 * The generated bus layout is taken from its generator, so a stale file on disk never matters.
 * @throws CircuitError `CIRCUIT_INCLUDE`
 */
export function includedSources(main: string): [path: string, text: string][] {
  return reachedFrom(main, new Map()).map(([path, { text }]) => [path, text]);
}

/** The same sources as they name a circuit ({@link bareSource}). @param read what need not be read again, and is added to */
export function bareSources(main: string, read: ReadSources): [path: string, bare: string][] {
  return reachedFrom(main, read).map(([path, { bare }]) => [path, bare]);
}

function reachedFrom(main: string, read: ReadSources): [path: string, source: Source][] {
  const found = new Map<string, Source>();
  const pending = includesOf(main, GENERATED, 'the main circuit');
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (found.has(path)) continue;
    const source = read.get(path) ?? sourceOf(path);
    read.set(path, source);
    found.set(path, source);
    pending.push(...source.includes);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function sourceOf(path: string): Source {
  const text = path === LAYOUT ? layoutCircom() : readFileSync(onDisk(path), 'utf8');
  return { text, bare: bareSource(text), includes: includesOf(text, posix.dirname(path), path) };
}

function includesOf(text: string, folder: string, from: string): string[] {
  return [...text.matchAll(/^\s*include\s+"([^"]+)"\s*;/gm)].map(([, name]) => {
    const candidates = [folder, ...INCLUDE_FOLDERS].map((place) => posix.join(place, name!));
    const path = candidates.find((candidate) => candidate === LAYOUT || existsSync(onDisk(candidate)));
    if (path === undefined) throw new CircuitError('CIRCUIT_INCLUDE', `"${name}", included by ${from}, is not there.`);
    return path;
  });
}

/** Where a source stands. */
function onDisk(path: string): string {
  const [, library, rest] = /^node_modules\/(circomlib)\/(.+)$/.exec(path) ?? [];
  return library === undefined ? join(packageRoot(), path) : join(packageFolder(library), rest!);
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
