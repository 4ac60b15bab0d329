import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../helpers/long-trace.ts');

// Kept in memory, the rows alone would take 2 GB. Memory does not grow with them: a batch may have five times as many.
it('traces a million steps in 200 MB of heap', { timeout: 600_000 }, async () => {
  const args = ['--max-old-space-size=200', '--import', 'tsx', SCRIPT, '1000000'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(Number(stdout)).toBeGreaterThan(975_000);
});
