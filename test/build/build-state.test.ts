import { appendFileSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOfMade, digestOfSources, STAMP } from '../../src/build/build-state.js';
import { temporaryFolder } from '../fixtures/proof/pipeline.js';

/** What a build of this small project reads, and what it makes. */
const READ = [
  ...[
    'src/a.ts',
    'src/deep/b.ts',
    'src/engine/assembly/c.ts',
    'prover/d.ts',
    'contracts/E.sol',
    'circuits/shapes.json',
  ],
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'node_modules/.package-lock.json'],
];
const MADE = [
  'src/chips/generated/all.ts',
  'contracts/generated/artifacts.ts',
  'dist/src/a.js',
  'dist/src/chips/generated/all.js',
];

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
  for (const path of [...READ, ...MADE, STAMP, 'test/x.ts', 'node_modules/p/index.js']) put(path, path);
});
afterEach(() => folder.remove());

const at = (path: string) => join(folder.path, path);
function put(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}
const state = () => ({ sources: digestOfSources(folder.path), made: digestOfMade(folder.path) });

/** Which of both digests a change is seen by. */
function seenBy(change: () => void): string[] {
  const before = state();
  change();
  const after = state();
  return (['sources', 'made'] as const).filter((which) => after[which] !== before[which]);
}

describe('a build is made again for', () => {
  const changes: [string, (path: string) => void][] = [
    [
      'changed, with its time as before',
      (path) => {
        appendFileSync(at(path), '.');
        utimesSync(at(path), 1, 1);
      },
    ],
    ['emptied', (path) => writeFileSync(at(path), '')],
    ['gone', (path) => rmSync(at(path))],
  ];
  describe.each(changes)('a file that is %s', (_what, change) => {
    it.each(READ)('%s', (path) => expect(seenBy(() => change(path))).toEqual(['sources']));
    it.each(MADE)('%s', (path) => expect(seenBy(() => change(path))).toEqual(['made']));
  });

  it('a file that is new, or has another name', () => {
    expect(seenBy(() => put('src/new.ts', ''))).toEqual(['sources']);
    expect(seenBy(() => put('dist/src/new.js', ''))).toEqual(['made']);
    const move = () => {
      rmSync(at('src/new.ts'));
      put('src/newer.ts', '');
    };
    expect(seenBy(move)).toEqual(['sources']);
  });

  it('nothing else', () => {
    for (const path of [STAMP, 'test/x.ts', 'node_modules/p/index.js'])
      expect(seenBy(() => put(path, 'other'))).toEqual([]);
    const touchAll = () => {
      for (const path of READ) utimesSync(at(path), 1, 1);
    };
    expect(seenBy(touchAll)).toEqual([]);
  });
});
