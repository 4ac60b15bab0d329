import type { Address, Hex } from 'viem';
import { type AnnouncementSigner, sealAnnouncement } from '../../src/batch/announcement.js';
import { batchHash, type Environment, sealBatch } from '../../src/batch/header.js';
import type { Batch, Replay } from '../../src/batch/types.js';
import { unrecordedClaims } from '../../src/dispute/claims.js';
import type { DisputeView } from '../../src/dispute/types.js';
import { messageOf } from '../../src/errors/base.js';
import { BatchError } from '../../src/errors/batch.js';
import { L1Error } from '../../src/errors/l1.js';
import type { AppliedBatch } from '../../src/state/view.js';
import type { BatchRequest } from '../../src/trace/request.js';
import { Failures } from './failures.js';
import { unlessOvertaken } from './l1-account.js';
import { type ClaimingOptions, isClaimedLater, OwnClaims } from './own-claims.js';
import { Player, type PlayerOptions } from './player.js';
import { Follower } from './sync.js';
import type { Treasury } from './treasury.js';

/** Signs and hands out announcements. */
export interface Announcer {
  readonly signer: AnnouncementSigner;
  publish(number: bigint, batchHash: Hex, announcement: Hex): void;
}

/** What a sequencer is made of. */
export interface SequencerOptions extends PlayerOptions, ClaimingOptions {
  /** Of its batches. */
  readonly feeRecipient: Address;
  readonly treasury?: Treasury;
  /** Refuses a batch whose proof would not fit (`checkProvable`), before it is posted; all are posted when absent. */
  readonly checkFits?: (request: BatchRequest) => Promise<void>;
  /** Announces what each batch changes, before L1 knows it, to whoever makes roots beside execution; nobody is told when absent. */
  readonly announcer?: Announcer;
}

/** What the outbox calls a batch. */
const SUBMIT = 'submitBatch';

/** Makes batches, posts them with their claims, and defends its claims. */
export class Sequencer {
  readonly player: Player;
  readonly #options: SequencerOptions;
  readonly #follower: Follower;
  readonly #claims: OwnClaims;
  /** Posts and looks go one after another: both move the node. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.player = new Player(options);
    this.#follower = new Follower(options.node, options.l1);
    this.#claims = new OwnClaims(options);
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
   * @throws BatchError `BATCH_UNPROVABLE`: nothing is posted; L1Error `L1_TOO_SOON`
   */
  post(txs: readonly Hex[]): Promise<AppliedBatch> {
    return this.#alone(() => this.#post(txs));
  }

  /**
   * One decision cycle in its games, all reads at one L1 block, on the batches that L1 knows there: what it states must be
   * about these, also when its store was lost or L1 was reorganised. Returns whether anything was sent.
   * @throws at its end, what made a part of it fail
   */
  tick(): Promise<boolean> {
    return this.#alone(() => this.#tick());
  }

