import { keccak256 } from 'viem';
import { afterEach, describe, expect, it } from 'vitest';
import { Mempool, type MempoolLimits } from '../../prover/agents/mempool.js';
import { ZERO_WORD } from '../../src/batch/header.js';
import { sampleEnvironment } from '../../src/samples/accounts.js';
import { openWorld, type RpcWorld } from './world.js';

const GWEI = 10n ** 9n;
let world: RpcWorld;
const open = async (limits: MempoolLimits = {}) => {
  world = await openWorld('mempool', limits);
  const [a, b, c] = world.genesis.signers;
  return { ...world, a: a!, b: b!, c: c! };
};
afterEach(() => world.close());

const tipped = (tip: bigint) => ({ tip: tip * GWEI, cap: (tip + 1n) * GWEI });

describe('Mempool', () => {
  it('orders by nonce within a sender, then by tip, then by arrival, and keeps gaps waiting', async () => {
    const { a, b, c, mempool, transfer, makeBatch } = await open();
    const a0 = await transfer(a, tipped(1n));
    const a1 = await transfer(a, tipped(9n), 1n);
    const a3 = await transfer(a, tipped(9n), 3n);
    const b0 = await transfer(b, tipped(5n));
    const c0 = await transfer(c, tipped(1n));
    for (const raw of [a3, a1, b0, c0, a0]) await mempool.add(raw);
    const { batch } = await makeBatch();
    expect(batch.txs).toEqual([b0, c0, a0, a1]);
    await mempool.refresh();
    expect(mempool.size).toBe(1);
    await mempool.add(await transfer(a, tipped(1n)));
    expect((await makeBatch()).batch.txs.at(-1)).toBe(a3);
  });

  it('admits the same transaction again, and replaces one by a tip that is 10% higher, not less', async () => {
    const { a, mempool, transfer, makeBatch } = await open();
    const old = await transfer(a, tipped(10n));
    const hash = await mempool.add(old);
    expect(await mempool.add(old)).toBe(hash);
    const almost = await transfer(a, { tip: 11n * GWEI - 1n, cap: 20n * GWEI });
    await expect(mempool.add(almost)).rejects.toMatchObject({ code: 'MEMPOOL_UNDERPRICED' });
    const more = await transfer(a, tipped(11n));
    await mempool.add(more);
    expect(mempool.size).toBe(1);
    expect(await mempool.reasonDropped(hash)).toMatch(/replaced by 0x/);
    expect((await makeBatch()).batch.txs).toEqual([more]);
  });

  it('does not replace a tip of 0 by a tip of 0', async () => {
    const { a, mempool, transfer } = await open();
    await mempool.add(await transfer(a, tipped(0n)));
    const same = await transfer(a, { ...tipped(0n), value: 6n });
    await expect(mempool.add(same)).rejects.toMatchObject({ code: 'MEMPOOL_UNDERPRICED' });
    await mempool.add(await transfer(a, { tip: 1n, cap: 2n * GWEI }));
  });

  it('is bounded in transactions, also when many come at once, and still replaces when full', async () => {
    const { a, b, c, mempool, transfer } = await open({ transactions: 2 });
    const txs = await Promise.all([a, b, c].map((signer) => transfer(signer, tipped(1n))));
    const results = await Promise.allSettled(txs.map((raw) => mempool.add(raw)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(results[2]).toMatchObject({ reason: { code: 'MEMPOOL_FULL', retryable: true } });
    await mempool.add(await transfer(a, tipped(2n)));
    expect(mempool.size).toBe(2);
  });

  it('is bounded in bytes and in nonces ahead', async () => {
    const { a, b, mempool, transfer } = await open({ bytes: 200, nonces: 3 });
    await expect(mempool.add(await transfer(a, {}, 3n))).rejects.toMatchObject({ code: 'MEMPOOL_NONCE_TOO_FAR' });
    await mempool.add(await transfer(a, {}, 2n));
    await expect(mempool.add(await transfer(b))).rejects.toMatchObject({ code: 'MEMPOOL_FULL' });
  });

  it('drops what buildBatch refuses with its reason, and what other transactions overtook', async () => {
    const { a, b, mempool, transfer, makeBatch, genesis } = await open({ reasons: 1 });
    const balance = genesis.state.get(a.address)!.balance;
    const all = { gasLimit: 21_000n, value: balance - 10n ** 15n, ...tipped(1n) };
    const first = await transfer(a, all);
    const second = await mempool.add(await transfer(a, all, 1n));
    const overtaken = await mempool.add(await transfer(b));
    await mempool.add(first);
    const { batch } = await makeBatch();
    expect(batch.txs).toContain(first);
    expect(await mempool.reasonDropped(second)).toMatch(/balance/);
    expect(await mempool.find(overtaken)).toBeUndefined();
    const waiting = await mempool.add(await transfer(b, { value: 1n }));
    await makeBatch([await transfer(b, { value: 2n })]);
    expect(await mempool.reasonDropped(waiting)).toMatch(/same nonce/);
    expect(await mempool.reasonDropped(second)).toBeUndefined(); // one reason is kept
    expect(mempool.size).toBe(0);
  });

  it('drops what has waited for too long', async () => {
    const { a, mempool, transfer, makeBatch } = await open({ batches: 1 });
    const hash = await mempool.add(await transfer(a, {}, 1n));
    await makeBatch();
    expect(await mempool.find(hash)).toBeDefined();
    await makeBatch();
    expect(await mempool.find(hash)).toBeUndefined();
    expect(await mempool.reasonDropped(hash)).toMatch(/waited/);
  });

  it('takes back what an L1 reorg took out of the chain', async () => {
    const { a, b, mempool, transfer, makeBatch, node } = await open();
    const txs = [await transfer(a), await transfer(a, {}, 1n), await transfer(b)];
    await mempool.add(txs[0]!);
    await makeBatch();
    await mempool.add(txs[1]!);
    await mempool.add(txs[2]!);
    await makeBatch();
    await mempool.refresh();
    expect(mempool.size).toBe(0);
    await node.state.revertTo(0n);
    await mempool.refresh();
    expect(mempool.size).toBe(3);
    const { batch } = await makeBatch();
    expect([...batch.txs].sort()).toEqual([...txs].sort());
    // The same height with other batches is noticed too.
    await mempool.refresh();
    await node.state.revertTo(0n);
    await makeBatch([txs[2]!]);
    expect(await mempool.find(keccak256(txs[0]!))).toBeDefined();
    expect(await mempool.find(keccak256(txs[2]!))).toBeUndefined();
  });

  it('counts waiting transactions in the next nonce, up to a gap', async () => {
    const { a, mempool, transfer, node } = await open();
    const { nonce } = await node.state.view().account(a.address);
    for (const ahead of [0n, 1n, 3n]) await mempool.add(await transfer(a, {}, ahead));
    expect(await mempool.nextNonce(a.address)).toBe(nonce + 2n);
  });

  it('asks for a tip only when a batch is full, and for one that suffices', async () => {
    const { a, b, c, node, transfer, genesis } = await open();
    const mempool = new Mempool({ rules: { ...node.rules, maxItems: 3 }, state: node.state });
    await mempool.add(await transfer(a, tipped(2n)));
    await mempool.add(await transfer(a, tipped(9n), 1n));
    expect(await mempool.sufficientTip()).toBe(0n);
    const last = await transfer(b, tipped(1n));
    await mempool.add(last);
    const tip = await mempool.sufficientTip();
    expect(tip).toBe(GWEI + 1n);
    const sufficient = await transfer(c, { tip, cap: 9n * GWEI });
    await mempool.add(sufficient);
    const environment = sampleEnvironment(genesis, 1n, ZERO_WORD, node.rules);
    const { left, replay } = await mempool.build(environment);
    expect(replay.batch.txs).toContain(sufficient);
    expect(left).toEqual([last]);
  });

  it('refuses what the rules do not admit', async () => {
    const { a, mempool, transfer } = await open();
    const add = async (over: object) => mempool.add(await transfer(a, over));
    await expect(add({ to: '0x', gasLimit: 60_000n })).rejects.toMatchObject({ code: 'EXECUTION_TX_CREATION' });
    await expect(mempool.add('0x')).rejects.toMatchObject({ code: 'EXECUTION_TX_INVALID' });
    expect(mempool.size).toBe(0);
  });
});
