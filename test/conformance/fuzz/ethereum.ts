import { createBlock } from '@ethereumjs/block';
import { createAddressFromString } from '@ethereumjs/util';
import { createVM, runTx } from '@ethereumjs/vm';
import type { Hex } from 'viem';
import { fromHex, toHex } from '../../../src/batch/bytes.js';
import type { GenesisState } from '../../../src/batch/genesis.js';
import type { Environment } from '../../../src/batch/header.js';
import type { HaltReason } from '../../../src/batch/run.js';
import type { Replay } from '../../../src/batch/types.js';
import { commonOf, decodeForVm } from '../../../src/execution/batch-vm.js';
import { trieBackedState } from '../../../src/execution/trie-backed.js';

/** Halts that only this project's rules know. */
const BY_RULE: readonly (HaltReason | undefined)[] = ['uncovered', 'hashLength', 'hashWork'];

/**
 * Compares a replay with an ordinary Cancun VM, which knows no version and no work, on a trie: gas and status of every transaction that was
 * executed, the state root at the end. Nothing is compared when a rule of this project's own halted a frame.
 * @throws Error where they differ
 */
export async function runOnEthereum(
  state: GenesisState,
  environment: Environment,
  { batch, outcomes }: Replay,
  root: Hex,
): Promise<void> {
  if (outcomes.some((outcome) => outcome.kind === 'executed' && BY_RULE.includes(outcome.run?.halt?.reason))) return;
  const common = commonOf(environment.chainId).copy();
  const { number, timestamp, gasLimit, baseFee, feeRecipient, originHash } = environment;
  const header = {
    number,
    timestamp,
    gasLimit,
    baseFeePerGas: baseFee,
    coinbase: createAddressFromString(feeRecipient),
    mixHash: fromHex(originHash),
  };
  const block = createBlock({ header }, { common, skipConsensusFormatValidation: true });
  const stateManager = await trieBackedState(state, environment.chainId);
  const vm = await createVM({ common, stateManager });
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
}
