import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readCounts } from '../../src/work/counts-file.js';
import { opcodesPage, opcodesPagePath } from '../../src/work/opcodes-page.js';

it('docs/OPCODES.md is what the table and the counts say', () => {
  expect(readFileSync(opcodesPagePath(), 'utf8'), 'npm run counts -- --write').toBe(opcodesPage(readCounts()));
});
