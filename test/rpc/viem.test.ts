import { createPublicClient, createWalletClient, defineChain, http, parseEther } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Token } from '../../contracts/generated/l2.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { openWorld, type RpcWorld } from './world.js';

let world: RpcWorld;
beforeAll(async () => {
  world = await openWorld('rpc viem');
});
afterAll(async () => {
  expect(world.internalErrors).toEqual([]);
  await world.close();
});

const chainOf = (url: string) =>
  defineChain({
    id: Number(RULES_V2.chainId),
    name: 'L2',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });

describe('viem', () => {
  const clients = (batch = false) => {
    const chain = chainOf(world.rpc.url);
    const transport = http(world.rpc.url, { batch, retryCount: 0 });
    const account = privateKeyToAccount(world.genesis.signers[0]!.privateKey);
    const client = createPublicClient({ chain, transport, pollingInterval: 20, cacheTime: 0 });
    return { client, wallet: createWalletClient({ chain, transport, account }), account };
  };

  it('sends a transfer and waits for its receipt', async () => {
    const { client, wallet, account } = clients();
    const to = '0x00000000000000000000000000000000DeaDBeef';
    const before = await client.getBalance({ address: account.address });
    const hash = await wallet.sendTransaction({ to, value: parseEther('0.25') });
    // While it looks for a replacement viem misses a new block, and here no other one follows.
    const waiting = client.waitForTransactionReceipt({ hash, checkReplacement: false });
    const [receipt] = await Promise.all([waiting, world.makeBatch()]);
    expect(receipt).toMatchObject({ status: 'success', gasUsed: 21_000n, blockNumber: 1n, logs: [], type: 'eip1559' });
    expect(await client.getBalance({ address: to })).toBe(parseEther('0.25'));
    const paid = parseEther('0.25') + receipt.gasUsed * receipt.effectiveGasPrice;
    expect(await client.getBalance({ address: account.address })).toBe(before - paid);
    expect(await client.getBalance({ address: to, blockNumber: 0n })).toBe(0n);
    expect(await client.getTransaction({ hash })).toMatchObject({ hash, value: parseEther('0.25'), blockNumber: 1n });
    const block = await client.getBlock({ includeTransactions: true });
    expect(block).toMatchObject({ number: 1n, hash: receipt.blockHash, gasUsed: 21_000n });
    expect(block.transactions.map((tx) => tx.hash)).toEqual([hash]);
  });

  it('sends several in a row, of all types, by batches of requests', async () => {
    const { client, wallet, account } = clients(true);
    const to = world.genesis.signers[3]!.address;
    const gasPrice = 2n * RULES_V2.baseFee;
    const hashes = [
      await wallet.sendTransaction({ to, value: 1n, type: 'legacy', gasPrice }),
      await wallet.sendTransaction({ to, value: 1n, type: 'eip2930', gasPrice, accessList: [] }),
      await wallet.sendTransaction({ to, value: 1n, data: '0x1234' }),
    ];
    await world.makeBatch();
    const receipts = await Promise.all(hashes.map((hash) => client.getTransactionReceipt({ hash })));
    expect(receipts.map(({ type, gasUsed }) => [type, gasUsed])).toEqual([
      ['legacy', 21_000n],
      ['eip2930', 21_000n],
      ['eip1559', 21_032n],
    ]);
    const nonces = [
      client.getTransactionCount({ address: account.address }),
      client.getFeeHistory({ blockCount: 2, rewardPercentiles: [50] }),
    ] as const;
    const [count, history] = await Promise.all(nonces);
    expect(count).toBe(Number(world.genesis.state.get(account.address.toLowerCase() as `0x${string}`)!.nonce) + 4);
    expect(history.reward).toEqual([[0n], [RULES_V2.baseFee]]);
  });

  it('recognises the errors', async () => {
    const { client, wallet, account } = clients();
    const to = world.genesis.signers[3]!.address;
    await expect(wallet.sendTransaction({ to, value: parseEther('1000000') })).rejects.toThrow(/exceeds the balance/);
    await expect(wallet.sendTransaction({ to, nonce: 0, gas: 21_000n, value: 0n })).rejects.toThrow(/lower than/);
    await expect(wallet.sendTransaction({ data: '0x00' })).rejects.toThrow(/creates a contract/);
    await expect(client.call({ to: `0x${'1'.padStart(40, '0')}`, account })).rejects.toThrow(/calls a precompile/);
    expect(await client.getLogs({ fromBlock: 0n })).toEqual([]);
  });

  it('watches blocks, events and transactions over HTTP, by filters, also when one is gone', async () => {
    const { client, wallet } = clients();
    const { token, signers } = world.genesis;
    const seen = { blocks: [] as unknown[], events: [] as unknown[], hashes: [] as unknown[] };
    const errors: Error[] = [];
    const onError = (error: Error) => void errors.push(error);
    const stops = [
      client.watchBlocks({ onBlock: ({ hash }) => void seen.blocks.push(hash), onError }),
      client.watchEvent({
        address: token,
        onLogs: (logs) => seen.events.push(...logs.map(({ transactionHash }) => transactionHash)),
        onError,
      }),
      client.watchPendingTransactions({ onTransactions: (hashes) => seen.hashes.push(...hashes), onError }),
    ];
    await new Promise((resolve) => setTimeout(resolve, 200));
    const pay = () => {
      const args = [signers[9]!.address, 1n] as const;
      return wallet.writeContract({ address: token, abi: Token.abi, functionName: 'transfer', args });
    };
    const first = await pay();
    const { batchHash } = await world.makeBatch();
    const has = (list: unknown[], value: unknown) =>
      expect.poll(() => list.includes(value), { timeout: 5_000, interval: 20 }).toBe(true);
    await has(seen.blocks, batchHash);
    for (const list of [seen.events, seen.hashes]) await has(list, first);
    // A thousand filters of others push these out; viem installs its own anew.
    for (let i = 0; i < 10; i++) {
      await Promise.all(Array.from({ length: 100 }, () => world.call('eth_newBlockFilter')));
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    const second = await pay();
    await world.makeBatch();
    await has(seen.events, second);
    for (const stop of stops) stop();
    for (const error of errors) expect(error.message).toMatch(/filter not found/);
  });
});
