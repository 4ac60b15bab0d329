import { Command } from 'commander';
import { createWalletClient } from 'viem';
import { RULES_V2 } from '../../../src/batch/rules.js';
import { deployVerifier } from '../../../src/l1/deploy-verifier.js';
import { ACCOUNT_HELP, senderAccount } from '../account.js';
import { keySetName, readyKeySet } from '../keys.js';
import { connectL1, failed } from '../l1.js';
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
    .addHelpText('after', ACCOUNT_HELP)
    .action(deploy);
}

async function deploy({ l1, keySet: option, json }: DeployOptions): Promise<void> {
  const output = new Output(json === true);
  const account = senderAccount();
  const keySet = keySetName(option);
  const { chain, transport, reader, url } = await connectL1(l1);
  const keys = await readyKeySet(keySet, output);
  const wallet = createWalletClient({ chain, transport, account });
  const verifier = await deployVerifier({ wallet, reader, keys, rules: RULES_V2 }).catch((error: unknown) =>
    failed(url, error),
  );
  output.result({ verifier, l1ChainId: chain.id, keySet, keySetHash: keys.hash }, [
    `ProofVerifier ${verifier} on chain ${chain.id}`,
  ]);
}
