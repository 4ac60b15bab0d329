import { describe, expect, it } from 'vitest';
import { stateAccounts } from '../../prover/node/state-accounts.js';
import { sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { replayBatch } from '../../src/execution/replay.js';
import { sampleEnvironment, sampleGenesis } from '../../src/samples/accounts.js';
import { sampleBatch } from '../../src/samples/batch.js';
import { withContracts } from '../../src/samples/contracts.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { traceBatch } from '../../src/trace/batch-trace.js';
import { type Change, changesOf, departureOf, explain } from '../../src/trace/explain.js';
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
    const { genesis, replay, changes } = await sample();
    const change = changes.findLast(({ address, chip }) => address === genesis.token && chip === 'sstore')!;
    const { address, field } = change;
    const history = changes.filter((one) => one.address === address && one.field === field);
    const lines = explain({ address, field, claimed: 7n, truth: change.to, changes: history }, replay);
    expect(lines[0]).toBe(`slot ${field} of ${address} is claimed to be 7, and is ${change.to} after the batch.`);
    expect(lines.at(-2)).toMatch(/^ {2}transaction \d+, pc \d+, SSTORE: \d+ -> \d+ \(a row of sstore\)/);
    expect(lines.at(-1)).toMatch(
      new RegExp(`^ {2}No row makes it 7\\. The last one is of transaction ${change.tx} \\(0x`),
    );
  });

  it('says when nothing changes a field, and whether the batch knows the account', async () => {
    const { genesis, replay } = await sample();
    const wrong = { field: 'balance', claimed: 2n, truth: 1n, changes: [] } as const;
    const stranger = explain({ address: `0x${'11'.repeat(20)}`, ...wrong }, replay);
    expect(stranger[1]).toBe('  Nothing in the batch changes it, which does not touch this account.');
    expect(explain({ address: genesis.token, ...wrong }, replay)[1]).toBe('  Nothing in the batch changes it.');
  });

  it('departs where the claimed value was the true one last, else at the last row', () => {
    const change = (from: bigint, to: bigint, tx: number): Change => ({
      ...{
        address: `0x${'11'.repeat(20)}`,
        field: 'balance',
        from,
        to,
        tx,
        origin: `transaction ${tx}`,
        chip: 'transfer',
      },
    });
    const changes = [change(1n, 2n, 1), change(2n, 1n, 2), change(1n, 3n, 3), change(3n, 4n, 5)];
    expect(departureOf({ claimed: 1n, changes })).toEqual({ at: changes[2], leftOut: 2 });
    expect(departureOf({ claimed: 3n, changes })).toEqual({ at: changes[3], leftOut: 1 });
    expect(departureOf({ claimed: 9n, changes })).toEqual({ at: changes[3], leftOut: 0 });
    expect(departureOf({ claimed: 9n, changes: [] })).toBeUndefined();
  });

  it('shows the row of the departure, however many there are', async () => {
    const { replay, genesis } = await sample();
    const changes = Array.from(
      { length: 100 },
      (_, i): Change => ({
        ...{ address: genesis.token, field: 'balance', chip: 'transfer', tx: 1, origin: `row ${i}` },
        ...{ from: BigInt(i), to: BigInt(i) + 1n },
      }),
    );
    const wrong = { address: genesis.token, field: 'balance', claimed: 40n, truth: 100n, changes } as const;
    for (const most of [1, 2, 8]) {
      const lines = explain(wrong, replay, most);
      expect(lines).toHaveLength(most + 2);
      expect(lines.filter((line) => line.startsWith('  row 40: 40 -> 41 (a row of transfer)'))).toHaveLength(1);
      expect(lines.at(-1)).toContain(`leaves it out, and 59 changes after it. (${100 - most} more rows, not shown.)`);
    }
  });
});
