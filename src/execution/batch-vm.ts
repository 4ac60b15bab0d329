import { type Block, createBlock } from '@ethereumjs/block';
import {
  type Common,
  type CustomCrypto,
  createCustomCommon,
  Hardfork,
  Mainnet,
  type StateManagerInterface,
} from '@ethereumjs/common';
import { type ExecResult, paramsEVM } from '@ethereumjs/evm';
import { createTxFromRLP, paramsTx, type TypedTransaction } from '@ethereumjs/tx';
import { calculateSigRecovery, createAddressFromString } from '@ethereumjs/util';
import { createVM, runTx, type VM } from '@ethereumjs/vm';
import type { Address, Hex } from 'viem';
import { bytesToBigint, fromHex, toHex } from '../batch/bytes.js';
import { type Environment, ZERO_WORD } from '../batch/header.js';
import { recoverKey } from '../batch/recover.js';
import type { CodeRun } from '../evm/run.js';
import { versionOpcodes } from './opcode-table.js';
import { type RunStart, StepTracer, type Trace } from './step-tracer.js';

/** Hash of an earlier batch, for BLOCKHASH; asked only for numbers from 1 to the batch's own minus 1. */
export type Ancestors = (number: bigint) => Promise<Hex>;

/** What @ethereumjs/vm made of a transaction. */
export interface VmResult {
  /** After the refund. */
  readonly gasUsed: bigint;
  /** Status 1: the call did not revert or halt. */
  readonly success: boolean;
  /** Only where code ran. */
  readonly run?: VmRun;
}

/** What code did in @ethereumjs/vm, which touched these slots; writes count unless it failed. */
export type VmRun = Omit<CodeRun, 'codeHash'> & Pick<Trace, 'touched' | 'writes'>;

/** A call that is no transaction: nobody signs it, and nobody pays for its gas. */
export interface VmCall {
  readonly from: Address;
  readonly to: Address;
  readonly value: bigint;
  readonly data: Uint8Array;
  /** For the code alone, without the intrinsic gas. */
  readonly gas: bigint;
  /** Wei per gas, as GASPRICE shows it. */
  readonly price: bigint;
}

/** Of a transaction beyond those of {@link commonOf}: ethereumjs else copies all of them into it, for each transaction. */
const NO_PARAMS = {};

const commons = new Map<bigint, Common>();

/**
 * ethereumjs' recovery of a public key by the rules' own. It decodes the transaction, hashes what is signed and derives the parity
 * itself; where that comes to the rules' signature, the key is known already, and only the curve's arithmetic is not checked twice.
 */
const ecrecover: NonNullable<CustomCrypto['ecrecover']> = (hash, v, r, s, chainId) => {
  const parity = calculateSigRecovery(v, chainId);
  const valid = hash.length === 32 && (parity === 0n || parity === 1n);
  const key = valid ? recoverKey(hash, parity === 0n ? 0 : 1, bytesToBigint(r), bytesToBigint(s)) : undefined;
  if (key === undefined) throw new RangeError('The signature does not recover.');
  return key;
};

/** Cancun on the rollup's chain id, as ethereumjs wants it. */
export function commonOf(chainId: bigint): Common {
  let common = commons.get(chainId);
  if (common === undefined) {
    const customCrypto = { ecrecover };
    common = createCustomCommon({ chainId: String(chainId) }, Mainnet, { hardfork: Hardfork.Cancun, customCrypto });
    common.updateParams(paramsEVM);
    common.updateParams(paramsTx);
    commons.set(chainId, common);
  }
  return common;
}

/**
 * A raw transaction as ethereumjs decodes it, its sender recovered already, so that a measurement of execution need not
 * contain ecrecover. @throws whatever ethereumjs throws for bytes that it refuses
 */
export function decodeForVm(raw: Hex, chainId: bigint): TypedTransaction {
  const tx = createTxFromRLP(fromHex(raw), { common: commonOf(chainId), params: NO_PARAMS });
  tx.getSenderAddress();
  return tx;
}

/**
 * @ethereumjs/vm in the environment of one batch, on any state manager: the real Cancun `runTx`, no system calls, base
 * fee burned; opcodes that this version does not cover halt. It knows nothing of this project's rules of skipping, so it
 * also serves as their independent check and as the trie-backed side of a comparison.
 */
