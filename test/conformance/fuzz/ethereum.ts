import { createVM, runTx } from '@ethereumjs/vm';
import type { Hex } from 'viem';
import { toHex } from '../../../src/batch/bytes.js';
import type { GenesisState } from '../../../src/batch/genesis.js';
import type { Environment } from '../../../src/batch/header.js';
import type { Replay } from '../../../src/batch/types.js';
import { UNCOVERED_OPCODES } from '../../../src/evm/opcodes.js';
import type { HaltReason } from '../../../src/evm/run.js';
import { commonOf, decodeForVm } from '../../../src/execution/batch-vm.js';
import { trieBackedState } from '../../../src/execution/trie-backed.js';
import { ordinaryBlock } from '../../helpers/ordinary-block.js';

/** Halts that only this project's rules know, beside those at an opcode that is not covered. */
const BY_RULE: readonly (HaltReason | undefined)[] = ['hashLength', 'hashWork'];
const customOpcodes = Object.keys(UNCOVERED_OPCODES).map((opcode) => ({ opcode: Number(opcode) }));

/**
 * Compares a replay with an ordinary Cancun VM without the opcodes that are not covered, which knows no work, on a trie: gas and status of
 * every transaction that was executed, the state root at the end.
 * @returns false when nothing is compared, since a limit of this project's own on hashing halted a frame
 * @throws Error where they differ
 */
export async function runOnEthereum(
  state: GenesisState,
  environment: Environment,
  { batch, outcomes }: Replay,
  root: Hex,
): Promise<boolean> {
  if (outcomes.some((outcome) => outcome.kind === 'executed' && BY_RULE.includes(outcome.run?.halt?.reason)))
    return false;
  const common = commonOf(environment.chainId).copy();
  const block = ordinaryBlock(environment, common);
  const stateManager = await trieBackedState(state, environment.chainId);
  const vm = await createVM({ common, stateManager, evmOpts: { customOpcodes } });
  for (const [i, outcome] of outcomes.entries()) {
    if (outcome.kind !== 'executed') continue;
    const { totalGasSpent, execResult } = await runTx(vm, {
      tx: decodeForVm(batch.txs[i]!, environment.chainId),
      block,
    });
    const mine = `${outcome.gasUsed} gas, ${(outcome.run?.end ?? 'ok') === 'ok'}`;
    const theirs = `${totalGasSpent} gas, ${execResult.exceptionError === undefined}`;
    if (mine !== theirs) throw new Error(`transaction ${i + 1} in an ordinary VM: ${theirs}; in the replay: ${mine}`);
  }
  await stateManager.flush();
  const theirs = toHex(await stateManager.getStateRoot());
  if (theirs !== root) throw new Error(`state root ${theirs} in an ordinary VM, ${root} after the replay`);
  return true;
}
