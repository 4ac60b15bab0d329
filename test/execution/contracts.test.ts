import { type Address, decodeFunctionResult, encodeFunctionData, type Hex, keccak256 } from 'viem';
import { describe, expect, it } from 'vitest';
import { Collectible, Token, WETH9 } from '../../contracts/generated/l2.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { TransactionFields } from '../../src/batch/sign.js';
import { EMPTY_CODE_HASH } from '../../src/batch/types.js';
import { opcodeName } from '../../src/evm/opcodes.js';
import { mappingSlot } from '../../src/samples/contracts.js';
import { CALLER, callOf, executedIn, GENESIS, NONCE, OTHER, replayOn, runOnEthereum } from '../helpers/code-world.js';
import { keccakRoot } from '../helpers/keccak-root.js';

const { token, collectible, weth, state } = GENESIS;
const nonces = new Map<Address, bigint>();

type Call = Partial<TransactionFields> & { readonly signer?: typeof CALLER };

/** Signs calls, each sender's next nonce by itself. */
async function sign(calls: readonly Call[]): Promise<Hex[]> {
  nonces.clear();
  const txs: Hex[] = [];
  for (const { signer = CALLER, ...fields } of calls) {
    const nonce = nonces.get(signer.address) ?? state.get(signer.address)!.nonce;
    nonces.set(signer.address, nonce + 1n);
    txs.push(await callOf({ nonce, ...fields }, signer));
  }
  return txs;
}

const onToken = (
  functionName: 'transfer' | 'approve' | 'transferFrom' | 'balanceOf',
  args: readonly unknown[],
): Call => ({
  to: token,
  data: encodeFunctionData({ abi: Token.abi, functionName, args } as never),
});
const onCollectible = (
  functionName: 'mint' | 'transferFrom' | 'approve' | 'ownerOf',
  args: readonly unknown[],
): Call => ({
  to: collectible,
  data: encodeFunctionData({ abi: Collectible.abi, functionName, args } as never),
});
const onWeth = (functionName: string, args: readonly unknown[] = [], value = 0n): Call => ({
  to: weth,
  value,
  data: encodeFunctionData({ abi: WETH9.abi, functionName, args } as never),
});

const holding = (address: Address) => state.get(token)!.storage.get(mappingSlot(address, Token.slots._balances))!;

/** Runs calls in one batch, checks them against Ethereum, and gives the outcomes. */
async function outcomesOf(calls: readonly Call[]) {
  const txs = await sign(calls);
  const replayed = await replayOn(state, txs);
  const runs = replayed.outcomes.map((outcome) => executedIn([outcome]));
  const { results, root } = await runOnEthereum(state, txs);
  expect(runs.map(({ gasUsed, run }) => ({ gasUsed, success: run.end === 'ok', output: run.output }))).toEqual(results);
  replayed.view.apply(replayed.changes);
  expect(await keccakRoot(replayed.view)).toBe(root);
  return { ...replayed, ends: runs.map(({ run }) => run.end), runs: runs.map(({ run }) => run) };
}

