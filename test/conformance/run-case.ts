import { stateAccounts } from '../../prover/node/node.js';
import { checkGenesis } from '../../src/batch/genesis.js';
import { sealBatch } from '../../src/batch/header.js';
import { opcodeName } from '../../src/batch/opcodes.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { parseTransaction, UNCOVERED_BAD } from '../../src/batch/transaction.js';
import type { Replay, Rules } from '../../src/batch/types.js';
import { DeltaproofError } from '../../src/errors/base.js';
import { BatchError } from '../../src/errors/batch.js';
import { replayBatch } from '../../src/execution/replay.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { traceBatch } from '../../src/trace/batch-trace.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { keccakRoot } from '../helpers/keccak-root.js';
import { checkRows } from './check-rows.js';
import { screen } from './screen.js';
import type { VectorCase } from './vector.js';

/** How a case ended. `unsupported` names the feature that this version does not have. */
export type CaseResult =
  | { readonly result: 'passed'; readonly steps: number; readonly rows: number }
  | { readonly result: 'unsupported' | 'failed'; readonly reason: string };

/** What bounds a run. */
export interface RunLimits {
  /** Cases of more steps are not traced. */
  readonly maxSteps: number;
  /** Whether every row is run through its chip's circuit. */
  readonly circuits: boolean;
}

/**
 * A case as a batch of one transaction: replay, state root by keccak against the test's own, rows and their balance with L1's tuples, the
 * proven root against the checkpoint builder's, every row's constraints by witness.
 */
export async function runCase(vector: VectorCase, limits: RunLimits): Promise<CaseResult> {
  const unsupported = featureOf(vector);
  if (unsupported !== undefined) return { result: 'unsupported', reason: unsupported };
  try {
    return await checkCase(vector, limits);
  } catch (cause) {
    return { result: 'failed', reason: cause instanceof DeltaproofError ? cause.message : whereOf(cause) };
  }
}

/** A fault of this program: with its place. */
function whereOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.stack?.split('\n    at ', 3).join(' at ')}` : String(cause);
}

/** Work beside what the transaction's gas reserves. */
const SPARE_WORK = 1n << 40n;

/** Budgets out of reach, so that the test's own gas decides; the rest is the version's. */
function rulesOf({ environment, raw, exception }: VectorCase): Rules {
  const { chainId, baseFee, gasLimit } = environment;
  const rules = { ...RULES_V2, chainId, baseFee, gasLimit, maxBytes: 1 << 20, workBudget: SPARE_WORK };
  const tx = parseTransaction(raw, rules);
  // The work that rows prove to be left is below 2^48: without the reserve of a transaction that runs, with that of one that does not.
  return tx.kind === 'bad' || exception !== undefined ? rules : { ...rules, workBudget: SPARE_WORK + tx.reserve };
}

/** Why the case cannot be a batch at all. */
function featureOf(vector: VectorCase): string | undefined {
  const { pre, raw } = vector;
  if (raw.startsWith('0x03')) return 'blob transaction';
  const tx = parseTransaction(raw, rulesOf(vector));
  if (tx.kind === 'bad' && Object.values<string>(UNCOVERED_BAD).includes(tx.reason)) return tx.reason;
  try {
    checkGenesis(pre);
  } catch (cause) {
    if (cause instanceof BatchError) return `state that no genesis has: ${cause.message.replace(/0x[0-9a-f]+/g, '..')}`;
    throw cause;
  }
  return undefined;
}

async function checkCase(vector: VectorCase, { maxSteps, circuits }: RunLimits): Promise<CaseResult> {
  const screened = await screen(vector, maxSteps);
  if (screened.uncovered !== undefined) {
    return { result: 'unsupported', reason: `opcode ${opcodeName(screened.uncovered)}` };
  }
  if (screened.steps > maxSteps) {
    return { result: 'unsupported', reason: `more than ${maxSteps} steps (an option of the run)` };
  }
  const rules = rulesOf(vector);
  const view = new MemoryState(vector.pre);
  const batch = sealBatch({ ...vector.environment, version: rules.version }, [vector.raw]);
  const { replay, changes } = await replayBatch(view, batch, rules);
  const missing = missingFeature(replay);
  if (missing !== undefined) return { result: 'unsupported', reason: missing };
  const [outcome] = replay.outcomes;
  const steps = outcome?.kind === 'executed' ? (outcome.run?.steps.length ?? 0) : 0;
  if ((vector.exception !== undefined) === (outcome?.kind === 'executed')) {
    return {
      result: 'failed',
      reason: `the test expects ${vector.exception ?? 'execution'}, and it is ${outcome?.kind}`,
    };
  }

  const store = new MemoryTrieStore();
  const trie = new StateTrie(store);
  const preRoot = await trie.genesis(stateAccounts(view));
  const postRoot = await trie.applyChanges(preRoot, replay.accessList);
  const { rows, value } = traceBatch({ replay, mode: 'root', preRoot, postRoot, nodes: store.get });
  const after = new MemoryState(vector.pre);
  after.apply(changes);
  const keccak = await keccakRoot(after);
  if (keccak !== vector.hash) return { result: 'failed', reason: `state root ${keccak}, the test says ${vector.hash}` };
  const rebuilt = await new StateTrie(new MemoryTrieStore()).genesis(stateAccounts(after));
  if (rebuilt !== value) return { result: 'failed', reason: 'the proven root is not that of the checkpoint builder' };
  if (circuits) await checkRows(rows);
  return { result: 'passed', steps, rows: rows.length };
}

/** What the transaction needed and this version does not have. */
function missingFeature({ outcomes, rules }: Replay): string | undefined {
  const [outcome] = outcomes;
  if (outcome?.kind === 'skipped' && outcome.reason === 'work') return `work above ${rules.workBudget}`;
  if (outcome?.kind !== 'executed') return undefined;
  const halt = outcome.run?.halt;
  if (halt?.reason === 'hashLength' || halt?.reason === 'hashWork') return `limit of hashing: ${halt.reason}`;
  return undefined;
}
