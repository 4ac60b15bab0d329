import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METHOD_NAMES } from '../../prover/rpc/dispatch.js';
import { RpcServer } from '../../prover/rpc/server.js';
import { SeededRandom } from '../../src/samples/random.js';
import { openWorld, type RpcWorld } from './world.js';

let world: RpcWorld;
beforeAll(async () => {
  world = await openWorld('rpc server', {}, { maxBody: 200_000 });
});
afterAll(() => world.close());

const post = async (body: string, headers: Record<string, string> = {}) => {
  const response = await fetch(world.rpc.url, { method: 'POST', body, headers });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
};
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const request = (over: object = {}) => ({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [], ...over });

describe('RpcServer', () => {
  it('listens on this machine only', () => {
    expect(world.rpc.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it.each([['a'], [7], [null], [''], [-1.5]])('echoes id %j', async (id) => {
    expect((await post(JSON.stringify(request({ id })))).json).toEqual({ jsonrpc: '2.0', id, result: '0xa481' });
  });

  it('takes any content type, and params that are absent', async () => {
    const { params: _, ...bare } = request();
    for (const type of ['text/plain', 'application/json; charset=utf-8', 'nonsense']) {
      expect((await post(JSON.stringify(bare), { 'content-type': type })).json.result).toBe('0xa481');
    }
  });

  it.each<[string, number, string]>([
    ['', -32700, 'RPC_PARSE'],
    ['{', -32700, 'RPC_PARSE'],
    ['1', -32600, 'RPC_REQUEST'],
    ['[]', -32600, 'RPC_REQUEST'],
    ['{}', -32600, 'RPC_REQUEST'],
    [JSON.stringify(request({ jsonrpc: '1.0' })), -32600, 'RPC_REQUEST'],
    [JSON.stringify(request({ id: {} })), -32600, 'RPC_REQUEST'],
    [JSON.stringify(request({ method: 5 })), -32600, 'RPC_REQUEST'],
    [JSON.stringify(request({ method: 'eth_mine' })), -32601, 'RPC_METHOD'],
    [JSON.stringify(request({ method: '__proto__' })), -32601, 'RPC_METHOD'],
    [JSON.stringify(request({ params: {} })), -32602, 'RPC_PARAMS'],
    [JSON.stringify(Array(101).fill(5)), -32005, 'RPC_BATCH_TOO_LARGE'],
    [`{"jsonrpc":"2.0","method":"eth_call","id":1,"params":[${nested(90_000)}]}`, -32602, 'RPC_PARAMS'],
    [`{"jsonrpc":"2.0","id":${nested(90_000)}}`, -32600, 'RPC_REQUEST'],
  ])('answers %.60s with %i', async (body, code, name) => {
    const { status, json } = await post(body);
    expect(status).toBe(200);
    expect(json).toMatchObject({ jsonrpc: '2.0', error: { code, data: { code: name } } });
  });

  it('answers lists in order, without the notifications, and nothing to notifications alone', async () => {
    const notification = { jsonrpc: '2.0', method: 'eth_chainId' };
    const { json } = await post(JSON.stringify([request({ id: 'x' }), notification, 5, request({ method: 'no' })]));
    expect(json).toMatchObject([
      { id: 'x', result: '0xa481' },
      { id: null, error: { code: -32600 } },
      { id: 1, error: { code: -32601 } },
    ]);
    expect(await post(JSON.stringify(notification))).toEqual({ status: 204, json: undefined });
    expect(await post(JSON.stringify([notification]))).toEqual({ status: 204, json: undefined });
  });

  it('refuses large bodies and other HTTP methods, and lives on', async () => {
    const large = await post(JSON.stringify(request({ params: ['x'.repeat(2_000_000)] })));
    expect(large).toMatchObject({
      status: 413,
      json: { error: { code: -32005, data: { code: 'RPC_BODY_TOO_LARGE' } } },
    });
    const got = await fetch(world.rpc.url);
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    await got.text();
    expect((await post(JSON.stringify(request()))).status).toBe(200);
  });

  it('tells nothing of what goes wrong inside, and reports it', async () => {
    const secret = new Error('secret at /some/path');
    const errors: unknown[] = [];
    const state = Object.assign(Object.create(world.node.state), {
      view: () => {
        throw secret;
      },
    });
    const rpc = await RpcServer.listen({
      node: { rules: world.node.rules, state },
      mempool: world.mempool,
      onInternalError: (error) => errors.push(error),
    });
    const body = JSON.stringify(request({ method: 'eth_getBalance', params: [`0x${'11'.repeat(20)}`] }));
    const text = await (await fetch(rpc.url, { method: 'POST', body })).text();
    await rpc.close();
    expect(JSON.parse(text)).toMatchObject({ error: { code: -32603, data: { code: 'RPC_INTERNAL' } } });
    expect(text).not.toContain('secret');
    expect(errors).toEqual([secret]);
  });

  it('names an address that it cannot listen on', async () => {
    const { node, mempool, rpc } = world;
    await expect(RpcServer.listen({ node, mempool, port: rpc.port })).rejects.toMatchObject({ code: 'RPC_LISTEN' });
  });

  it('answers what is in progress before it closes', async () => {
    const { node, mempool } = world;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let started = () => {};
    const hasStarted = new Promise<void>((resolve) => {
      started = resolve;
    });
    const state = Object.assign(Object.create(node.state), {
      view: () => {
        started();
        return { account: () => held.then(() => node.state.view().account(`0x${'11'.repeat(20)}`)) };
      },
    });
    const rpc = await RpcServer.listen({ node: { rules: node.rules, state }, mempool });
    const body = JSON.stringify(request({ method: 'eth_getBalance', params: [`0x${'11'.repeat(20)}`] }));
    const answered = fetch(rpc.url, { method: 'POST', body }).then((response) => response.json());
    await hasStarted;
    const closed = rpc.close();
    release();
    expect(await answered).toMatchObject({ result: '0x0' });
    await closed;
    await expect(fetch(rpc.url, { method: 'POST', body })).rejects.toThrow();
  });
});

describe('malformed input', () => {
  const seed = process.env.FUZZ_SEED ?? 'rpc fuzz 1';

  it(`answers 400 malformed requests with errors or results, never by itself (FUZZ_SEED="${seed}")`, async () => {
    const random = new SeededRandom(seed);
    const codes = new Set<number>();
    for (let i = 0; i < 400; i++) {
      const body = malformed(random);
      const { status, json } = await post(body);
      expect([200, 204, 413], body).toContain(status);
      for (const reply of json === undefined ? [] : [json].flat()) {
        expect(reply, body).toMatchObject({ jsonrpc: '2.0' });
        expect('result' in reply !== 'error' in reply, body).toBe(true);
        if ('error' in reply) codes.add(reply.error.code);
      }
    }
    expect(world.internalErrors).toEqual([]);
    for (const code of [-32700, -32600, -32601, -32602]) expect([...codes]).toContain(code);
    expect(codes).not.toContain(-32603);
    expect((await post(JSON.stringify(request()))).json.result).toBe('0xa481');
  });

  it('survives connections that are no HTTP, or end in the middle', async () => {
    for (const text of [
      '\0\x01\x02garbage\r\n\r\n',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"json',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(world.rpc.port, '127.0.0.1', () => socket.end(text));
        socket.resume();
        socket.on('close', () => resolve());
        socket.on('error', () => resolve());
      });
    }
    expect((await post(JSON.stringify(request()))).status).toBe(200);
  });
});

/** A request that is wrong in its parameters, its fields, its JSON or its bytes. */
function malformed(random: SeededRandom): string {
  const one = () => {
    const params = Array.from({ length: random.below(5) }, () => value(random, 3));
    const fields: Record<string, unknown> = request({ method: random.pick(METHOD_NAMES), params });
    if (random.below(3) === 0) {
      fields[random.pick(['jsonrpc', 'id', 'method', 'params', '__proto__', 'constructor'])] = value(random, 2);
    }
    return fields;
  };
  const text = JSON.stringify(random.below(5) === 0 ? Array.from({ length: random.below(4) }, one) : one());
  const at = random.below(text.length);
  return random.pick<() => string>([
    () => text,
    () => text,
    () => text,
    () => text.slice(0, at),
    () => text.slice(0, at) + String.fromCharCode(random.below(0x1_0000)) + text.slice(at + 1),
    () => '['.repeat(random.below(9_000)) + text,
    () => JSON.stringify(value(random, 4)),
  ])();
}

function value(random: SeededRandom, depth: number): unknown {
  const address = world.genesis.signers[random.below(3)]!.address;
  const nested = () => (depth === 0 ? null : value(random, depth - 1));
  return random.pick<() => unknown>([
    () => null,
    () => true,
    () => random.below(1_000) - 500,
    () => 1e308 * random.below(3),
    () => '',
    () => '0x',
    () => `0x${'f'.repeat(random.below(70))}`,
    () => random.hex(random.pick([1, 19, 20, 21, 31, 32, 33, 120])),
    () => random.pick(['latest', 'earliest', 'pending', 'safe', 'finalized', 'constructor', '__proto__', '0x0', '0x1']),
    () => address,
    () => address,
    () => [nested(), nested()],
    () => ({ from: nested(), to: address, data: nested(), accessList: nested() }),
    () => ({ to: nested(), value: nested(), input: nested() }),
    () => ({ blockHash: nested(), blockNumber: nested() }),
    () => JSON.parse('{"__proto__": {"to": "0x"}}'),
    () => '\u0000\ud800',
  ])();
}
