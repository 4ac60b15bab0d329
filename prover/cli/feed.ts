import { createWalletClient, type PrivateKeyAccount, type PublicClient } from 'viem';
import { type L1Call, sendCall } from '../../src/l1/send-call.js';
import { type UploadProgress, uploadBundle } from '../../src/l1/upload.js';
import { createVerifierClient } from '../../src/l1/verifier-client.js';
import type { Bundle } from '../../src/proof/types.js';
import { type ConnectedL1, failed } from './l1.js';
import type { Output } from './output.js';

/** What an upload did. */
export interface Fed {
  /** Parts in all, and how many L1 had had before. */
  readonly parts: number;
  readonly before: number;
  readonly transactions: number;
  readonly gas: bigint;
}

/**
 * Feeds what is missing of a bundle to its verifier and tells how it goes. A signal ends it between two transactions; called again it goes
 * on where L1 stands.
 */
export async function feedAll(
  bundle: Bundle,
  { chain, transport, reader, url }: ConnectedL1,
  account: PrivateKeyAccount,
  output: Output,
  signal: AbortSignal,
): Promise<Fed> {
  const wallet = createWalletClient({ chain, transport, account });
  const verifier = createVerifierClient(reader as PublicClient, bundle.verifier);
  let before: number | undefined;
  let [transactions, gas] = [0, 0n];
  const send = async (what: string, call: L1Call) => {
    const receipt = await sendCall(wallet, reader as PublicClient, call);
    transactions++;
    gas += receipt.gasUsed;
    output.detail(`${what}: ${receipt.gasUsed} gas, transaction ${receipt.transactionHash}`);
    return receipt;
  };
  const onProgress = ({ done, parts }: UploadProgress) => {
    if (before === undefined) output.step(`L1 has had ${done} of ${parts} parts`);
    else output.detail(`${done} of ${parts} parts are there, ${parts - done} are left`);
    before ??= done;
  };
  await uploadBundle({ bundle, verifier, send, onProgress, signal }).catch((error: unknown) => failed(url, error));
  return { parts: bundle.parts.length, before: before ?? 0, transactions, gas };
}

/** An upload in words. */
export function fedLine({ parts, before, transactions, gas }: Fed): string {
  const had = before === 0 ? '' : ` (${before} had been there)`;
  return `L1 has all ${parts} parts${had}: ${transactions} transactions, ${gas} gas`;
}
