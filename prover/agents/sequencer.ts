import type { Address, Hex } from 'viem';
import { type Environment, sealBatch } from '../../src/batch/header.js';
import { L1Error } from '../../src/errors/l1.js';
import type { AppliedBatch } from '../../src/state/flat-state.js';
import type { L1Account } from './l1-account.js';
import { Player, type PlayerOptions } from './player.js';
import { syncBatches } from './sync.js';

/** What a sequencer is made of. */
export interface SequencerOptions extends PlayerOptions {
  /** Of its batches. */
  readonly feeRecipient: Address;
  /** A root is claimed with every batch whose number this divides; never when absent. */
  readonly rootEvery?: bigint;
}

/** Makes batches, posts them with their claims, and defends its claims. */
export class Sequencer {
  readonly player: Player;
  readonly #options: SequencerOptions;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.player = new Player(options);
  }

  /**
   * The environment of the next batch on the newest L1 block, whose time it has.
   * @throws L1Error `L1_TOO_SOON` when L1 has no block since the last batch: batches have different times
   */
  async environment(): Promise<Environment> {
    const { node, l1, feeRecipient } = this.#options;
    const { block, latestTimestamp } = await l1.rollup.view();
    if (block.timestamp <= latestTimestamp) {
      throw new L1Error('L1_TOO_SOON', `L1's newest block is as old as the last batch (${latestTimestamp}).`, {
        hint: 'Post again when L1 has a later block.',
      });
    }
    const { version, gasLimit, baseFee, chainId } = node.rules;
    return {
      version,
      number: node.head + 1n,
      parent: await node.state.batchHash(node.head),
      timestamp: block.timestamp,
      originNumber: block.number,
      originHash: block.hash,
      feeRecipient,
      gasLimit,
      baseFee,
      chainId,
    };
  }

  /**
   * Posts raw transactions as the next batch, with the claim of its diff hash and, when its turn has come, of its root.
   * The batch is stored first: what L1 accepts can always be defended. What was stored but never reached L1 is taken back.
   */
  async post(txs: readonly Hex[]): Promise<AppliedBatch> {
    const { node, l1, rootEvery } = this.#options;
    await syncBatches(node, l1, (await l1.rollup.view()).block);
    const batch = sealBatch(await this.environment(), txs);
    const applied = await node.apply(batch);
    const { number } = batch.header;
    const diff = BigInt(applied.diffHash);
    await l1.send('submitBatch', l1.calls.submitBatchAndClaim(batch, diff, await this.#missingStake(l1)));
    if (rootEvery !== undefined && number % rootEvery === 0n) await this.#claimRoot(number);
    return applied;
  }

  /** One decision cycle in its games, all reads at one L1 block. Returns whether anything was sent. */
  async tick(): Promise<boolean> {
    return this.player.play(await this.#options.l1.dispute.view());
  }

  async #claimRoot(number: bigint): Promise<void> {
    const { node, l1 } = this.#options;
    const hash = await node.state.batchHash(number);
    const root = await node.rootAfter(number);
    await l1.send('claim', l1.calls.claim('root', number, hash, root, await this.#missingStake(l1)));
  }

  /** Wei to send along so that the credit covers one stake. */
  async #missingStake(l1: L1Account): Promise<bigint> {
    const [{ stake }, credit] = await Promise.all([l1.dispute.parameters(), l1.dispute.credit(l1.account.address)]);
    return credit >= stake ? 0n : stake - credit;
  }
}
