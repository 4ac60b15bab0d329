import type { Hex } from 'viem';
import { stateAccounts } from '../../prover/node/state-accounts.js';
import type { GenesisState } from '../../src/batch/genesis.js';
import { sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import type { Rules } from '../../src/batch/types.js';
import { replayBatch } from '../../src/execution/replay.js';
import { groupParts, planParts } from '../../src/l1/plan-parts.js';
import { withProofs } from '../../src/proof/parts.js';
import { RECORD_BYTES } from '../../src/proof/record.js';
import type { Mode, ShapeSpec } from '../../src/proof/types.js';
import { sampleEnvironment } from '../../src/samples/accounts.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { l1Items } from '../../src/statement/l1-transactions.js';
import type { Content } from '../../src/statement/parts.js';
import { traceBatch } from '../../src/trace/batch-trace.js';
import { demandOf } from '../../src/trace/demand.js';
import { pack } from '../../src/trace/pack.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { GENESIS } from './code-world.js';

/** A batch of these transactions on a state, replayed and traced: balanced, or it throws. */
export async function traced(state: GenesisState, txs: readonly Hex[], mode: Mode, rules: Rules) {
  const view = new MemoryState(state);
  const { replay } = await replayBatch(view, sealBatch(sampleEnvironment(GENESIS, 1n, ZERO_WORD, rules), txs), rules);
  const store = new MemoryTrieStore();
  const trie = new StateTrie(store);
  const preRoot = await trie.genesis(stateAccounts(view));
  const post = mode === 'root' ? { postRoot: await trie.applyChanges(preRoot, replay.accessList) } : {};
  const { rows, tables } = traceBatch({ replay, mode, preRoot, ...post, nodes: store.get });
  const content: Content = { mode, tables, items: l1Items(replay.batch.txs, replay.read) };
  const counts: Readonly<Record<string, number>> = Object.fromEntries(demandOf(rows));
  const work = Number(rules.workBudget - replay.work);
  return { replay, rows, content, counts, work };
}

type Traced = Awaited<ReturnType<typeof traced>>;

/** Proofs that rows need. */
export function proofsOf(rows: Traced['rows'], shapes: readonly ShapeSpec[]): number {
  return pack(demandOf(rows), shapes).length;
}

/** What L1 takes of the bundle of a batch: its proofs, and the transactions that carry its parts. */
export function uploadOf({ rows, content }: Traced, shapes: readonly ShapeSpec[]) {
  const proofs = pack(demandOf(rows), shapes).map(({ shape }) => shape);
  const record = (shape: number): Hex => `0x${shape.toString(16).padStart(2, '0')}${'ff'.repeat(RECORD_BYTES - 1)}`;
  const plan = planParts(content, proofs);
  const groups = groupParts(withProofs(plan, proofs.map(record)));
  const sum = (field: 'gas' | 'bytes') => groups.reduce((all, { size }) => all + size[field], 0);
  return { proofs: proofs.length, transactions: groups.length, gas: sum('gas'), bytes: sum('bytes'), groups };
}
