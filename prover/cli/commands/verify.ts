import { Command } from 'commander';
import { createPublicClient, http } from 'viem';
import { ProofVerifier } from '../../../contracts/generated/artifacts.js';
import { batchHash } from '../../../src/batch/header.js';
import { RULES_V1 } from '../../../src/batch/rules.js';
import { L1Error } from '../../../src/errors/l1.js';
import { VerificationError } from '../../../src/errors/proof.js';
import { bundleCalldata } from '../../../src/l1/bundle-calldata.js';
import { contractError } from '../../../src/l1/send-call.js';
import { verifyBundle } from '../../../src/l1/verify-bundle.js';
import { parseBundle } from '../../../src/proof/bundle-file.js';
import type { Bundle } from '../../../src/proof/types.js';
import { readTextFile } from '../batch-work.js';
import { readyKeySet } from '../keys.js';
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
    .option('--l1 <rpc>', 'JSON-RPC of L1')
    .option('--key-set <name>', 'key set of circuits/shapes.json', 'default')
    .option('--json', 'one JSON object on stdout')
    .action(verify);
}

async function verify(path: string, options: VerifyOptions): Promise<void> {
  const output = new Output(options.json === true);
  const bundle = parseBundle(readTextFile(path));
  const { mode, value, preRoot, header } = bundle;
  let gas: bigint | undefined;
  if (options.l1 === undefined) await verifyBundle(bundle, await readyKeySet(options.keySet, output), RULES_V1);
  else gas = await verifyOnL1(bundle, options.l1);
  const by = options.l1 === undefined ? 'off-chain' : `ProofVerifier ${bundle.verifier}`;
  const where = { valid: true, by, batch: header.number, batchHash: batchHash(header), mode, preRoot, value };
  output.result(gas === undefined ? where : { ...where, gas }, [
    `valid (${by}): batch ${header.number} on state root ${preRoot} has the ${mode} ${value}`,
  ]);
}

/** Gas that the call would cost as a transaction. @throws L1Error, VerificationError with L1's word */
async function verifyOnL1(bundle: Bundle, url: string): Promise<bigint> {
  const reader = createPublicClient({ transport: http(url, { retryCount: 1, timeout: 30_000 }) });
  const chainId = await reader.getChainId().catch((cause: unknown) => {
    throw new L1Error('L1_UNREACHABLE', `No L1 answers at ${url}.`, { hint: 'Is it running?', cause });
  });
  if (BigInt(chainId) !== bundle.l1ChainId) {
    throw new L1Error('L1_WRONG_CHAIN', `The bundle is for chain ${bundle.l1ChainId}, ${url} is chain ${chainId}.`);
  }
  const address = bundle.verifier;
  if ((await reader.getCode({ address })) === undefined) {
    throw new L1Error('L1_NO_VERIFIER', `There is no contract at ${address}, the verifier that the bundle is for.`, {
      hint: 'Deploy one ("deltaproof deploy") and prove with --verifier.',
    });
  }
  const call = { address, abi: ProofVerifier.abi, functionName: 'verify', args: [bundleCalldata(bundle)] } as const;
  try {
    const hash = await reader.readContract(call);
    if (hash !== batchHash(bundle.header)) throw new L1Error('L1_WRONG_ANSWER', `${address} answers ${hash}.`);
    return await reader.estimateContractGas(call);
  } catch (error) {
    const found = contractError(error);
    if (found === undefined) throw error;
    throw new VerificationError(found.name as VerificationError['reason'], `${address} refuses the bundle.`, {
      cause: error,
    });
  }
}
