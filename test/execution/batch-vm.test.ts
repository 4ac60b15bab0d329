import { createCustomCommon, Hardfork, Mainnet } from '@ethereumjs/common';
import { createTxFromRLP, type TypedTransaction } from '@ethereumjs/tx';
import type { Hex } from 'viem';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src/batch/bytes.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { encodeTransaction, flipSignature, privateKeyOf, signFields } from '../../src/batch/sign.js';
import { parseTransaction } from '../../src/batch/transaction.js';
import { decodeForVm } from '../../src/execution/batch-vm.js';
import { fuzzTransactions, plainFields } from '../helpers/transactions.js';

const { chainId } = RULES_V2;
/** ethereumjs with its own recovery and its own parameters. */
const common = createCustomCommon({ chainId: Number(chainId) }, Mainnet, { hardfork: Hardfork.Cancun });

/** What a decoder makes of the bytes: the sender and the gas of the transaction, or undefined where it refuses them. */
function seenBy(decode: () => TypedTransaction) {
  try {
    const tx = decode();
    return { sender: tx.getSenderAddress().toString(), intrinsic: tx.getIntrinsicGas(), hash: tx.hash() };
  } catch {
    return undefined;
  }
}
const byVm = (raw: Hex) => seenBy(() => decodeForVm(raw, chainId));
const byEthereumjs = (raw: Hex) => seenBy(() => createTxFromRLP(fromHex(raw), { common }));

describe('decodeForVm', () => {
  it('sees senders and gas as ethereumjs alone does, and refuses the same bytes, over seeded mutations', async () => {
    const seed = process.env.FUZZ_SEED ?? 'vm 1';
    console.log(`transactions for the VM: seed ${seed}`);
    let refused = 0;
    for (const raw of await fuzzTransactions(seed, 1_000)) {
      const alone = byEthereumjs(raw);
      expect(byVm(raw), raw).toEqual(alone);
      if (alone === undefined) refused++;
    }
    expect(refused).toBeGreaterThan(200);
    expect(refused).toBeLessThan(800);
  });

  it.each([0, 1, 2] as const)('recovers by itself what the rules did not: another parity, type %i', async (type) => {
    const fields = plainFields({ type });
    const signature = await signFields(fields, privateKeyOf('batch VM', 0));
    const raw = encodeTransaction(fields, signature);
    const known = parseTransaction(raw, RULES_V2);
    expect(known).toMatchObject({ sender: byVm(raw)!.sender });
    // The same r with the other parity and s is another's signature, or nobody's by EIP-2.
    const other = encodeTransaction(fields, { ...signature, yParity: 1n - signature.yParity });
    expect(byVm(other)).toEqual(byEthereumjs(other));
    expect(byVm(other)?.sender).not.toBe(byVm(raw)!.sender);
    expect(byVm(encodeTransaction(fields, flipSignature(signature)))).toBeUndefined();
  });
});
