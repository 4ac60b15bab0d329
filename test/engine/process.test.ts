import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { buildKeySet } from '../../src/proof/keyset.js';
import { TEST_CHIPS, TEST_SHAPES } from '../fixtures/test-chips.js';

/* The engine in a process of its own, as a library's user has it. */
const FIXTURES = join(import.meta.dirname, '../fixtures/proof');
/** How long a process with nothing left to do may take to end: its threads would keep it for ever. */
const PATIENCE_MS = 5_000;

interface Printed {
  readonly D: string;
  readonly A: string;
  readonly B: string;
  readonly C: string;
}

/** Runs the program that proves once, and waits for its end behind what it prints; it is killed when that does not come. */
async function proveOnce(env: Record<string, string> = {}, before: readonly string[] = []) {
  const args = [...before, '--import', 'tsx', join(FIXTURES, 'prove-once.ts')];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.includes('\n')) timer ??= setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  });
  const end = await new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
  clearTimeout(timer);
  return { end, printed: JSON.parse(text) as Printed };
}

beforeAll(async () => {
  await buildKeySet('tiny', { chips: TEST_CHIPS, shapes: TEST_SHAPES });
});

it('a process that closes nothing ends by itself when its proof is made', async () => {
  expect((await proveOnce()).end).toBe(0);
});

it('no seed of the environment makes two proofs of the same rows alike, only a system without randomness does', async () => {
  const seeds = { DELTAPROOF_SEED: '1', FUZZ_SEED: '1', DELTAPROOF_TEST_SEED: '1', NODE_ENV: 'test', VITEST: 'true' };
  const [one, two] = [(await proveOnce(seeds)).printed, (await proveOnce(seeds)).printed];
  expect(two.D).toBe(one.D);
  for (const point of ['A', 'B', 'C'] as const) expect(two[point]).not.toBe(one[point]);
  // All that differs comes from node:crypto's randomBytes.
  const without = ['--import', join(FIXTURES, 'no-random.mjs')];
  expect((await proveOnce({}, without)).printed).toEqual((await proveOnce({}, without)).printed);
});
