import { type Address, encodeFunctionData, type Hex, size } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { privateKeyOf, signTransaction } from '../../src/batch/sign.js';
import { bundleCalldata } from '../../src/l1/bundle-calldata.js';
import { rulesCalldata } from '../../src/l1/deploy-verifier.js';
import { MAX_TRANSACTION_BYTES, MAX_TRANSACTION_GAS } from '../../src/l1/limits.js';
import { RECORD_BYTES } from '../../src/proof/record.js';
import { SeededRandom } from '../../src/samples/random.js';
import { fakeKeyBlob } from '../helpers/key-blob.js';
import { randomBundle } from '../helpers/native-samples.js';
import { compileVerifier, startTestL1, type TestL1 } from '../helpers/test-l1.js';
import { plainFields } from '../helpers/transactions.js';

const { VerifierBench } = compileVerifier();
let l1: TestL1;
let bench: Address;
beforeAll(async () => {
  l1 = await startTestL1();
  bench = await l1.deploy(VerifierBench!, [await fakeKeyBlob(1), rulesCalldata(RULES_V2), true]);
});
afterAll(() => l1?.stop());

/** Proofs that `long-prefixes.test.ts` holds attacks to; gas of one with its calldata, of a shape and all the rest (FORMATS.md). */
const PROOFS = 200;
const PROOF_GAS = 59_400n;
const REST_GAS = 159_000n + 95_300n + 300_000n;

const filler = (bytes: number): Hex => `0x${'ff'.repeat(bytes)}`;
const entry = (keys: number) => ({ address: filler(20), keys: Array.from({ length: keys }, () => filler(32)) });
/** A sender and a recipient for each item, and the fee recipient. */
const ACCOUNTS = 2 * RULES_V2.maxItems + 1;

/** A full batch that costs L1 the most must leave room for the proofs it may need, or it could not be proven. */
it.each([
  ['data', { data: filler(121) }],
  ['access lists of keys', { accessList: [entry(2), entry(0)] }],
  ['access lists of addresses', { accessList: Array.from({ length: 5 }, () => entry(0)) }],
] as const)('a full batch with %s leaves room for its proofs', async (_what, fields) => {
  const key = privateKeyOf('full batch', 0);
  const txs: Hex[] = [];
  for (let nonce = 0n; nonce < RULES_V2.maxItems; nonce++) {
    txs.push(await signTransaction(plainFields({ nonce, gasLimit: 500_000n, value: 2n ** 80n, ...fields }), key));
  }
  const bytes = txs.reduce((sum, raw) => sum + size(raw), 0);
  expect(bytes).toBeLessThanOrEqual(RULES_V2.maxBytes);
  expect(bytes).toBeGreaterThan(RULES_V2.maxBytes - 2_000);
  const bundle = randomBundle(new SeededRandom('full batch'), 'root', txs, 0, ACCOUNTS);
  const { statement, parts } = bundleCalldata(bundle);
  const args = [statement, parts, 5n, 7n, 0n, false];
  const data = encodeFunctionData({ abi: VerifierBench!.abi, functionName: 'native_', args });
  const gas = await l1.reader.estimateGas({ to: bench, data });
  expect(gas + BigInt(PROOFS) * PROOF_GAS + REST_GAS).toBeLessThan(MAX_TRANSACTION_GAS);
  expect(size(data) + PROOFS * RECORD_BYTES).toBeLessThan(MAX_TRANSACTION_BYTES);
});
