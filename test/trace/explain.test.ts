import { describe, expect, it } from 'vitest';
import { stateAccounts } from '../../prover/node/node.js';
import { sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { sampleEnvironment, sampleGenesis } from '../../src/batch/sample.js';
import { sampleBatch } from '../../src/batch/sample-batch.js';
import { withContracts } from '../../src/batch/sample-contracts.js';
import { replayBatch } from '../../src/execution/replay.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { traceBatch } from '../../src/trace/batch-trace.js';
import { changesOf, explain } from '../../src/trace/explain.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';

async function sample() {
  const genesis = withContracts(sampleGenesis('explain', 40, 30));
  const view = new MemoryState(genesis.state);
  const environment = sampleEnvironment(genesis, 1n, ZERO_WORD, RULES_V2);
  const { feeRecipient } = environment;
  const options = { genesis, state: view, number: 1n, feeRecipient, rules: RULES_V2, invalid: false };
  const txs = await sampleBatch({ ...options, transfers: 3 });
  const { replay } = await replayBatch(view, sealBatch(environment, txs), RULES_V2);
  const store = new MemoryTrieStore();
  const preRoot = await new StateTrie(store).genesis(stateAccounts(view));
  const { rows } = traceBatch({ replay, mode: 'diff', preRoot, nodes: store.get });
  return { genesis, replay, changes: changesOf(rows) };
}

describe('explaining a batch', () => {
  it('finds for every field the rows that made it what it is', async () => {
    const { replay, changes } = await sample();
    const last = new Map(changes.map((change) => [`${change.address} ${change.field}`, change.to]));
    const first = new Map([...changes].reverse().map((change) => [`${change.address} ${change.field}`, change.from]));
    let slotsChanged = 0;
    for (const { address, pre, post, slots = [] } of replay.accessList) {
      const fields: [string, bigint, bigint][] = [
        ['nonce', pre.nonce, post.nonce],
        ['balance', pre.balance, post.balance],
        ...slots.map(({ key, pre: from, post: to }): [string, bigint, bigint] => [key, from, to]),
      ];
      for (const [field, from, to] of fields) {
        const name = `${address} ${field}`;
        expect(last.get(name) ?? to, name).toBe(to);
        if (from !== to) expect(first.get(name), name).toBe(from);
        if (from !== to && field.startsWith('0x')) slotsChanged++;
      }
    }
    expect(slotsChanged).toBeGreaterThan(3);
  });

  it('says transaction, pc, opcode and row of a wrong slot', async () => {
    const { genesis, changes } = await sample();
    const change = changes.findLast(({ address, chip }) => address === genesis.token && chip === 'sstore')!;
    const { address, field } = change;
    const history = changes.filter((one) => one.address === address && one.field === field);
    const lines = explain({ address, field, claimed: 7n, truth: change.to, changes: history });
    expect(lines[0]).toBe(`slot ${field} of ${address} is claimed to be 7, and is ${change.to} after the batch.`);
    expect(lines.at(-1)).toMatch(/^ {2}transaction \d+, pc \d+, SSTORE: \d+ -> \d+ \(a row of sstore\)$/);
  });

  it('says when nothing changes a field', () => {
    const wrong = { address: `0x${'11'.repeat(20)}`, field: 'balance', claimed: 2n, truth: 1n, changes: [] } as const;
    expect(explain(wrong)[1]).toMatch(/Nothing in the batch changes it/);
  });
});
