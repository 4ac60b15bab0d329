import { BaseError, decodeFunctionResult, type PublicClient } from 'viem';
import { ProofVerifier } from '../../contracts/generated/artifacts.js';
import { batchHash } from '../batch/header.js';
import { L1Error } from '../errors/l1.js';
import { type Refusal, VerificationError } from '../errors/proof.js';
import type { Bundle } from '../proof/types.js';
import { bundleCalldata } from './bundle-calldata.js';
import { MAX_TRANSACTION_GAS } from './limits.js';
import { fitsOneTransaction } from './plan-parts.js';
import { contractError } from './send-call.js';
import { simulateUpload } from './simulate-upload.js';
import { uploadOf } from './upload.js';
import { verifierCalls } from './verifier-client.js';

/**
 * Asks the deployed verifier what it says to a bundle, without sending anything: by `eth_call`, and where it takes several
 * transactions by `eth_simulateV1`.
 * @throws VerificationError with L1's word; L1Error `L1_WRONG_ANSWER`, `L1_CANNOT_SIMULATE`
 */
export async function askVerifier(reader: PublicClient, bundle: Bundle): Promise<void> {
  if (!fitsOneTransaction(bundle.parts)) {
    await simulateUpload(reader, uploadOf(bundle), 0);
    return;
  }
  const { to, data } = verifierCalls(bundle.verifier).verify(bundleCalldata(bundle));
  const { data: answer } = await reader.call({ to, data, gas: MAX_TRANSACTION_GAS }).catch((error: unknown) => {
    const reason = error instanceof BaseError ? contractError(error) : undefined;
    if (reason === undefined) throw error;
    throw new VerificationError(reason.name as Refusal, `${bundle.verifier} refuses the bundle.`);
  });
  const proven = decodeFunctionResult({ abi: ProofVerifier.abi, functionName: 'verify', data: answer ?? '0x' });
  if (proven !== batchHash(bundle.header)) {
    throw new L1Error('L1_WRONG_ANSWER', `${bundle.verifier} answers ${proven}.`);
  }
}
