import { Command } from 'commander';
import { BaseError, encodeFunctionData, type Hex } from 'viem';
import { ProofVerifier } from '../../../contracts/generated/artifacts.js';
import { batchHash } from '../../../src/batch/header.js';
import { L1Error } from '../../../src/errors/l1.js';
import { type Refusal, VerificationError } from '../../../src/errors/proof.js';
import { bundleCalldata } from '../../../src/l1/bundle-calldata.js';
import { contractError } from '../../../src/l1/send-call.js';
import { verifyBundle } from '../../../src/l1/verify-bundle.js';
import { parseBundle } from '../../../src/proof/bundle-file.js';
import { rulesOfKeys } from '../../../src/proof/rules.js';
import type { Bundle } from '../../../src/proof/types.js';
import { readTextFile } from '../files.js';
import { keySetName, readyKeySet } from '../keys.js';
import { type ConnectedL1, connectL1, failed, isNoAnswer } from '../l1.js';
import { Output } from '../output.js';

interface VerifyOptions {
  readonly keySet: string;
  readonly l1?: string;
  readonly json?: boolean;
}

/** `verify`: a bundle file, off-chain or by eth_call against the verifier that it is for. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('verify a bundle: off-chain, or with --l1 by eth_call on its ProofVerifier')
    .argument('<bundle>', 'bundle file (FORMATS.md)')
    .option('--l1 <rpc>', 'JSON-RPC of L1; the keys are then those of its ProofVerifier')
    .option('--key-set <name>', 'key set of circuits/shapes.json', 'default')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', "\nExit code 3: the bundle is not valid, with the reason in L1's word.")
    .action(verify);
}

async function verify(path: string, options: VerifyOptions): Promise<void> {
  const output = new Output(options.json === true);
  const keySet = keySetName(options.keySet);
  const bundle = parseBundle(readTextFile(path));
  const { mode, value, preRoot, header } = bundle;
  let gas: bigint | undefined;
  if (options.l1 === undefined) {
    const keys = await readyKeySet(keySet, output);
    await verifyBundle(bundle, keys, rulesOfKeys(keys.shapes));
  } else gas = await verifyOnL1(bundle, await connectL1(options.l1));
  const by = options.l1 === undefined ? 'off-chain' : `ProofVerifier ${bundle.verifier}`;
  const where = { valid: true, by, batch: header.number, batchHash: batchHash(header), mode, preRoot, value };
  output.result(gas === undefined ? where : { ...where, gas }, [
    `valid (${by}): batch ${header.number} on state root ${preRoot} has the ${mode} ${value}`,
  ]);
}

/** Gas that the call would cost as a transaction. @throws L1Error, VerificationError with L1's word */
async function verifyOnL1(bundle: Bundle, { reader, chain, url }: ConnectedL1): Promise<bigint> {
  if (BigInt(chain.id) !== bundle.l1ChainId) {
    throw new L1Error('L1_WRONG_CHAIN', `The bundle is for chain ${bundle.l1ChainId}, ${url} is chain ${chain.id}.`, {
      hint: 'Name an L1 of that chain, or prove again with --l1-chain-id.',
    });
  }
  await checkVerifier(bundle, { reader, url });
  const address = bundle.verifier;
  const { statement, parts } = bundleCalldata(bundle);
  const call = { address, abi: ProofVerifier.abi, functionName: 'verify', args: [statement, parts] } as const;
  try {
    const hash = await reader.readContract(call);
    if (hash !== batchHash(bundle.header)) throw new L1Error('L1_WRONG_ANSWER', `${address} answers ${hash}.`);
    return await reader.estimateGas({ to: address, data: encodeFunctionData(call) });
  } catch (error) {
    const found = contractError(error);
    if (found === undefined) return failed(url, error);
    throw new VerificationError(found.name as Refusal, `${address} refuses the bundle.`, { cause: error });
  }
}

/** The verifier knows its keys itself, so nothing that it checks depends on the key set that the file names. */
async function checkVerifier(
  { verifier: address, keySetHash }: Bundle,
  { reader, url }: Pick<ConnectedL1, 'reader' | 'url'>,
): Promise<void> {
  const found: Hex | undefined = await reader
    .readContract({ address, abi: ProofVerifier.abi, functionName: 'KEY_SET_HASH' })
    .catch((error: unknown) => {
      if (error instanceof BaseError && error.walk(isNoAnswer) !== null) return undefined;
      return failed(url, error);
    });
  if (found === undefined) {
    throw new L1Error('L1_NO_VERIFIER', `There is no ProofVerifier at ${address}, which the bundle is for.`, {
      hint: 'Deploy one ("deltaproof deploy") and prove with --verifier.',
    });
  }
  if (found !== keySetHash) {
    throw new VerificationError('WrongKeySet', `the bundle is for key set ${keySetHash}, ${address} has ${found}.`);
  }
}
