import { concat, type Hex, parseGwei, toHex } from 'viem';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES_V2, rulesHash } from '../../src/batch/rules.js';
import { type L1Call, type Wallet, waitForReceipt } from '../../src/l1/send-call.js';
import { uploadOf, uploadSteps } from '../../src/l1/upload.js';
import { createVerifierClient } from '../../src/l1/verifier-client.js';
import { encodePart } from '../../src/proof/parts.js';
import { RECORD_BYTES } from '../../src/proof/record.js';
import type { Bundle } from '../../src/proof/types.js';
import { encodeKeccaks } from '../../src/statement/table-code.js';
import { HEAD_BYTES } from '../../src/statement/tables.js';
import { createDisputeWorld, type DisputeWorld, f, fakeBundle } from '../helpers/dispute-world.js';

/**
 * At a base fee far below 1 gwei, which is L1's usual one by now, a cheater that needs no tip (its builder is patient, or its own) would
 * get 1 gwei a gas for nothing out of its own purses: by wasting gas, most of F. Nobody is paid more for gas than it was paid for.
 */
let world: DisputeWorld;
const [WRONG, LOW, GWEI] = [555n, parseGwei('0.1'), parseGwei('1')];
beforeAll(async () => {
  world = await createDisputeWorld();
  await world.post(4);
});
afterAll(() => world?.l1.stop());

/** Sends a call in a block with a low base fee, and returns what its gas was paid, in wei. */
async function sendFor(tip: bigint, wallet: Wallet, call: L1Call): Promise<{ fee: bigint; price: bigint }> {
  await world.request('anvil_setNextBlockBaseFeePerGas', [toHex(LOW)]);
  const fees = { maxFeePerGas: parseGwei('10'), maxPriorityFeePerGas: tip, gas: 3_000_000n };
  const hash = await wallet.sendTransaction({ ...call, ...fees, chain: foundry });
  const { status, gasUsed, effectiveGasPrice } = await waitForReceipt(world.reader, hash);
  expect([status, effectiveGasPrice]).toEqual(['success', LOW + tip]);
  return { fee: gasUsed * effectiveGasPrice, price: effectiveGasPrice };
}

const TIPS = [0n, 1n, parseGwei('0.01'), GWEI - 1n];
const root = (n: bigint) => world.roots[Number(n)]!;

describe('what is paid back is never more than was paid', () => {
  it.each([...TIPS, GWEI, 5n * GWEI])('for moves, at a tip of %s wei, up to 1 gwei of it', (tip) =>
    world.isolated(async () => {
      const { alice, bob, calls, parameters } = world;
      const { id, claimHash } = await world.claim(alice, 'root', 4n, WRONG);
      await sendFor(tip, bob, calls.challenge(id, claimHash, 0n, parameters.bond));
      const paid = LOW + (tip > GWEI ? GWEI : tip);
      expect((await world.game(1n)).spent).toBe(((90_000n * paid) / GWEI) * GWEI);
    }),
  );

  it.each(TIPS)('for a proof in one transaction, at a tip of %s wei', (tip) =>
    world.isolated(async () => {
      const { carol } = world;
      const value = f(world.hash(1n), root(0n), 'root');
      const bundle = fakeBundle(world, 1n, root(0n), 'root', value, carol.account.address);
      const { fee } = await sendFor(tip, carol, world.calls.prove(bundle, []));
      const { cost } = (await world.dispute.proven(world.hash(1n), root(0n), 'root'))!;
      expect(cost).toBeGreaterThan(0n);
      expect(cost).toBeLessThan(fee);
    }),
  );

  it.each(TIPS)('for an upload, at a tip of %s wei', (tip) =>
    world.isolated(async () => {
      const { dave } = world;
      const { calls, seed } = upload();
      let fees = 0n;
      for (const call of calls) fees += (await sendFor(tip, dave, call)).fee;
      const { cost: uploaded } = await createVerifierClient(world.reader, world.verifier).cost(seed);
      const { cost } = (await world.dispute.proven(world.hash(1n), root(0n), 'root'))!;
      expect(uploaded).toBeGreaterThan(0n);
      expect(cost).toBeGreaterThan(uploaded);
      expect(cost).toBeLessThan(fees);
    }),
  );

  it('a proof is estimated as it is sent, although estimates know no price', () =>
    world.isolated(async () => {
      const { alice, bob, carol, calls, reader } = world;
      const claim = await world.claim(alice, 'root', 1n, WRONG);
      const game = await world.challenge(bob, claim.id);
      const value = f(world.hash(1n), root(0n), 'root');
      const bundle = fakeBundle(world, 1n, root(0n), 'root', value, carol.account.address);
      const call = calls.prove(bundle, [game.id]);
      const estimate = await reader.estimateGas({ ...call, account: carol.account });
      const { gasUsed } = await world.send(carol, call);
      console.info('gas of a proof', { estimate, gasUsed });
      // L1's time may differ; what is stored and paid may not.
      expect(estimate).toBeGreaterThan(gasUsed - 5_000n);
    }));
});

/** An upload of the truth about root 1 for dave, of parts that the fake verifier takes. */
function upload(): { calls: L1Call[]; seed: Hex } {
  const { dave, verifier, batches } = world;
  const keccaks = encodeKeccaks([{ kind: 'general', uses: 1n, input: `0x${'33'.repeat(5_000)}` }]);
  const bundle: Bundle = {
    ...{
      l1ChainId: BigInt(foundry.id),
      verifier,
      beneficiary: dave.account.address,
      keySetHash: toHex(0, { size: 32 }),
    },
    ...{ rulesHash: rulesHash(RULES_V2), header: batches[0]!.header, preRoot: root(0n), mode: 'root', value: root(1n) },
    parts: [
      encodePart('head', toHex(0, { size: HEAD_BYTES })),
      encodePart('keccaks', concat(keccaks)),
      encodePart('proofs', toHex(0, { size: RECORD_BYTES })),
    ],
  };
  const { statement, frozen, seed } = uploadOf(bundle);
  const steps = uploadSteps(uploadOf(bundle), 0, 1).map(({ call }) => call);
  return { calls: [...steps, world.calls.proveUploaded(statement, frozen, [])], seed };
}
