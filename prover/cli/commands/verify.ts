import { Command } from 'commander';
import { encodeFunctionData, type PublicClient } from 'viem';
import { ProofVerifier } from '../../../contracts/generated/artifacts.js';
import { batchHash } from '../../../src/batch/header.js';
import { RULES_V2 } from '../../../src/batch/rules.js';
import { L1Error } from '../../../src/errors/l1.js';
import { type Refusal, VerificationError } from '../../../src/errors/proof.js';
import { bundleCalldata } from '../../../src/l1/bundle-calldata.js';
import { fitsOneTransaction } from '../../../src/l1/plan-parts.js';
import { contractError } from '../../../src/l1/send-call.js';
import { simulateUpload } from '../../../src/l1/simulate-upload.js';
import { partsFed, uploadOf } from '../../../src/l1/upload.js';
import { createVerifierClient } from '../../../src/l1/verifier-client.js';
import { verifyBundle } from '../../../src/l1/verify-bundle.js';
import { parseBundle } from '../../../src/proof/bundle-file.js';
import type { Bundle } from '../../../src/proof/types.js';
import { readTextFile } from '../files.js';
import { keySetName, readyKeySet } from '../keys.js';
import { type ConnectedL1, failed } from '../l1.js';
import { Output } from '../output.js';
import { connectVerifier } from '../verifier-on-l1.js';

interface VerifyOptions {
  readonly keySet: string;
  readonly l1?: string;
  readonly json?: boolean;
}

/** `verify`: a bundle file, off-chain or by the verifier that it is for: by eth_call, or eth_simulateV1 for several transactions. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('verify a bundle: off-chain, or with --l1 by its ProofVerifier, without sending anything')
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
  let onL1: OnL1 | undefined;
  if (options.l1 === undefined) {
    const keys = await readyKeySet(keySet, output);
    await verifyBundle(bundle, keys, RULES_V2);
  } else onL1 = await verifyOnL1(bundle, await connectVerifier(options.l1, bundle));
  const by = options.l1 === undefined ? 'off-chain' : `ProofVerifier ${bundle.verifier}`;
  const where = { valid: true, by, batch: header.number, batchHash: batchHash(header), mode, preRoot, value };
  output.result(onL1 === undefined ? where : { ...where, ...gasOf(onL1) }, [
    `valid (${by}): batch ${header.number} on state root ${preRoot} has the ${mode} ${value}`,
    ...(onL1 === undefined ? [] : [gasLine(onL1, bundle.parts.length)]),
  ]);
}

function gasOf({ gas, fed }: OnL1): { gas: bigint; transactions: number; fed: number } {
  return { gas: gas.reduce((sum, one) => sum + one, 0n), transactions: gas.length, fed };
}

function gasLine(onL1: OnL1, parts: number): string {
  const { gas, transactions, fed } = gasOf(onL1);
  const had = fed === 0 ? '' : `; L1 has had ${fed} of ${parts} parts`;
  return `${gas} gas in ${transactions} transaction${transactions === 1 ? '' : 's'}${had}`;
}

/** What L1 would use for it: the gas of each transaction that is left, and the parts that it has had. */
interface OnL1 {
  readonly gas: readonly bigint[];
  readonly fed: number;
}

/** One call where the bundle fits a transaction, else the transactions of its upload. @throws L1Error, VerificationError with L1's word */
async function verifyOnL1(bundle: Bundle, l1: ConnectedL1): Promise<OnL1> {
  const { url } = l1;
  const reader = l1.reader as PublicClient;
  try {
    if (fitsOneTransaction(bundle.parts)) return { gas: [await verifyByCall(bundle, reader)], fed: 0 };
    const upload = uploadOf(bundle);
    const fed = await partsFed(createVerifierClient(reader, bundle.verifier), upload);
    return { gas: await simulateUpload(reader, upload, fed), fed };
  } catch (error) {
    const found = contractError(error);
    if (found === undefined) return failed(url, error);
    throw new VerificationError(found.name as Refusal, `${bundle.verifier} refuses the bundle.`, { cause: error });
  }
}

async function verifyByCall(bundle: Bundle, reader: PublicClient): Promise<bigint> {
  const address = bundle.verifier;
  const { statement, parts } = bundleCalldata(bundle);
  const call = { address, abi: ProofVerifier.abi, functionName: 'verify', args: [statement, parts] } as const;
  const hash = await reader.readContract(call);
  if (hash !== batchHash(bundle.header)) throw new L1Error('L1_WRONG_ANSWER', `${address} answers ${hash}.`);
  return reader.estimateGas({ to: address, data: encodeFunctionData(call) });
}
