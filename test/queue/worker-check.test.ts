import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { programVersion } from '../../prover/config/version.js';
import { checkWorker } from '../../prover/proving/worker-check.js';
import { QueueArtifacts } from '../../prover/queue/queue-artifacts.js';
import type { Job, JobQueue } from '../../prover/queue/types.js';

vi.mock('../../src/proof/keyset.js', () => ({ loadKeySet: async () => ({ hash: '0x01' }) }));

const folder = mkdtempSync(join(tmpdir(), 'deltaproof-worker-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A queue with these open jobs, as a worker sees it at its start. */
function queueWith(jobs: readonly { version?: string; keySetHash?: string; state?: Job['state'] }[], root = folder) {
  const listed = jobs.map(({ version = programVersion(), keySetHash = '0x01', state = 'waiting' }) => {
    return { state, version, request: { keySet: 'default', keySetHash } } as unknown as Job;
  });
  return { artifacts: new QueueArtifacts(root), list: async () => listed } as unknown as JobQueue;
}

const failsAs = (code: string) => expect.objectContaining({ code });

it('a worker begins where it can do what is open, and names its version and keys', async () => {
  const found = { version: programVersion(), keySets: ['default'] };
  expect(await checkWorker(queueWith([]))).toEqual(found);
  expect(await checkWorker(queueWith([{}, { version: '0.0.1' }]))).toEqual(found);
  expect(await checkWorker(queueWith([{ version: '0.0.1', state: 'done' }]))).toEqual(found);
});

it('refuses by name where all open jobs are for another version, or for other keys', async () => {
  await expect(checkWorker(queueWith([{ version: '0.0.1' }]))).rejects.toEqual(failsAs('QUEUE_OTHER_VERSION'));
  await expect(checkWorker(queueWith([{ keySetHash: '0x02' }]))).rejects.toEqual(failsAs('ARTIFACT_OTHER_KEYS'));
});

it('refuses by name where it cannot write', async () => {
  writeFileSync(join(folder, 'file'), '');
  const queue = queueWith([], join(folder, 'file'));
  await expect(checkWorker(queue)).rejects.toEqual(failsAs('QUEUE_ARTIFACT_UNWRITABLE'));
});
