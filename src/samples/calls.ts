import { type Address, encodeFunctionData, parseAbi } from 'viem';
import type { TransactionFields } from '../batch/sign.js';
import type { SampleGenesis, SampleSigner } from './accounts.js';
import type { ContractGenesis } from './contracts.js';
import type { SeededRandom } from './random.js';

/** Kinds of calls to the sample token, and to a contract that jumps to where no JUMPDEST stands. */
export const CALL_KINDS = [
  'tokenTransfer',
  'tokenApprove',
  'tokenTransferFrom',
  'tokenTransferNew',
  'tokenTooMuch',
  'tokenOutOfGas',
  'tokenTransferFrom',
  'badJump',
] as const;

/** One of {@link CALL_KINDS}. */
export type CallKind = (typeof CALL_KINDS)[number];

const ABI = parseAbi([
  'function transfer(address to, uint256 value)',
  'function approve(address spender, uint256 value)',
  'function transferFrom(address from, address to, uint256 value)',
]);

/** Whether a genesis has the sample contracts. */
export function hasContracts(genesis: SampleGenesis): genesis is ContractGenesis {
  return 'token' in genesis;
}

/** Who sends calls: the last quarter of the signers, which send nothing else, so that nobody has to know what calls cost them. */
export function callersOf({ signers }: SampleGenesis): readonly SampleSigner[] {
  return signers.slice(-Math.max(2, signers.length >> 2));
}

/** Recipient, calldata and gas limit of a call by `caller`. Owners approve the caller after them, who then sends for them. */
export function callFields(
  kind: CallKind,
  genesis: ContractGenesis,
  caller: Address,
  random: SeededRandom,
  fresh: () => Address,
): Partial<TransactionFields> {
  const callers = callersOf(genesis);
  const at = callers.findIndex(({ address }) => address === caller);
  const next = callers[(at + 1) % callers.length]!.address;
  const before = callers[(at + callers.length - 1) % callers.length]!.address;
  const someone = random.pick(genesis.signers).address;
  const value = random.bits(50);
  const call = (data: TransactionFields['data'], gasLimit = 70_000n) => ({
    to: genesis.token,
    value: 0n,
    gasLimit,
    data,
  });
  const encode = encodeFunctionData;
  switch (kind) {
    case 'tokenTransfer':
      return call(encode({ abi: ABI, functionName: 'transfer', args: [someone, value] }));
    case 'tokenTransferNew':
      return call(encode({ abi: ABI, functionName: 'transfer', args: [fresh(), value] }));
    case 'tokenTooMuch':
      return call(encode({ abi: ABI, functionName: 'transfer', args: [someone, 1n << 200n] }));
    case 'tokenOutOfGas':
      return call(encode({ abi: ABI, functionName: 'transfer', args: [someone, value] }), 26_000n);
    case 'tokenApprove':
      return call(encode({ abi: ABI, functionName: 'approve', args: [next, 1n << 100n] }));
    case 'tokenTransferFrom':
      return call(encode({ abi: ABI, functionName: 'transferFrom', args: [before, someone, value] }));
    case 'badJump':
      return { to: genesis.jumper, value, gasLimit: 30_000n, data: '0x' };
  }
}
