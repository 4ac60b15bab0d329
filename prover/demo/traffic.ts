import { type Address, BaseError, createPublicClient, type Hex, http, type PublicClient } from 'viem';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { SampleSigner } from '../../src/samples/accounts.js';
import { sampleBatch } from '../../src/samples/batch.js';
import { signTransfer } from '../../src/samples/transfers.js';
import type { Forgery } from '../node/forgery.js';
import { type Devnet, FEE_RECIPIENT as feeRecipient } from './devnet.js';

/** Transfers in a batch: with the calls, one proof of the shape `code` holds it in either mode. */
const TRANSFERS = 4;

/** What a door made of transactions that were sent to it at once. */
export interface Sent {
  readonly taken: readonly Hex[];
  /** Why it refused others, in its words. */
  readonly refused: readonly string[];
}

/** A wallet's view of a devnet: its JSON-RPC door and nothing else. */
export class Wallet {
  readonly #door: PublicClient;

  constructor(rpc: string) {
    this.#door = createPublicClient({ transport: http(rpc, { batch: true }), cacheTime: 0 });
  }

  /** The number of the newest batch. */
  head(): Promise<bigint> {
    return this.#door.getBlockNumber();
  }

  /** Sends raw transactions in one request. */
  async send(raws: readonly Hex[]): Promise<Sent> {
    const answers = await Promise.allSettled(
      raws.map((serializedTransaction) => this.#door.sendRawTransaction({ serializedTransaction })),
    );
    const [taken, refused]: [Hex[], string[]] = [[], []];
    for (const answer of answers) {
      if (answer.status === 'fulfilled') taken.push(answer.value);
      else if (answer.reason instanceof BaseError) refused.push(answer.reason.details);
      else throw answer.reason;
    }
    return { taken, refused };
  }

  /** The batch that a transaction is in; undefined while it waits. */
  async batchOf(hash: Hex): Promise<bigint | undefined> {
    const receipt = await this.#door.getTransactionReceipt({ hash }).catch(() => undefined);
    return receipt?.blockNumber;
  }
}

/** Transfers and calls of all kinds that are executed, for the next batch of a devnet. */
export function sampleTransactions({ world: { genesis }, node }: Devnet, number: bigint): Promise<Hex[]> {
  const state = node.state.view();
  return sampleBatch({ genesis, state, number, feeRecipient, rules: RULES_V2, transfers: TRANSFERS, invalid: false });
}

/**
 * Transactions that the forged account shows in the diff of the batch they stand in: one to it, and, when it can sign, one from it.
 * Without them a later batch might not touch it at all, and its claim would be right. They follow the sequencer's state, as its door does.
 */
export async function revealingTransactions({ world, node }: Devnet, { address }: Forgery): Promise<Hex[]> {
  const state = node.state.view();
  const { signers } = world.genesis;
  const rich: SampleSigner[] = [];
  for (const signer of signers) {
    if (signer.address !== address && (await state.account(signer.address)).balance > 10n ** 17n) rich.push(signer);
  }
  const transfer = async ({ address: from, privateKey }: SampleSigner, to: Address) => {
    const { nonce } = await state.account(from);
    return signTransfer({ to, value: 1n, nonce }, RULES_V2, privateKey);
  };
  const own = signers.filter((signer) => signer.address === address);
  return Promise.all([transfer(rich[0]!, address), ...own.map((signer) => transfer(signer, rich[1]!.address))]);
}
