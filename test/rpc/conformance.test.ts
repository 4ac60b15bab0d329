import { encodeFunctionData, type Hex, keccak256 } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Token } from '../../contracts/generated/l2.js';
import { METHOD_NAMES } from '../../prover/rpc/dispatch.js';
import { textOf } from '../repository/files.js';
import { openWorld, type RpcWorld } from './world.js';

let world: RpcWorld;
/** Of the transaction in batch 1, which transfers a token, and of its batch. */
let hash: Hex;
let blockHash: Hex;
beforeAll(async () => {
  world = await openWorld('rpc conformance');
  const { token, signers } = world.genesis;
  const data = encodeFunctionData({ abi: Token.abi, functionName: 'transfer', args: [signers[9]!.address, 1n] });
  const raw = await world.transfer(signers[0]!, { to: token, data, value: 0n, gasLimit: 100_000n });
  hash = keccak256(raw);
  blockHash = (await world.makeBatch([raw])).batchHash;
});
afterAll(async () => {
  expect(world.internalErrors).toEqual([]);
  await world.close();
});

const isQuantity = expect.stringMatching(/^0x(0|[1-9a-f][0-9a-f]*)$/);
const isWord = expect.stringMatching(/^0x[0-9a-f]{64}$/);
const isId = expect.stringMatching(/^0x[0-9a-f]{32}$/);
const isTransaction = expect.objectContaining({ transactionIndex: '0x0', blockNumber: '0x1', type: '0x2' });
const isReceipt = expect.objectContaining({ status: '0x1', logs: [expect.any(Object)], contractAddress: null });
const isBlock = expect.objectContaining({ number: '0x1', stateRoot: isWord, transactionsRoot: isWord });
const who = '0x00000000000000000000000000000000000000aa';

/** A method, a good call with its answer, and a bad one with its code. Where a parameter is a function, it is made when it is used. */
type Row = [string, readonly unknown[], unknown, readonly unknown[], number];
const ROWS: Row[] = [
  ['eth_chainId', [], '0xa481', [1], -32602],
  ['net_version', [], '42113', [1], -32602],
  ['net_listening', [], true, [1], -32602],
  ['web3_clientVersion', [], 'deltaproof', [1], -32602],
  ['web3_sha3', ['0x'], keccak256('0x'), ['0x1'], -32602],
  ['eth_syncing', [], false, [1], -32602],
  ['eth_accounts', [], [], [1], -32602],
  ['eth_blockNumber', [], '0x1', [1], -32602],
  ['eth_gasPrice', [], isQuantity, [1], -32602],
  ['eth_maxPriorityFeePerGas', [], isQuantity, [1], -32602],
  ['eth_feeHistory', ['0x1', 'latest', [50]], expect.objectContaining({ oldestBlock: '0x1' }), ['0x0'], -32602],
  ['eth_getBlockByNumber', ['latest', true], isBlock, ['0x1', 'yes'], -32602],
  ['eth_getBlockByHash', [() => blockHash], isBlock, ['0x1'], -32602],
  ['eth_getBlockReceipts', ['0x1'], [isReceipt], [], -32602],
  ['eth_getBlockTransactionCountByNumber', ['0x1'], '0x1', ['x'], -32602],
  ['eth_getBlockTransactionCountByHash', [() => blockHash], '0x1', ['latest'], -32602],
  ['eth_getTransactionByBlockNumberAndIndex', ['0x1', '0x0'], isTransaction, ['0x1'], -32602],
  ['eth_getTransactionByBlockHashAndIndex', [() => blockHash, '0x0'], isTransaction, ['0x1', '0x0'], -32602],
  ['eth_getUncleCountByBlockNumber', ['0x1'], '0x0', [], -32602],
  ['eth_getUncleCountByBlockHash', [() => blockHash], '0x0', [], -32602],
  ['eth_getBalance', [who, 'latest'], '0x0', [who, '0x99'], -32001],
  ['eth_getTransactionCount', [who, 'pending'], '0x0', ['0x'], -32602],
  ['eth_getCode', [who], '0x', [who, 'safe'], -32001],
  ['eth_getStorageAt', [who, '0x0'], isWord, [who], -32602],
  ['eth_call', [{ to: who }], '0x', [{ data: '0x' }], -32003],
  ['eth_estimateGas', [{ to: who }], '0x5208', [{ to: who, from: who, value: '0x1' }], -32003],
  ['eth_sendRawTransaction', [() => world.transfer(world.genesis.signers[1]!)], isWord, ['0xc0'], -32003],
  ['eth_getTransactionByHash', [() => hash], isTransaction, ['0x'], -32602],
  ['eth_getTransactionReceipt', [() => hash], isReceipt, ['0x'], -32602],
  ['eth_getLogs', [{ fromBlock: '0x0' }], [expect.any(Object)], [{ topics: 'x' }], -32602],
  ['eth_newFilter', [{}], isId, [], -32602],
  ['eth_newBlockFilter', [], isId, [1], -32602],
  ['eth_newPendingTransactionFilter', [], isId, ['x'], -32602],
  ['eth_getFilterChanges', [() => installed()], [], [`0x${'00'.repeat(16)}`], -32000],
  ['eth_getFilterLogs', [() => installed()], [expect.any(Object)], [`0x${'00'.repeat(16)}`], -32000],
  ['eth_uninstallFilter', [() => installed()], true, ['0x1'], -32602],
  // Their good calls are those of web-socket.test.ts.
  ['eth_subscribe', [], undefined, ['newHeads'], -32601],
  ['eth_unsubscribe', [], undefined, [`0x${'00'.repeat(16)}`], -32601],
  ['deltaproof_getBatch', ['0x1'], expect.objectContaining({ batchHash: isWord }), ['0x0'], -32001],
  ['deltaproof_getAccessList', ['0x1'], expect.objectContaining({ batchNumber: '0x1' }), ['0x0'], -32001],
  ['deltaproof_getAnnouncement', ['0x1'], null, ['0x99'], -32001],
  [
    'deltaproof_transactionStatus',
    [() => hash],
    expect.objectContaining({ status: 'executed' }),
    [`0x${'00'.repeat(31)}`],
    -32602,
  ],
];

