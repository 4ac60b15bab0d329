import type { Hex } from 'viem';
import { byteLength, fromHex } from '../batch/bytes.js';
import type { Environment } from '../batch/header.js';
import { parseTransaction, workOfItem } from '../batch/transaction.js';
import { Turns } from '../batch/turns.js';
import {
  type Account,
  EMPTY_CODE_HASH,
  type Outcome,
  type ParsedTx,
  type Rules,
  type SkipReason,
} from '../batch/types.js';
import { ExecutionError } from '../errors/execution.js';
import type { StateView } from '../state/view.js';
import { type Ancestors, BatchVm, type VmResult } from './batch-vm.js';
import { ampleWork, type Running, type Situation, skipReason, workAtBegin } from './decision.js';
import { FlatStateManager, sameAccount } from './flat-state-manager.js';
import { Ledger } from './ledger.js';
import type { RunStart } from './step-tracer.js';

/** A transaction's chances in the present state. */
export interface Refusal {
  readonly reason: SkipReason | undefined;
  /** Its sender's. */
  readonly nonce: bigint;
}

/**
 * Executes the items of one batch, one after another: the rules decide what is cut off, bad, skipped or executed, and what becomes
 * of balances, nonces, gas and storage; what is executed also runs in @ethereumjs/vm, and both must come to the same.
 */
export class BatchExecutor {
  readonly ledger: Ledger;
  readonly manager: FlatStateManager;
  readonly outcomes: Outcome[] = [];
  /** See `Replay.codes`. */
  readonly codes = new Map<Hex, Hex>();
  running: Running;
  readonly #view: StateView;
  readonly #environment: Environment;
  readonly #rules: Rules;
  readonly #vm: BatchVm;
  readonly #turns = new Turns();

  private constructor(view: StateView, environment: Environment, rules: Rules, manager: FlatStateManager, vm: BatchVm) {
    this.#view = view;
    this.#environment = environment;
    this.#rules = rules;
    this.#vm = vm;
    this.manager = manager;
    this.ledger = new Ledger(view);
    this.running = { gasUsed: 0n, work: rules.workBudget };
  }

  static async create(
    view: StateView,
    environment: Environment,
    rules: Rules,
    ancestors: Ancestors,
  ): Promise<BatchExecutor> {
    const manager = new FlatStateManager(view);
    return new BatchExecutor(view, environment, rules, manager, await BatchVm.create(manager, environment, ancestors));
  }

