import {
  type Address,
  createPublicClient,
  createWalletClient,
  decodeErrorResult,
  encodeFunctionData,
  getAddress,
  type Hex,
  http,
  keccak256,
  parseEventLogs,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Token, WETH9 } from '../../contracts/generated/l2.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { WORK } from '../../src/evm/work.js';
import { mappingSlot } from '../../src/samples/contracts.js';
import { openWorld, type RpcWorld } from './world.js';

let world: RpcWorld;
beforeAll(async () => {
  world = await openWorld('rpc code', {}, {}, RULES_V2);
});
afterAll(async () => {
  expect(world.internalErrors).toEqual([]);
  await world.close();
});

const to: Address = '0x00000000000000000000000000000000000000aa';

function clients() {
  const chain = {
    id: Number(RULES_V2.chainId),
    name: 'deltaproof',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [world.rpc.url] } },
  };
  const transport = http(world.rpc.url, { retryCount: 0 });
  const account = privateKeyToAccount(world.genesis.signers[0]!.privateKey);
  const client = createPublicClient({ chain, transport, pollingInterval: 20 });
  return { account, client, wallet: createWalletClient({ chain, transport, account }) };
}

const holding = (address: Address) =>
  world.genesis.state.get(world.genesis.token)!.storage.get(mappingSlot(address, Token.slots._balances))!;

