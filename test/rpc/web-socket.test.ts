import { createPublicClient, encodeFunctionData, type Hex, keccak256, webSocket } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Token } from '../../contracts/generated/l2.js';
import { RpcServer } from '../../prover/rpc/server.js';
import { openWorld, type RpcWorld } from './world.js';

let world: RpcWorld;
beforeAll(async () => {
  world = await openWorld('rpc web socket', {}, { maxBody: 200_000 });
});
afterAll(async () => {
  expect(world.internalErrors).toEqual([]);
  await world.close();
});

const urlOf = (rpc: RpcServer) => rpc.url.replace('http:', 'ws:');
const until = async (isThere: () => boolean) => expect.poll(isThere, { timeout: 5_000, interval: 20 }).toBe(true);

/** A connection, what it has received, and its end. */
async function connect(rpc = world.rpc) {
  const socket = new WebSocket(urlOf(rpc));
  // biome-ignore lint/suspicious/noExplicitAny: JSON of every form.
  const received: any[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  const ended = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  let id = 0;
  const call = async (method: string, ...params: unknown[]) => {
    const own = ++id;
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: own, method, params }));
    await until(() => received.some((message) => message.id === own));
    return received.find((message) => message.id === own);
  };
  const told = (subscription: Hex) =>
    received.flatMap(({ params }) => (params?.subscription === subscription ? [params.result] : []));
  return { socket, received, ended, call, told };
}

const tokenTransfer = (signer: number) => {
  const { token, signers } = world.genesis;
  const args = [signers[9]!.address, 1n] as const;
  const data = encodeFunctionData({ abi: Token.abi, functionName: 'transfer', args });
  return world.transfer(signers[signer]!, { to: token, data, value: 0n, gasLimit: 100_000n });
};

describe('WebSocket', () => {
  it('answers as HTTP does, lists and errors too', async () => {
    const { socket, call, received } = await connect();
    expect((await call('eth_chainId')).result).toBe('0xa481');
    expect((await call('eth_nothing')).error.code).toBe(-32601);
    socket.send('[{"jsonrpc":"2.0","id":"a","method":"net_version"},5]');
    await until(() => received.some(Array.isArray));
    expect(received.find(Array.isArray)).toMatchObject([{ id: 'a', result: '42113' }, { error: { code: -32600 } }]);
    socket.close();
  });

  it('tells of heads, events and transactions, to who subscribed', async () => {
    const { socket, call, told } = await connect();
    const subscribe = async (...topic: unknown[]): Promise<Hex> => (await call('eth_subscribe', ...topic)).result;
    const heads = await subscribe('newHeads');
    const logs = await subscribe('logs', { address: world.genesis.token });
    const none = await subscribe('logs', { address: world.genesis.signers[0]!.address });
    const hashes = await subscribe('newPendingTransactions');
    const whole = await subscribe('newPendingTransactions', true);
    const raw = await tokenTransfer(0);
    await call('eth_sendRawTransaction', raw);
    const { batchHash, batch } = await world.makeBatch();
    await until(() => told(logs).length === 1 && told(whole).length === 1);
    const number = `0x${batch.header.number.toString(16)}`;
    expect(told(heads)).toMatchObject([{ hash: batchHash, number, gasUsed: expect.any(String) }]);
    expect(told(heads)[0]).not.toHaveProperty('transactions');
    expect(told(logs)).toMatchObject([{ blockHash: batchHash, transactionHash: keccak256(raw) }]);
    expect(told(hashes)).toEqual([keccak256(raw)]);
    expect(told(whole)).toMatchObject([{ hash: keccak256(raw), blockHash: null }]);
    expect((await call('eth_unsubscribe', heads)).result).toBe(true);
    expect((await call('eth_unsubscribe', heads)).result).toBe(false);
    // A reorg: events of what is gone come again, as removed.
    await world.node.state.revertTo(batch.header.number - 1n);
    await world.makeBatch([await world.transfer(world.genesis.signers[1]!)]);
    await until(() => told(logs).length === 2);
    expect(told(logs)[1]).toMatchObject({ blockHash: batchHash, removed: true });
    expect([told(heads).length, told(none).length]).toEqual([1, 0]);
    socket.close();
  });

  it('names what cannot be subscribed to, and where', async () => {
    const { socket, call } = await connect();
    expect((await call('eth_subscribe', 'syncing')).error.code).toBe(-32602);
    expect((await call('eth_subscribe', 'logs', { topics: 5 })).error.code).toBe(-32602);
    for (let i = 0; i < 64; i++) expect((await call('eth_subscribe', 'newHeads')).result).toMatch(/^0x[0-9a-f]{32}$/);
    const full = (await call('eth_subscribe', 'newHeads')).error;
    expect(full).toMatchObject({ code: -32005, data: { code: 'RPC_SUBSCRIPTION' } });
    socket.close();
    // In one list as well.
    const other = await connect();
    const all = Array.from({ length: 70 }, (_, id) => ({
      jsonrpc: '2.0',
      id,
      method: 'eth_subscribe',
      params: ['newHeads'],
    }));
    other.socket.send(JSON.stringify(all));
    await until(() => other.received.length === 1);
    expect(other.received[0].filter(({ result }: { result?: Hex }) => result !== undefined)).toHaveLength(64);
    other.socket.close();
    const { error } = await world.call('eth_subscribe', 'newHeads');
    expect(error).toMatchObject({ code: -32601, message: expect.stringMatching(/^notifications not supported/) });
  });

  it('ends a connection with a message that is too large', async () => {
    const { socket, ended } = await connect();
    socket.send('x'.repeat(200_001));
    expect(await ended).toBe(1009);
  });

  it('answers many requests at once, in order', async () => {
    const { socket, received } = await connect();
    for (let id = 0; id < 500; id++) socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'eth_blockNumber' }));
    await until(() => received.length === 500);
    expect(received.map(({ id }) => id)).toEqual(Array.from({ length: 500 }, (_, id) => id));
    socket.close();
  });
});

