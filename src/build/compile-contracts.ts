import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import solc from 'solc';
import type { Abi, Hex } from 'viem';
import { ContractError } from '../errors/contract.js';
import { requireHere } from './package-root.js';

/** A compiled contract, ready to deploy. */
export interface ContractArtifact {
  readonly abi: Abi;
  readonly bytecode: Hex;
  /** Size of the runtime code in bytes; EIP-170 allows 24,576. */
  readonly runtimeSize: number;
}

/** What solc tells of a contract, as far as it is asked. */
export interface SolcContract {
  readonly abi: Abi;
  readonly evm: Readonly<Record<'bytecode' | 'deployedBytecode', { readonly object: string }>>;
  readonly storageLayout: { readonly storage: readonly { readonly label: string; readonly slot: string }[] };
}

interface SolcOutput {
  errors?: { severity: string; formattedMessage: string }[];
  contracts?: Record<string, Record<string, SolcContract>>;
}

/** Solidity sources below a folder, as `contracts/...` paths to texts. */
export function soliditySources(folder: string, prefix: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sol'));
  return Object.fromEntries(files.map((file) => [`${prefix}/${file}`, readFileSync(join(folder, file), 'utf8')]));
}

/** Settings of a compilation beside its outputs; the EVM version is always cancun. */
export interface SolcSettings {
  readonly viaIR: boolean;
  /** Of the optimizer, which is on. */
  readonly runs: number;
  /** The sources whose contracts are asked for; all when undefined. */
  readonly of?: readonly string[];
}

/** Contracts that are compiled for size, so that they fit EIP-170: their moves are rare, and most of their gas is storage. */
const SMALL: readonly string[] = ['contracts/Dispute.sol'];

/**
 * Compiles sources (path to text) with the pinned solc: optimizer on, EVM version cancun. Imports of npm packages are
 * resolved from node_modules. Returns the outputs asked for of every contract of the sources, by its name.
 * @throws ContractError `CONTRACT_COMPILE` with the compiler's messages; warnings count as errors.
 */
export function compile(
  sources: Readonly<Record<string, string>>,
  { viaIR, runs, of }: SolcSettings,
  outputs: readonly string[],
): [name: string, output: SolcContract][] {
  const all: Record<string, { content: string }> = {};
  const pending = Object.entries(sources);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [path, content] = next;
    if (path in all) continue;
    all[path] = { content };
    for (const [, imported] of content.matchAll(/^import[^;]*?"([^"]+)";/gms)) {
      const target = imported!.startsWith('.') ? join(path, '..', imported!) : imported!;
      if (target in sources || target in all) continue;
      pending.push([target, readPackageFile(target)]);
    }
  }
  const input = {
    language: 'Solidity',
    sources: all,
    settings: {
      viaIR,
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs },
      outputSelection: Object.fromEntries((of ?? ['*']).map((path) => [path, { '*': outputs }])),
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as SolcOutput;
  const complaints = (output.errors ?? []).filter(({ severity }) => severity !== 'info');
  if (complaints.length > 0) {
    throw new ContractError(
      'CONTRACT_COMPILE',
      `solc refuses:\n${complaints.map((e) => e.formattedMessage).join('\n')}`,
    );
  }
  return Object.entries(output.contracts ?? {})
    .filter(([path]) => path in sources)
    .flatMap(([, contracts]) => Object.entries(contracts));
}

/** Compiles the contracts of L1, via IR and for many calls, but {@link SMALL} ones. Returns every contract with code by its name. @throws ContractError as {@link compile} */
export function compileContracts(sources: Readonly<Record<string, string>>): Record<string, ContractArtifact> {
  const outputs = ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'];
  const paths = Object.keys(sources);
  const [small, fast] = [paths.filter((path) => SMALL.includes(path)), paths.filter((path) => !SMALL.includes(path))];
  const compiled = [
    ...(small.length === 0 ? [] : compile(sources, { viaIR: true, runs: 200, of: small }, outputs)),
    ...compile(sources, { viaIR: true, runs: 1_000_000, of: fast }, outputs),
  ];
  const artifacts = compiled
    .filter(([, { evm }]) => evm.bytecode.object !== '')
    .map(([name, { abi, evm }]): [string, ContractArtifact] => [
      name,
      { abi, bytecode: `0x${evm.bytecode.object}`, runtimeSize: evm.deployedBytecode.object.length / 2 },
    ]);
  return Object.fromEntries(artifacts);
}

function readPackageFile(path: string): string {
  try {
    return readFileSync(requireHere().resolve(path), 'utf8');
  } catch (cause) {
    throw new ContractError(
      'CONTRACT_IMPORT',
      `Solidity import "${path}" is neither in contracts/ nor in node_modules.`,
      { cause },
    );
  }
}
