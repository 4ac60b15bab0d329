import type { Address, Hex } from 'viem';
import { type AnnouncementSigner, sealAnnouncement } from '../../src/batch/announcement.js';
import { batchHash, type Environment, sealBatch } from '../../src/batch/header.js';
import type { Batch, Replay } from '../../src/batch/types.js';
import { messageOf } from '../../src/errors/base.js';
import { BatchError } from '../../src/errors/batch.js';
import { L1Error } from '../../src/errors/l1.js';
import type { AppliedBatch } from '../../src/state/view.js';
import type { BatchRequest } from '../../src/trace/request.js';
import type { ChallengeEvent, ChallengesOptions } from './challenges.js';
import { Disputes } from './disputes.js';
import { Failures } from './failures.js';
import { FastFinality } from './fast-finality.js';
import type { L1Account } from './l1-account.js';
import { type ClaimingEvent, type ClaimingOptions, isClaimedLater, OwnClaims } from './own-claims.js';
import type { Player, PlayerOptions } from './player.js';
import { Follower } from './sync.js';
import type { Treasury } from './treasury.js';

/** Signs and hands out announcements. */
export interface Announcer {
  readonly signer: AnnouncementSigner;
  publish(number: bigint, batchHash: Hex, announcement: Hex): void;
}

/** What a sequencer tells, beside its moves. */
export type SequencerEvent = ClaimingEvent | ChallengeEvent;

/** What a sequencer is made of. */
export interface SequencerOptions
  extends PlayerOptions,
    Omit<ClaimingOptions, 'onEvent'>,
    Pick<ChallengesOptions, 'canary'> {
  readonly l1: L1Account;
  readonly onEvent?: (event: SequencerEvent) => void;
  /** Proves the roots of its batches one after another, so that they are final long before their windows are over. */
  readonly fastFinality?: boolean;
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

/** Makes batches, posts them with their claims, defends its claims, and challenges what stands against them. */
export class Sequencer {
  readonly player: Player;
  readonly l1: L1Account;
  readonly #options: SequencerOptions;
  readonly #follower: Follower;
  readonly #claims: OwnClaims;
  readonly #disputes: Disputes;
  readonly #fast: FastFinality | undefined;
  /** Posts and looks go one after another: both move the node. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.l1 = options.l1;
    this.#follower = new Follower(options.node, options.l1);
    this.#disputes = new Disputes(options, this.#follower);
    this.player = this.#disputes.player;
    this.#claims = new OwnClaims(options);
    this.#fast = options.fastFinality ? new FastFinality(options) : undefined;
  }

  /**
   * The environment of the next batch on the newest L1 block, whose time it has.
   * @throws L1Error `L1_TOO_SOON` when L1's time is less than the least interval between batches behind the last batch's
   */
  async environment(): Promise<Environment> {
    const { node, l1, feeRecipient } = this.#options;
    const { block, latestTimestamp } = await l1.rollup.view();
    const { minInterval } = await l1.rollup.config({ blockHash: block.hash });
    if (latestTimestamp > 0n && block.timestamp < latestTimestamp + minInterval) {
      const message = `L1's time is ${block.timestamp}, the last batch's ${latestTimestamp}; ${minInterval} seconds lie between batches at least.`;
      throw new L1Error('L1_TOO_SOON', message, { hint: 'Post again when L1 has a later block.' });
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
   * Brings the node to the batches that L1 has, and no others: what was stored here and never went out is taken back.
   * @throws L1Error `L1_TOO_SOON` while L1 does not show what was posted from here
   */
  catchUp(): Promise<void> {
    return this.#alone(() => this.#catchUp());
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
    const { node, l1, announcer } = this.#options;
    await this.#catchUp();
    const batch = sealBatch(await this.environment(), txs);
    const applied = await node.apply(batch);
    const { number } = batch.header;
    await this.#refuseUnprovable(number);
    if (announcer !== undefined) await announce(announcer, applied.replay);
    const isClaimed = await this.#submit(batch, BigInt(applied.diffHash));
    if (isClaimed && number % (await l1.dispute.parameters()).rootEvery === 0n) {
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
  async #catchUp(): Promise<void> {
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
    const { l1, lies = false } = this.#options;
    const view = await l1.dispute.view();
    const failures = new Failures();
    // A claimant does not wait until somebody else plays against its rivals: they block it.
    const sent = await this.#disputes.look(view, failures, {
      claim: () => this.#claims.makeMissing(view, failures),
      challenges: !lies,
    });
    const proven = await failures.of(async () => (await this.#fast?.look(view)) ?? false);
    failures.throw();
    return sent || proven;
  }

  /**
   * Posts a batch with the claim of its diff, or without where there is no stake for it or L1 refuses the claim: batches do not wait for
   * claims, which are made later.
   * @returns whether it is claimed
   * @throws L1Error `L1_TOO_SOON`
   */
  async #submit(batch: Batch, diff: bigint): Promise<boolean> {
    const { l1 } = this.#options;
    try {
      if (await this.#claims.secureStake()) {
        await l1.send(SUBMIT, l1.calls.submitBatchAndClaim(batch, diff));
        return true;
      }
    } catch (error) {
      if (!isClaimedLater(error)) throw error;
    }
    await l1.send(SUBMIT, l1.calls.submitBatch(batch)).catch((error: unknown) => {
      if (!isMisplaced(error)) throw error;
      const message = `L1 does not take batch ${batch.header.number} now: its nodes show different blocks.`;
      throw new L1Error('L1_TOO_SOON', message, { hint: 'Post again when they show the same.', cause: error });
    });
    return false;
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
    await this.#fast?.close();
    await this.#options.l1.close();
  }

  #alone<T>(run: () => Promise<T>): Promise<T> {
    const running = this.#last.then(run);
    this.#last = running.catch(() => undefined);
    return running;
  }
}

/** Whether L1 says that a batch does not follow what it has: one of its nodes is behind, or a reorg has come in between. */
function isMisplaced(error: unknown): boolean {
  return error instanceof L1Error && MISPLACED.has(String(error.details?.error));
}

const MISPLACED: ReadonlySet<string> = new Set(['WrongNumber', 'WrongParent', 'WrongOrigin']);

async function announce(announcer: Announcer, { batch, blockAccessList: list }: Replay): Promise<void> {
  const hash = batchHash(batch.header);
  announcer.publish(batch.header.number, hash, await sealAnnouncement({ batchHash: hash, list }, announcer.signer));
}
