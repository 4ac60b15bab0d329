import type { DisputeView } from '../../src/dispute/types.js';
import { L1Error } from '../../src/errors/l1.js';
import { bundleCalldata } from '../../src/l1/bundle-calldata.js';
import { fitsOneTransaction } from '../../src/l1/plan-parts.js';
import { partsFed, type Upload, uploadOf, uploadSteps } from '../../src/l1/upload.js';
import { createVerifierClient, type VerifierClient } from '../../src/l1/verifier-client.js';
import type { Bundle } from '../../src/proof/types.js';
import type { L1Account } from './l1-account.js';

/** Parts [from, to) of `of` that went to L1. */
export interface SentParts {
  readonly from: number;
  readonly to: number;
  readonly of: number;
}

/** A bundle on its way, and the L1 block of the last part that went up from here. */
interface Sending {
  readonly upload: Upload;
  block: bigint;
}

/**
 * Takes finished bundles to L1, one transaction a call, so that an upload of hours keeps its player from no other move. How far a bundle is
 * L1 says, at the block that is looked at: parts that somebody else fed are fed, those that a reorg took back are sent again, and a
 * player that was killed goes on where it was.
 */
export class ProofSender {
  readonly #l1: L1Account;
  readonly #onParts: (bundle: Bundle, parts: SentParts) => void;
  readonly #verifier: VerifierClient;
  readonly #sending = new Map<Bundle, Sending>();
  /** Bundles of which L1's estimate said that one transaction does not hold them, though ours said that it does. */
  readonly #tooLarge = new Set<Bundle>();

  constructor(l1: L1Account, onParts: (bundle: Bundle, parts: SentParts) => void) {
    this.#l1 = l1;
    this.#onParts = onParts;
    this.#verifier = createVerifierClient(l1.reader, l1.contracts.verifier);
  }

  /**
   * Sends what is next: the whole, the parts that are due, or, when L1 has had them all, the call that settles `games` by them.
   * @returns whether anything was sent
   * @throws L1Error `L1_REVERTED` also when somebody else was faster (`unlessOvertaken`)
   */
  async send(bundle: Bundle, games: readonly bigint[], { number, hash }: DisputeView['block']): Promise<boolean> {
    const { calls } = this.#l1;
    if (fitsOneTransaction(bundle.parts) && !this.#tooLarge.has(bundle)) {
      try {
        await this.#l1.send('prove', calls.prove(bundleCalldata(bundle), games), { seen: number });
        return true;
      } catch (error) {
        if (!(error instanceof L1Error) || error.code !== 'L1_TRANSACTION_GAS') throw error;
        this.#tooLarge.add(bundle);
      }
    }
    const sending = this.#sending.get(bundle) ?? { upload: uploadOf(bundle), block: 0n };
    this.#sending.set(bundle, sending);
    // A node that is behind would show the session as it was before the last part.
    if (number < sending.block) return false;
    const { upload } = sending;
    const [step] = uploadSteps(upload, await partsFed(this.#verifier, upload, { blockHash: hash }));
    if (step === undefined) {
      await this.#l1.send('proveUploaded', calls.proveUploaded(upload.statement, upload.frozen, games), {
        seen: number,
      });
      return true;
    }
    const { blockNumber } = await this.#l1.send(step.what, step.call, { seen: number });
    sending.block = blockNumber;
    this.#onParts(bundle, { from: step.from, to: step.to, of: bundle.parts.length });
    return true;
  }
}
