import { type Block, createBlock } from '@ethereumjs/block';
import { type Common, createCustomCommon, Hardfork, Mainnet, type StateManagerInterface } from '@ethereumjs/common';
import { createTxFromRLP, type TypedTransaction } from '@ethereumjs/tx';
import { createAddressFromString } from '@ethereumjs/util';
import { createVM, runTx, type VM } from '@ethereumjs/vm';
import type { Hex } from 'viem';
import { fromHex } from '../batch/bytes.js';
import { ZERO_WORD } from '../batch/header.js';
import type { Header } from '../batch/types.js';

/** Hash of an earlier batch, for BLOCKHASH; asked only for numbers from 1 to the batch's own minus 1. */
export type Ancestors = (number: bigint) => Promise<Hex>;

/** What @ethereumjs/vm made of a transaction. */
export interface VmResult {
  readonly gasUsed: bigint;
  /** Status 1: the call did not revert or halt. */
  readonly success: boolean;
}

const commons = new Map<bigint, Common>();

/** Cancun on the rollup's chain id, as ethereumjs wants it. */
export function commonOf(chainId: bigint): Common {
  const common =
    commons.get(chainId) ?? createCustomCommon({ chainId: String(chainId) }, Mainnet, { hardfork: Hardfork.Cancun });
  commons.set(chainId, common);
  return common;
}

/**
 * A raw transaction as ethereumjs decodes it, its sender recovered already, so that a measurement of execution need not
 * contain ecrecover. @throws whatever ethereumjs throws for bytes that it refuses
 */
export function decodeForVm(raw: Hex, chainId: bigint): TypedTransaction {
  const tx = createTxFromRLP(fromHex(raw), { common: commonOf(chainId) });
  tx.getSenderAddress();
  return tx;
}

/**
 * @ethereumjs/vm in the environment of one batch, on any state manager: the real Cancun `runTx`, no system calls, base
 * fee burned. It knows nothing of this project's rules of skipping, so it also serves as their independent check and as
 * the trie-backed side of a comparison.
 */
export class BatchVm {
  readonly #vm: VM;
  readonly #block: Block;

  private constructor(vm: VM, block: Block) {
    this.#vm = vm;
    this.#block = block;
  }

  static async create(stateManager: StateManagerInterface, header: Header, ancestors: Ancestors): Promise<BatchVm> {
    const common = commonOf(header.chainId);
    const vm = await createVM({ common, stateManager, blockchain: chainOf(ancestors) });
    return new BatchVm(vm, blockOf(header, common));
  }

  /** Runs one transaction. @throws whatever the VM throws when it finds the transaction invalid */
  async run(raw: Hex | TypedTransaction): Promise<VmResult> {
    const tx = typeof raw === 'string' ? decodeForVm(raw, this.#block.header.common.chainId()) : raw;
    const { totalGasSpent, execResult } = await runTx(this.#vm, { tx, block: this.#block });
    return { gasUsed: totalGasSpent, success: execResult.exceptionError === undefined };
  }
}

function blockOf(header: Header, common: Common): Block {
  const { number, timestamp, feeRecipient, gasLimit, baseFee, originHash, parent } = header;
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
