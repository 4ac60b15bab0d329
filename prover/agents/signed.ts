import {
  type Hex,
  keccak256,
  type LocalAccount,
  type PublicClient,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from 'viem';
import type { Intent } from './intents.js';

/** Signs an intent as it is; signed again, it is the same transaction. @returns the intent with its hash as the newest, and the bytes */
export async function sign(
  account: LocalAccount,
  chainId: number,
  intent: Intent,
): Promise<{ readonly signed: Intent; readonly raw: Hex }> {
  const { nonce, to, data, value, gas, maxFee: maxFeePerGas, tip: maxPriorityFeePerGas } = intent;
  const fields = { type: 'eip1559', chainId, nonce, to, data, value, gas, maxFeePerGas, maxPriorityFeePerGas } as const;
  const raw = await account.signTransaction(fields);
  const hash = keccak256(raw);
  return { signed: { ...intent, hashes: [...intent.hashes.filter((one) => one !== hash), hash] }, raw };
}

/** The receipt of whichever of an intent's transactions was mined; undefined when L1 shows none. */
export async function receiptOf(
  reader: PublicClient,
  { hashes }: Pick<Intent, 'hashes'>,
): Promise<TransactionReceipt | undefined> {
  for (const hash of hashes.toReversed()) {
    try {
      return await reader.getTransactionReceipt({ hash });
    } catch (error) {
      if (!(error instanceof TransactionReceiptNotFoundError)) throw error;
    }
  }
  return undefined;
}