describe('contracts, by viem', () => {
  it('are read, written with estimated gas, and their events found', async () => {
    const { account, client, wallet } = clients();
    const { token } = world.genesis;
    const erc20 = { address: token, abi: Token.abi } as const;
    const own = holding(account.address.toLowerCase() as Address);
    expect(await client.readContract({ ...erc20, functionName: 'balanceOf', args: [account.address] })).toBe(own);
    expect(await client.getCode({ address: token })).toBe(Token.code);
    const slot = mappingSlot(account.address, Token.slots._balances);
    expect(BigInt((await client.getStorageAt({ address: token, slot }))!)).toBe(own);

    const hash = await wallet.writeContract({ ...erc20, functionName: 'transfer', args: [to, 7n] });
    await world.makeBatch();
    const receipt = await client.getTransactionReceipt({ hash });
    expect(receipt).toMatchObject({ status: 'success', blockNumber: 1n });
    const { gas } = await client.getTransaction({ hash });
    expect(gas, 'the estimate is exact').toBe(receipt.gasUsed);
    const [event] = parseEventLogs({ abi: Token.abi, logs: receipt.logs });
    expect(event).toMatchObject({
      eventName: 'Transfer',
      args: { from: account.address, to: getAddress(to), value: 7n },
      logIndex: 0,
    });
    expect(await client.readContract({ ...erc20, functionName: 'balanceOf', args: [to] })).toBe(7n);
    expect(await client.readContract({ ...erc20, functionName: 'balanceOf', args: [to], blockNumber: 0n })).toBe(0n);

    const filter = {
      address: token,
      event: Token.abi.find((item) => item.type === 'event' && item.name === 'Transfer')!,
    };
    const found = await client.getLogs({ ...(filter as object), fromBlock: 0n } as never);
    expect(found).toMatchObject([{ transactionHash: hash, blockNumber: 1n, data: receipt.logs[0]!.data }]);
    expect(await client.getLogs({ address: token, fromBlock: 0n, toBlock: 0n })).toEqual([]);
    expect(await client.getLogs({ address: to, fromBlock: 0n })).toEqual([]);
    expect(await client.getLogs({ blockHash: receipt.blockHash })).toHaveLength(1);
    const { logsBloom } = await client.getBlock({ blockNumber: 1n });
    expect(logsBloom).toBe(receipt.logsBloom);
    expect(BigInt(logsBloom!)).not.toBe(0n);
    const { accounts } = (await world.call('deltaproof_getAccessList', '0x1')).result;
    const { slots } = accounts.find((entry: { address: Address }) => entry.address === token);
    const received = { key: mappingSlot(to, Token.slots._balances), pre: '0x0', post: '0x7' };
    expect(slots).toHaveLength(2);
    expect(slots).toContainEqual(received);
  });

  it('tell why they revert', async () => {
    const { account, client, wallet } = clients();
    const { token, weth } = world.genesis;
    const call = { address: token, abi: Token.abi, functionName: 'transfer', args: [to, 10n ** 40n], account } as const;
    await expect(client.simulateContract(call)).rejects.toThrow(/ERC20InsufficientBalance/);
    await expect(client.estimateContractGas(call)).rejects.toThrow(/ERC20InsufficientBalance/);
    const { error } = await world.call('eth_call', {
      from: account.address,
      to: token,
      data: encodeFunctionData(call),
    });
    // RPC_REVERTED
    const { errorName } = decodeErrorResult({ abi: Token.abi, data: error!.data as unknown as Hex });
    expect([error!.code, errorName]).toEqual([3, 'ERC20InsufficientBalance']);
    await expect(wallet.writeContract({ ...call, args: [to, 10n ** 40n] })).rejects.toThrow(/revert/);
    // With a gas limit of its own it is taken, executed, and its receipt has status 0.
    const hash = await wallet.writeContract({ ...call, args: [to, 10n ** 40n], gas: 80_000n });
    await world.makeBatch();
    const receipt = await client.getTransactionReceipt({ hash });
    expect(receipt).toMatchObject({ status: 'reverted', logs: [] });
    const status = (await world.call('deltaproof_transactionStatus', hash)).result;
    expect(status).toMatchObject({ status: 'executed', failed: 'revert', explanation: 'Its code reverted.' });
    expect((await client.getStorageAt({ address: weth, slot: '0x2' }))?.slice(-2)).toBe('12');
  });

  it('are refused with opcode and pc where they do what this version does not cover', async () => {
    const { account, client, wallet } = clients();
    const { weth, token } = world.genesis;
    const withdraw = { address: weth, abi: WETH9.abi, functionName: 'withdraw', args: [1n], account } as const;
    await expect(client.simulateContract(withdraw)).rejects.toThrow(/CALL at pc \d+ halts/);
    await expect(client.estimateContractGas(withdraw)).rejects.toThrow(/CALL at pc \d+ halts/);
    await expect(wallet.writeContract({ ...withdraw, gas: 100_000n })).rejects.toThrow(/CALL at pc \d+ halts/);
    const { error } = await world.call('eth_call', {
      to: token,
      data: encodeFunctionData({ abi: Token.abi, functionName: 'name' }),
    });
    expect(error).toMatchObject({
      code: -32003,
      data: { code: 'EXECUTION_TX_OPCODE', opcode: 'MCOPY', reason: 'uncovered' },
    });
  });

  it('are named with the transaction, by every door', async () => {
    const { account } = clients();
    const { weth, signers } = world.genesis;
    const data = encodeFunctionData({ abi: WETH9.abi, functionName: 'withdraw', args: [1n] });
    const call = { from: account.address, to: weth, data };
    const raw = await world.transfer(signers[0]!, { to: weth, data, value: 0n, gasLimit: 100_000n });
    const halt = { code: 'EXECUTION_TX_OPCODE', opcode: 'CALL', reason: 'uncovered', to: weth, pc: expect.any(Number) };
    const text = /CALL at pc \d+ halts: an opcode that this version does not cover/;
    for (const method of ['eth_call', 'eth_estimateGas']) {
      const { error } = await world.call(method, call);
      expect(error, method).toMatchObject({ code: -32003, data: halt });
      expect(error!.message, method).toMatch(new RegExp(`^The call of ${weth} fails with \\d+ gas: ${text.source}`));
    }
    const { error } = await world.call('eth_sendRawTransaction', raw);
    const transaction = keccak256(raw);
    expect(error).toMatchObject({ code: -32003, data: { ...halt, transaction } });
    expect(error!.message).toMatch(
      new RegExp(`^Transaction ${transaction} to ${weth} is not admitted, .*: ${text.source}`),
    );
    // Who posts it all the same finds the same words at the item.
    const number = (await world.makeBatch([raw])).batch.header.number;
    const { explanation } = (await world.call('deltaproof_transactionStatus', transaction)).result;
    expect(explanation).toMatch(new RegExp(`^Its code failed: ${text.source}`));
    const { outcomes } = (await world.call('deltaproof_getBatch', `0x${number.toString(16)}`)).result;
    expect(outcomes).toMatchObject([{ kind: 'executed', failed: 'halt', explanation }]);
  });

  it('halt for other reasons: said by eth_call, not by the mempool', async () => {
    const { wallet, client } = clients();
    const { token } = world.genesis;
    const data = encodeFunctionData({ abi: Token.abi, functionName: 'transfer', args: [to, 1n] });
    const { error } = await world.call('eth_call', {
      from: world.genesis.signers[0]!.address,
      to: token,
      data,
      gas: '0x7530',
    });
    expect(error).toMatchObject({ code: -32003, data: { code: 'EXECUTION_TX_HALT', reason: 'outOfGas' } });
    const hash = await wallet.sendTransaction({ to: token, data, gas: 30_000n });
    await world.makeBatch();
    const receipt = await client.getTransactionReceipt({ hash });
    expect(receipt).toMatchObject({ status: 'reverted', gasUsed: 30_000n });
    const { explanation } = (await world.call('deltaproof_transactionStatus', hash)).result;
    expect(explanation).toMatch(/^Its code failed: \w+ at pc \d+ halts: the gas does not suffice/);
  });
});

