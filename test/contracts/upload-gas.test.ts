import { concat, encodeFunctionData, pad, size, slice } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProofVerifier } from '../../contracts/generated/artifacts.js';
import { calldataGas } from '../../prover/agents/l1-account.js';
import { batchHash } from '../../src/batch/header.js';
import { statementCalldata } from '../../src/l1/bundle-calldata.js';
import { measureParts, sizeOfFeed, sizeOfProve } from '../../src/l1/part-gas.js';
import { groupParts, planParts } from '../../src/l1/plan-parts.js';
import type { L1Call } from '../../src/l1/send-call.js';
import { decodePart } from '../../src/proof/parts.js';
import type { Bundle } from '../../src/proof/types.js';
import { SeededRandom } from '../../src/samples/random.js';
import { contentOf } from '../helpers/bundles.js';
import { randomSlots, withCode, withTables } from '../helpers/code-samples.js';
import { randomBundle } from '../helpers/native-samples.js';
import { forgeBundle } from '../helpers/open-keys.js';
import { MUCH_GAS } from '../helpers/test-l1.js';
import { fuzzTransactions } from '../helpers/transactions.js';
import { UploadWorld } from '../helpers/upload-world.js';

/** What parts may cost more than one call: a transaction each, and a pairing call for each with proofs. */
const [PART, PROOF_PART] = [50_000, 250_000];

let world: UploadWorld;
const random = new SeededRandom('upload gas');

beforeAll(async () => {
  world = await UploadWorld.start();
  await world.l1.reader.request({ method: 'anvil_setCode', params: [METER_ADDRESS, METER] } as never);
});
afterAll(() => world?.stop());

/** A bundle with so many proofs over three shapes, cut as the planner cuts it. */
async function bundleOf(proofs: number, over: (bundle: Bundle) => Bundle = (bundle) => bundle): Promise<Bundle> {
  const txs = (await fuzzTransactions('upload gas', 40)).slice(0, 20);
  const sizes = { slots: 10, codes: 3, keccaks: 10 };
  const content = over(withCode(random, randomBundle(random, 'root', txs, 2, 20), sizes));
  const bundle = { ...content, verifier: world.verifier };
  const shapes = Array.from({ length: proofs }, (_, i) => Math.floor((3 * i) / proofs));
  return forgeBundle(world.keys, bundle, planParts(contentOf(bundle), shapes), shapes);
}

/** Gas of a call as a transaction, and its bytes, on the L1 with the cap. */
async function sent(call: L1Call): Promise<{ gas: number; bytes: number }> {
  const { gasUsed } = await world.send(call);
  // Everything of a transaction but its calldata takes less than 200 bytes.
  return { gas: Number(gasUsed), bytes: size(call.data) + 200 };
}

/**
 * Code that calls the address in its first word of calldata with the rest, and returns whether that went well and the gas it took:
 * PUSH1 32 CALLDATASIZE SUB DUP1 PUSH1 32 PUSH0 CALLDATACOPY GAS, PUSH0 PUSH0 DUP4 PUSH0 PUSH0 CALLDATALOAD GAS STATICCALL,
 * GAS SWAP1 PUSH0 MSTORE SWAP1 SUB PUSH1 32 MSTORE PUSH1 64 PUSH0 RETURN.
 */
const METER = '0x602036038060205f375a5f5f835f5f355afa5a905f52900360205260405ff3';
const METER_ADDRESS = `0x${'3e'.repeat(20)}` as const;

/** Gas of one `verify` as a transaction, if L1 took transactions of any size. */
async function inOne({ parts, ...bundle }: Bundle): Promise<number> {
  const args = [statementCalldata(bundle), parts] as const;
  const call = encodeFunctionData({ abi: ProofVerifier.abi, functionName: 'verify', args });
  const { data } = await world.l1.reader.call({
    to: METER_ADDRESS,
    data: concat([pad(world.verifier), call]),
    gas: MUCH_GAS,
  });
  expect(BigInt(slice(data!, 0, 32))).toBe(1n);
  return Number(BigInt(slice(data!, 32))) + calldataGas(call);
}

