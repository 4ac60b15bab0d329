import { Command, Option } from 'commander';
import type { PublicClient } from 'viem';
import { ProofVerifier } from '../../../contracts/generated/artifacts.js';
import { parseBatchFile } from '../../../src/batch/batch-file.js';
import { batchHash } from '../../../src/batch/header.js';
import { RULES_V2 } from '../../../src/batch/rules.js';
import { L1Error } from '../../../src/errors/l1.js';
import { type Refusal, VerificationError } from '../../../src/errors/proof.js';
import { bundleCalldata } from '../../../src/l1/bundle-calldata.js';
import { fitsOneTransaction } from '../../../src/l1/plan-parts.js';
import { contractError } from '../../../src/l1/send-call.js';
import { simulateUpload } from '../../../src/l1/simulate-upload.js';
import { partsFed, uploadOf } from '../../../src/l1/upload.js';
import { createVerifierClient, verifierCalls } from '../../../src/l1/verifier-client.js';
import { verifyBundle } from '../../../src/l1/verify-bundle.js';
import { parseBundle } from '../../../src/proof/bundle-file.js';
import { checkExpected, type Expected } from '../../../src/proof/expected.js';
import { parseKeys } from '../../../src/proof/keys-file.js';
import type { Bundle } from '../../../src/proof/types.js';
import { readTextFile } from '../../config/files.js';
import { address, integer } from '../../config/options.js';
import { forLine } from '../../explain/bundle.js';
import { keySetName, readyKeySet } from '../keys.js';
import { type ConnectedL1, failed } from '../l1.js';
import { Output } from '../output.js';
import { connectVerifier } from '../verifier-on-l1.js';

interface VerifyOptions {
  readonly keySet: string;
  readonly keys?: string;
  readonly l1?: string;
  readonly batch?: string;
  readonly verifier?: string;
  readonly beneficiary?: string;
  readonly l1ChainId?: string;
  readonly json?: boolean;
}

/** `verify`: a bundle file, off-chain or by the verifier that it is for: by eth_call, or eth_simulateV1 for several transactions. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('verify a bundle: off-chain, or with --l1 by its ProofVerifier, without sending anything')
    .argument('<bundle>', 'bundle file (FORMATS.md)')
    .option('--l1 <rpc>', 'JSON-RPC of L1; the keys are then those of its ProofVerifier')
    .option('--key-set <name>', "key set of circuits/shapes.json, with this machine's keys", 'default')
    .addOption(
      new Option('--keys <file>', 'key file ("deltaproof export keys"): no circuits are needed').conflicts([
        'l1',
        'keySet',
      ]),
    )
    .option('--batch <file>', 'batch file that the bundle must be about')
    .option('--verifier <address>', 'ProofVerifier that it must be for')
    .option('--beneficiary <address>', 'who must be paid for it')
    .option('--l1-chain-id <id>', 'chain that it must be for')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      "\nExit code 3: the bundle is not valid, with the reason in L1's word, or not the expected one.",
    )
    .action(verify);
}

async function verify(path: string, options: VerifyOptions): Promise<void> {
  const output = new Output(options.json === true);
  const keySet = keySetName(options.keySet);
  const expected = expectedBy(options);
  const bundle = parseBundle(readTextFile(path));
  const { mode, value, preRoot, header, verifier, beneficiary, l1ChainId, keySetHash } = bundle;
  checkExpected(bundle, expected);
  const judge =
    options.l1 === undefined
      ? await verifyOffChain(bundle, options.keys, keySet, output)
      : await verifyOnL1(bundle, await connectVerifier(options.l1, bundle));
  const by = options.l1 === undefined ? 'off-chain' : `ProofVerifier ${verifier}`;
  const what = { valid: true, by, batch: header.number, batchHash: batchHash(header), mode, preRoot, value };
  output.result({ ...what, verifier, beneficiary, l1ChainId, keySetHash, ...judge.facts }, [
    `valid (${by}): batch ${header.number} on state root ${preRoot} has the ${mode} ${value}`,
    forLine(bundle),
    ...judge.lines,
  ]);
}

/** What the options ask of the bundle. @throws UsageError `USAGE_FILE`, `USAGE_ADDRESS`, `USAGE_INTEGER`; BatchError */
function expectedBy({ batch, verifier, beneficiary, l1ChainId }: VerifyOptions): Expected {
  return {
    ...(batch === undefined ? {} : { batch: parseBatchFile(readTextFile(batch)).batch }),
    ...(verifier === undefined ? {} : { verifier: address('verifier', verifier) }),
    ...(beneficiary === undefined ? {} : { beneficiary: address('beneficiary', beneficiary) }),
    ...(l1ChainId === undefined
      ? {}
      : { l1ChainId: BigInt(integer('l1-chain-id', l1ChainId, 1, Number.MAX_SAFE_INTEGER)) }),
  };
}

/** How a verification went, besides that the bundle is valid. */
interface Judgement {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

async function verifyOffChain(
  bundle: Bundle,
  file: string | undefined,
  keySet: string,
  output: Output,
): Promise<Judgement> {
  const { keys, rules } = await keysFor(file, keySet, output);
  await verifyBundle(bundle, keys, rules);
  const { development } = keys;
  const lines = development ? ['under development keys: anybody can forge such a bundle'] : [];
  return { facts: { developmentKeys: development }, lines };
}

async function keysFor(file: string | undefined, keySet: string, output: Output) {
  if (file !== undefined) {
    const keys = await parseKeys(readTextFile(file));
    return { keys, rules: keys.rules };
  }
  const keys = await readyKeySet(keySet, output);
  return { keys, rules: RULES_V2 };
}

/** One call where the bundle fits a transaction, else the transactions of its upload. @throws L1Error, VerificationError with L1's word */
async function verifyOnL1(bundle: Bundle, l1: ConnectedL1): Promise<Judgement> {
  const { url } = l1;
  const reader = l1.reader as PublicClient;
  try {
    if (fitsOneTransaction(bundle.parts)) return usedOnL1([await verifyByCall(bundle, reader)], 0, bundle);
    const upload = uploadOf(bundle);
    const fed = await partsFed(createVerifierClient(reader, bundle.verifier), upload);
    return usedOnL1(await simulateUpload(reader, upload, fed), fed, bundle);
  } catch (error) {
    const found = contractError(error);
    if (found === undefined) return failed(url, error);
    throw new VerificationError(found.name as Refusal, `${bundle.verifier} refuses the bundle.`, { cause: error });
  }
}

/** What L1 would use for it: the gas of each transaction that is left; `fed`: the parts that it has had. */
function usedOnL1(gasEach: readonly bigint[], fed: number, { parts }: Bundle): Judgement {
  const [gas, transactions] = [gasEach.reduce((sum, one) => sum + one, 0n), gasEach.length];
  const had = fed === 0 ? '' : `; L1 has had ${fed} of ${parts.length} parts`;
  const line = `${gas} gas in ${transactions} transaction${transactions === 1 ? '' : 's'}${had}`;
  return { facts: { gas, transactions, fed }, lines: [line] };
}

async function verifyByCall(bundle: Bundle, reader: PublicClient): Promise<bigint> {
  const address = bundle.verifier;
  const { statement, parts } = bundleCalldata(bundle);
  const call = { address, abi: ProofVerifier.abi, functionName: 'verify', args: [statement, parts] } as const;
  const hash = await reader.readContract(call);
  if (hash !== batchHash(bundle.header)) throw new L1Error('L1_WRONG_ANSWER', `${address} answers ${hash}.`);
  return reader.estimateGas(verifierCalls(address).verify({ statement, parts }));
}
