import { posix } from 'node:path';
import ts from 'typescript';

/** Which files a TypeScript file imports, types included, by their paths from the project's folder; packages are left out. */
export function importsOf(path: string, text: string): string[] {
  return ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => posix.join(posix.dirname(path), name).replace(/\.js$/, '.ts'));
}

/** Layers of a part of the project, lowest first, as ARCHITECTURE.md has them: `part  a < b, c < d`. */
export function layersOf(architecture: string, part: string): string[][] {
  const line = architecture.match(new RegExp(`^${part} +(\\S.* < .*)$`, 'm'))?.[1];
  if (line === undefined) throw new Error(`ARCHITECTURE.md has no layers of ${part}`);
  return line.split(' < ').map((layer) => layer.trim().split(', '));
}

/** Imports that climb, as `from -> to`. A file that is in none of a part's folders is above them all. */
export function climbing(imports: ReadonlyMap<string, readonly string[]>, part: string, layers: readonly string[][]) {
  const height = (path: string) => {
    const layer = layers.findIndex((folders) => folders.some((folder) => path.startsWith(`${part}/${folder}/`)));
    return layer === -1 ? layers.length : layer;
  };
  const folderOf = (path: string) => path.split('/')[1];
  return [...imports]
    .filter(([from]) => from.startsWith(`${part}/`))
    .flatMap(([from, targets]) =>
      targets
        .filter((to) => to.startsWith(`${part}/`) && folderOf(to) !== folderOf(from) && height(to) > height(from))
        .map((to) => `${from} -> ${to}`),
    );
}

/** A circle of imports, its first file at both ends; undefined when there is none. */
export function circleOf(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    const start = path.indexOf(file);
    if (start !== -1) return [...path.slice(start), file];
    if (done.has(file)) return undefined;
    for (const next of imports.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
