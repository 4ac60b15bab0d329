import { batchHash } from '../../src/batch/header.js';
import type { Header } from '../../src/batch/types.js';
import type { DisputeView } from '../../src/dispute/types.js';
import { L1Error } from '../../src/errors/l1.js';
import { bundleCalldata } from '../../src/l1/bundle-calldata.js';
import { fitsOneTransaction } from '../../src/l1/plan-parts.js';
import { partsFed, type Upload, type UploadStep, uploadOf, uploadSteps } from '../../src/l1/upload.js';
import { createVerifierClient, type VerifierClient } from '../../src/l1/verifier-client.js';
import { MODE_NUMBER } from '../../src/proof/transcript.js';
import type { Bundle, Mode } from '../../src/proof/types.js';
import { ForeignSessions } from './foreign-sessions.js';
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

/** Seconds that each transaction of an upload may take on a loaded L1 (`DEFAULT_PARAMETERS`, proofWindow). */
const PER_TRANSACTION = 1_200n;
/** Gas of `proveUploaded` with as many games as a player settles by one proof, whose estimate must wait for the parts before it. */
const CONCLUDING_GAS = 3_000_000n;

/**
 * Takes finished bundles to L1, one transaction a call, so that an upload of hours keeps its player from no other move. How far a bundle is
 * L1 says, at the block that is looked at: parts that somebody else fed are fed, those that a reorg took back are sent again, and a
 * player that was killed goes on where it was.
 */
export class ProofSender {
  readonly #l1: L1Account;
  readonly #onParts: (bundle: Bundle, parts: SentParts) => void;
  readonly #verifier: VerifierClient;
  readonly #foreign: ForeignSessions;
  readonly #sending = new Map<Bundle, Sending>();
  /** By statement: whether a process before this one has begun with it. */
  readonly #earlier = new Map<string, Promise<boolean>>();
  /** Bundles of which L1's estimate said that one transaction does not hold them, though ours said that it does. */
  readonly #tooLarge = new Set<Bundle>();

  constructor(l1: L1Account, onParts: (bundle: Bundle, parts: SentParts) => void) {
    this.#l1 = l1;
    this.#onParts = onParts;
    this.#verifier = createVerifierClient(l1.reader, l1.contracts.verifier);
    this.#foreign = new ForeignSessions(l1.reader, this.#verifier);
  }

  /** Whether parts of a bundle have gone to L1, from here or from a process before this one. */
  async hasBegun(bundle: Bundle, { hash }: DisputeView['block']): Promise<boolean> {
    if (fitsOneTransaction(bundle.parts) && !this.#tooLarge.has(bundle)) return false;
    const { upload, block } = this.#sendingOf(bundle);
    return block > 0n || (await partsFed(this.#verifier, upload, { blockHash: hash })) > 0;
  }

  /** Whether this account has begun to bring a statement to L1 before block `number`, with whatever bundle. */
  wasBegun(header: Header, preRoot: bigint, mode: Mode, { number }: DisputeView['block']): Promise<boolean> {
    const key = `${batchHash(header)} ${preRoot} ${mode}`;
    const { address } = this.#l1.account;
    const found =
      this.#earlier.get(key) ?? this.#foreign.isOwn({ header, preRoot, mode: MODE_NUMBER[mode] }, address, number);
    this.#earlier.set(key, found);
    found.catch(() => this.#earlier.delete(key));
    return found;
  }

  /**
   * Sends what is next: the whole, the parts that are due, or, when L1 has had them all, the call that settles `games` by them.
   * While somebody else is at the same statement it waits, as that costs nothing if the other is done first, and sends all at once
   * when there is no more time for that, so that nobody can be done in between.
   * @param left seconds until the proof is of no use; it does not wait when absent
   * @returns whether anything was sent
   * @throws L1Error `L1_REVERTED` also when somebody else was faster (`unlessOvertaken`)
   */
  async send(
    bundle: Bundle,
    games: readonly bigint[],
    { number, hash }: DisputeView['block'],
    left?: bigint,
  ): Promise<boolean> {
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
    const sending = this.#sendingOf(bundle);
    // A node that is behind would show the session as it was before the last part.
    if (number < sending.block) return false;
    const { upload } = sending;
    const steps = uploadSteps(upload, await partsFed(this.#verifier, upload, { blockHash: hash }));
    const conclude = (gas: { gas?: bigint } = {}) =>
      this.#l1.send('proveUploaded', calls.proveUploaded(upload.statement, upload.frozen, games), {
        seen: number,
        ...gas,
      });
    if (steps.length === 0) {
      await conclude();
      return true;
    }
    const isLate = left !== undefined && left <= 2n * PER_TRANSACTION * BigInt(steps.length);
    if (left !== undefined && (await this.#isContested(upload, number, isLate))) {
      if (!isLate) return false;
      const parts = steps.map((step, i) => this.#feed(sending, step, number, i === 0 ? {} : planned(step)));
      await Promise.all([...parts, conclude({ gas: CONCLUDING_GAS })]);
      return true;
    }
    await this.#feed(sending, steps[0]!, number);
    return true;
  }

  #sendingOf(bundle: Bundle): Sending {
    const sending = this.#sending.get(bundle) ?? { upload: uploadOf(bundle), block: 0n };
    this.#sending.set(bundle, sending);
    return sending;
  }

  /** Whether somebody else is at the same statement. When L1 does not say so in time, that must not keep the proof from going there. */
  async #isContested(upload: Upload, number: bigint, isLate: boolean): Promise<boolean> {
    try {
      return await this.#foreign.isThere(upload, number);
    } catch (error) {
      if (!isLate) throw error;
      return true;
    }
  }

  async #feed(sending: Sending, step: UploadStep, seen: bigint, gas: { gas?: bigint } = {}): Promise<void> {
    const { what, call, from, to } = step;
    const { bundle } = sending.upload;
    const { blockNumber } = await this.#l1.send(what, call, { seen, ...gas });
    if (blockNumber > sending.block) sending.block = blockNumber;
    this.#onParts(bundle, { from, to, of: bundle.parts.length });
  }
}

/** Gas of parts behind those that are due: L1 cannot estimate it before these are there. */
function planned({ size }: UploadStep): { gas: bigint } {
  return { gas: BigInt(size.gas) };
}
