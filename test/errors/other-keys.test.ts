import { expect, it, vi } from 'vitest';
import { keysOf } from '../../prover/stages/keys.js';

vi.mock('../../src/proof/keyset.js', () => ({
  loadKeySet: async () => ({ hash: '0x01' }),
  buildShapes: async () => {},
}));

it('a job is refused by a machine that has other keys under that name', async () => {
  const job = { keySet: 'default', keySetHash: '0x02' } as const;
  await expect(keysOf(job)).rejects.toEqual(expect.objectContaining({ code: 'ARTIFACT_OTHER_KEYS', retryable: true }));
  expect(await keysOf({ ...job, keySetHash: '0x01' })).toEqual({ hash: '0x01' });
});
