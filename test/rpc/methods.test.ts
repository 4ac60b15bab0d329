import { type Hex, keccak256 } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METHOD_NAMES } from '../../prover/rpc/dispatch.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { replayBatch } from '../../src/execution/replay.js';
import { type SampleSigner, sampleEnvironment } from '../../src/samples/accounts.js';
import { sampleBatch } from '../../src/samples/batch.js';
import type { BatchRecord } from '../../src/state/record.js';
import { openWorld, type RpcWorld } from './world.js';

const GWEI = 10n ** 9n;
const hex = (value: bigint | number): Hex => `0x${value.toString(16)}`;
let world: RpcWorld;
let a: SampleSigner;
let b: SampleSigner;
/** Batch 1: every kind of item. */
let mixed: BatchRecord;

beforeAll(async () => {
  world = await openWorld('rpc methods');
  [a, b] = world.genesis.signers as [SampleSigner, SampleSigner];
  const { genesis, node } = world;
  const { feeRecipient } = sampleEnvironment(genesis, 1n, `0x${'00'.repeat(32)}`, RULES_V2);
  const options = { genesis, state: node.state.view(), number: 1n, feeRecipient, rules: RULES_V2, calls: 0 };
  mixed = await world.makeBatch(await sampleBatch(options));
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
const error = async (method: string, ...params: unknown[]) => (await world.call(method, ...params)).error;
const executed = () => mixed.batch.txs.filter((_, i) => mixed.results[i]!.kind === 'executed');

describe('chain', () => {
  it('tells its constants and its head', async () => {
    expect(await result('eth_chainId')).toBe(hex(RULES_V2.chainId));
    expect(await result('net_version')).toBe('42113');
    expect(await result('web3_clientVersion')).toBe('deltaproof');
    expect(await result('eth_blockNumber')).toBe(hex(world.node.head));
    expect(await result('eth_gasPrice')).toBe(hex(RULES_V2.baseFee));
    expect(await result('eth_maxPriorityFeePerGas')).toBe('0x0');
  });

  it('shows a batch as the block of its executed transactions, by number, tag and hash', async () => {
    const block = await result('eth_getBlockByNumber', '0x1', false);
    expect(block).toMatchObject({ number: '0x1', hash: mixed.batchHash, parentHash: `0x${'00'.repeat(32)}` });
    expect(block.transactions).toEqual(executed().map((raw) => keccak256(raw)));
    expect(await result('eth_getBlockByHash', mixed.batchHash)).toEqual(block);
    const whole = await result('eth_getBlockByNumber', '0x1', true);
    expect(whole.transactions.map(({ hash }: { hash: Hex }) => hash)).toEqual(block.transactions);
    const genesis = await result('eth_getBlockByNumber', 'earliest');
    expect(genesis).toMatchObject({ number: '0x0', hash: block.parentHash, transactions: [] });
    expect(await result('eth_getBlockByNumber', '0xffff')).toBeNull();
    expect(await result('eth_getBlockByNumber', 'pending')).toBeNull();
    expect(await result('eth_getBlockByHash', `0x${'ab'.repeat(32)}`)).toBeNull();
  });

  it('has a fee history that adds up', async () => {
    const history = await result('eth_feeHistory', '0xff', '0x1', [0, 50, 100]);
    expect(history.oldestBlock).toBe('0x0');
    expect(history.baseFeePerGas).toEqual(Array(3).fill(hex(RULES_V2.baseFee)));
    const { gasUsed } = await result('eth_getBlockByNumber', '0x1');
    expect(history.gasUsedRatio).toEqual([0, Number(gasUsed) / Number(RULES_V2.gasLimit)]);
    const tips = (await result('eth_getBlockByNumber', '0x1', true)).transactions
      .map(({ gasPrice }: { gasPrice: Hex }) => BigInt(gasPrice) - RULES_V2.baseFee)
      .sort((x: bigint, y: bigint) => (x < y ? -1 : 1));
    expect(history.reward[0]).toEqual(['0x0', '0x0', '0x0']);
    expect(history.reward[1][0]).toBe(hex(tips[0]));
    expect(history.reward[1][2]).toBe(hex(tips.at(-1)));
    expect(await result('eth_feeHistory', 1, 'latest')).not.toHaveProperty('reward');
  });
});

describe('accounts', () => {
  it('reads the state now and after earlier batches', async () => {
    const [before, after] = [await world.node.state.asOf(0n), await world.node.state.asOf(1n)];
    for (const { address } of world.genesis.signers.slice(0, 4)) {
      for (const [ref, view] of [
        ['earliest', before],
        ['0x1', after],
        [{ blockHash: mixed.batchHash }, after],
        [{ blockNumber: '0x0' }, before],
      ] as const) {
        const account = await view.account(address);
        expect(await result('eth_getBalance', address, ref)).toBe(hex(account.balance));
        expect(await result('eth_getTransactionCount', address, ref)).toBe(hex(account.nonce));
      }
    }
  });

  it('reads code and storage', async () => {
    const { contract, state } = world.genesis;
    const { code, storage } = state.get(contract)!;
    expect(await result('eth_getCode', contract, 'pending')).toBe(code);
    expect(await result('eth_getCode', a.address)).toBe('0x');
    const word = `0x${storage
      .get(`0x${'1'.padStart(64, '0')}`)!
      .toString(16)
      .padStart(64, '0')}`;
    expect(await result('eth_getStorageAt', contract, '0x1', 'latest')).toBe(word);
    expect(await result('eth_getStorageAt', contract, '0x7')).toBe(`0x${'00'.repeat(32)}`);
  });

  it('names unknown blocks and states that it does not have', async () => {
    expect(await error('eth_getBalance', a.address, '0x63')).toMatchObject({
      code: -32001,
      data: { code: 'RPC_BLOCK_UNKNOWN' },
    });
    expect(await error('eth_getBalance', a.address, 'pending')).toMatchObject({ code: -32001 });
    expect(await error('eth_getBalance', a.address, 'finalized')).toMatchObject({ code: -32001 });
  });
});

describe('calls', () => {
  it('estimates the intrinsic gas', async () => {
    const to = b.address;
    expect(await result('eth_estimateGas', { to })).toBe(hex(21_000));
    expect(await result('eth_estimateGas', { to, data: '0x00ff' }, 'pending')).toBe(hex(21_020));
    const accessList = [{ address: to, storageKeys: [`0x${'00'.repeat(32)}`] }];
    expect(await result('eth_estimateGas', { to, accessList })).toBe(hex(25_300));
    expect(await result('eth_call', { to, data: '0x1234' }, 'latest', {})).toBe('0x');
  });

  it.each<[string, object]>([
    ['EXECUTION_TX_CREATION', { data: '0x00' }],
    ['EXECUTION_TX_PRECOMPILE', { to: `0x${'00'.repeat(19)}04` }],
    ['EXECUTION_TX_BALANCE', { from: `0x${'77'.repeat(20)}`, to: `0x${'78'.repeat(20)}`, value: '0x1' }],
    ['EXECUTION_TX_INVALID', { to: `0x${'78'.repeat(20)}`, maxFeePerGas: '0x1' }],
  ])('refuses with %s', async (code, fields) => {
    for (const method of ['eth_estimateGas', 'eth_call']) {
      expect(await error(method, fields)).toMatchObject({ code: -32003, data: { code } });
    }
  });

  it('refuses overrides', async () => {
    const overrides = { [b.address]: { code: '0x00' } };
    expect(await error('eth_call', { to: b.address }, 'latest', overrides)).toMatchObject({ code: -32602 });
  });
});

describe('transactions', () => {
  it('has a receipt for each executed item, and none for the others, whose status says why', async () => {
    let cumulative = 0n;
    for (const [item, raw] of mixed.batch.txs.entries()) {
      const outcome = mixed.results[item]!;
      const hash = keccak256(raw);
      const receipt = await result('eth_getTransactionReceipt', hash);
      const status = await result('deltaproof_transactionStatus', hash);
      expect(status).toMatchObject({ status: outcome.kind, item: hex(item), batchNumber: '0x1' });
      const tx = await result('eth_getTransactionByHash', hash);
      if (outcome.kind !== 'executed') {
        expect([receipt, tx]).toEqual([null, null]);
        expect(status.explanation).toMatch(/\w/);
        continue;
      }
      cumulative += outcome.gasUsed;
      expect(receipt).toMatchObject({ status: '0x1', gasUsed: hex(outcome.gasUsed), transactionHash: hash, logs: [] });
      expect(receipt.cumulativeGasUsed).toBe(hex(cumulative));
      expect(tx).toMatchObject({ hash, blockHash: mixed.batchHash, transactionIndex: receipt.transactionIndex });
      expect(tx).toMatchObject({ gasPrice: receipt.effectiveGasPrice, from: receipt.from, to: receipt.to });
    }
    expect(new Set(mixed.results.map(({ kind }) => kind))).toEqual(new Set(['executed', 'skipped', 'bad']));
  });

  it('takes a transaction, shows it waiting, then executed, and no logs', async () => {
    const raw = await world.transfer(a, { tip: 2n * GWEI, cap: 5n * GWEI, type: 1 });
    const latest = BigInt(await result('eth_getTransactionCount', a.address, 'latest'));
    const hash = await result('eth_sendRawTransaction', raw);
    expect(hash).toBe(keccak256(raw));
    expect(await error('eth_sendRawTransaction', raw)).toMatchObject({
      code: -32003,
      message: expect.stringMatching(/^already known/),
      data: { code: 'RPC_ALREADY_KNOWN' },
    });
    expect(await result('eth_getTransactionCount', a.address, 'pending')).toBe(hex(latest + 1n));
    expect(await result('eth_getTransactionCount', a.address, 'latest')).toBe(hex(latest));
    expect(await result('eth_getTransactionByHash', hash)).toMatchObject({ blockHash: null, from: a.address });
    expect(await result('eth_getTransactionReceipt', hash)).toBeNull();
    expect(await result('deltaproof_transactionStatus', hash)).toMatchObject({ status: 'pending' });
    const { batch } = await world.makeBatch();
    expect(await result('eth_getTransactionReceipt', hash)).toMatchObject({
      blockNumber: hex(batch.header.number),
      effectiveGasPrice: hex(5n * GWEI),
      type: '0x1',
    });
    expect(await result('eth_getLogs', { fromBlock: 'earliest' })).toEqual([]);
    const unknown = `0x${'12'.repeat(32)}`;
    expect(await result('deltaproof_transactionStatus', unknown)).toMatchObject({ status: 'unknown' });
    expect(await error('eth_sendRawTransaction', raw)).toMatchObject({
      code: -32003,
      message: expect.stringMatching(/^nonce too low/),
      data: { code: 'EXECUTION_TX_NONCE' },
    });
  });

  it('forgets batches that an L1 reorg takes back', async () => {
    const raw = await world.transfer(b);
    const { batch, batchHash } = await world.makeBatch([raw]);
    expect(await result('eth_getTransactionReceipt', keccak256(raw))).toMatchObject({ blockHash: batchHash });
    await world.node.state.revertTo(batch.header.number - 1n);
    expect(await result('eth_getTransactionReceipt', keccak256(raw))).toBeNull();
    expect(await result('eth_getBlockByHash', batchHash)).toBeNull();
    const again = await world.makeBatch([await world.transfer(a), raw]);
    expect(await result('eth_getTransactionReceipt', keccak256(raw))).toMatchObject({
      blockHash: again.batchHash,
      transactionIndex: '0x1',
    });
  });
});

describe('deltaproof methods', () => {
  it('hands out a batch with all items and outcomes', async () => {
    const batch = await result('deltaproof_getBatch', '0x1');
    expect(batch).toMatchObject({ batchHash: mixed.batchHash, diffHash: mixed.diffHash, txs: mixed.batch.txs });
    expect(batch.header).toMatchObject({ number: '0x1', txsHash: mixed.batch.header.txsHash, chainId: hex(42_113) });
    expect(batch.outcomes.map(({ kind }: { kind: string }) => kind)).toEqual(mixed.results.map(({ kind }) => kind));
    expect(await error('deltaproof_getBatch', 'earliest')).toMatchObject({ code: -32001 });
  });

  it('hands out the access list that a replay has', async () => {
    const { replay } = await replayBatch(await world.node.state.asOf(0n), mixed.batch, RULES_V2);
    const { accounts } = await result('deltaproof_getAccessList', { blockHash: mixed.batchHash });
    const json = ({ nonce, balance, codeHash }: { nonce: bigint; balance: bigint; codeHash: Hex }) => ({
      nonce: hex(nonce),
      balance: hex(balance),
      codeHash,
    });
    expect(accounts).toEqual(
      replay.accessList.map(({ address, pre, post }) => ({ address, pre: json(pre), post: json(post) })),
    );
  });
});

it('names the parameter that is wrong, for every method that has one', async () => {
  const nonsense = [[], ['nonsense'], [{}, {}], [-1, null, 'x'], Array(9).fill('0x')];
  for (const method of METHOD_NAMES) {
    for (const params of nonsense) {
      const failed = await error(method, ...params);
      if (failed === undefined) continue;
      expect([-32602, -32003], method).toContain(failed.code);
    }
    expect((await error(method, ...nonsense.at(-1)!))?.code).toBe(-32602);
  }
  expect((await error('eth_getBalance', '0x12'))?.message).toMatch(/parameter 1 \(address\) must be .* and is "0x12"/);
});
