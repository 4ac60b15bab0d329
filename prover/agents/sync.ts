import { type Hex, zeroHash } from 'viem';
import { higher } from '../../src/batch/extremes.js';
import { blockHashAt } from '../../src/l1/endpoints.js';
import { REORG_DEPTH } from '../../src/l1/limits.js';
import type { PostedBatch } from '../../src/l1/rollup-client.js';
import { lastCommon } from '../node/last-common.js';
import type { L2Node } from '../node/node.js';
import type { L1Account } from './l1-account.js';

/** What a node follows: the rollup as one account sees it. */
type Source = Pick<L1Account, 'rollup' | 'contracts' | 'reader'>;

/**
 * Where the announcement of a batch comes from, `undefined` when there is none in time. What it says is not trusted: it only decides when a root
 * is ready.
 */
export type Announcements = (number: bigint, batchHash: Hex) => Promise<Hex | undefined>;

/** The L1 block that a node is brought to. */
interface At {
  readonly number: bigint;
  readonly hash: Hex;
}

/**
 * Brings a node to the batches that L1 knows. Everything comes from logs and calldata; L1 is the truth, the node's store a cache. Where it
 * reads on follows from the node's newest batch, which names an L1 block before the one that it was posted in.
 */
export class Follower {
  readonly #node: L2Node;
  readonly #source: Source;
  readonly #announced: Announcements;
  /** The highest L1 block that has shown all the node's batches. */
  #seen: At | undefined;
  /** No batch above the node's newest was posted up to this block. */
  #read = 0n;

  constructor(node: L2Node, source: Source, announced: Announcements = async () => undefined) {
    this.#node = node;
    this.#source = source;
    this.#announced = announced;
  }

  /** {@link takeBack} and {@link catchUp}. */
  async follow(block: At): Promise<void> {
    await this.takeBack(block);
    await this.catchUp(block);
  }

  /**
   * Takes back the batches that an L1 reorg has removed. What L1 does not show at `block` stays as long as nothing says that it is gone:
   * one node that is behind must not cost the work on what others have shown.
   */
  async takeBack(block: At): Promise<void> {
    const { state, head } = this.#node;
    if (head === 0n) return;
    const shown = await this.#shown(head, block);
    if (shown === (await state.batchHash(head))) {
      if (this.#seen === undefined || block.number >= this.#seen.number) this.#seen = block;
      return;
    }
    if (!(await this.#isGone(block, shown))) return;
    const isCommon = async (number: bigint) => (await this.#shown(number, block)) === (await state.batchHash(number));
    await state.revertTo(await lastCommon(head, isCommon));
    this.#seen = undefined;
    this.#read = 0n;
  }

  /**
   * Executes the batches of L1 at `block` that the node does not have; call {@link takeBack} before. Announcements are asked for the newest of
   * them alone: roots of a backlog are made merged, behind execution, and who announces slowly must not hold all of it up.
   */
  async catchUp(block: At): Promise<void> {
    const { rollup, contracts } = this.#source;
    const { latest } = await rollup.view({ blockHash: block.hash });
    if (latest > this.#node.head) {
      const starts = [firstBlock(contracts.block), await this.#origin(), this.#read - REORG_DEPTH];
      const fromBlock = starts.reduce(higher);
      for await (const posted of rollup.batches({ fromBlock, toBlock: block.number }, this.#node.head)) {
        if (!(await this.#apply(posted, block, latest))) return;
      }
    }
    if (this.#node.head === latest) this.#read = block.number;
  }

  /** Executes batches that were read together; false when they are another fork's, as logs are asked for by block number. */
  async #apply(posted: readonly PostedBatch[], block: At, latest: bigint): Promise<boolean> {
    const last = posted.at(-1);
    if (last === undefined) return true;
    if (last.hash !== (await this.#shown(last.header.number, block))) return false;
    for (const { header, txs, hash } of posted) {
      if (header.number !== this.#node.head + 1n) continue;
      if (header.parent !== (await this.#node.state.batchHash(this.#node.head))) return false;
      const announcement = header.number === latest ? await this.#announced(header.number, hash) : undefined;
      await this.#node.apply({ header, txs }, announcement);
    }
    return true;
  }

  /** Whether the node's newest batch is certainly not in L1, as `block` shows another one in its place or none (zero). */
  async #isGone(block: At, shown: Hex): Promise<boolean> {
    // A block that is no longer L1's, as a node that is behind may still show, says nothing.
    if (!(await this.#isIn(block))) return false;
    if (shown !== zeroHash) return true;
    if (this.#seen !== undefined) return (await this.#isIn(this.#seen)) === false;
    // This process has never seen it there: it has a place in L1 only behind the block that it names, and not far behind.
    const { header } = (await this.#node.state.batch(this.#node.head)).batch;
    const isIn = await this.#isIn({ number: header.originNumber, hash: header.originHash });
    if (isIn !== true) return isIn === false;
    const { maxOriginLag } = await this.#source.rollup.config({ blockHash: block.hash });
    return block.number > header.originNumber + maxOriginLag;
  }

  /** Whether L1 has a block, by a second look at its height; undefined when the node is not so high. */
  async #isIn({ number, hash }: At): Promise<boolean | undefined> {
    const found = await blockHashAt(this.#source.reader, number);
    return found === undefined ? undefined : found === hash;
  }

  #shown(number: bigint, { hash: blockHash }: At): Promise<Hex> {
    return this.#source.rollup.batchHash(number, { blockHash });
  }

  async #origin(): Promise<bigint> {
    const { head, state } = this.#node;
    return head === 0n ? 0n : (await state.batch(head)).batch.header.originNumber;
  }
}

/** The Rollup is deployed shortly before the last of the contracts. */
function firstBlock(last: bigint): bigint {
  return last > 10n ? last - 10n : 0n;
}
