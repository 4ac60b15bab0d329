import type { Hex } from 'viem';
import { verifyBundle } from '../../src/l1/verify-bundle.js';
import { encodeBundle } from '../../src/proof/bundle-file.js';
import { withProofs } from '../../src/proof/parts.js';
import type { Bundle } from '../../src/proof/types.js';
import { type BundlePayload, listOf } from '../queue/proof-pipeline.js';
import type { TaskContext } from '../worker/task.js';
import { keysOf } from './keys.js';
import { transcriptOf } from './transcript.js';

/** Puts the records together, verifies the whole by L1's rules, stores the bundle file. */
export async function bundle(payload: BundlePayload, { artifacts }: TaskContext): Promise<{ bundle: string }> {
  const { request, work, context, statement, plan } = await transcriptOf(payload, artifacts);
  const { batch, preRoot, mode, rules } = work;
  const parts = withProofs(plan, [...(await listOf<Hex>(payload.proofs, artifacts))]);
  const whole: Bundle = { ...context, header: batch.header, preRoot, mode, value: statement.value, parts };
  await verifyBundle(whole, await keysOf(request), rules);
  return { bundle: await artifacts.put(Buffer.from(encodeBundle(whole))) };
}
