import { encodeFunctionData, type Hex } from 'viem';
import { describe, expect, it } from 'vitest';
import { Collectible, Token, WETH9 } from '../../contracts/generated/l2.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { Rules } from '../../src/batch/types.js';
import { execute } from '../../src/trace/execution/execute.js';
import { assemble } from '../helpers/assemble.js';
import {
  CALLER,
  CONTRACT,
  callCode,
  callOf,
  executedIn,
  GENESIS,
  NONCE,
  OTHER,
  replayOn,
  stateWith,
} from '../helpers/code-world.js';

/**
 * The machine that makes rows executes by itself, from the access list alone. It compares every step (pc, gas, work, stack, memory,
 * refund), every end, every slot and every account with the replay, and throws where they differ.
 */
describe('rows and replay execute alike', () => {
  const many = (op: string, count: number) => Array(count).fill(op).join(' ');
  const store = 'PUSH1 0x2a PUSH0 SSTORE';

  it.each<[string, Parameters<typeof callOf>[0]?, Record<number, bigint>?, Rules?]>([
    [`${store} INVALID`],
    [`${store} 0x0c`],
    [`${store} ${many('PUSH0', 7)} CALL`],
    [`${store} CALL`],
    [`${store} PUSH0 JUMP`],
    [`${store} PUSH1 0x08 JUMP PUSH1 0x5b`],
    [`${store} PUSH0 NOT JUMP`],
    [`${store} PUSH1 0x01 PUSH0 JUMPI`],
    [`${store} PUSH0 ADD`],
    [`${store} PUSH0 DUP2`],
    [`${store} SLOAD`],
    [many('PUSH0', 1025)],
    [many('PUSH0', 1024)],
    [`${store} PUSH0 NOT MLOAD`],
    [`${store} PUSH3 0x100000 MLOAD`],
    [`${store} JUMPDEST PUSH1 0x04 JUMP`, { gasLimit: 45_000n }],
    ['PUSH0 SLOAD', { gasLimit: 23_101n }],
    ['PUSH0 SLOAD', { gasLimit: 21_101n }],
    ['PUSH0 PUSH0 SSTORE', { gasLimit: 23_304n }],
    ['PUSH0 PUSH0 SSTORE', { gasLimit: 23_305n }],
    ['PUSH0 PUSH0 SSTORE', { gasLimit: 21_103n }],
    ['PUSH3 0x010001 PUSH0 KECCAK256', { gasLimit: 150_000n }],
    ['PUSH3 0x010001 PUSH0 KECCAK256', { gasLimit: 25_000n }],
    ['PUSH3 0x010000 PUSH0 KECCAK256', { gasLimit: 150_000n }],
    ['PUSH0 NOT PUSH0 KECCAK256'],
    ['PUSH0 PUSH0 NOT KECCAK256'],
    ['PUSH1 0x20 PUSH0 NOT KECCAK256'],
    ['PUSH1 0x40 PUSH0 KECCAK256 PUSH1 0x21 PUSH1 0x07 KECCAK256 SWAP1 SSTORE'],
    ['PUSH2 0x8981 PUSH0 KECCAK256', { gasLimit: 50_000n }, {}, { ...RULES_V2, workBudget: 12_400_000n }],
    [`${store} PUSH1 0xaa PUSH0 MSTORE8 PUSH1 0x21 PUSH0 REVERT`, { value: 5n }],
    [`${store} PUSH1 0xaa PUSH0 MSTORE8 PUSH1 0x21 PUSH0 NOT REVERT`, { value: 5n }],
    ['PUSH0 PUSH1 0x07 SSTORE PUSH0 PUSH1 0x08 SSTORE PUSH1 0x01 PUSH1 0x07 SSTORE', {}, { 7: 1n, 8: 2n }],
    ['PUSH1 0x02 PUSH1 0x07 SSTORE PUSH0 PUSH1 0x07 SSTORE PUSH1 0x01 PUSH1 0x07 SSTORE', {}, { 7: 1n }],
    ['PUSH0 PUSH0'],
    ['CALLDATASIZE CALLDATALOAD PUSH0 CALLDATALOAD PUSH1 0x1f CALLDATALOAD', { data: `0x${'a5'.repeat(33)}` }],
    ['PUSH1 0x09 PUSH1 0x08 PUSH2 0x0101 PUSH1 0x03 LOG2 MSIZE GAS PC'],
  ])('%s', async (program, over = {}, storage = {}, rules = RULES_V2) => {
    const { replay } = await callCode(assemble(program), over, storage, rules);
    expect(execute(replay, []).end).toMatchObject({ gasUsed: replay.gasUsed, work: replay.work });
  });

  it('access lists, several transactions, items that are skipped', async () => {
    const key = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`;
    const accessList = [
      { address: CONTRACT, keys: [key(7), key(9), key(7)] },
      { address: OTHER.address, keys: [key(1)] },
    ];
    const state = stateWith(
      assemble('PUSH1 0x07 SLOAD PUSH1 0x01 ADD PUSH1 0x07 SSTORE CALLVALUE PUSH1 0x11 JUMPI STOP INVALID'),
      { 9: 1n },
    );
    const txs = [
      await callOf({ accessList }),
      await callOf({ nonce: NONCE + 1n, value: 1n, accessList }),
      await callOf({ nonce: NONCE }),
      await callOf({ nonce: NONCE + 2n, gasLimit: 5_600_000n }),
      await callOf({ nonce: NONCE + 2n, to: OTHER.address, value: 3n }),
      await callOf({ to: CONTRACT, nonce: GENESIS.state.get(OTHER.address)!.nonce }, OTHER),
      '0x' as const,
    ];
    const { replay } = await replayOn(state, txs);
    const kinds = replay.outcomes.map((outcome) => (outcome.kind === 'skipped' ? outcome.reason : outcome.kind));
    expect(kinds).toEqual(['executed', 'executed', 'nonce', 'work', 'executed', 'executed', 'bad']);
    expect(execute(replay, []).end).toMatchObject({ gasUsed: replay.gasUsed, work: replay.work });
  });

  it('the sample contracts', async () => {
    const { token, collectible, weth, state } = GENESIS;
    const erc20 = (functionName: 'transfer' | 'approve' | 'balanceOf' | 'name', args: readonly unknown[] = []) =>
      ({ to: token, data: encodeFunctionData({ abi: Token.abi, functionName, args } as never) }) as const;
    const calls = [
      erc20('transfer', [OTHER.address, 10n]),
      erc20('transfer', [OTHER.address, 10n ** 60n]),
      { ...erc20('transfer', [OTHER.address, 1n]), gasLimit: 30_000n },
      erc20('approve', [OTHER.address, 10n]),
      erc20('balanceOf', [OTHER.address]),
      erc20('name'),
      {
        to: collectible,
        data: encodeFunctionData({ abi: Collectible.abi, functionName: 'mint', args: [CALLER.address, 99n] }),
      },
      { to: weth, value: 5n, data: encodeFunctionData({ abi: WETH9.abi, functionName: 'deposit' }) },
      { to: weth, data: encodeFunctionData({ abi: WETH9.abi, functionName: 'withdraw', args: [1n] }) },
    ];
    const txs = await Promise.all(calls.map((call, i) => callOf({ ...call, nonce: NONCE + BigInt(i) })));
    const { replay, outcomes } = await replayOn(state, txs);
    const ends = outcomes.map((outcome) => executedIn([outcome]).run.end);
    expect(ends).toEqual(['ok', 'revert', 'halt', 'ok', 'ok', 'halt', 'ok', 'ok', 'halt']);
    expect(execute(replay, []).end).toMatchObject({ gasUsed: replay.gasUsed, work: replay.work });
  });
});
