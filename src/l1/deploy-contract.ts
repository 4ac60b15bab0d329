import { type Abi, type Address, encodeDeployData, type Hex, type PublicClient } from 'viem';
import { L1Error } from '../errors/l1.js';
import { checkEstimateError, checkTransactionBytes } from './limits.js';
import { type Wallet, waitForReceipt, withMargin } from './send-call.js';

/** What {@link deployContract} takes. */
export interface ContractDeployment {
  /** Signs and pays. */
  readonly wallet: Wallet;
  readonly reader: PublicClient;
  /** For messages. */
  readonly name: string;
  readonly artifact: { readonly abi: Abi; readonly bytecode: Hex };
  readonly args: readonly unknown[];
  readonly nonce?: number;
}

/**
 * Deploys a contract and waits for its receipt.
 * @throws L1Error `L1_TRANSACTION_GAS` or `L1_TRANSACTION_BYTES` before anything is signed, `L1_REVERTED` when the transaction
 * fails; viem's error, with the contract's own inside, when L1 refuses it before
 */
export async function deployContract(deployment: ContractDeployment): Promise<{ address: Address; block: bigint }> {
  const { wallet, reader, name, artifact, args, nonce } = deployment;
  const data = encodeDeployData({ ...artifact, args });
  checkTransactionBytes(data);
  const estimate = await reader.estimateGas({ account: wallet.account, data }).catch((error: unknown) => {
    checkEstimateError(error);
    throw error;
  });
  const hash = await wallet.sendTransaction({
    data,
    gas: withMargin(estimate),
    chain: wallet.chain ?? null,
    ...(nonce === undefined ? {} : { nonce }),
  });
  const { contractAddress, status, blockNumber } = await waitForReceipt(reader, hash);
  if (status !== 'success' || !contractAddress) {
    throw new L1Error('L1_REVERTED', `Deploying ${name} failed in transaction ${hash}.`);
  }
  return { address: contractAddress, block: blockNumber };
}