/** Gas of an upload by these borders of groups, with the result; each transaction within its estimate. */
async function inParts(bundle: Bundle, borders: readonly number[]): Promise<number> {
  const measures = measureParts(bundle.parts);
  let [total, from] = [0, 0];
  for (const to of borders) {
    const call = from === 0 ? world.begin(bundle, to) : world.feed(bundle, from, to);
    const { gas, bytes } = await sent(call);
    const estimate = sizeOfFeed(measures.slice(from, to));
    const kinds = bundle.parts.slice(from, to).map((part) => decodePart(part).kind);
    expect(estimate.gas, `${kinds} takes ${gas}`).toBeGreaterThan(gas);
    expect(estimate.bytes, String(kinds)).toBeGreaterThan(bytes);
    [total, from] = [total + gas, to];
  }
  expect(await world.result(bundle)).toBe(batchHash(bundle.header));
  const args = [statementCalldata(bundle), world.dues(bundle)[0]!] as const;
  const asked = { address: world.verifier, abi: ProofVerifier.abi, functionName: 'result', args } as const;
  const gas = await world.l1.reader.estimateContractGas({ ...asked, account: world.l1.wallet.account } as never);
  return total + Number(gas) - 21_000;
}

describe('gas of parts', () => {
  it.each([1, 4, 30])(
    'with %i proofs: 50,000 a part and 250,000 a part with proofs at most, each in a transaction',
    async (n) => {
      const bundle = await bundleOf(n);
      const one = await inOne(bundle);
      const parts = await inParts(
        bundle,
        bundle.parts.map((_, i) => i + 1),
      );
      console.log(`gas with ${n} proofs: ${one} in one call, ${parts} in ${bundle.parts.length} transactions`);
      expect(parts - one).toBeLessThan(PART * bundle.parts.length + PROOF_PART);
      expect(sizeOfProve(measureParts(bundle.parts)).gas).toBeGreaterThan(one);
    },
  );

  it.each([100, 300])(
    'with %i proofs: at most 5 percent more than one call with the cap lifted',
    async (n) => {
      const bundle = await bundleOf(n);
      const one = await inOne(bundle);
      const borders = groupParts(bundle.parts).map(({ to }) => to);
      const parts = await inParts(bundle, borders);
      console.log(`gas with ${n} proofs: ${one} in one call, ${parts} in ${borders.length} transactions`);
      expect(parts).toBeLessThan(1.05 * one);
    },
    300_000,
  );

  it('of an account with 2,600 slots, of codes and of long hashes is within the estimates, and not far below', async () => {
    const hash = { kind: 'general', input: random.hex(65_536), uses: 1n } as const;
    const code = { kind: 'inline', code: random.hex(24_576), blobUses: 1n, lenUses: 1n } as const;
    const bundle = await bundleOf(1, (plain) => {
      const { tables } = contentOf(plain);
      const at = tables.accounts.findIndex(({ pre, post }) => pre.nonce > 0n && post.nonce > 0n);
      const account = tables.accounts[at]!;
      const slots = randomSlots(random, 'root', account, 2_600);
      return withTables(plain, {
        accounts: tables.accounts.with(at, { ...account, slots }),
        keccaks: [hash, hash],
        codes: [code],
      });
    });
    expect(bundle.parts.length).toBeGreaterThan(6);
    const one = await inOne(bundle);
    const parts = await inParts(
      bundle,
      groupParts(bundle.parts).map(({ to }) => to),
    );
    const estimated = groupParts(bundle.parts).reduce((sum, { size: { gas } }) => sum + gas, 0);
    console.log(`gas of large entries: ${one} in one call, ${parts} in parts, estimated ${estimated}`);
    expect(estimated).toBeLessThan(1.5 * parts);
  }, 300_000);
});
