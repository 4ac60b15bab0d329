import type { DisputeView } from '../../src/dispute/types.js';
import { unlessOvertaken } from './l1-account.js';
import { type NeededProofEvent, NeededProofs, type NeededProofsOptions } from './needed-proofs.js';
import { ProofSender } from './proof-sender.js';

/** Batches whose roots are proven at a time: the next ones are ready when the first is final. */
const AHEAD = 4n;

/**
 * Makes roots final by proof: one after another from the last final one, without a claim and without a window. It costs a proof a batch,
 * which nobody pays back.
 */
export class FastFinality {
  readonly #options: NeededProofsOptions;
  readonly #proofs: NeededProofs;
  readonly #sender: ProofSender;

  constructor(options: NeededProofsOptions & { readonly tell?: (event: NeededProofEvent) => void }) {
    this.#options = options;
    this.#proofs = new NeededProofs(options, options.tell ?? (() => {}));
    this.#sender = new ProofSender(options.l1, () => {});
  }

  /** Brings the next root to L1 when its proof is ready, and lets those behind it be proven. @returns whether anything was sent */
  async look(view: DisputeView): Promise<boolean> {
    const { node, l1 } = this.#options;
    if (view.paused) return false;
    const first = view.lastFinalRoot + 1n;
    let send: (() => Promise<boolean>) | undefined;
    for (let number = first; number < first + AHEAD && number <= node.head; number++) {
      const preRoot = await node.rootAfter(number - 1n);
      const hash = await node.state.batchHash(number);
      const isKept = (await l1.dispute.proven(hash, preRoot, 'root', { blockHash: view.block.hash })) !== undefined;
      const call = l1.calls.finalizeProven('root', number);
      if (isKept && number === first) {
        send = () => l1.send('finalizeProven', call, { seen: view.block.number }).then(() => true);
      }
      if (isKept) continue;
      const proof = await this.#proofs.get({ number, mode: 'root', preRoot, serves: () => true });
      if (proof !== undefined) send ??= () => this.#sender.send(proof.bundle, [], view.block);
    }
    this.#proofs.endLook();
    return send !== undefined && unlessOvertaken(send);
  }

  /** Waits for no proof any more; the jobs stay in the queue. */
  close(): Promise<void> {
    return this.#proofs.close();
  }
}
