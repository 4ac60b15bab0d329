import { type PublicClient, RpcRequestError } from 'viem';
import { describe, expect, it } from 'vitest';
import { Challenger } from '../../prover/agents/challenger.js';
import { Sequencer } from '../../prover/agents/sequencer.js';
import { isRangeRefusal, LogRanges } from '../../src/l1/log-ranges.js';
import type { DisputeWorld } from '../helpers/dispute-world.js';
import type { L1Proxy, RpcAnswer } from '../helpers/l1-proxy.js';
import { useProxiedWorld } from '../helpers/proxied-world.js';
import { SMALL_PARTS, truthfulAgent } from '../helpers/truthful-agents.js';

/** L1 through nodes that limit, that are behind, and that take turns with others. */
let world: DisputeWorld;
let proxy: L1Proxy;
useProxiedWorld((made) => {
  ({ world, proxy } = made);
});

const options = (wallet = world.bob) => truthfulAgent(world, wallet, SMALL_PARTS, { url: proxy.url });
const hex = (number: bigint) => `0x${number.toString(16)}`;
const isLatest = (method: string, params: readonly unknown[]) =>
  method === 'eth_getBlockByNumber' && params[0] === 'latest';

describe('a node that limits the range of logs', () => {
  it('blinds no challenger', () =>
    world.isolated(async () => {
      proxy.faults.before = (method, params) => {
        if (method !== 'eth_getLogs') return undefined;
        const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }];
        const refusal: RpcAnswer = { error: { code: -32005, message: 'query exceeds max block range 100' } };
        return BigInt(toBlock) - BigInt(fromBlock) >= 100n ? refusal : undefined;
      };
      await world.post(1);
      await world.request('anvil_mine', ['0x3e8', '0x1']);
      await world.post(1);
      const claim = await world.claim(world.alice, 'diff', 2n, 5n);
      await new Challenger(options()).tick();
      expect((await world.view()).games.map(({ claimId }) => claimId)).toEqual([claim.id]);
    }));

  it.each([
    [-32005, 'query returned more than 10000 results'],
    [-32602, 'Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range'],
    [-32614, 'eth_getLogs is limited to a 10,000 range'],
    [-32000, 'block range is too wide'],
    [-32600, 'exceed maximum block range: 50000'],
    [-32603, 'query timeout exceeded'],
  ])('is understood: %i %s', (code, message) => {
    const refusal = new RpcRequestError({ body: {}, url: '', error: { code, message } });
    expect(isRangeRefusal(refusal)).toBe(true);
  });

  it.each([
    [-32005, 'daily request count exceeded, request rate limited'],
    [429, 'Too Many Requests'],
    [-32000, 'missing trie node'],
  ])('is not mixed up with one that says something else: %i %s', (code, message) => {
    const refusal = new RpcRequestError({ body: {}, url: '', error: { code, message } });
    expect(isRangeRefusal(refusal)).toBe(false);
  });

  it('is asked for every block once, and for larger ranges where it takes them', async () => {
    const asked: [bigint, bigint][] = [];
    const ranges = new LogRanges();
    const ask = async ({ fromBlock, toBlock }: { fromBlock: bigint; toBlock: bigint }) => {
      if (toBlock - fromBlock >= 10n) {
        throw new RpcRequestError({ body: {}, url: '', error: { code: -32005, message: 'range' } });
      }
      asked.push([fromBlock, toBlock]);
    };
    for await (const _ of ranges.read({ fromBlock: 5n, toBlock: 104n }, ask)) expect(asked.length).toBeGreaterThan(0);
    expect(asked[0]![0]).toBe(5n);
    expect(asked.at(-1)![1]).toBe(104n);
    asked.slice(1).forEach(([from], i) => {
      expect(from).toBe(asked[i]![1] + 1n);
    });
    expect(asked.length).toBeLessThan(30);
  });

  it('that refuses even one block is named', async () => {
    const refuse = async () => {
      throw new RpcRequestError({ body: {}, url: '', error: { code: -32005, message: 'range' } });
    };
    const read = new LogRanges().read({ fromBlock: 1n, toBlock: 9n }, refuse).next();
    await expect(read).rejects.toMatchObject({ code: 'L1_LOGS_REFUSED' });
  });
});

