import type { Hex } from 'viem';
import { accountOf } from '../batch/genesis.js';
import { sealBatch, ZERO_WORD } from '../batch/header.js';
import type { Rules } from '../batch/types.js';
import { replayBatch } from '../execution/replay.js';
import type { Mode } from '../proof/types.js';
import { sampleEnvironment, sampleGenesis } from '../samples/accounts.js';
import { sampleBatch } from '../samples/batch.js';
import { type ContractGenesis, withContracts } from '../samples/contracts.js';
import { type BatchKind, transfersOf } from '../samples/transfers.js';
import { MemoryState } from '../state/memory-state.js';
import { traceBatch } from '../trace/batch-trace.js';
import { demandOf } from '../trace/demand.js';
import { StateTrie } from '../trie/state.js';
import { MemoryTrieStore } from '../trie/store.js';
import type { Rows } from './places.js';

/** Rows of the batches that mixed shapes are made for (`mixed.ts`). */
export interface OrdinaryRows {
  /** 10 transfers of value, mode diff. */
  readonly transfers: Rows;
  /** 10 ERC-20 transfers, mode root: each leaf and branch twice. */
  readonly calls: Rows;
  /** What 40 ERC-20 transfers more add, mode diff. */
  readonly moreCalls: Rows;
  /** The sample batch, which the demo posts: of each kind of transfer, call and invalid item. Mode diff. */
  readonly sample: Rows;
}

const ACCOUNTS = 1_000;
const SIGNERS = 200;

/**
 * Traces them on a genesis of 1,000 accounts, which all hold tokens: some seconds.
 * @param seed of the genesis: other keys meet elsewhere in the tries
 */
export async function ordinaryRows(rules: Rules, seed: string = 'ordinary'): Promise<OrdinaryRows> {
  const genesis = withContracts(sampleGenesis(seed, ACCOUNTS, SIGNERS));
  const rowsOf = await tracerOf(genesis, rules);
  const view = new MemoryState(genesis.state);
  const of = (kind: BatchKind, count: number) => transfersOf(kind, genesis, view, rules, count);
  const { feeRecipient } = environmentOf(genesis, rules);
  const ten = await rowsOf(await of('ERC-20', 10), 'diff');
  return {
    transfers: await rowsOf(await of('value', 10), 'diff'),
    calls: await rowsOf(await of('ERC-20', 10), 'root'),
    moreCalls: difference(await rowsOf(await of('ERC-20', 50), 'diff'), ten),
    sample: await rowsOf(await sampleBatch({ genesis, state: view, number: 1n, feeRecipient, rules }), 'diff'),
  };
}

/** Rows by chip of a first batch of these transactions, on one trie of the genesis. */
async function tracerOf(genesis: ContractGenesis, rules: Rules): Promise<(txs: Hex[], mode: Mode) => Promise<Rows>> {
  const store = new MemoryTrieStore();
  const trie = new StateTrie(store);
  const preRoot = await trie.genesis(
    [...genesis.state].map(([address, { storage, ...rest }]) => ({
      address,
      account: accountOf({ ...rest, storage }),
      storage,
    })),
  );
  return async (txs, mode) => {
    const batch = sealBatch(environmentOf(genesis, rules), txs);
    const { replay } = await replayBatch(new MemoryState(genesis.state), batch, rules);
    const post = mode === 'root' ? { postRoot: await trie.applyChanges(preRoot, replay.accessList) } : {};
    const { rows } = traceBatch({ replay, mode, preRoot, ...post, nodes: store.get });
    return Object.fromEntries(demandOf(rows));
  };
}

const environmentOf = (genesis: ContractGenesis, rules: Rules) => sampleEnvironment(genesis, 1n, ZERO_WORD, rules);

/** What one has more than the other. */
function difference(more: Rows, less: Rows): Rows {
  return Object.fromEntries(
    Object.entries(more).flatMap(([chip, rows]) =>
      rows > (less[chip] ?? 0) ? [[chip, rows - (less[chip] ?? 0)]] : [],
    ),
  );
}
