import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { fromHex, toHex } from '../../src/batch/bytes.js';
import { sealBatch } from '../../src/batch/header.js';
import { rulesHash } from '../../src/batch/rules.js';
import type { Rules } from '../../src/batch/types.js';
import { BatchVm, decodeForVm } from '../../src/execution/batch-vm.js';
import { FlatStateManager } from '../../src/execution/flat-state-manager.js';
import { NO_ANCESTORS } from '../../src/execution/replay.js';
import { openTrieBackedState, trieBackedState } from '../../src/execution/trie-backed.js';
import { sampleEnvironment, sampleGenesis } from '../../src/samples/accounts.js';
import { transfersOf } from '../../src/samples/transfers.js';
import { FlatState } from '../../src/state/flat-state.js';
import { LevelNodes } from './level-nodes.js';
import { median } from './median.js';
import { preparedFolder } from './prepared.js';

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
 * The same transfers on both sides, senders recovered beforehand, both on Level. Flat: execution and collecting the changes. Trie:
 * MerkleStateManager, execution, flush, its new nodes written, and the root. The states are built once and kept in the cache.
 */
export async function measureExecution(
  accounts: number,
  transfers: number,
  runs: number,
  rules: Rules,
): Promise<ExecutionCost> {
  const genesis = sampleGenesis('bench', accounts, 2 * transfers);
  const path = await preparedFolder(`flat2-${accounts}-${rulesHash(rules).slice(2, 10)}`, async (folder) => {
    await (await FlatState.open(join(folder, 'flat'), { genesis: genesis.state })).close();
    const nodes = new LevelNodes(join(folder, 'trie'));
    await nodes.open();
    const merkle = await trieBackedState(genesis.state, rules.chainId, nodes);
    await merkle.flush();
    writeFileSync(join(folder, 'root'), toHex(await merkle.getStateRoot()));
    await nodes.close();
  });
  const state = await FlatState.open(join(path, 'flat'));
  const nodes = new LevelNodes(join(path, 'trie'));
  await nodes.open();
  try {
    const environment = sampleEnvironment(genesis, 1n, await state.batchHash(0n), rules);
    const raw = await transfersOf('value', genesis, state.view(), rules, transfers);
    const { header } = sealBatch(environment, raw);
    const txs = raw.map((item) => decodeForVm(item, rules.chainId));
    const root = fromHex(readFileSync(join(path, 'root'), 'utf8') as Hex);
    const flat: number[] = [];
    const trie: number[] = [];
    for (let run = 0; run < runs; run++) {
      const manager = new FlatStateManager(state.view());
      flat.push(
        await timed(async () => {
          const vm = await BatchVm.create(manager, header, NO_ANCESTORS);
          for (const tx of txs) await vm.run(tx);
          await manager.changes();
        }),
      );
      const merkle = openTrieBackedState(rules.chainId, nodes);
      await merkle.setStateRoot(root);
      trie.push(
        await timed(async () => {
          const vm = await BatchVm.create(merkle, header, NO_ANCESTORS);
          for (const tx of txs) await vm.run(tx);
          await merkle.flush();
          await merkle.getStateRoot();
        }),
      );
    }
    const [flatMs, trieMs] = [median(flat), median(trie)];
    return { accounts, transfers, flatMs, trieMs, ratio: trieMs / flatMs };
  } finally {
    await state.close();
    await nodes.close();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
