import type { Hex, TransactionReceipt } from 'viem';
import { batchHash } from '../batch/header.js';
import { L1Error } from '../errors/l1.js';
import type { Bundle } from '../proof/types.js';
import { transcriptOf } from '../proof/verify.js';
import { bundleCalldata, type StatementCalldata } from './bundle-calldata.js';
import type { AtBlock } from './dispute-client.js';
import { type Group, groupParts } from './plan-parts.js';
import type { L1Call } from './send-call.js';
import { type VerifierClient, verifierCalls } from './verifier-client.js';

/** A bundle as it goes up in parts. How far it is L1 alone knows: whoever goes on with it asks there. */
export interface Upload {
  readonly bundle: Bundle;
  readonly statement: StatementCalldata;
  /** Names the session on L1. */
  readonly seed: Hex;
  /** The link to the first part, by which `proveUploaded` finds the session. */
  readonly frozen: Hex;
  /** The link to each part, and 0 behind the last. */
  readonly dues: readonly Hex[];
}

/** One transaction of an upload: the parts [from, to). */
export interface UploadStep extends Group {
  readonly what: 'begin' | 'feed';
  readonly call: L1Call;
}

/** Prepares a bundle. @throws StatementError, VerificationError when its parts are none */
export function uploadOf(bundle: Bundle): Upload {
  const { seed, dues } = transcriptOf(bundle, batchHash(bundle.header));
  return { bundle, statement: bundleCalldata(bundle).statement, seed, frozen: dues[0]!, dues };
}

/**
 * How many parts L1 has had, whoever sent them: all when `proveUploaded` can settle.
 * @throws L1Error `L1_UPLOAD` when the session is at none of the bundle's parts
 */
export async function partsFed(
  verifier: Pick<VerifierClient, 'session'>,
  { seed, dues }: Upload,
  at?: AtBlock,
): Promise<number> {
  const session = await verifier.session(seed, at);
  const fed = session === undefined ? 0 : dues.indexOf(session.rest);
  if (fed < 0) throw new L1Error('L1_UPLOAD', `Session ${seed} is due ${session!.rest}, no part of the bundle.`);
  return fed;
}

/**
 * The transactions that remain when L1 has had `fed` parts, in order, each of at most `most` parts.
 * @throws BundleError `BUNDLE_PART_TOO_LARGE`
 */
export function uploadSteps({ bundle, statement, seed, dues }: Upload, fed: number, most?: number): UploadStep[] {
  const calls = verifierCalls(bundle.verifier);
  return groupParts(bundle.parts, fed, most).map((group) => {
    const parts = bundle.parts.slice(group.from, group.to);
    const rest = dues[group.to]!;
    return group.from === 0
      ? { ...group, what: 'begin', call: calls.begin({ statement, parts }, rest) }
      : { ...group, what: 'feed', call: calls.feed(seed, parts, rest) };
  });
}

/** How far an upload is. */
export interface UploadProgress {
  /** Parts that L1 has had, of how many. */
  readonly done: number;
  readonly parts: number;
  /** What was sent; absent when somebody else had fed these parts, or at the first look. */
  readonly receipt?: TransactionReceipt;
}

/** What {@link uploadBundle} takes. */
export interface Uploading {
  readonly bundle: Bundle;
  readonly verifier: Pick<VerifierClient, 'address' | 'session'>;
  /** Signs and sends a call and waits for its receipt; throws L1Error `L1_REVERTED` with the contract's error in its details. */
  readonly send: (what: UploadStep['what'], call: L1Call) => Promise<TransactionReceipt>;
  /** Parts of a transaction at most; as many as fit when absent. */
  readonly most?: number;
  readonly onProgress?: (progress: UploadProgress) => void;
  /** Asked before each transaction. An upload that it ends goes on where it stood when it is asked for again. */
  readonly signal?: AbortSignal;
}

/** Errors of the verifier that say that the session is not where it was seen: somebody fed it meanwhile, or a reorg took parts back. */
export const MOVED_ON: readonly string[] = ['Begun', 'NotBegun', 'WrongPart', 'Finished'];
/** Looks in a row that find nothing to have moved, until that is an error. */
const PATIENCE = 5;
/** Milliseconds between looks while a node does not show yet what it has a receipt for. */
const PAUSE = 500;

/**
 * Brings all parts of a bundle to L1, as few transactions as it takes, and yields the link to its first part, by which
 * `proveUploaded` finds them. Where to go on is read from L1's session alone before every transaction: so it may be asked again after a
 * kill, next to others who feed the same bundle, and after a reorg of L1, which takes parts back.
 * @throws BundleError `BUNDLE_PART_TOO_LARGE`; L1Error `L1_UPLOAD` when the session is at none of the bundle's parts, or does not show
 * what was sent; what `send` throws
 */
export async function uploadBundle({ bundle, verifier, send, most, onProgress, signal }: Uploading): Promise<Hex> {
  const upload = uploadOf(bundle);
  const parts = bundle.parts.length;
  let idle = 0;
  for (let seen = -1, receipt: TransactionReceipt | undefined; ; ) {
    signal?.throwIfAborted();
    const done = await partsFed(verifier, upload);
    idle = done === seen ? idle + 1 : 0;
    seen = done;
    if (receipt !== undefined && idle > 0) {
      // The node answers from an older block than it took the receipt from: sent again, the parts would only burn gas.
      if (idle > PATIENCE) throw new L1Error('L1_UPLOAD', `L1 does not show the parts of ${receipt.transactionHash}.`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE * idle));
      continue;
    }
    onProgress?.({ done, parts, ...(receipt === undefined ? {} : { receipt }) });
    const [step] = uploadSteps(upload, done, most);
    if (step === undefined) return upload.frozen;
    try {
      receipt = await send(step.what, step.call);
    } catch (error) {
      const moved = error instanceof L1Error && MOVED_ON.includes(String(error.details?.error));
      if (!moved || idle >= PATIENCE) throw error;
      receipt = undefined;
    }
  }
}
