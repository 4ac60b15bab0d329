import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealBatch } from '../../src/batch/header.js';
import type { Rules } from '../../src/batch/types.js';
import { BatchVm, decodeForVm } from '../../src/execution/batch-vm.js';
import { FlatStateManager } from '../../src/execution/flat-state-manager.js';
import { NO_ANCESTORS } from '../../src/execution/replay.js';
import { trieBackedState } from '../../src/execution/trie-backed.js';
import { sampleEnvironment, sampleGenesis } from '../../src/samples/accounts.js';
import { transfersOf } from '../../src/samples/transfers.js';
import { FlatState } from '../../src/state/flat-state.js';
import { median } from './median.js';

/** Execution of one block on flat state and on ethereumjs' trie-backed state. */
export interface ExecutionCost {
  readonly accounts: number;
  readonly transfers: number;
  /** Milliseconds, medians: execution and what is needed to keep its result (changes; trie with its root). */
  readonly flatMs: number;
  readonly trieMs: number;
  /** trieMs / flatMs. */
  readonly ratio: number;
}

/**
 * The same transfers on both sides, senders recovered beforehand. Flat: Level on disk, execution and collecting the changes.
 * Trie: MerkleStateManager in memory, execution, flush and root.
 */
export async function measureExecution(
  accounts: number,
  transfers: number,
  runs: number,
  rules: Rules,
): Promise<ExecutionCost> {
  const genesis = sampleGenesis('bench', accounts, 2 * transfers);
  const path = mkdtempSync(join(tmpdir(), 'deltaproof-bench-'));
  const state = await FlatState.open(path, { genesis: genesis.state });
  try {
    const environment = sampleEnvironment(genesis, 1n, await state.batchHash(0n), rules);
    const raw = await transfersOf('value', genesis, state.view(), rules, transfers);
    const { header } = sealBatch(environment, raw);
    const txs = raw.map((item) => decodeForVm(item, rules.chainId));
    const flat: number[] = [];
    const trie: number[] = [];
    const merkle = await trieBackedState(genesis.state, rules.chainId);
    await merkle.flush();
    for (let run = 0; run < runs; run++) {
      const manager = new FlatStateManager(state.view());
      flat.push(
        await timed(async () => {
          const vm = await BatchVm.create(manager, header, NO_ANCESTORS);
          for (const tx of txs) await vm.run(tx);
          await manager.changes();
        }),
      );
      const copy = merkle.shallowCopy();
      await copy.setStateRoot(await merkle.getStateRoot());
      trie.push(
        await timed(async () => {
          const vm = await BatchVm.create(copy, header, NO_ANCESTORS);
          for (const tx of txs) await vm.run(tx);
          await copy.flush();
          await copy.getStateRoot();
        }),
      );
    }
    const [flatMs, trieMs] = [median(flat), median(trie)];
    return { accounts, transfers, flatMs, trieMs, ratio: trieMs / flatMs };
  } finally {
    await state.close();
    rmSync(path, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
