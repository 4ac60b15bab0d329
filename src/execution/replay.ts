import { checkBatch } from '../batch/check.js';
import { changedSlots, diffHash, diffItems, type SlotChange } from '../batch/diff.js';
import { Turns } from '../batch/turns.js';
import type { AccountAccess, Batch, Rules } from '../batch/types.js';
import { ExecutionError } from '../errors/execution.js';
import type { AppliedBatch, StateChanges, StateView } from '../state/view.js';
import type { Ancestors } from './batch-vm.js';
import { BatchExecutor, disagreement } from './executor.js';

/** No batch has a known hash; for batches that cannot ask for one. */
export const NO_ANCESTORS: Ancestors = async (number) => {
  throw new ExecutionError('EXECUTION_ANCESTOR', `The hash of batch ${number} was asked for, and is not known here.`);
};

/**
 * Executes a batch on the state before it: S_n = f(S_(n-1), batch), FORMATS.md, "Execution of a batch". The rules
 * decide what is cut off, bad, skipped or executed; what is executed runs in @ethereumjs/vm, and both must come to the
 * same result. The view is not written; give the result to `FlatState.applyBatch`.
 * @param ancestors hashes of earlier batches, for BLOCKHASH
 * @throws BatchError when L1 would not accept the batch (`BATCH_RULES`, `BATCH_WRONG_CHAIN`, `BATCH_TXS_HASH`);
 * ExecutionError `EXECUTION_VM_DISAGREES` when rules and VM differ, which is a fault of this program
 */
export async function replayBatch(
  view: StateView,
  batch: Batch,
  rules: Rules,
  ancestors: Ancestors = NO_ANCESTORS,
): Promise<AppliedBatch> {
  checkBatch(batch, rules);
  const executor = await BatchExecutor.create(view, batch.header, rules, ancestors);
  for (const raw of batch.txs) await executor.take(raw);
  const { outcomes, codes, running, manager } = executor;
  // Of a batch that touches a thousand accounts each of these steps is milliseconds.
  const turns = new Turns();
  const accessList = executor.ledger.accessList();
  if (turns.due) await turns.give();
  const blockAccessList = executor.ledger.blockAccessList();
  if (turns.due) await turns.give();
  const changes = await manager.changes();
  checkChanges(changes, accessList);
  for (const { address } of accessList) {
    if (turns.due) await turns.give();
    await executor.checkAccount(address, 'after the batch');
  }
  const read = outcomes.filter(({ kind }) => kind !== 'cutOff').length;
  const replay = { batch, rules, outcomes, accessList, blockAccessList, read, ...running, codes };
  return { replay, changes, diffHash: diffHash(diffItems(accessList)) };
}

function checkChanges({ accounts, slots, code }: StateChanges, accessList: readonly AccountAccess[]): void {
  const listed = new Set(accessList.map(({ address }) => address));
  const unlisted = [...accounts.keys()].find((address) => !listed.has(address));
  if (unlisted !== undefined) throw disagreement(`the VM changed account ${unlisted}, which the batch does not touch`);
  if (code.size > 0) throw disagreement('the VM changed code, which no batch does');
  const [byVm, byRules] = [namesOf(slots), namesOf(changedSlots(accessList))];
  for (const slot of new Set([...byVm, ...byRules])) {
    if (!byVm.has(slot) || !byRules.has(slot))
      throw disagreement(`slot ${slot} after the batch, for one of them alone`);
  }
}

function namesOf(slots: readonly SlotChange[]): Set<string> {
  return new Set(slots.map(({ address, key, value }) => `${key} of ${address} is ${value}`));
}
