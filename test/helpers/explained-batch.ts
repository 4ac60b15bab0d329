import type { Address, Hex } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import { RULES_V2 } from '../../src/batch/rules.js';
import { privateKeyOf, signTransaction } from '../../src/batch/sign.js';
import { addressOf, sampleGenesis } from '../../src/samples/accounts.js';
import { sampleBatch } from '../../src/samples/batch.js';
import { type ContractGenesis, withContracts } from '../../src/samples/contracts.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { assemble } from './assemble.js';

/** A genesis with the sample contracts, and one that writes a slot and then calls, which this version does not cover. */
export interface ExplainedGenesis extends ContractGenesis {
  readonly writer: Address;
  /** Sends the first transaction of the batch, and nothing else. */
  readonly curious: Address;
}

/** Slot 0 of the writer would be this if CALL were covered. */
export const WRITTEN = 5n;
/** Where its CALL stands. */
export const CALL_PC = 5;

const KEY = privateKeyOf('curious', 0);

export function explainedGenesis(seed: string): ExplainedGenesis {
  const genesis = withContracts(sampleGenesis(seed, 30, 24));
  const writer = addressOf(`${seed} writer`);
  const curious = privateKeyToAddress(KEY).toLowerCase() as Address;
  const code = assemble(`PUSH1 0x0${WRITTEN} PUSH0 SSTORE PUSH0 CALL`);
  const state = new Map(genesis.state);
  state.set(writer, { nonce: 1n, balance: 0n, code, storage: new Map() });
  state.set(curious, { nonce: 0n, balance: 10n ** 18n, code: '0x', storage: new Map() });
  return { ...genesis, state, writer, curious };
}

/** The items of batch 1: a call of the writer, then calls of the token, transfers, and items that are skipped. */
export async function explainedItems(genesis: ExplainedGenesis, feeRecipient: Address): Promise<Hex[]> {
  const state = new MemoryState(genesis.state);
  const { chainId, baseFee } = RULES_V2;
  const call = await signTransaction(
    {
      ...{ type: 2, chainId, nonce: 0n, tip: 0n, cap: baseFee, gasLimit: 60_000n },
      ...{ to: genesis.writer, value: 0n, data: '0x', accessList: [] },
    },
    KEY,
  );
  const options = { genesis, state, number: 1n, feeRecipient, rules: RULES_V2, transfers: 3, calls: 8 };
  return [call, ...(await sampleBatch(options))];
}
