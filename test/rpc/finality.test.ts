import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Finality, type FinalitySource } from '../../prover/rpc/finality.js';
import { RpcServer } from '../../prover/rpc/server.js';
import type { ClaimView, DisputeView } from '../../src/dispute/types.js';
import { openWorld, type RpcWorld } from './world.js';

let world: RpcWorld;
/** What L1 has at the moment: hashes of batches, from 0 on, and claims. */
const l1 = { hashes: [] as Hex[], claims: [] as Partial<ClaimView>[], lastFinalRoot: 0n, asked: 0, down: false };
let rpc: RpcServer;
beforeAll(async () => {
  world = await openWorld('rpc finality');
  for (let i = 0; i < 6; i++) await world.makeBatch([await world.transfer(world.genesis.signers[0]!)]);
  for (let n = 0n; n <= 6n; n++) l1.hashes.push(await world.node.state.batchHash(n));
  const source = {
    rollup: {
      async view() {
        l1.asked++;
        if (l1.down) throw new Error('no connection');
        return { block: { hash: '0x' as Hex }, latest: BigInt(l1.hashes.length - 1) };
      },
      batchHash: async (number: bigint) => l1.hashes[Number(number)],
    },
    dispute: { view: async () => l1 as unknown as DisputeView },
  } as unknown as FinalitySource;
  const { node, mempool } = world;
  rpc = await RpcServer.listen({ node, mempool, finality: new Finality(source, node.state, 50) });
});
afterAll(async () => {
  await rpc.close();
  await world.close();
});

const ask = async (tag: string) => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getBlockByNumber', params: [tag] });
  const { result, error } = (await (await fetch(rpc.url, { method: 'POST', body })).json()) as {
    result?: { number: Hex };
    error?: object;
  };
  return error ?? Number(result?.number);
};
/** Both tags, from L1 anew. */
const tags = async () => {
  await new Promise((resolve) => setTimeout(resolve, 60));
  return [await ask('safe'), await ask('finalized')];
};
const claim = (kind: 'root' | 'diff', number: bigint, status: ClaimView['status']) => ({ kind, number, status });

describe('safe and finalized', () => {
  it('are what L1 has, and what its final claims cover without a gap', async () => {
    expect(await tags()).toEqual([6, 0]);
    l1.claims = [claim('diff', 1n, 'final'), claim('diff', 2n, 'final'), claim('diff', 4n, 'final')];
    expect(await tags(), 'no diff of batch 3 is final').toEqual([6, 2]);
    l1.claims.push(claim('root', 3n, 'final'));
    expect(await tags(), 'the root after 3 is, then the diff of 4').toEqual([6, 4]);
    l1.claims.push(claim('diff', 5n, 'open'), claim('root', 6n, 'void'));
    expect(await tags()).toEqual([6, 4]);
    l1.lastFinalRoot = 5n;
    expect(await tags(), 'final by a proof, without a claim').toEqual([6, 5]);
  });

  it('are no more than L1 and the node both have', async () => {
    const all = [...l1.hashes];
    l1.hashes = all.slice(0, 5);
    expect(await tags(), 'batches 5 and 6 are on their way').toEqual([4, 4]);
    const other: Hex = `0x${'ab'.repeat(32)}`;
    l1.hashes = [...all.slice(0, 3), other, other, other, other, other];
    expect(await tags(), 'L1 has another batch 3').toEqual([2, 2]);
    l1.hashes = all;
    await world.node.state.revertTo(3n);
    expect(await tags()).toEqual([3, 3]);
  });

  it('are asked for seldom, by several at once too', async () => {
    await tags();
    const { asked } = l1;
    await Promise.all(Array.from({ length: 20 }, () => ask('safe')));
    expect(l1.asked - asked).toBeLessThan(4);
  });

  it('are unknown while L1 does not answer, and where nobody asks it', async () => {
    l1.down = true;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await ask('safe')).toMatchObject({ code: -32002, data: { code: 'RPC_L1_UNAVAILABLE' } });
    l1.down = false;
    expect(await tags()).toEqual([3, 3]);
    expect((await world.call('eth_getBlockByNumber', 'safe')).result).toBeNull();
    expect((await world.call('eth_getBalance', world.genesis.token, 'safe')).error).toMatchObject({ code: -32001 });
  });
});