export class BatchVm {
  readonly #vm: VM;
  readonly #block: Block;
  readonly #tracer: StepTracer;

  private constructor(vm: VM, block: Block, tracer: StepTracer) {
    this.#vm = vm;
    this.#block = block;
    this.#tracer = tracer;
  }

  static async create(
    stateManager: StateManagerInterface,
    environment: Environment,
    ancestors: Ancestors,
  ): Promise<BatchVm> {
    // A copy, since every EVM stays subscribed to its common for ever.
    const common = commonOf(environment.chainId).copy();
    const tracer = new StepTracer();
    const evmOpts = { customOpcodes: versionOpcodes(common, tracer) };
    const vm = await createVM({ common, stateManager, blockchain: chainOf(ancestors), evmOpts });
    return new BatchVm(vm, blockOf(environment, common), tracer);
  }

  /**
   * Runs one transaction.
   * @param start given exactly when its recipient has code
   * @throws whatever the VM throws when it finds the transaction invalid
   */
  async run(raw: Hex | TypedTransaction, start?: RunStart): Promise<VmResult> {
    const tx = typeof raw === 'string' ? decodeForVm(raw, this.#block.header.common.chainId()) : raw;
    if (start !== undefined) this.#tracer.start(start);
    const { totalGasSpent, execResult } = await runTx(this.#vm, { tx, block: this.#block });
    const success = execResult.exceptionError === undefined;
    const result = { gasUsed: totalGasSpent, success };
    if (start === undefined) return result;
    return { ...result, run: this.#finish(start, execResult, tx.gasLimit - tx.getIntrinsicGas()) };
  }

  /** Runs code as a transaction would, without its fees. The state manager keeps what it does. */
  async call({ from, to, value, data, gas, price }: VmCall, start: RunStart): Promise<VmRun> {
    const { evm, stateManager } = this.#vm;
    this.#tracer.start(start);
    await evm.journal.cleanup();
    for (const { address, key } of start.keys) evm.journal.addAlwaysWarmSlot(address.slice(2), key.slice(2));
    const [caller, target] = [createAddressFromString(from), createAddressFromString(to)];
    const call = { block: this.#block, gasPrice: price, caller, to: target, value, data, gasLimit: gas };
    const { execResult } = await evm.runCall({ ...call, skipBalance: true });
    stateManager.originalStorageCache.clear();
    return this.#finish(start, execResult, gas);
  }

  #finish(start: RunStart, result: ExecResult, gas: bigint): VmRun {
    const { exceptionError, executionGasUsed, gasRefund = 0n, returnValue, logs = [] } = result;
    const { steps, halt, workAfter, touched, writes } = this.#tracer.finish(exceptionError);
    const end = exceptionError === undefined ? 'ok' : halt === undefined ? 'revert' : 'halt';
    return {
      end,
      ...(halt === undefined ? {} : { halt }),
      steps,
      gasLeft: gas - executionGasUsed,
      refund: end === 'ok' ? gasRefund : 0n,
      workBefore: start.work,
      workAfter,
      output: toHex(returnValue),
      logs: logs.map(([address, topics, data]) => ({
        address: toHex(address),
        topics: topics.map(toHex),
        data: toHex(data),
      })),
      touched,
      writes,
    };
  }
}

function blockOf(environment: Environment, common: Common): Block {
  const { number, timestamp, feeRecipient, gasLimit, baseFee, originHash, parent } = environment;
  const fields = {
    number,
    timestamp,
    gasLimit,
    parentHash: fromHex(parent),
    coinbase: createAddressFromString(feeRecipient),
    baseFeePerGas: baseFee,
    mixHash: fromHex(originHash),
    difficulty: 0n,
  };
  return createBlock({ header: fields }, { common, skipConsensusFormatValidation: true });
}

function chainOf(ancestors: Ancestors) {
  const chain = {
    getBlock: async (number: number) => {
      const hash = fromHex(number === 0 ? ZERO_WORD : await ancestors(BigInt(number)));
      return { hash: () => hash };
    },
    putBlock: async () => undefined,
    shallowCopy: () => chain,
  };
  return chain;
}