describe('work', () => {
  it('bounds the gas of a call, and of what is admitted', async () => {
    const [signer] = world.genesis.signers;
    const { token } = world.genesis;
    const too = RULES_V2.workBudget / BigInt(WORK.gas) + 1n;
    const raw = await world.transfer(signer!, { to: token, gasLimit: too });
    expect((await world.call('eth_sendRawTransaction', raw)).error?.data.code).toBe('EXECUTION_TX_WORK');
    const data = encodeFunctionData({ abi: Token.abi, functionName: 'totalSupply' });
    expect((await world.call('eth_call', { to: token, data, gas: '0xffffffff' })).result).toMatch(/^0x[0-9a-f]{64}$/);
  });

  it('lets the sequencer take what fits, and leave the rest for the next batch', async () => {
    const { token, signers } = world.genesis;
    const data = encodeFunctionData({ abi: Token.abi, functionName: 'transfer', args: [to, 1n] });
    const txs: Hex[] = [];
    for (const signer of signers.slice(1, 6)) {
      txs.push(await world.transfer(signer, { to: token, data, gasLimit: 5_400_000n }));
    }
    for (const raw of txs) expect((await world.call('eth_sendRawTransaction', raw)).result).toBe(keccak256(raw));
    let taken = 0;
    while (world.mempool.size > 0) taken += (await world.makeBatch()).batch.txs.length;
    expect(taken).toBe(5);
  });
});

describe('eth_getLogs', () => {
  it.each<[string, object]>([
    ['blockHash beside fromBlock', { blockHash: `0x${'00'.repeat(32)}`, fromBlock: '0x0' }],
    ['five topics', { topics: [null, null, null, null, null] }],
    ['a short topic', { topics: ['0x01'] }],
    ['a short address', { address: ['0x01'] }],
  ])('refuses %s', async (_name, filter) => {
    expect((await world.call('eth_getLogs', filter)).error).toMatchObject({ code: -32602 });
  });

  it('matches topics by place, with alternatives', async () => {
    const { token, signers } = world.genesis;
    const [transfer] = (await world.call('eth_getLogs', { fromBlock: '0x0', address: [token] })).result;
    const [topic, from, receiver] = transfer.topics as Hex[];
    const count = async (topics: unknown[]) =>
      (await world.call('eth_getLogs', { fromBlock: 'earliest', toBlock: '0x1', topics })).result.length;
    expect(signers.length).toBeGreaterThan(5);
    expect(await count([topic])).toBe(1);
    expect(await count([null, [receiver, from], null])).toBe(1);
    expect(await count([null, receiver])).toBe(0);
    expect(await count([null, null, null, null])).toBe(0);
    expect(await count([])).toBe(1);
  });
});
