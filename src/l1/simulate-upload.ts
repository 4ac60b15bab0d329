import {
  BaseError,
  decodeFunctionResult,
  encodeFunctionData,
  HttpRequestError,
  type PublicClient,
  TimeoutError,
} from 'viem';
import { ProofVerifier } from '../../contracts/generated/artifacts.js';
import { batchHash } from '../batch/header.js';
import { L1Error } from '../errors/l1.js';
import { type Refusal, VerificationError } from '../errors/proof.js';
import { MAX_TRANSACTION_GAS } from './limits.js';
import { contractError } from './send-call.js';
import { type Upload, uploadSteps } from './upload.js';

const { abi } = ProofVerifier;

/**
 * What L1 would say to the parts of a bundle that it has not had, and then to the whole: a block for each transaction on the newest
 * block, nothing of it kept (`eth_simulateV1`).
 * @param fed parts that L1 has had
 * @returns the gas of each transaction
 * @throws VerificationError with L1's word when it refuses a part or the whole
 * @throws L1Error `L1_CANNOT_SIMULATE` when the node does not know the method or does not take so much at once
 */
export async function simulateUpload(reader: PublicClient, upload: Upload, fed: number): Promise<bigint[]> {
  const { bundle, statement, frozen } = upload;
  const steps = uploadSteps(upload, fed);
  const result = encodeFunctionData({ abi, functionName: 'result', args: [statement, frozen] });
  const blocks = [...steps.map(({ call }) => call.data), result].map((data) => ({
    calls: [{ to: bundle.verifier, data, gas: MAX_TRANSACTION_GAS }],
  }));
  const simulated = await reader.simulateBlocks({ blocks }).catch(cannot);
  const gas = simulated.map(({ calls: [outcome] }, i) => {
    const { status, error, gasUsed } = outcome!;
    if (status === 'success') return gasUsed;
    const what = i === steps.length ? 'the whole' : `parts ${steps[i]!.from} to ${steps[i]!.to - 1}`;
    const reason = contractError(error);
    if (reason !== undefined)
      throw new VerificationError(reason.name as Refusal, `${bundle.verifier} refuses ${what}.`);
    throw new L1Error('L1_REVERTED', `${bundle.verifier} does not take ${what}, e.g. out of gas.`);
  });
  const data = simulated.at(-1)!.calls[0]!.data;
  const [answer] = decodeFunctionResult({ abi, functionName: 'result', data });
  if (answer !== batchHash(bundle.header))
    throw new L1Error('L1_WRONG_ANSWER', `${bundle.verifier} answers ${answer}.`);
  return gas.slice(0, -1);
}

function cannot(error: unknown): never {
  if (!(error instanceof BaseError)) throw error;
  if (error.walk((cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError) !== null) throw error;
  const why = error.details || error.shortMessage;
  throw new L1Error('L1_CANNOT_SIMULATE', `The node does not simulate the transactions of this bundle: ${why}.`, {
    hint: 'Ask a node with eth_simulateV1 and a gas limit of calls above what the bundle takes; or verify it off-chain, without --l1.',
    cause: error,
  });
}
