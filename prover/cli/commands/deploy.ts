import { Command } from 'commander';
import { createPublicClient, createWalletClient, defineChain, http, isHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { RULES_V1 } from '../../../src/batch/rules.js';
import { L1Error } from '../../../src/errors/l1.js';
import { UsageError } from '../../../src/errors/usage.js';
import { deployVerifier } from '../../../src/l1/deploy-verifier.js';
import { setting } from '../../config/options.js';
import { readyKeySet } from '../keys.js';
import { Output } from '../output.js';

interface DeployOptions {
  readonly l1: string;
  readonly keySet: string;
  readonly json?: boolean;
}

/** `deploy`: a ProofVerifier with this machine's keys, for `prove --verifier` and `verify --l1`. */
export function deployCommand(): Command {
  return new Command('deploy')
    .description('deploy a ProofVerifier for a key set (development keys: local chains only)')
    .requiredOption('--l1 <rpc>', 'JSON-RPC of L1')
    .option('--key-set <name>', 'key set of circuits/shapes.json', 'default')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nThe deploying account is the private key in DELTAPROOF_PRIVATE_KEY.')
    .action(deploy);
}

async function deploy({ l1, keySet, json }: DeployOptions): Promise<void> {
  const output = new Output(json === true);
  const key = setting(undefined, 'DELTAPROOF_PRIVATE_KEY', '');
  if (!isHex(key) || key.length !== 66) {
    throw new UsageError('USAGE_PRIVATE_KEY', 'DELTAPROOF_PRIVATE_KEY holds no private key (0x and 64 digits).');
  }
  const transport = http(l1, { retryCount: 1, timeout: 30_000 });
  const id = await createPublicClient({ transport })
    .getChainId()
    .catch((cause: unknown) => {
      throw new L1Error('L1_UNREACHABLE', `No L1 answers at ${l1}.`, { hint: 'Is it running?', cause });
    });
  const currency = { name: 'Ether', symbol: 'ETH', decimals: 18 };
  const chain = defineChain({
    id,
    name: `chain ${id}`,
    nativeCurrency: currency,
    rpcUrls: { default: { http: [l1] } },
  });
  const keys = await readyKeySet(keySet, output);
  const verifier = await deployVerifier({
    wallet: createWalletClient({ chain, transport, account: privateKeyToAccount(key) }),
    reader: createPublicClient({ chain, transport, pollingInterval: 100 }),
    keys,
    rules: RULES_V1,
  });
  output.result({ verifier, l1ChainId: id, keySet, keySetHash: keys.hash }, [
    `ProofVerifier ${verifier} on chain ${id}`,
  ]);
}
