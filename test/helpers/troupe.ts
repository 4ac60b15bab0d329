import {
  type Abi,
  type Address,
  encodeFunctionData,
  type Hex,
  parseEventLogs,
  parseGwei,
  type TransactionReceipt,
} from 'viem';
import { foundry } from 'viem/chains';
import { type L1Call, type Wallet, waitForReceipt } from '../../src/l1/send-call.js';
import { compileTestContracts, type DisputeWorld } from './dispute-world.js';

/** A call by one of the accounts of a {@link Troupe}. */
export interface Act extends L1Call {
  readonly actor: number;
}

/** What became of an act: `result` is what it returned, or the error it reverted with; `gas` is what the call took inside. */
export interface Done {
  readonly ok: boolean;
  readonly result: Hex;
  readonly gas: bigint;
}

/** Accounts (contracts, `test/contracts/sol/Troupe.sol`) whose calls go into one transaction. */
export interface Troupe {
  readonly address: Address;
  readonly actors: readonly Address[];
  /** Makes the calls in their order, in one transaction; a call that reverts does not end it. */
  play(acts: readonly Act[]): Promise<{ done: readonly Done[]; receipt: TransactionReceipt }>;
}

/** Gas of a transaction of acts: what L1 lets one have (EIP-7825), or a little less. */
const PLENTY = 16_000_000n;
/** A tip of 1 gwei at any base fee, as the contracts pay it back at most. */
const FEES = { maxFeePerGas: parseGwei('5000'), maxPriorityFeePerGas: parseGwei('1') };

/** A troupe of `count` accounts with `ether` wei in all. */
export async function createTroupe(
  world: Pick<DisputeWorld, 'reader'>,
  wallet: Wallet,
  count: number,
  ether: bigint,
): Promise<Troupe> {
  const { abi, bytecode } = compileTestContracts().Troupe as { abi: Abi; bytecode: Hex };
  const made = await wallet.deployContract({ abi, bytecode, args: [BigInt(count)], value: ether, chain: foundry });
  const { contractAddress } = await waitForReceipt(world.reader, made);
  const address = contractAddress!;
  const actorAt = (i: number) =>
    world.reader.readContract({ address, abi, functionName: 'actors', args: [BigInt(i)] }) as Promise<Address>;
  const actors = await Promise.all(Array.from({ length: count }, (_, i) => actorAt(i)));
  return {
    address,
    actors,
    async play(acts) {
      const args = [acts.map(({ actor, ...call }) => ({ ...call, actor: BigInt(actor) }))];
      const data = encodeFunctionData({ abi, functionName: 'play', args });
      const hash = await wallet.sendTransaction({ to: address, data, gas: PLENTY, ...FEES, chain: foundry });
      const receipt = await waitForReceipt(world.reader, hash);
      if (receipt.status !== 'success') throw new Error(`the acts of ${hash} failed together`);
      const logs = parseEventLogs({ abi, logs: receipt.logs, eventName: 'Done' });
      return { done: logs.map((log) => (log as unknown as { args: Done }).args), receipt };
    },
  };
}
