import type { Hex, TransactionReceipt } from 'viem';
import { batchHash } from '../batch/header.js';
import { L1Error } from '../errors/l1.js';
import type { Bundle } from '../proof/types.js';
import { transcriptOf } from '../proof/verify.js';
import { bundleCalldata } from './bundle-calldata.js';
import { groupParts } from './plan-parts.js';
import type { L1Call } from './send-call.js';
import { type VerifierClient, verifierCalls } from './verifier-client.js';

/** How far an upload is. */
export interface UploadProgress {
  /** Parts that L1 has had, of how many. */
  readonly done: number;
  readonly parts: number;
  /** What was sent; absent when somebody else had fed these parts, or at the first look. */
  readonly receipt?: TransactionReceipt;
}

/** What {@link uploadBundle} takes. */
export interface Upload {
  readonly bundle: Bundle;
  readonly verifier: Pick<VerifierClient, 'address' | 'session'>;
  /** Signs and sends a call and waits for its receipt; throws L1Error `L1_REVERTED` with the contract's error in its details. */
  readonly send: (what: 'begin' | 'feed', call: L1Call) => Promise<TransactionReceipt>;
  /** Parts of a transaction at most; as many as fit when absent. */
  readonly most?: number;
  readonly onProgress?: (progress: UploadProgress) => void;
  /** Asked before each transaction. An upload that it ends goes on where it stood when it is asked for again. */
  readonly signal?: AbortSignal;
}

/** Errors of the verifier that say that the session is not where it was seen: somebody fed it meanwhile, or a reorg took parts back. */
const MOVED_ON = new Set(['Begun', 'NotBegun', 'WrongPart', 'Finished']);
/** Looks in a row that find nothing to have moved, until that is an error. */
const PATIENCE = 5;

/**
 * Brings all parts of a bundle to L1, as few transactions as it takes, and yields the link to its first part, by which
 * `proveUploaded` finds them. Where to go on is read from L1's session alone before every transaction: so it may be asked again after a
 * kill, next to others who feed the same bundle, and after a reorg of L1, which takes parts back.
 * @throws BundleError `BUNDLE_PART_TOO_LARGE`; L1Error `L1_UPLOAD` when the session is at none of the bundle's parts; what `send` throws
 */
export async function uploadBundle({ bundle, verifier, send, most, onProgress, signal }: Upload): Promise<Hex> {
  const { seed, dues } = transcriptOf(bundle, batchHash(bundle.header));
  const { statement, parts } = bundleCalldata(bundle);
  const calls = verifierCalls(verifier.address);
  let idle = 0;
  for (let seen = -1, receipt: TransactionReceipt | undefined; ; ) {
    signal?.throwIfAborted();
    const session = await verifier.session(seed);
    const done = session === undefined ? 0 : dues.indexOf(session.rest);
    if (done < 0) throw new L1Error('L1_UPLOAD', `Session ${seed} is due ${session!.rest}, no part of the bundle.`);
    idle = done === seen ? idle + 1 : 0;
    seen = done;
    onProgress?.({ done, parts: parts.length, ...(receipt === undefined ? {} : { receipt }) });
    if (done === parts.length) return dues[0]!;
    const to = Math.min(groupParts(parts, done)[0]!.to, done + (most ?? parts.length));
    const group = parts.slice(done, to);
    const rest = dues[to]!;
    const begins = session === undefined;
    try {
      receipt = begins
        ? await send('begin', calls.begin({ statement, parts: group }, rest))
        : await send('feed', calls.feed(seed, group, rest));
    } catch (error) {
      const moved = error instanceof L1Error && MOVED_ON.has(String(error.details?.error));
      if (!moved || idle >= PATIENCE) throw error;
      receipt = undefined;
    }
  }
}
