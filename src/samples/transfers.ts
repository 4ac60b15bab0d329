import { encodeFunctionData, type Hex, parseAbi } from 'viem';
import { signTransaction, type TransactionFields } from '../batch/sign.js';
import type { Rules } from '../batch/types.js';
import type { StateView } from '../state/view.js';
import type { SampleGenesis } from './accounts.js';
import { hasContracts } from './calls.js';

/** What a batch of one kind consists of: transfers of value, or of the sample genesis' ERC-20. */
export const BATCH_KINDS = ['value', 'ERC-20'] as const;

/** One of {@link BATCH_KINDS}. */
export type BatchKind = (typeof BATCH_KINDS)[number];

const TOKEN = parseAbi(['function transfer(address to, uint256 value)']);

/** A transfer of value (type 2) at the rules' base fee, without a tip. */
export function signTransfer(
  { to, value, nonce }: Pick<TransactionFields, 'to' | 'value' | 'nonce'>,
  { chainId, baseFee: cap }: Pick<Rules, 'chainId' | 'baseFee'>,
  privateKey: Hex,
): Promise<Hex> {
  const plain = { type: 2, chainId, tip: 0n, cap, gasLimit: 21_000n, data: '0x', accessList: [] } as const;
  return signTransaction({ ...plain, to, value, nonce }, privateKey);
}

/**
 * `count` transfers (type 2) between 2·count different accounts that exist; of tokens, all hold some.
 * @throws RangeError when the genesis has fewer signers, or no token
 */
export async function transfersOf(
  kind: BatchKind,
  genesis: SampleGenesis,
  state: StateView,
  rules: Rules,
  count: number,
): Promise<Hex[]> {
  if (genesis.signers.length < 2 * count) throw new RangeError(`${count} transfers need ${2 * count} signers.`);
  const txs: Hex[] = [];
  for (let i = 0; i < count; i++) {
    const { address, privateKey } = genesis.signers[2 * i]!;
    const { nonce } = await state.account(address);
    const base = { type: 2, chainId: rules.chainId, nonce, tip: 1_000_000n, cap: 2n * rules.baseFee, accessList: [] };
    txs.push(await signTransaction({ ...base, ...fieldsOf(kind, genesis, i) } as TransactionFields, privateKey));
  }
  return txs;
}

function fieldsOf(kind: BatchKind, genesis: SampleGenesis, i: number): Partial<TransactionFields> {
  const to = genesis.signers[2 * i + 1]!.address;
  const amount = 10n ** 15n + BigInt(i);
  if (kind === 'value') return { to, value: amount, gasLimit: 21_000n, data: '0x' };
  if (!hasContracts(genesis)) throw new RangeError('The rules of this key set run no code: it has no token.');
  const data = encodeFunctionData({ abi: TOKEN, functionName: 'transfer', args: [to, amount] });
  return { to: genesis.token, value: 0n, gasLimit: 70_000n, data };
}
