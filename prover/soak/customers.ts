import type { Hex } from 'viem';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { SampleSigner } from '../../src/samples/accounts.js';
import { SeededRandom } from '../../src/samples/random.js';
import { signTransfer } from '../../src/samples/transfers.js';

/** Wei that is sent at most. */
const MOST_BITS = 50;

/** People on L2 who send ether to each other through the sequencer's door, and try again when it is closed. */
export class Customers {
  readonly #door: string;
  readonly #signers: readonly SampleSigner[];
  readonly #random: SeededRandom;
  #next = 0;

  constructor(door: string, signers: readonly SampleSigner[], seed: string) {
    this.#door = door;
    this.#signers = signers;
    this.#random = new SeededRandom(`customers ${seed}`);
  }

  /** One transfer; false when the door is closed, or does not take it. */
  async pay(): Promise<boolean> {
    const from = this.#signers[this.#next++ % this.#signers.length]!;
    const to = this.#random.pick(this.#signers).address;
    try {
      const nonce = BigInt((await this.#ask('eth_getTransactionCount', from.address, 'latest')) as Hex);
      const value = this.#random.bits(MOST_BITS) + 1n;
      const raw = await signTransfer({ to, value, nonce }, RULES_V2, from.privateKey);
      await this.#ask('eth_sendRawTransaction', raw);
      return true;
    } catch {
      return false;
    }
  }

  async #ask(method: string, ...params: unknown[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const response = await fetch(this.#door, { method: 'POST', body, signal: AbortSignal.timeout(5_000) });
    const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } };
    if (error !== undefined) throw new Error(error.message);
    return result;
  }
}