  /**
   * Takes the next item, whatever it is.
   * @throws ExecutionError `EXECUTION_VM_DISAGREES` when rules and VM differ, which is a fault of this program
   */
  async take(raw: Hex): Promise<Outcome> {
    if (this.#turns.due) await this.#turns.give();
    const outcome = await this.#outcome(raw);
    this.outcomes.push(outcome);
    this.ledger.endItem(this.outcomes.length);
    return outcome;
  }

  /**
   * Whether this transaction, as the next item, is a call that halts at a hash for want of work which alone in a batch it would have. Nothing
   * is taken.
   */
  async isLate(tx: ParsedTx): Promise<boolean> {
    const situation = await this.#situation(tx, { ...this.running, work: this.running.work - tx.use });
    if (situation.to.codeHash === EMPTY_CODE_HASH) return false;
    const { work } = await this.#start(situation);
    if (work >= ampleWork(tx.gasLimit - tx.intrinsic, this.#rules.w1)) return false;
    const alone = { ...situation, running: { gasUsed: 0n, work: this.#rules.workBudget - tx.use } };
    return (await this.#lacksWork(situation)) && !(await this.#lacksWork(alone));
  }

  /** Whether the code halts at a hash for want of work; the state stays as it is. */
  async #lacksWork(situation: Situation): Promise<boolean> {
    const { sender: from, to, value, data, gasLimit, intrinsic, price } = situation.tx;
    const call = { from, to, value, data: fromHex(data), gas: gasLimit - intrinsic, price };
    await this.manager.checkpoint();
    const { halt } = await this.#inVm(async () => this.#vm.call(call, await this.#start(situation)));
    await this.manager.revert();
    return halt?.reason === 'hashWork';
  }

  /** Why this transaction would be skipped if it was the next item, and on what that depends. Nothing is executed. */
  async refusal(tx: ParsedTx): Promise<Refusal> {
    const situation = await this.#situation(tx, { ...this.running, work: this.running.work - tx.use });
    return { reason: skipReason(situation), nonce: situation.sender.nonce };
  }

  async #outcome(raw: Hex): Promise<Outcome> {
    const use = workOfItem(byteLength(raw), this.#rules);
    if (this.outcomes.at(-1)?.kind === 'cutOff' || this.running.work < use) return { kind: 'cutOff' };
    this.running = { ...this.running, work: this.running.work - use };
    const tx = parseTransaction(raw, this.#rules);
    if (tx.kind === 'bad') return tx;
    const situation = await this.#situation(tx, this.running);
    const reason = skipReason(situation);
    if (reason !== undefined) return { kind: 'skipped', tx, reason };
    const outcome = await (situation.to.codeHash === EMPTY_CODE_HASH
      ? this.#transfer(raw, tx)
      : this.#call(raw, situation));
    for (const address of new Set([tx.sender, tx.to, this.#environment.feeRecipient])) {
      await this.checkAccount(address, `after transaction ${this.outcomes.length + 1}`);
    }
    return outcome;
  }

  async #transfer(raw: Hex, tx: ParsedTx): Promise<Outcome> {
    const gasUsed = await this.ledger.transfer(tx, this.#environment.feeRecipient);
    const result = await this.#inVm(() => this.#vm.run(raw));
    if (!result.success) throw this.#disagreement('fails in the VM');
    this.#checkGas(result, gasUsed);
    this.running = { ...this.running, gasUsed: this.running.gasUsed + gasUsed };
    return { kind: 'executed', tx, gasUsed };
  }

  async #call(raw: Hex, situation: Situation): Promise<Outcome> {
    const { tx, to } = situation;
    const start = await this.#start(situation);
    const result = await this.#inVm(() => this.#vm.run(raw, start));
    const { touched, writes, ...run } = result.run!;
    const gasUsed = await this.ledger.call(tx, this.#environment.feeRecipient, { ...run, touched, writes });
    if (result.success !== (run.end === 'ok')) throw this.#disagreement(`has status ${result.success} in the VM`);
    if (run.end === 'halt' && run.gasLeft !== 0n) throw this.#disagreement('halts in the VM, and keeps gas');
    this.#checkGas(result, gasUsed);
    this.running = { gasUsed: this.running.gasUsed + gasUsed, work: run.workAfter };
    return { kind: 'executed', tx, gasUsed, run: { codeHash: to.codeHash, ...run } };
  }

  /** The run of the recipient's code. */
  async #start(situation: Situation): Promise<RunStart> {
    const { tx, to } = situation;
    const work = workAtBegin(situation, byteLength(await this.#code(to)));
    return { work, w1: this.#rules.w1, address: tx.to, keys: tx.keys };
  }

  async #situation(tx: ParsedTx, running: Running): Promise<Situation> {
    const [sender, to] = [await this.ledger.touch(tx.sender), await this.ledger.touch(tx.to)];
    return { tx, sender, to, running, rules: this.#rules };
  }

  async #code({ codeHash }: Account): Promise<Hex> {
    const code = this.codes.get(codeHash) ?? (await this.#view.code(codeHash));
    this.codes.set(codeHash, code);
    return code;
  }

  /** @throws ExecutionError `EXECUTION_VM_DISAGREES` */
  async checkAccount(address: Hex, when: string): Promise<void> {
    const [byRules, byVm] = [await this.ledger.touch(address), await this.manager.account(address)];
    if (sameAccount(byRules, byVm)) return;
    const show = ({ nonce, balance, codeHash }: Account) => `(nonce ${nonce}, balance ${balance}, code ${codeHash})`;
    throw disagreement(`account ${address} is ${show(byVm)} in the VM ${when}, and ${show(byRules)} by the rules`);
  }

  async #inVm<Result>(run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (cause) {
      if (cause instanceof ExecutionError) throw cause;
      throw this.#disagreement('is refused by the VM, and the rules execute it', cause);
    }
  }

  #checkGas({ gasUsed }: VmResult, byRules: bigint): void {
    if (gasUsed !== byRules) throw this.#disagreement(`uses ${gasUsed} gas in the VM, not ${byRules}`);
  }

  #disagreement(what: string, cause?: unknown): ExecutionError {
    return disagreement(`transaction ${this.outcomes.length + 1} ${what}`, cause);
  }
}

/** The error for rules and VM that differ. */
export function disagreement(what: string, cause?: unknown): ExecutionError {
  const hint = 'This is a fault of this program, or of @ethereumjs/vm: keep the batch and report it.';
  return new ExecutionError('EXECUTION_VM_DISAGREES', `Rules and VM disagree: ${what}.`, { hint, cause });
}
