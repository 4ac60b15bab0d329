import type { Hex } from 'viem';
import type { SampleGenesis } from '../../src/batch/sample.js';
import { signTransaction } from '../../src/batch/sign.js';
import type { Rules } from '../../src/batch/types.js';
import type { StateView } from '../../src/state/view.js';

/** `count` plain transfers (type 2) between 2·count different accounts that exist. */
export async function plainTransfers(
  genesis: SampleGenesis,
  state: StateView,
  rules: Rules,
  count: number,
): Promise<Hex[]> {
  const txs: Hex[] = [];
  for (let i = 0; i < count; i++) {
    const { address, privateKey } = genesis.signers[2 * i]!;
    const { nonce } = await state.account(address);
    const fields = {
      type: 2,
      chainId: rules.chainId,
      nonce,
      tip: 1_000_000n,
      cap: 2n * rules.baseFee,
      gasLimit: 21_000n,
      to: genesis.signers[2 * i + 1]!.address,
      value: 10n ** 15n + BigInt(i),
      data: '0x',
      accessList: [],
    } as const;
    txs.push(await signTransaction(fields, privateKey));
  }
  return txs;
}
