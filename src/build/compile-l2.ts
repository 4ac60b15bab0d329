import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Abi, Hex } from 'viem';
import { compile, soliditySources } from './compile-contracts.js';
import { packageRoot } from './package-root.js';

/** Folder of the contracts that run on L2. */
export const L2_FOLDER = 'contracts/l2';

/** A compiled contract of L2: its code, put into a genesis as it stands, without a constructor. */
export interface L2Contract {
  readonly abi: Abi;
  /** Code of the account. */
  readonly code: Hex;
  /** Slot of each state variable. */
  readonly slots: Readonly<Record<string, number>>;
}

/**
 * Compiles `contracts/l2/` as users compile theirs: optimizer on with 200 runs, no IR. By name.
 * @throws ContractError as `compile`
 */
export function compileL2Contracts(): Record<string, L2Contract> {
  const folder = join(packageRoot(), L2_FOLDER);
  if (!existsSync(folder)) return {};
  const outputs = ['abi', 'evm.deployedBytecode.object', 'storageLayout'];
  const contracts = compile(soliditySources(folder, L2_FOLDER), { viaIR: false, runs: 200 }, outputs);
  return Object.fromEntries(
    contracts.map(([name, { abi, evm, storageLayout }]): [string, L2Contract] => [
      name,
      {
        abi,
        code: `0x${evm.deployedBytecode.object}`,
        slots: Object.fromEntries(storageLayout.storage.map(({ label, slot }) => [label, Number(slot)])),
      },
    ]),
  );
}
