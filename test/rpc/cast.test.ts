import { type Hex, keccak256 } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { cast } from '../helpers/services.js';
import { openWorld, type RpcWorld } from './world.js';

let world: RpcWorld;
const stop = new AbortController();
let slots: Promise<void>;
beforeAll(async () => {
  world = await openWorld('rpc cast');
  slots = makeBatches();
});
afterAll(async () => {
  stop.abort();
  await slots;
  expect(world.internalErrors).toEqual([]);
  await world.close();
});

/** A sequencer's slots: what waits becomes a batch. */
async function makeBatches(): Promise<void> {
  while (!stop.signal.aborted) {
    await world.mempool.refresh();
    if (world.mempool.size > 0) await world.makeBatch();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const to = '0x00000000000000000000000000000000000000aa';
const on = (verb: string, ...args: string[]) => cast([verb, '--rpc-url', world.rpc.url, ...args]);
const send = (...args: string[]) =>
  on('send', '--json', '--poll-interval', '1', '--private-key', world.genesis.signers[0]!.privateKey, ...args);
const failure = (run: Promise<string>) =>
  run.then(
    () => 'it did not fail',
    (error: Error) => error.message,
  );

describe("foundry's cast", () => {
  it('sends, waits, and reads receipt, transaction, block and balance', async () => {
    const receipt = JSON.parse(await send('--value', '5', to));
    expect(receipt).toMatchObject({ status: '0x1', gasUsed: '0x5208', to });
    const hash: Hex = receipt.transactionHash;
    expect(await on('receipt', hash, 'status')).toMatch(/^(1|true)/);
    expect(JSON.parse(await on('tx', hash, '--json'))).toMatchObject({
      hash,
      value: '0x5',
      blockHash: receipt.blockHash,
    });
    expect(keccak256((await on('tx', hash, '--raw')).trim() as Hex)).toBe(hash);
    expect((await on('balance', to)).trim()).toBe('5');
    expect((await on('block-number')).trim()).toBe(String(Number(receipt.blockNumber)));
    const block = JSON.parse(await on('block', '--json'));
    expect(block).toMatchObject({ hash: receipt.blockHash, transactions: [hash], withdrawals: [] });
    expect(block.transactionsRoot).toMatch(/^0x[0-9a-f]{64}$/);
    expect(JSON.parse(await on('block', '--full', '--json')).transactions).toMatchObject([{ hash }]);
    expect(await on('block')).toContain('transactionsRoot');
    expect(await on('block', '0')).toContain('timestamp');
    expect((await on('base-fee')).trim()).toBe(String(RULES_V2.baseFee));
    expect(Number(await on('gas-price'))).toBeGreaterThanOrEqual(Number(RULES_V2.baseFee));
    expect((await on('chain-id')).trim()).toBe(String(RULES_V2.chainId));
    expect(JSON.parse((await on('rpc', 'eth_getBlockReceipts', 'latest')).trim())).toMatchObject([{ status: '0x1' }]);
  });

  it('calls, estimates, sends to a contract, and finds its logs', async () => {
    const { token, signers } = world.genesis;
    const from = signers[0]!.address;
    const before = BigInt((await on('call', token, 'balanceOf(address)(uint256)', to)).split(' ')[0]!);
    expect(Number(await on('estimate', '--from', from, token, 'transfer(address,uint256)', to, '7'))).toBeGreaterThan(
      21_000,
    );
    const receipt = JSON.parse(await send(token, 'transfer(address,uint256)', to, '7'));
    expect(receipt).toMatchObject({ status: '0x1', logs: [{ address: token }] });
    const after = BigInt((await on('call', token, 'balanceOf(address)(uint256)', to)).split(' ')[0]!);
    expect(after - before).toBe(7n);
    const event = 'Transfer(address indexed,address indexed,uint256)';
    const logs = JSON.parse(await on('logs', '--json', '--from-block', '0', '--address', token, event));
    expect(logs).toMatchObject([{ transactionHash: receipt.transactionHash, blockHash: receipt.blockHash }]);
    expect(await on('code', token)).toMatch(/^0x60/);
    expect(BigInt(await on('storage', token, '0x2'))).toBeGreaterThanOrEqual(0n);
  });

  it('prints why code reverts, why a transaction is refused, and what is not covered', async () => {
    const { token, signers } = world.genesis;
    const transfer = [token, 'transfer(address,uint256)', to, String(10n ** 40n)];
    const called = await failure(on('call', '--from', signers[0]!.address, ...transfer));
    expect(called).toMatch(/execution reverted/);
    expect(called, 'the error as hex, so that it can be decoded').toMatch(/0xe450d38c/);
    expect(await failure(send(...transfer))).toMatch(/execution reverted/);
    expect(await failure(send('--value', String(10n ** 30n), to))).toMatch(
      /insufficient funds for gas \* price \+ value/,
    );
    expect(await failure(send('--nonce', '0', '--gas-limit', '21000', to))).toMatch(/nonce too low/);
    expect(await failure(send('--create', '0x00'))).toMatch(/creates a contract/);
  });
});
