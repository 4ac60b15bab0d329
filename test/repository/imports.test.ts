import { describe, expect, it } from 'vitest';
import { filesIn, textOf } from './files.js';
import { circleOf, climbing, importsOf, layersOf } from './imports.js';

const IMPORTS = new Map(
  ['src', 'prover', 'test'].flatMap((part) =>
    filesIn(part, '.ts').map((path) => [path, importsOf(path, textOf(path))] as const),
  ),
);
const ARCHITECTURE = textOf('ARCHITECTURE.md');

describe.each(['src', 'prover'])('the layers of %s', (part) => {
  const layers = layersOf(ARCHITECTURE, part);

  it('are its folders', () => {
    const folders = filesIn(part, '.ts').flatMap((path) =>
      path.endsWith('.d.ts') ? [] : (path.split('/').slice(1, -1)[0] ?? []),
    );
    expect(layers.flat().sort()).toEqual([...new Set(folders)].sort());
  });

  it('are not climbed by any import', () => {
    expect(climbing(IMPORTS, part, layers)).toEqual([]);
  });
});

it('src imports nothing of prover', () => {
  const wrong = [...IMPORTS].filter(([from, to]) => from.startsWith('src/') && to.some((t) => t.startsWith('prover/')));
  expect(wrong.map(([from]) => from)).toEqual([]);
});

it('no files import each other in a circle', () => {
  expect(circleOf(IMPORTS)).toBeUndefined();
});

describe('these checks', () => {
  it('see types, exports and imports at run time', () => {
    const text = "import type { A } from '../a/a.js'; export { b } from './b.js'; const c = () => import('./c.js');";
    expect(importsOf('src/x/x.ts', `${text} import { z } from 'zod';`)).toEqual([
      'src/a/a.ts',
      'src/x/b.ts',
      'src/x/c.ts',
    ]);
  });

  it('find what climbs', () => {
    const imports = new Map([
      ['src/a/a.ts', ['src/b/b.ts', 'src/a/other.ts']],
      ['src/b/b.ts', ['src/a/a.ts', 'src/c/c.ts']],
      ['src/index.ts', ['src/b/b.ts']],
    ]);
    expect(climbing(imports, 'src', layersOf('src  a < b, c < d\n', 'src'))).toEqual(['src/a/a.ts -> src/b/b.ts']);
  });

  it('find a circle', () => {
    const imports = new Map([
      ['a', ['b', 'c']],
      ['b', ['d']],
      ['c', ['d']],
      ['d', ['c']],
    ]);
    expect(circleOf(imports)).toEqual(['d', 'c', 'd']);
  });
});
