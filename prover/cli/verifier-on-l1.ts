import { BaseError, type Hex } from 'viem';
import { ProofVerifier } from '../../contracts/generated/artifacts.js';
import { L1Error } from '../../src/errors/l1.js';
import { VerificationError } from '../../src/errors/proof.js';
import type { TranscriptContext } from '../../src/proof/types.js';
import { type ConnectedL1, connectL1, failed, isNoAnswer } from './l1.js';

/**
 * The L1 that a bundle is for, with the verifier that it is for. The verifier knows its keys and rules itself, so nothing that it checks
 * depends on those that the file names. A bundle that is not made yet names no rules.
 * @throws L1Error `L1_WRONG_CHAIN`, `L1_NO_VERIFIER`, `L1_UNREACHABLE`; VerificationError `WrongKeySet`, `WrongRules`
 */
export async function connectVerifier(
  address: string,
  bundle: Pick<TranscriptContext, 'l1ChainId' | 'verifier' | 'keySetHash'> &
    Partial<Pick<TranscriptContext, 'rulesHash'>>,
): Promise<ConnectedL1> {
  const l1 = await connectL1(address);
  const { chain, reader, url } = l1;
  const { l1ChainId, verifier, keySetHash, rulesHash } = bundle;
  if (BigInt(chain.id) !== l1ChainId) {
    throw new L1Error('L1_WRONG_CHAIN', `The bundle is for chain ${l1ChainId}, ${url} is chain ${chain.id}.`, {
      hint: 'Name an L1 of that chain, or prove again with --l1-chain-id.',
    });
  }
  const found: Hex | undefined = await reader
    .readContract({ address: verifier, abi: ProofVerifier.abi, functionName: 'KEY_SET_HASH' })
    .catch((error: unknown) => {
      if (error instanceof BaseError && error.walk(isNoAnswer) !== null) return undefined;
      return failed(url, error);
    });
  if (found === undefined) {
    throw new L1Error('L1_NO_VERIFIER', `There is no ProofVerifier at ${verifier}, which the bundle is for.`, {
      hint: 'Deploy one ("deltaproof deploy") and prove with --verifier.',
    });
  }
  if (found !== keySetHash) {
    throw new VerificationError('WrongKeySet', `the bundle is for key set ${keySetHash}, ${verifier} has ${found}.`);
  }
  if (rulesHash === undefined) return l1;
  const rules = await reader
    .readContract({ address: verifier, abi: ProofVerifier.abi, functionName: 'rulesHash' })
    .catch((error: unknown) => failed(url, error));
  if (rules !== rulesHash) {
    throw new VerificationError('WrongRules', `the bundle is for rules ${rulesHash}, ${verifier} has ${rules}.`);
  }
  return l1;
}
