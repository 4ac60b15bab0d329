import { stateAccounts } from '../../prover/node/state-accounts.js';
import { checkGenesis } from '../../src/batch/genesis.js';
import { sealBatch } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { parseTransaction, UNCOVERED_BAD } from '../../src/batch/transaction.js';
import type { BadTx, ParsedTx, Replay, Rules } from '../../src/batch/types.js';
import { DeltaproofError } from '../../src/errors/base.js';
import { BatchError } from '../../src/errors/batch.js';
import { opcodeName } from '../../src/evm/opcodes.js';
import { replayBatch } from '../../src/execution/replay.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { type BatchTrace, traceBatch } from '../../src/trace/batch-trace.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { keccakRoot } from '../helpers/keccak-root.js';
import { checkRows } from './check-rows.js';
import { sampled } from './sample-rows.js';
import { screen } from './screen.js';
import type { VectorCase } from './vector.js';

/** How a case ended. `unsupported` names the feature that this version does not have. */
export type CaseResult =
  | { readonly result: 'passed'; readonly steps: number; readonly rows: number }
  | { readonly result: 'unsupported' | 'failed'; readonly reason: string };

/** What a run does. */
export interface RunOptions {
  /** Cases of more steps are not traced. */
  readonly maxSteps: number;
  /** Rows of every chip, of one case, that are run through the chip's circuit at most; a seeded sample if there are more. */
  readonly circuitRows: number;
  /** Whether a case that meets an opcode out of this version is traced too: it halts by rule, and the test knows no such state. */
  readonly halting: boolean;
}

/**
 * A case as a batch of one transaction: replay, state root by keccak against the test's own, rows and their balance with L1's tuples, the
 * proven root against the checkpoint builder's, the constraints of rows by witness.
 */
export async function runCase(vector: VectorCase, options: RunOptions): Promise<CaseResult> {
  try {
    const setting = settingOf(vector);
    return featureOf(vector, setting) ?? (await checkCase(vector, setting, options));
  } catch (cause) {
    return failed(cause instanceof DeltaproofError ? cause.message : whereOf(cause));
  }
}

function failed(reason: string): CaseResult {
  return { result: 'failed', reason };
}

function unsupported(reason: string): CaseResult {
  return { result: 'unsupported', reason };
}

/** The one reason that is no missing feature. */
export function tooLong(maxSteps: number): string {
  return `more than ${maxSteps} steps: the limit of this run`;
}

/** A fault of this program: with its place. */
function whereOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.stack?.split('\n    at ', 3).join(' at ')}` : String(cause);
}

/** Work beside what the transaction's gas reserves. */
const SPARE_WORK = 1n << 40n;

/** A case's transaction, and the rules of its batch. */
interface Setting {
  readonly tx: ParsedTx | BadTx;
  readonly rules: Rules;
}

/** Budgets out of reach, so that the test's own gas decides; the rest is the version's. */
function settingOf({ environment, raw, exception }: VectorCase): Setting {
  const { chainId, baseFee, gasLimit } = environment;
  const rules = { ...RULES_V2, chainId, baseFee, gasLimit, maxBytes: 1 << 20 };
  const tx = parseTransaction(raw, rules);
  // The work that rows prove to be left is below 2^48: without the reserve of a transaction that runs, with that of one that does not.
  const reserve = tx.kind === 'bad' || exception !== undefined ? 0n : tx.reserve;
  return { tx, rules: { ...rules, workBudget: SPARE_WORK + reserve } };
}

/** Why the case cannot be a batch at all. */
function featureOf({ pre, raw }: VectorCase, { tx }: Setting): CaseResult | undefined {
  if (raw.startsWith('0x03')) return unsupported('blob transaction');
  if (tx.kind === 'bad' && Object.values<string>(UNCOVERED_BAD).includes(tx.reason)) return unsupported(tx.reason);
  if (tx.kind !== 'bad' && tx.gasLimit >= 1n << 56n) {
    return unsupported('gas limit of 2^56 or more: its work does not fit 64 bits');
  }
  try {
    checkGenesis(pre);
  } catch (cause) {
    if (!(cause instanceof BatchError)) throw cause;
    return unsupported(`state that no genesis has: ${cause.message.replace(/0x[0-9a-f]+|[0-9]{5,}/g, '..')}`);
  }
  return undefined;
}

async function checkCase(vector: VectorCase, { rules }: Setting, options: RunOptions): Promise<CaseResult> {
  const { maxSteps, circuitRows, halting } = options;
  const screened = await screen(vector, maxSteps);
  if (screened.steps > maxSteps) return unsupported(tooLong(maxSteps));
  const { uncovered } = screened;
  const missing = uncovered === undefined ? undefined : unsupported(`opcode ${opcodeName(uncovered)}`);
  if (missing !== undefined && !halting) return missing;

  const view = new MemoryState(vector.pre);
  const batch = sealBatch({ ...vector.environment, version: rules.version }, [vector.raw]);
  const { replay, changes } = await replayBatch(view, batch, rules);
  const trace = await tracedIn(view, replay);
  const after = new MemoryState(vector.pre);
  after.apply(changes);
  const rebuilt = await new StateTrie(new MemoryTrieStore()).genesis(stateAccounts(after));
  if (rebuilt !== trace.value) return failed('the proven root is not that of the checkpoint builder');
  await checkRows(sampled(trace.rows, circuitRows, randomOf(testSeed(), vector.name)));
  const limit = missing ?? limitOf(replay);
  if (limit !== undefined) return limit;

  const [outcome] = replay.outcomes;
  if ((vector.exception !== undefined) === (outcome?.kind === 'executed')) {
    return failed(`the test expects ${vector.exception ?? 'execution'}, and it is ${outcome?.kind}`);
  }
  const keccak = await keccakRoot(after);
  if (keccak !== vector.hash) return failed(`state root ${keccak}, the test says ${vector.hash}`);
  const steps = outcome?.kind === 'executed' ? (outcome.run?.steps.length ?? 0) : 0;
  return { result: 'passed', steps, rows: trace.rows.length };
}

async function tracedIn(view: MemoryState, replay: Replay): Promise<BatchTrace> {
  const store = new MemoryTrieStore();
  const trie = new StateTrie(store);
  const preRoot = await trie.genesis(stateAccounts(view));
  const postRoot = await trie.applyChanges(preRoot, replay.accessList);
  return traceBatch({ replay, mode: 'root', preRoot, postRoot, nodes: store.get });
}

/** The rule of this project's own, beside those on opcodes, that decided what became of the transaction. */
function limitOf({ outcomes, rules }: Replay): CaseResult | undefined {
  const [outcome] = outcomes;
  if (outcome?.kind === 'skipped' && outcome.reason === 'work') return unsupported(`work above ${rules.workBudget}`);
  if (outcome?.kind !== 'executed') return undefined;
  const halt = outcome.run?.halt?.reason;
  return halt === 'hashLength' || halt === 'hashWork' ? unsupported(`limit of hashing: ${halt}`) : undefined;
}
