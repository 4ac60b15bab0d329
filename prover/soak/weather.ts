import type { PublicClient } from 'viem';
import { parseGwei } from 'viem';

/** Seconds of L1 that pass beside those that pass anyhow, for each look. */
const BESIDES = 9;

/** What happens to L1 itself: reorgs, fees, time. */
export class Weather {
  readonly #reader: PublicClient;
  #dear: { gwei: number; blocks: number } | undefined;

  /** @param reader L1 itself, an anvil */
  constructor(reader: PublicClient) {
    this.#reader = reader;
  }

  /** Time goes on; `seconds` more where nobody would miss them. Gas stays dear for as long as it is. */
  async tick(seconds: number): Promise<void> {
    await this.#ask('evm_increaseTime', BESIDES + seconds);
    if (this.#dear === undefined) return;
    const { gwei, blocks } = this.#dear;
    this.#dear = blocks > 1 ? { gwei, blocks: blocks - 1 } : undefined;
    await this.#ask('anvil_setNextBlockBaseFeePerGas', `0x${parseGwei(`${gwei}`).toString(16)}`);
  }

  /** From now on, for so many looks. */
  raiseFees(gwei: number, blocks: number): void {
    this.#dear = { gwei, blocks };
  }

  /** Replaces the newest `depth` blocks. @returns how many transactions were in them */
  async reorg(depth: number, putBack: boolean): Promise<number> {
    const head = await this.#reader.getBlockNumber();
    const pairs: [string, number][] = [];
    let count = 0;
    for (let i = 0; i < depth; i++) {
      const { transactions } = await this.#reader.getBlock({ blockNumber: head - BigInt(depth - 1 - i) });
      count += transactions.length;
      if (!putBack) continue;
      // A block later than they were, as far as there is one.
      for (const hash of transactions) {
        pairs.push([(await this.#ask('eth_getRawTransactionByHash', hash)) as string, Math.min(i + 1, depth - 1)]);
      }
    }
    await this.#ask('anvil_reorg', depth, pairs);
    return count;
  }

  #ask(method: string, ...params: unknown[]): Promise<unknown> {
    return this.#reader.request({ method, params } as never);
  }
}