  async #post(txs: readonly Hex[]): Promise<AppliedBatch> {
    const { node, rootEvery, announcer } = this.#options;
    await this.#catchUpToPost();
    const batch = sealBatch(await this.environment(), txs);
    const applied = await node.apply(batch);
    const { number } = batch.header;
    await this.#refuseUnprovable(number);
    if (announcer !== undefined) await announce(announcer, applied.replay);
    await this.#submit(batch, BigInt(applied.diffHash));
    if (rootEvery !== undefined && number % rootEvery === 0n) {
      await this.#claims.make({ kind: 'root', number }).catch((error: unknown) => {
        if (!isClaimedLater(error)) throw error;
      });
    }
    return applied;
  }

  /**
   * Brings the node to L1's newest batch. What it has beyond was made here: it is waited for when it is on its way, or where the L1 node is
   * behind the block that has it, and taken back when it never went out.
   * @throws L1Error `L1_TOO_SOON`
   */
  async #catchUpToPost(): Promise<void> {
    const { node, l1 } = this.#options;
    const { block, latest } = await l1.rollup.view();
    await this.#follower.follow(block);
    if (node.head <= latest) return;
    await l1.outbox.look();
    const isUnseen = await l1.outbox.isUnseen(SUBMIT, block.number);
    if (
      isUnseen ||
      (await l1.rollup.batchHash(latest, { blockHash: block.hash })) !== (await node.state.batchHash(latest))
    ) {
      throw new L1Error('L1_TOO_SOON', `L1 does not show batch ${node.head} yet, which was posted from here.`, {
        hint: 'Post again when it does.',
      });
    }
    await node.state.revertTo(latest);
  }

  /** A batch that L1 has is there for ever, and whatever is claimed of one that nobody can prove becomes final. */
  async #refuseUnprovable(number: bigint): Promise<void> {
    const { node, checkFits } = this.#options;
    if (checkFits === undefined) return;
    try {
      const { request } = await node.truth(number, 'root');
      await checkFits(request);
    } catch (cause) {
      await node.state.revertTo(number - 1n);
      throw new BatchError(
        'BATCH_UNPROVABLE',
        `Batch ${number} is not posted, its proof would not fit: ${messageOf(cause)}`,
        {
          cause,
        },
      );
    }
  }

  async #tick(): Promise<boolean> {
    const { l1 } = this.#options;
    const view = await l1.dispute.view();
    await this.#follower.takeBack(view.block);
    const failures = new Failures();
    await failures.of(() => this.#follower.catchUp(view.block).then(() => false));
    const paid = await failures.of(async () => (await this.#options.treasury?.look(view.block)) ?? false);
    const played = await failures.of(() => this.player.play(view));
    const recorded = await failures.of(() => this.#recordFinalRoot(view));
    const claimed = await failures.of(() => this.#claims.makeMissing(view, failures));
    failures.throw();
    return paid || played || recorded || claimed;
  }

  /**
   * Records the newest root that is final by time, whoever claimed it: claims must not be too far ahead of the last recorded
   * one, and a claimant may leave its own unrecorded.
   */
  async #recordFinalRoot(view: DisputeView): Promise<boolean> {
    if (view.paused) return false;
    const [newest] = unrecordedClaims(view)
      .filter(({ kind, status, number }) => kind === 'root' && status === 'final' && number > view.lastFinalRoot)
      .sort((a, b) => Number(b.number - a.number));
    if (newest === undefined) return false;
    const { l1 } = this.#options;
    return unlessOvertaken(async () => {
      await l1.send('resolve', l1.calls.resolve(newest.id));
      return true;
    });
  }

  /**
   * Posts a batch with the claim of its diff, or without where L1 refuses the claim or the account has no stake for it: batches do not wait for
   * claims, which are made later.
   */
  async #submit(batch: Batch, diff: bigint): Promise<void> {
    const { l1 } = this.#options;
    try {
      await l1.send(SUBMIT, l1.calls.submitBatchAndClaim(batch, diff, await this.#claims.missingStake()));
    } catch (error) {
      if (!isClaimedLater(error)) throw error;
      await l1.send(SUBMIT, l1.calls.submitBatch(batch));
    }
  }

  /** Ends the waiting of what is running; what is on its way to L1 and in the queue stays there. */
  stop(): void {
    this.#options.l1.outbox.stop();
  }

  /** Waits for no proof any more, and lets another process have the account. The node stays open. */
  async close(): Promise<void> {
    this.stop();
    await this.#last;
    await this.player.close();
    await this.#options.l1.close();
  }

  #alone<T>(run: () => Promise<T>): Promise<T> {
    const running = this.#last.then(run);
    this.#last = running.catch(() => undefined);
    return running;
  }
}

async function announce(announcer: Announcer, { batch, blockAccessList: list }: Replay): Promise<void> {
  const hash = batchHash(batch.header);
  announcer.publish(batch.header.number, hash, await sealAnnouncement({ batchHash: hash, list }, announcer.signer));
}
