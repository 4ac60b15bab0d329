import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/build/package-root.js';
import { filesIn, textOf } from './files.js';

const FILES = ['.md', '.ts', '.circom', '.sol', '.jsonc'].flatMap((ending) => filesIn('', ending));

/** Pages named in a text: words that end in `.md`, addresses aside. */
function citedPages(text: string): string[] {
  return [...text.replace(/https?:\/\/\S+/g, '').matchAll(/(?<![\w*/.-])(?:\.{1,2}\/)*[\w/-]+\.md\b/g)].map(
    ([page]) => page,
  );
}

/** Whether a page is there, from the project's folder, from the citing file's, or by its name in `docs`. */
function isThere(page: string, from: string): boolean {
  return ['', dirname(from), 'docs', 'test'].some((folder) => existsSync(join(packageRoot(), folder, page)));
}

describe('pages', () => {
  it('that anything cites are there', () => {
    const missing = FILES.filter((path) => path !== 'test/repository/docs.test.ts').flatMap((path) =>
      citedPages(textOf(path)).flatMap((page) => (isThere(page, path) ? [] : [`${path}: ${page}`])),
    );
    expect(missing).toEqual([]);
  });

  it('name tests that are there', () => {
    const pages = FILES.filter((path) => path.endsWith('.md'));
    const cited = pages.flatMap((path) =>
      [...textOf(path).matchAll(/`(test\/[\w/-]+\.test\.ts)`/g)].map(([, test]) => test!),
    );
    expect(cited.length).toBeGreaterThan(30);
    expect(cited.filter((test) => !existsSync(join(packageRoot(), test)))).toEqual([]);
  });

  it('are found by the README or by a page of it', () => {
    const start = ['README.md', ...citedPages(textOf('README.md'))].map(textOf).join('\n');
    for (const page of filesIn('docs', '.md')) expect(start).toContain(page);
  });

  it('are found in a text', () => {
    expect(citedPages('See `docs/A.md`, ../b/C.md and https://x.org/D.md, rule 10.')).toEqual([
      'docs/A.md',
      '../b/C.md',
    ]);
    expect(isThere('bus.md', 'circuits/chips/add.circom')).toBe(false);
    expect(isThere('FORMATS.md', 'src/batch/rules.ts')).toBe(true);
  });
});

describe('ARCHITECTURE.md', () => {
  const table = textOf('ARCHITECTURE.md').match(/^\| `.*$/gm)!;
  const named = table.flatMap((row) => [...row.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, folder]) => folder!));

  it('names folders that are there', () => {
    expect(named.filter((folder) => !existsSync(join(packageRoot(), folder)))).toEqual([]);
  });

  it.each(['src', 'prover'])('names every folder of %s', (part) => {
    const folders = new Set(
      filesIn(part, '.ts').flatMap((path) =>
        path.endsWith('.d.ts') ? [] : path.split('/').length > 2 ? [path.split('/').slice(0, 2).join('/')] : [],
      ),
    );
    expect([...folders].filter((folder) => !named.includes(folder))).toEqual([]);
  });
});
