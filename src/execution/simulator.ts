import { bigIntMax, bigIntMin } from '@ethereumjs/util';
import type { Address } from 'viem';
import { byteLength } from '../batch/bytes.js';
import type { Environment } from '../batch/header.js';
import { EMPTY_CODE_HASH, type Rules } from '../batch/types.js';
import { PRICES } from '../evm/gas.js';
import type { SlotKey } from '../evm/run.js';
import type { StateView } from '../state/view.js';
import { type Ancestors, BatchVm, type VmRun } from './batch-vm.js';
import { workOfRun } from './decision.js';
import { FlatStateManager } from './flat-state-manager.js';

/** A transaction that is not sent, or not yet. */
export interface SimulatedCall {
  readonly from: Address;
  readonly to: Address;
  readonly value: bigint;
  readonly data: Uint8Array;
  /** Wei per gas that the sender pays. */
  readonly price: bigint;
  /** Storage keys in its access list. */
  readonly keys: readonly SlotKey[];
  /** Intrinsic gas. */
  readonly intrinsic: bigint;
  /** Work that it uses up beside its gas and the code: for its bytes and its access list. */
  readonly work: bigint;
}

/** What a call would do as the only transaction of the next batch. */
export interface Simulated {
  /** As a transaction, after the refund. */
  readonly gasUsed: bigint;
  /** Absent when the recipient has no code. */
  readonly run?: VmRun;
}

/** Runs calls on one state without changing it, under the rules for transactions: opcodes, gas, work. */
export class Simulator {
  readonly #view: StateView;
  readonly #rules: Rules;
  readonly #manager: FlatStateManager;
  readonly #vm: BatchVm;

  private constructor(view: StateView, rules: Rules, manager: FlatStateManager, vm: BatchVm) {
    this.#view = view;
    this.#rules = rules;
    this.#manager = manager;
    this.#vm = vm;
  }

  /** @param environment which opcodes like TIMESTAMP read */
  static async create(
    view: StateView,
    environment: Environment,
    rules: Rules,
    ancestors: Ancestors,
  ): Promise<Simulator> {
    const manager = new FlatStateManager(view);
    return new Simulator(view, rules, manager, await BatchVm.create(manager, environment, ancestors));
  }

  /** Gas limit with which a transaction still fits a batch, by the gas and the work of one; may be below its intrinsic gas. */
  maxGas(call: SimulatedCall): bigint {
    const { w1, wCode, gasLimit, workBudget } = this.#rules;
    const work = workBudget - call.work - wCode;
    return bigIntMin(gasLimit, bigIntMax(work, 0n) / bigIntMax(w1, 1n));
  }

  /** What the call does with this gas limit, which covers its intrinsic gas. */
  async run(call: SimulatedCall, gasLimit: bigint): Promise<Simulated> {
    const { from, to, value, data, price, keys, intrinsic } = call;
    const codeBytes = await this.#codeBytes(call);
    if (codeBytes === 0) return { gasUsed: intrinsic };
    const work = this.#rules.workBudget - call.work - workOfRun(codeBytes);
    const start = { work, w1: this.#rules.w1, address: to, keys };
    await this.#manager.checkpoint();
    const run = await this.#vm.call({ from, to, value, data, gas: gasLimit - intrinsic, price }, start);
    await this.#manager.revert();
    const spent = gasLimit - run.gasLeft;
    return { gasUsed: spent - bigIntMin(run.refund, spent / BigInt(PRICES.refundQuotient)), run };
  }

  /**
   * The least gas limit with which the code ends well, given one with which it does: by bisection, since code may look at the gas.
   */
  async leastGas(call: SimulatedCall, enough: bigint): Promise<bigint> {
    let [low, high] = [call.intrinsic - 1n, enough];
    while (low + 1n < high) {
      const middle = (low + high) / 2n;
      const { run } = await this.run(call, middle);
      if (run === undefined || run.end === 'ok') high = middle;
      else low = middle;
    }
    return high;
  }

  /** 0 when no code would run. */
  async #codeBytes({ to }: SimulatedCall): Promise<number> {
    const { codeHash } = await this.#view.account(to);
    if (codeHash === EMPTY_CODE_HASH) return 0;
    return byteLength(await this.#view.code(codeHash));
  }
}
