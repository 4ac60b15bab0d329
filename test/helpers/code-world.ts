import { createVM, runTx } from '@ethereumjs/vm';
import type { Address, Hex } from 'viem';
import { toHex, word } from '../../src/batch/bytes.js';
import type { GenesisAccount, GenesisState } from '../../src/batch/genesis.js';
import { sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { signTransaction, type TransactionFields } from '../../src/batch/sign.js';
import type { Outcome, Rules } from '../../src/batch/types.js';
import type { CodeRun } from '../../src/evm/run.js';
import { commonOf, decodeForVm } from '../../src/execution/batch-vm.js';
import { replayBatch } from '../../src/execution/replay.js';
import { trieBackedState } from '../../src/execution/trie-backed.js';
import { sampleEnvironment, sampleGenesis } from '../../src/samples/accounts.js';
import { withContracts } from '../../src/samples/contracts.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { ordinaryBlock } from './ordinary-block.js';
import { plainFields } from './transactions.js';

/** The account whose code runs. */
export const CONTRACT: Address = `0x${'c0'.repeat(20)}`;

/** A small state with the sample contracts. */
export const GENESIS = withContracts(sampleGenesis('code world', 8));
const genesis = GENESIS;
/** Signs by default. */
export const [CALLER, OTHER] = genesis.signers as [(typeof genesis.signers)[0], (typeof genesis.signers)[0]];
/** Of the caller, before anything. */
export const NONCE = genesis.state.get(CALLER.address)!.nonce;

/** A state with this code at {@link CONTRACT}, whose storage is given by slot numbers. */
export function stateWith(code: Hex, storage: Readonly<Record<number, bigint>> = {}): GenesisState {
  const contract: GenesisAccount = {
    nonce: 1n,
    balance: 0n,
    code,
    storage: new Map(Object.entries(storage).map(([slot, value]) => [word(BigInt(slot)), value])),
  };
  return new Map([...genesis.state, [CONTRACT, contract]]);
}

/** A signed call of {@link CONTRACT}; 100,000 gas, no value and no data by default. */
export function callOf(over: Partial<TransactionFields> = {}, signer = CALLER): Promise<Hex> {
  const fields = plainFields({ nonce: NONCE, to: CONTRACT, value: 0n, gasLimit: 100_000n, ...over });
  return signTransaction(fields, signer.privateKey);
}

/** A batch of these transactions, replayed on a state. */
export async function replayOn(state: GenesisState, txs: readonly Hex[], rules: Rules = RULES_V2) {
  const batch = sealBatch(sampleEnvironment(genesis, 1n, ZERO_WORD, rules), txs);
  const view = new MemoryState(state);
  const applied = await replayBatch(view, batch, rules);
  return { ...applied, ...applied.replay, view };
}

/** What one call of this code does. */
export async function callCode(
  code: Hex,
  over: Partial<TransactionFields> = {},
  storage: Readonly<Record<number, bigint>> = {},
  rules: Rules = RULES_V2,
) {
  const raw = await callOf(over);
  const replayed = await replayOn(stateWith(code, storage), [raw], rules);
  return { ...replayed, raw, ...executedIn(replayed.outcomes) };
}

/** The first outcome, which must be an execution of code. */
export function executedIn([outcome]: readonly Outcome[]): { gasUsed: bigint; run: CodeRun } {
  if (outcome?.kind !== 'executed' || outcome.run === undefined) {
    throw new Error(`no code ran: ${JSON.stringify(outcome, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v))}`);
  }
  return { gasUsed: outcome.gasUsed, run: outcome.run };
}

/**
 * Gas and status of transactions by an ordinary Cancun VM that knows no version: all of Ethereum's opcodes, a trie. With the root
 * after the last.
 */
export async function runOnEthereum(state: GenesisState, txs: readonly Hex[], rules: Rules = RULES_V2) {
  const common = commonOf(rules.chainId).copy();
  const stateManager = await trieBackedState(state, rules.chainId);
  const environment = sampleEnvironment(genesis, 1n, ZERO_WORD, rules);
  const block = ordinaryBlock(environment, common);
  const vm = await createVM({ common, stateManager });
  const results: { gasUsed: bigint; success: boolean; output: Hex }[] = [];
  for (const raw of txs) {
    const { totalGasSpent, execResult } = await runTx(vm, { tx: decodeForVm(raw, rules.chainId), block });
    const success = execResult.exceptionError === undefined;
    results.push({ gasUsed: totalGasSpent, success, output: toHex(execResult.returnValue) });
  }
  await stateManager.flush();
  return { results, root: toHex(await stateManager.getStateRoot()) };
}