describe('the sample contracts', () => {
  it('have the storage that their constructors would have written', async () => {
    const read = async (
      abi: typeof Token.abi | typeof Collectible.abi | typeof WETH9.abi,
      to: Address,
      name: string,
      args: readonly unknown[] = [],
    ) => {
      const data = encodeFunctionData({ abi, functionName: name, args } as never);
      const { results } = await runOnEthereum(state, await sign([{ to, data }]));
      return decodeFunctionResult({ abi, functionName: name, data: results[0]!.output } as never);
    };
    expect(await read(Token.abi, token, 'name')).toBe('Sample Token');
    expect(await read(Token.abi, token, 'symbol')).toBe('SAMPLE');
    expect(await read(Token.abi, token, 'balanceOf', [OTHER.address])).toBe(holding(OTHER.address));
    const all = [...GENESIS.state.keys()].map(holding).filter((amount) => amount !== undefined);
    expect(await read(Token.abi, token, 'totalSupply')).toBe(all.reduce((a, b) => a + b));
    expect(await read(Collectible.abi, collectible, 'name')).toBe('Sample Collectible');
    expect(String(await read(Collectible.abi, collectible, 'ownerOf', [1n])).toLowerCase()).toBe(OTHER.address);
    expect(await read(Collectible.abi, collectible, 'balanceOf', [CALLER.address])).toBe(1n);
    expect(await read(WETH9.abi, weth, 'symbol')).toBe('WETH');
    expect(await read(WETH9.abi, weth, 'decimals')).toBe(18);
    expect(await read(WETH9.abi, weth, 'totalSupply')).toBe(state.get(weth)!.balance);
  });

  it('ERC-20: transfers, approvals, transferFroms, some of which revert, one of which runs out of gas', async () => {
    const third = GENESIS.signers[2]!;
    const fresh: Address = `0x${'f5'.repeat(20)}`;
    const { ends, runs, accessList, codes, diffHash } = await outcomesOf([
      onToken('transfer', [OTHER.address, 10n ** 17n]),
      onToken('transfer', [fresh, holding(CALLER.address) - 10n ** 17n]),
      onToken('transfer', [OTHER.address, 1n]),
      { ...onToken('approve', [third.address, 5n * 10n ** 17n]), signer: OTHER },
      { ...onToken('transferFrom', [OTHER.address, fresh, 4n * 10n ** 17n]), signer: third },
      { ...onToken('transferFrom', [OTHER.address, fresh, 4n * 10n ** 17n]), signer: third },
      { ...onToken('transfer', [fresh, 1n]), gasLimit: 30_000n, signer: OTHER },
      { ...onToken('transfer', [fresh, 1n]), data: '0xdeadbeef', signer: OTHER },
      { ...onToken('balanceOf', [fresh]), signer: OTHER },
      { ...onToken('transfer', [fresh, 1n]), value: 1n, signer: OTHER },
    ]);
    expect(ends).toEqual(['ok', 'ok', 'revert', 'ok', 'ok', 'revert', 'halt', 'revert', 'ok', 'revert']);
    expect(runs[6]?.halt?.reason).toBe('outOfGas');
    expect(runs[0]?.logs[0]?.topics).toHaveLength(3);
    const slots = accessList.find(({ address }) => address === token)?.slots ?? [];
    expect(slots.map(({ key }) => key)).toEqual([...slots.map(({ key }) => key)].sort());
    const balanceOf = (address: Address) =>
      slots.find(({ key }) => key === mappingSlot(address, Token.slots._balances));
    expect(balanceOf(CALLER.address)).toMatchObject({ pre: holding(CALLER.address), post: 0n });
    expect(balanceOf(fresh)?.pre).toBe(0n);
    const allowance = mappingSlot(third.address, mappingSlot(OTHER.address, Token.slots._allowances));
    expect(slots.find(({ key }) => key === allowance)).toMatchObject({ pre: 0n, post: 10n ** 17n });
    expect(slots).toHaveLength(4);
    expect([...codes.keys()]).toEqual([keccak256(Token.code)]);
    expect(diffHash).toMatch(/^0x/);
  });

  it('ERC-721: mint, transfer, and what a stranger may not', async () => {
    const { ends } = await outcomesOf([
      onCollectible('mint', [CALLER.address, 77n]),
      onCollectible('mint', [CALLER.address, 77n]),
      onCollectible('transferFrom', [CALLER.address, OTHER.address, 77n]),
      onCollectible('transferFrom', [OTHER.address, CALLER.address, 77n]),
      { ...onCollectible('approve', [CALLER.address, 1n]), signer: OTHER },
      onCollectible('transferFrom', [OTHER.address, CALLER.address, 1n]),
      onCollectible('ownerOf', [78n]),
    ]);
    expect(ends).toEqual(['ok', 'revert', 'ok', 'revert', 'ok', 'ok', 'revert']);
  });

  it('WETH9: deposit, transfer, approve, transferFrom', async () => {
    const { ends, accessList } = await outcomesOf([
      onWeth('deposit', [], 123n),
      { to: weth, value: 7n },
      onWeth('transfer', [OTHER.address, 100n]),
      onWeth('approve', [OTHER.address, 50n]),
      { ...onWeth('transferFrom', [CALLER.address, OTHER.address, 40n]), signer: OTHER },
      { ...onWeth('transferFrom', [CALLER.address, OTHER.address, 40n]), signer: OTHER },
    ]);
    expect(ends).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'revert']);
    const contract = accessList.find(({ address }) => address === weth)!;
    expect(contract.post.balance - contract.pre.balance).toBe(130n);
    expect(contract.post.codeHash).not.toBe(EMPTY_CODE_HASH);
  });

  it('halt where they call another account or copy memory', async () => {
    const halts = async (call: Call) => {
      const { outcomes } = await replayOn(state, await sign([call]));
      const { halt } = executedIn(outcomes).run;
      return halt === undefined ? undefined : `${halt.reason} ${opcodeName(halt.op)}`;
    };
    expect(await halts(onWeth('withdraw', [1n]))).toBe('uncovered CALL');
    expect(await halts({ to: token, data: encodeFunctionData({ abi: Token.abi, functionName: 'name' }) })).toBe(
      'uncovered MCOPY',
    );
  });

  it('an ERC-20 transfer leaves most of the work of a batch', async () => {
    const { outcomes } = await replayOn(state, await sign([onToken('transfer', [OTHER.address, 1n])]));
    const { run, gasUsed } = executedIn(outcomes);
    const work = run.workBefore - run.workAfter;
    console.log(`ERC-20 transfer: ${run.steps.length} steps, ${gasUsed} gas, ${work} work`);
    expect(NONCE).toBe(state.get(CALLER.address)!.nonce);
    expect(work).toBeLessThan(RULES_V2.workBudget / 100n);
  });
});
