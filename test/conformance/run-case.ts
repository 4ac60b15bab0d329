import { stateAccounts } from '../../prover/node/node.js';
import { checkGenesis } from '../../src/batch/genesis.js';
import { sealBatch } from '../../src/batch/header.js';
import { OPCODES } from '../../src/batch/opcodes.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Replay, Rules } from '../../src/batch/types.js';
import { BatchError } from '../../src/errors/batch.js';
import { replayBatch } from '../../src/execution/replay.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { traceBatch } from '../../src/trace/batch-trace.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { keccakRoot } from '../helpers/keccak-root.js';
import { checkRows } from './check-rows.js';
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
    return { result: 'failed', reason: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause) };
  }
}

/** Budgets out of reach, so that the test's own gas decides; the rest is the version's. */
function rulesOf({ environment }: VectorCase): Rules {
  const { chainId, baseFee, gasLimit } = environment;
  return { ...RULES_V2, chainId, baseFee, gasLimit, maxBytes: 1 << 20, workBudget: 1n << 47n };
}

/** Why the case cannot be a batch at all. */
function featureOf({ pre, raw, environment }: VectorCase): string | undefined {
  if (raw.startsWith('0x03')) return 'blob transaction';
  if (environment.gasLimit >= 1n << 60n) return 'gas limit of the block above 2^60';
  try {
    checkGenesis(pre);
  } catch (cause) {
    if (cause instanceof BatchError) return `state that no genesis has: ${cause.message.replace(/0x[0-9a-f]+/g, '..')}`;
    throw cause;
  }
  return undefined;
}

async function checkCase(vector: VectorCase, { maxSteps, circuits }: RunLimits): Promise<CaseResult> {
  const rules = rulesOf(vector);
  const view = new MemoryState(vector.pre);
  const batch = sealBatch({ ...vector.environment, version: rules.version }, [vector.raw]);
  const { replay, changes } = await replayBatch(view, batch, rules);
  const missing = missingFeature(replay);
  if (missing !== undefined) return { result: 'unsupported', reason: missing };
  const [outcome] = replay.outcomes;
  const steps = outcome?.kind === 'executed' ? (outcome.run?.steps.length ?? 0) : 0;
  if (steps > maxSteps) return { result: 'unsupported', reason: `more than ${maxSteps} steps (an option of the run)` };
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
  if (outcome?.kind === 'bad') return outcome.reason.includes('cover') ? outcome.reason : undefined;
  if (outcome?.kind === 'skipped' && outcome.reason === 'work') return `work above ${rules.workBudget}`;
  if (outcome?.kind !== 'executed') return undefined;
  const halt = outcome.run?.halt;
  if (halt === undefined) return undefined;
  const op = `0x${halt.op.toString(16).padStart(2, '0')}`;
  if (halt.reason === 'uncovered') return `opcode ${OPCODES[halt.op]?.name ?? op}`;
  if (halt.reason === 'hashLength' || halt.reason === 'hashWork') return `limit of hashing: ${halt.reason}`;
  return undefined;
}