async function installed(): Promise<Hex> {
  return (await world.call('eth_newFilter', { fromBlock: '0x0' })).result;
}

describe('every method', () => {
  it('has a row here and a line in docs/RPC.md', () => {
    expect(ROWS.map(([name]) => name).sort()).toEqual([...METHOD_NAMES].sort());
    const page = textOf('docs/RPC.md');
    expect(METHOD_NAMES.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it.each(ROWS)('%s', async (name, good, answer, bad, code) => {
    if (answer !== undefined) {
      const params = await Promise.all(good.map((value) => (typeof value === 'function' ? value() : value)));
      expect(await world.call(name, ...params)).toEqual({ jsonrpc: '2.0', id: expect.any(Number), result: answer });
    }
    const { error } = await world.call(name, ...bad);
    expect(error).toMatchObject({ code, message: expect.stringMatching(/\w/) });
  });
});

describe('errors begin with the words of geth', () => {
  const [nonce, tip] = [{ nonce: 0n }, 5n * 10n ** 9n];
  it.each<[string, string, Parameters<RpcWorld['transfer']>[1]]>([
    ['nonce too low', 'EXECUTION_TX_NONCE', nonce],
    ['insufficient funds for gas * price + value', 'EXECUTION_TX_BALANCE', { value: 10n ** 30n }],
    ['intrinsic gas too low', 'EXECUTION_TX_INVALID', { gasLimit: 20_000n }],
    ['max fee per gas less than block base fee', 'EXECUTION_TX_INVALID', { cap: 1n, tip: 0n }],
    ['max priority fee per gas higher than max fee per gas', 'EXECUTION_TX_INVALID', { cap: tip, tip: tip + 1n }],
    ['exceeds block gas limit', 'EXECUTION_TX_GAS_LIMIT', { gasLimit: 30_000_001n }],
    ['invalid chain id for signer', 'EXECUTION_TX_INVALID', { chainId: 1n }],
  ])('%s', async (words, code, over) => {
    const raw = await world.transfer(world.genesis.signers[0]!, over);
    const { error } = await world.call('eth_sendRawTransaction', raw);
    expect(error).toMatchObject({ code: -32003, data: { code } });
    expect(error!.message.slice(0, words.length + 1)).toBe(`${words}:`);
  });

  it('already known, replacement transaction underpriced', async () => {
    const signer = world.genesis.signers[2]!;
    const send = async (value: bigint) =>
      world.call('eth_sendRawTransaction', await world.transfer(signer, { value, tip: 1n }));
    expect((await send(1n)).result).toMatch(/^0x/);
    expect((await send(1n)).error?.message).toMatch(/^already known: /);
    expect((await send(2n)).error?.message).toMatch(/^replacement transaction underpriced: /);
  });

  it('execution reverted, with what came back as hex', async () => {
    const { token, signers } = world.genesis;
    const args = [signers[9]!.address, 10n ** 40n] as const;
    const data = encodeFunctionData({ abi: Token.abi, functionName: 'transfer', args });
    for (const method of ['eth_call', 'eth_estimateGas']) {
      const { error } = await world.call(method, { from: signers[0]!.address, to: token, data });
      // RPC_REVERTED; the selector is ERC20InsufficientBalance's.
      expect(error).toEqual({ code: 3, message: 'execution reverted', data: expect.stringMatching(/^0xe450d38c/) });
    }
  });

  it('out of gas, in a call', async () => {
    const { token, signers } = world.genesis;
    const data = encodeFunctionData({ abi: Token.abi, functionName: 'transfer', args: [who, 1n] });
    const call = { from: signers[0]!.address, to: token, data };
    const { error } = await world.call('eth_call', { ...call, gas: '0x7530' });
    expect(error).toMatchObject({ code: -32003, message: expect.stringMatching(/^out of gas: /) });
    const low = await world.call('eth_call', { ...call, gas: '0x64' });
    expect(low.error?.message).toMatch(/^intrinsic gas too low: /);
  });
});

describe('HTTP', () => {
  it('lets pages of other origins ask', async () => {
    const { url } = world.rpc;
    const asked = await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://a.example' } });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe('*');
    expect(asked.headers.get('access-control-allow-methods')).toContain('POST');
    expect(asked.headers.get('access-control-allow-headers')).toContain('content-type');
    const answered = await fetch(url, { method: 'POST', body: '{}' });
    expect(answered.headers.get('access-control-allow-origin')).toBe('*');
    await answered.text();
  });

  it('says at /healthz how it is', async () => {
    const answered = await fetch(`${world.rpc.url}/healthz`);
    expect(answered.status).toBe(200);
    expect(await answered.json()).toMatchObject({ ok: true, head: '1', headHash: blockHash });
    const other = await fetch(`${world.rpc.url}/other`);
    expect(other.status).toBe(405);
    await other.text();
  });

  it('ends a list of requests whose answers are too long, and answers each of them', async () => {
    const data: Hex = `0x${'00'.repeat(90_000)}`;
    const raw = await world.transfer(world.genesis.signers[3]!, { data, gasLimit: 500_000n });
    const { batch } = await world.makeBatch([raw]);
    const number = `0x${batch.header.number.toString(16)}`;
    const requests = Array.from({ length: 100 }, (_, id) => {
      return { jsonrpc: '2.0', id, method: 'deltaproof_getBatch', params: [number] };
    });
    const answered = await fetch(world.rpc.url, { method: 'POST', body: JSON.stringify(requests) });
    const text = await answered.text();
    const replies = JSON.parse(text) as { id: number; result?: unknown; error?: object }[];
    expect(replies.map(({ id }) => id)).toEqual(requests.map(({ id }) => id));
    expect(replies[0]).toHaveProperty('result');
    expect(replies.at(-1)).toMatchObject({ error: { code: -32005, data: { code: 'RPC_RESPONSE_TOO_LARGE' } } });
    expect(text.length).toBeLessThan(17 * 2 ** 20);
  });
});
