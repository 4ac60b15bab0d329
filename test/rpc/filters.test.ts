import { encodeFunctionData, type Hex, keccak256 } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Token } from '../../contracts/generated/l2.js';
import { ChainFeed } from '../../prover/rpc/chain-feed.js';
import { Filters } from '../../prover/rpc/filters.js';
import { Journal } from '../../prover/rpc/journal.js';
import { openWorld, type RpcWorld } from './world.js';

let world: RpcWorld;
beforeAll(async () => {
  world = await openWorld('rpc filters');
});
afterAll(async () => {
  expect(world.internalErrors).toEqual([]);
  await world.close();
});

const result = async (method: string, ...params: unknown[]) => {
  const reply = await world.call(method, ...params);
  expect(reply.error).toBeUndefined();
  return reply.result;
};
const changes = (id: string) => result('eth_getFilterChanges', id);

/** A signed transfer of the sample token. */
const tokenTransfer = (signer: number) => {
  const { token, signers } = world.genesis;
  const args = [signers[9]!.address, 1n] as const;
  const data = encodeFunctionData({ abi: Token.abi, functionName: 'transfer', args });
  return world.transfer(signers[signer]!, { to: token, data, value: 0n, gasLimit: 100_000n });
};

describe('filters', () => {
  it('tell each owner once of blocks, events and transactions since it last asked', async () => {
    const { token, signers } = world.genesis;
    const blocks = await result('eth_newBlockFilter');
    const logs = await result('eth_newFilter', { address: token });
    const others = await result('eth_newFilter', { address: signers[0]!.address });
    const pending = await result('eth_newPendingTransactionFilter');
    const whole = await result('eth_newPendingTransactionFilter', true);
    for (const id of [blocks, logs, others, pending]) expect(await changes(id)).toEqual([]);
    const raw = await tokenTransfer(0);
    const hash = await result('eth_sendRawTransaction', raw);
    expect(await changes(pending)).toEqual([keccak256(raw)]);
    expect(await changes(whole)).toMatchObject([{ hash, blockHash: null, from: signers[0]!.address }]);
    const { batchHash } = await world.makeBatch();
    expect(await changes(blocks)).toEqual([batchHash]);
    expect(await changes(logs)).toMatchObject([{ transactionHash: hash, blockHash: batchHash, removed: false }]);
    for (const id of [blocks, logs, others, pending, whole]) expect(await changes(id)).toEqual([]);
    expect(await result('eth_getFilterLogs', logs)).toHaveLength(1);
  });

  it('tell of events that an L1 reorg took back', async () => {
    const id = await result('eth_newFilter', { address: world.genesis.token });
    const old = await world.makeBatch([await tokenTransfer(1)]);
    expect(await changes(id)).toHaveLength(1);
    await world.node.state.revertTo(old.batch.header.number - 1n);
    const other = await world.makeBatch([await world.transfer(world.genesis.signers[2]!), await tokenTransfer(1)]);
    expect(await changes(id)).toMatchObject([
      { blockHash: old.batchHash, removed: true },
      { blockHash: other.batchHash, removed: false, transactionIndex: '0x1' },
    ]);
  });

  it('keep to their range', async () => {
    const next = (world.node.head + 1n).toString(16);
    const within = await result('eth_newFilter', { fromBlock: `0x${next}`, toBlock: `0x${next}` });
    const before = await result('eth_newFilter', { fromBlock: '0x0', toBlock: '0x0' });
    await world.makeBatch([await tokenTransfer(3)]);
    await world.makeBatch([await tokenTransfer(3)]);
    expect(await changes(within)).toMatchObject([{ blockNumber: `0x${next}` }]);
    expect(await changes(before)).toEqual([]);
  });

  it('are gone when they are uninstalled, with the code at which clients install them anew', async () => {
    const id = await result('eth_newBlockFilter');
    expect(await result('eth_uninstallFilter', id)).toBe(true);
    expect(await result('eth_uninstallFilter', id)).toBe(false);
    for (const method of ['eth_getFilterChanges', 'eth_getFilterLogs']) {
      expect((await world.call(method, id)).error).toMatchObject({
        code: -32000,
        message: expect.stringMatching(/^filter not found/),
        data: { code: 'RPC_FILTER_UNKNOWN' },
      });
    }
  });
});

describe('what is kept for filters', () => {
  it('does not grow with what nobody asked for: who is thousands of batches behind begins anew', async () => {
    const read: bigint[] = [];
    const state = {
      head: 0n,
      batchHash: async (number: bigint): Promise<Hex> => `0x${number.toString(16)}`,
      batch: async (number: bigint) => {
        read.push(number);
        const batchHash = await state.batchHash(number);
        return { batch: { header: { number }, txs: [] }, batchHash, diffHash: batchHash, results: [] };
      },
    };
    const feed = new ChainFeed(state as unknown as ConstructorParameters<typeof ChainFeed>[0]);
    const from = await feed.next();
    state.head = 1_000n;
    expect((await feed.since(from))?.events).toHaveLength(1_000);
    state.head = 1_000_000n;
    expect(await feed.since(from)).toBeUndefined();
    const next = await feed.next();
    state.head += 1n;
    expect((await feed.since(next))?.events).toMatchObject([{ kind: 'added', number: 1_000_001n }]);
    expect(read).toHaveLength(1_001);
  });

  it('is bounded: idle ones go, and the one asked least recently makes room', () => {
    let now = 0;
    const filters = new Filters(() => now);
    const first = filters.install({ kind: 'blocks', next: 0 });
    const second = filters.install({ kind: 'blocks', next: 0 });
    filters.get(first);
    for (let i = 0; i < 999; i++) filters.install({ kind: 'blocks', next: 0 });
    expect(() => filters.get(second)).toThrow(/filter not found/);
    expect(filters.get(first).next).toBe(0);
    now += 300_001;
    expect(() => filters.get(first)).toThrow(/filter not found/);
  });

  it('is the newest entries by weight; who missed one is told so', () => {
    const journal = new Journal<string>(5, (text) => text.length);
    for (const text of ['ab', 'cd', 'e']) journal.append(text);
    expect(journal.since(0)).toEqual(['ab', 'cd', 'e']);
    journal.append('f');
    expect([journal.since(0), journal.since(1), journal.since(4)]).toEqual([undefined, ['cd', 'e', 'f'], []]);
    journal.append('longer than all');
    expect([journal.since(3), journal.since(4), journal.next]).toEqual([undefined, ['longer than all'], 5]);
  });
});
