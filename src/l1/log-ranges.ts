import { BaseError, HttpRequestError, TimeoutError } from 'viem';
import { L1Error } from '../errors/l1.js';

/** Blocks [from, to]. */
export interface BlockRange {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

/** Words of a node that is asked too often: a smaller range does not help. */
const TOO_OFTEN = /rate.?limit|too many requests|requests per|compute units|daily|quota|throughput|\b429\b/i;
/**
 * Words with which nodes and providers refuse a range of logs: its blocks, the logs in it, the bytes of the answer, or the time it takes.
 * (geth, erigon, nethermind, Alchemy, Infura, QuickNode, Ankr, Chainstack, dRPC, Cloudflare.)
 */
const TOO_MUCH =
  /range|too (many|large|big|wide|much|long)|more than|exceed|maximum|max (results|logs|block)|limit|response size|(query|request) time|timed? ?out|narrow/i;

/** Whether a node's error says that the range of a request for logs is too large for it. */
export function isRangeRefusal(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  if (error.walk((cause) => cause instanceof TimeoutError) !== null) return true;
  const said: string[] = [];
  let answered = false;
  error.walk((cause) => {
    if (cause instanceof HttpRequestError) answered ||= cause.status !== undefined && cause.status !== 429;
    if (typeof (cause as { code?: unknown }).code === 'number') answered = true;
    if (cause instanceof BaseError) said.push(cause.details ?? '', cause.shortMessage);
    else if (cause instanceof Error) said.push(cause.message);
    return false;
  });
  const words = said.join(' ').replaceAll(/eth_getLogs is limited/g, 'range');
  return answered && TOO_MUCH.test(words) && !TOO_OFTEN.test(words);
}

/**
 * Reads logs of any number of blocks through nodes that allow few at a time: a range that is refused is halved until it is taken, and the
 * ranges after it begin with what was taken, growing again where there is room.
 */
export class LogRanges {
  /** The smallest range that was refused, in blocks. */
  #refused: bigint | undefined;
  #span: bigint | undefined;

  /**
   * What `ask` says of all blocks of the range, in their order, piece by piece.
   * @throws L1Error `L1_LOGS_REFUSED` when the node does not even say what one block has; other errors of `ask` as they are
   */
  async *read<T>({ fromBlock, toBlock }: BlockRange, ask: (range: BlockRange) => Promise<T>): AsyncGenerator<T> {
    for (let from = fromBlock; from <= toBlock; ) {
      const rest = toBlock - from + 1n;
      const size = this.#span === undefined || this.#span > rest ? rest : this.#span;
      const to = from + size - 1n;
      let answer: T;
      try {
        answer = await ask({ fromBlock: from, toBlock: to });
      } catch (error) {
        if (!isRangeRefusal(error)) throw error;
        this.#refuse(size, from, error);
        continue;
      }
      yield answer;
      from = to + 1n;
      const next = 2n * size;
      if (this.#refused !== undefined) this.#span = next < this.#refused ? next : size;
    }
  }

  #refuse(size: bigint, from: bigint, cause: unknown): void {
    if (size === 1n) {
      const message = `The L1 node does not say what logs block ${from} has.`;
      throw new L1Error('L1_LOGS_REFUSED', message, { hint: 'Use another node.', cause });
    }
    this.#refused = size;
    this.#span = size / 2n;
  }
}
