import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../helpers/long-trace.ts');

// A batch may have several times as many: they have to fit Node's usual heap, or it is never proven.
it('traces 100,000 steps in 500 MB of heap', { timeout: 300_000 }, async () => {
  const args = ['--max-old-space-size=500', '--import', 'tsx', SCRIPT, '348000'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(Number(stdout)).toBeGreaterThan(100_000);
});
