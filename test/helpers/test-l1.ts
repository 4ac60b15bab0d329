import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Abi,
  type Account,
  type Address,
  BaseError,
  type Chain,
  ContractFunctionRevertedError,
  createPublicClient,
  createWalletClient,
  decodeErrorResult,
  encodeDeployData,
  type Hex,
  isHex,
  type PublicClient,
  type Transport,
  type WalletClient,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { cacheFolder, contentKey } from '../../src/build/artifacts.js';
import { type ContractArtifact, compileContracts, soliditySources } from '../../src/build/compile-contracts.js';
import { packageRoot } from '../../src/build/package-root.js';
import { startAnvil } from '../../src/l1/anvil.js';
import { l1Transport } from '../../src/l1/limits.js';
import { waitForReceipt } from '../../src/l1/send-call.js';

/** Gas of an eth_call in tests that do many things at once. */
export const MUCH_GAS = 900_000_000n;

/** A private anvil with clients on it. */
export interface TestL1 {
  readonly reader: PublicClient<Transport, Chain>;
  readonly wallet: WalletClient<Transport, Chain, Account>;
  /** Deploys a contract and returns its address. */
  deploy(artifact: ContractArtifact, args: readonly unknown[]): Promise<Address>;
  /** `eth_call` of a function with {@link MUCH_GAS} or the given gas. */
  call(address: Address, abi: Abi, functionName: string, args: readonly unknown[], gas?: bigint): Promise<unknown>;
  /** `eth_call` of a deployment: the name of the error it ends with, or `accepted`. */
  create(artifact: ContractArtifact, args: readonly unknown[], gas?: bigint): Promise<string>;
  stop(): Promise<void>;
}

/** The first of anvil's published test keys. */
const KEY: Hex = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';

/** Starts an anvil on its default hardfork with a block gas limit above {@link MUCH_GAS}. */
export async function startTestL1(args: readonly string[] = []): Promise<TestL1> {
  const anvil = await startAnvil({ args: ['--gas-limit', '1000000000', ...args] });
  const transport = l1Transport(anvil.url, { timeout: 120_000, retryCount: 0 });
  const reader = createPublicClient({ chain: foundry, transport, pollingInterval: 50 });
  const wallet = createWalletClient({ chain: foundry, transport, account: privateKeyToAccount(KEY) });
  return {
    reader,
    wallet,
    stop: () => anvil.stop(),
    async deploy({ abi, bytecode }, args) {
      const hash = await wallet.deployContract({ abi, bytecode, args, gas: 16_000_000n });
      const { contractAddress, status } = await waitForReceipt(reader, hash);
      if (status !== 'success' || !contractAddress) throw new Error(`deployment failed in ${hash}`);
      return contractAddress;
    },
    async create({ abi, bytecode }, args, gas = MUCH_GAS) {
      try {
        await reader.call({ data: encodeDeployData({ abi, bytecode, args }), gas });
        return 'accepted';
      } catch (error) {
        if (!(error instanceof BaseError)) throw error;
        const revert = error.walk((cause) => 'data' in (cause as object) && isHex((cause as { data: unknown }).data));
        if (revert === null) return error.shortMessage;
        return decodeErrorResult({ abi, data: (revert as unknown as { data: Hex }).data }).errorName;
      }
    },
    async call(address, abi, functionName, args, gas = MUCH_GAS) {
      const { result } = await reader.simulateContract({ address, abi, functionName, args, gas });
      return result;
    },
  };
}

/**
 * The verifier's sources and the test contracts of `test/contracts/sol/`, compiled. Kept in the cache folder by the hash
 * of their sources, as several test files need them and solc takes its time.
 */
export function compileVerifier(): Record<string, ContractArtifact> {
  const root = packageRoot();
  const contracts = Object.entries(soliditySources(join(root, 'contracts'), 'contracts')).filter(([path]) =>
    /^contracts\/(ProofVerifier|verifier\/|lib\/|tables\/|generated\/|interfaces\/IProofVerifier)/.test(path),
  );
  const benches = Object.entries(soliditySources(join(root, 'test/contracts/sol'), 'test/contracts/sol')).filter(
    ([path]) => /(Verifier|Format)Bench\.sol$/.test(path),
  );
  const sources = Object.fromEntries([...contracts, ...benches]);
  const compiler = readFileSync(join(root, 'src/build/compile-contracts.ts'), 'utf8');
  const folder = join(cacheFolder(), 'test-contracts');
  const file = join(folder, `${contentKey(JSON.stringify(sources), compiler)}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const artifacts = compileContracts(sources);
  mkdirSync(folder, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(artifacts));
  renameSync(temporary, file);
  return artifacts;
}

/** Name of the Solidity error that a call ends with; `accepted` when it does not; otherwise the message. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'accepted';
  } catch (error) {
    if (!(error instanceof BaseError)) throw error;
    const revert = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
    return (revert as ContractFunctionRevertedError | null)?.data?.errorName ?? error.shortMessage;
  }
}
