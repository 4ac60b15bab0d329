import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/build/package-root.js';
import { startRedis } from '../helpers/redis.js';
import { defaultKeys } from './story.js';

/** The compiled command line; the test command builds it. */
const MAIN = join(packageRoot(), 'dist/prover/cli/main.js');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function deltaproof(...args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('demo', { timeout: 1_800_000 }, () => {
  test('over Redis with two workers, one JSON object on stdout', async () => {
    await defaultKeys();
    const redis = await startRedis();
    try {
      const { code, stdout, stderr } = await deltaproof('demo', '--json', '--seed', 'redis', '--redis', redis.url);
      expect(code, stderr).toBe(0);
      const report = JSON.parse(stdout);
      expect(report).toMatchObject({ case: 'a', seed: 'redis', liar: 'sequencer', winner: 'challenger', shapes: 1 });
      expect(report.forged.batch).toBe(report.disputedBatch);
      // The forged field, and the row that the claim contradicts (or that there is none).
      expect(report.explanation[0]).toContain(`of ${report.forged.address} is claimed to be `);
      expect(report.explanation[1]).toMatch(/\(a row of \w+\)$|Nothing in the batch changes it/);
      expect(report.explanation.length).toBeLessThanOrEqual(3);
      expect(Object.keys(report)).toEqual(
        expect.arrayContaining(['proofs', 'constraints', 'rows', 'seconds', 'l1Gas', 'peakMemoryMiB']),
      );
      expect(Object.keys(report.seconds)).toEqual(['trace', 'commit', 'prove', 'verify', 'total']);
      expect(Number(report.l1Gas.total)).toBeGreaterThan(Number(report.l1Gas.prove));
      // All that was sent at once, or what had come when the slot was over.
      expect(report.rows.transfer).toBeGreaterThan(0);
      expect(report.peakMemoryMiB).toBeLessThan(2_048);
    } finally {
      await redis.stop();
    }
  });
});