describe('bounds of WebSocket connections', () => {
  const door = (webSocket: object) => {
    const { node, mempool } = world;
    return RpcServer.listen({ node, mempool, webSocket });
  };

  it('refuses one too many', async () => {
    const rpc = await door({ connections: 1 });
    const { socket, ended } = await connect(rpc);
    await expect(connect(rpc)).rejects.toThrow(/503/);
    socket.close();
    await ended;
    const { socket: next } = await connect(rpc);
    next.close();
    await rpc.close();
  });

  it('cuts off who does not read', async () => {
    const rpc = await door({ buffered: 100_000, connections: 1 });
    const { socket, ended } = await connect(rpc);
    socket.pause();
    const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getCode', params: [world.genesis.token] });
    // All answers are more than the system's own buffers hold.
    for (let i = 0; i < 20_000; i++) socket.send(request, () => undefined);
    // Its place is free once it is cut off.
    const next = () =>
      connect(rpc).then(
        ({ socket: other }) => other.close() === undefined,
        () => false,
      );
    await expect.poll(next, { timeout: 60_000, interval: 50 }).toBe(true);
    socket.resume();
    expect(await ended).toBe(1006);
    await rpc.close();
  });

  it('cuts off who does not answer pings', async () => {
    const rpc = await door({ ping: 50 });
    const { ended } = await connect(rpc);
    const silent = new WebSocket(urlOf(rpc), { autoPong: false });
    const cut = new Promise<number>((resolve) => silent.on('close', resolve));
    expect(await cut).toBe(1006);
    await rpc.close();
    expect(await ended, 'who answers them stays until the end').toBe(1001);
  });

  it('says goodbye when the door closes', async () => {
    const rpc = await door({});
    const { ended } = await connect(rpc);
    await rpc.close();
    expect(await ended).toBe(1001);
  });
});

describe('viem over WebSocket', () => {
  it('watches blocks, events and transactions', async () => {
    const client = createPublicClient({ transport: webSocket(urlOf(world.rpc), { reconnect: false }) });
    const seen = { blocks: [] as unknown[], events: [] as unknown[], hashes: [] as Hex[], errors: [] as unknown[] };
    const onError = (error: Error) => void seen.errors.push(error);
    const stops = [
      client.watchBlocks({ onBlock: ({ hash }) => void seen.blocks.push(hash), onError }),
      client.watchEvent({
        address: world.genesis.token,
        onLogs: (logs) => seen.events.push(...logs.map(({ transactionHash }) => transactionHash)),
        onError,
      }),
      client.watchPendingTransactions({ onTransactions: (hashes) => seen.hashes.push(...hashes), onError }),
    ];
    await new Promise((resolve) => setTimeout(resolve, 200));
    const raw = await tokenTransfer(4);
    const hash = await client.request({ method: 'eth_sendRawTransaction', params: [raw] });
    const { batchHash } = await world.makeBatch();
    await until(() => seen.blocks.length > 0 && seen.events.length > 0 && seen.hashes.length > 0);
    for (const stop of stops) stop();
    // What the reorg above took back waits again, and is in the batch too.
    expect(seen).toMatchObject({ blocks: [batchHash], hashes: [hash], errors: [] });
    expect(seen.events).toContain(hash);
    (await client.transport.getRpcClient()).close();
  });
});
