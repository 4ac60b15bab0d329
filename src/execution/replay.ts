import type { Address, Hex } from 'viem';
import { byteLength } from '../batch/bytes.js';
import { checkBatch } from '../batch/check.js';
import { diffHash, diffItems } from '../batch/diff.js';
import { parseTransaction, workOfItem } from '../batch/transaction.js';
import type { Batch, Outcome, ParsedTx, Rules } from '../batch/types.js';
import { ExecutionError } from '../errors/execution.js';
import type { AppliedBatch } from '../state/flat-state.js';
import type { StateChanges, StateView } from '../state/view.js';
import { type Ancestors, BatchVm, type VmResult } from './batch-vm.js';
import { FlatStateManager, sameAccount } from './flat-state-manager.js';
import { Ledger, type Running, skipReason } from './ledger.js';

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
  const ledger = new Ledger(view);
  const manager = new FlatStateManager(view);
  const vm = await BatchVm.create(manager, batch.header, ancestors);
  const { outcomes, running } = await applyRules(ledger, batch, rules, async (raw, tx, index) => {
    checkResult(await runInVm(vm, raw, index), tx, index);
    for (const address of new Set([tx.sender, tx.to, batch.header.feeRecipient])) {
      await checkAccount(ledger, manager, address, `after transaction ${index}`);
    }
  });
  const accessList = ledger.accessList();
  const changes = await manager.changes();
  checkChanges(
    changes,
    accessList.map(({ address }) => address),
  );
  for (const { address } of accessList) await checkAccount(ledger, manager, address, 'after the batch');
  const read = outcomes.filter(({ kind }) => kind !== 'cutOff').length;
  const replay = { batch, rules, outcomes, accessList, read, ...running, codes: new Map<Hex, Hex>() };
  return { replay, changes, diffHash: diffHash(diffItems(accessList, changes.slots)) };
}

/** Is told of each executed item, after the ledger has it. Items count from 1. */
type OnExecuted = (raw: Hex, tx: ParsedTx, index: number) => Promise<void>;

/** The rules alone, item by item. */
export async function applyRules(
  ledger: Ledger,
  { header, txs }: Pick<Batch, 'header' | 'txs'>,
  rules: Rules,
  onExecuted: OnExecuted = async () => {},
): Promise<{ outcomes: Outcome[]; running: Running }> {
  const outcomes: Outcome[] = [];
  let running: Running = { gasUsed: 0n, work: rules.workBudget };
  for (const [i, raw] of txs.entries()) {
    const use = workOfItem(byteLength(raw), rules);
    if (outcomes.at(-1)?.kind === 'cutOff' || running.work < use) {
      outcomes.push({ kind: 'cutOff' });
      continue;
    }
    running = { ...running, work: running.work - use };
    const tx = parseTransaction(raw, rules);
    const outcome = tx.kind === 'bad' ? tx : await decide(ledger, tx, header.feeRecipient, running, rules);
    outcomes.push(outcome);
    if (outcome.kind !== 'executed') continue;
    running = { ...running, gasUsed: running.gasUsed + outcome.gasUsed };
    await onExecuted(raw, outcome.tx, i + 1);
  }
  return { outcomes, running };
}

async function decide(
  ledger: Ledger,
  tx: ParsedTx,
  feeRecipient: Address,
  running: Running,
  rules: Rules,
): Promise<Outcome> {
  const reason = skipReason(tx, await ledger.touch(tx.sender), await ledger.touch(tx.to), running, rules);
  if (reason !== undefined) return { kind: 'skipped', tx, reason };
  await ledger.execute(tx, feeRecipient);
  return { kind: 'executed', tx, gasUsed: tx.intrinsic };
}

async function runInVm(vm: BatchVm, raw: Hex, index: number): Promise<VmResult> {
  try {
    return await vm.run(raw);
  } catch (cause) {
    throw disagreement(`the VM refuses transaction ${index}, which the rules execute`, cause);
  }
}

function checkResult({ gasUsed, success }: VmResult, { intrinsic }: ParsedTx, index: number): void {
  if (!success) throw disagreement(`transaction ${index} fails in the VM`);
  if (gasUsed !== intrinsic) throw disagreement(`transaction ${index} uses ${gasUsed} gas in the VM, not ${intrinsic}`);
}

async function checkAccount(ledger: Ledger, manager: FlatStateManager, address: Address, when: string): Promise<void> {
  const [byRules, byVm] = [await ledger.touch(address), await manager.account(address)];
  if (sameAccount(byRules, byVm)) return;
  const show = ({ nonce, balance, codeHash }: typeof byVm) => `(nonce ${nonce}, balance ${balance}, code ${codeHash})`;
  throw disagreement(`account ${address} is ${show(byVm)} in the VM ${when}, and ${show(byRules)} by the rules`);
}

function checkChanges({ accounts, slots, code }: StateChanges, accessList: readonly Address[]): void {
  const listed = new Set(accessList);
  const unlisted = [...accounts.keys()].find((address) => !listed.has(address));
  if (unlisted !== undefined) throw disagreement(`the VM changed account ${unlisted}, which the batch does not touch`);
  if (slots.length + code.size > 0) throw disagreement('the VM changed storage or code, which transfers never do');
}

function disagreement(what: string, cause?: unknown): ExecutionError {
  const hint = 'This is a fault of this program, or of @ethereumjs/vm: keep the batch and report it.';
  return new ExecutionError('EXECUTION_VM_DISAGREES', `Rules and VM disagree: ${what}.`, { hint, cause });
}
