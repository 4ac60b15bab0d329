import { concat, type Hex } from 'viem';
import { verifyBundle } from '../../src/l1/verify-bundle.js';
import { encodeBundle } from '../../src/proof/bundle-file.js';
import type { Bundle } from '../../src/proof/types.js';
import type { BundlePayload } from '../queue/proof-pipeline.js';
import type { TaskContext } from '../worker/task.js';
import { keysOf } from './keys.js';
import { contextOf } from './parts.js';
import { transcriptOf } from './transcript.js';

/** Puts the records together, verifies the whole by L1's rules, stores the bundle file. */
export async function bundle(payload: BundlePayload, { artifacts }: TaskContext): Promise<{ bundle: string }> {
  const { request, work, statement, tables } = await transcriptOf(payload, artifacts);
  const { batch, preRoot, mode, rules } = work;
  const whole: Bundle = {
    ...contextOf(request),
    ...batch,
    preRoot,
    mode,
    value: statement.value,
    tables,
    proofs: concat(payload.proofs as Hex[]),
  };
  await verifyBundle(whole, await keysOf(request), rules);
  return { bundle: await artifacts.put(Buffer.from(encodeBundle(whole))) };
}