it('a new batch costs one request for its transaction, whatever was before', () =>
  world.isolated(async () => {
    await world.post(20);
    const agent = new Challenger(options());
    await agent.tick();
    proxy.counts.clear();
    await world.post(1);
    await agent.tick();
    expect(proxy.counts.get('eth_getTransactionByHash')).toBe(1);
    expect(proxy.counts.get('eth_getLogs')).toBe(1);
    const again = truthfulAgent(world, world.bob, SMALL_PARTS, { url: proxy.url });
    await again.truth.apply(world.batches[0]!);
    proxy.counts.clear();
    await new Challenger(again).tick();
    expect(again.truth.head).toBe(21n);
    expect(proxy.counts.get('eth_getTransactionByHash')).toBe(20);
  }));

describe('a node that is behind', () => {
  it('costs no batches', () =>
    world.isolated(async () => {
      await world.post(20);
      const made = options();
      const agent = new Challenger(made);
      await agent.tick();
      const old = await world.request<unknown>('eth_getBlockByNumber', ['0x8', false]);
      proxy.faults.after = (method, params) => (isLatest(method, params) ? { result: old } : undefined);
      await agent.tick();
      expect(made.truth.head).toBe(20n);
      // Nor those of a process that has just started.
      await new Challenger(made).tick();
      expect(made.truth.head).toBe(20n);
    }));

  it('in turns with another one makes a sequencer wait, not fork', () =>
    world.isolated(async () => {
      const made = options(world.sequencer);
      const feeRecipient = world.sequencer.account.address;
      const agent = new Sequencer({ ...made, feeRecipient });
      for (let i = 0; i < 4; i++) await world.advance(1n); // so that the contracts are there three blocks ago
      let posted = 0;
      let asked = 0;
      for (let i = 0; i < 8; i++) {
        await world.advance(3n);
        const behind = (await world.reader.getBlockNumber()) - 3n;
        const old = await world.request<unknown>('eth_getBlockByNumber', [hex(behind), false]);
        proxy.faults.after = (method, params) =>
          isLatest(method, params) && asked++ % 2 === 1 ? { result: old } : undefined;
        const before = posted;
        for (let tries = 0; posted === before; tries++) {
          // Whether it gets through between two that take turns is luck; when they agree it does.
          if (tries === 6) proxy.faults.after = undefined as never;
          const error = await agent.post(['0x1234']).then(
            () => undefined,
            (thrown: { code?: string; details?: { error?: string } }) => thrown,
          );
          if (error === undefined) posted++;
          else if (tries < 6) expect(['L1_TOO_SOON', 'L1_REVERTED']).toContain(error.code);
          else throw error;
        }
      }
      proxy.faults.after = undefined as never;
      const { latest, latestHash } = await world.rollup.view();
      expect(latest).toBe(BigInt(posted));
      expect(await made.truth.state.batchHash(latest)).toBe(latestHash);
    }));
});

describe('a reorg of L1', () => {
  it('takes back what is gone, also when L1 has nothing in its place', () =>
    world.isolated(async () => {
      await world.post(2);
      const made = options();
      const agent = new Challenger(made);
      await world.isolated(async () => {
        await world.post(3);
        await agent.tick();
        expect(made.truth.head).toBe(5n);
      });
      for (let i = 0; i < 8; i++) await world.advance(7n); // another fork, which is longer
      await agent.tick();
      expect(made.truth.head).toBe(2n);
    }));

  it('takes back from a store that was filled before it', () =>
    world.isolated(async () => {
      await world.post(1);
      const made = options();
      await world.isolated(async () => {
        await world.advance(9n);
        await world.post(2);
        await new Challenger(made).tick();
      });
      await world.advance(11n);
      await world.post(3);
      await new Challenger(made).tick();
      expect(made.truth.head).toBe(4n);
      expect(await made.truth.state.batchHash(4n)).toBe(world.hash(4n));
      expect((made.l1.reader as PublicClient).chain?.id).toBe(31337);
    }));
});
