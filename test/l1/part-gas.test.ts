import { type Address, type Hex, keccak256, toHex } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAX_CODE_BYTES } from '../../src/batch/genesis.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { privateKeyOf, signTransaction, type TransactionFields } from '../../src/batch/sign.js';
import { bundleCalldata } from '../../src/l1/bundle-calldata.js';
import { measureParts } from '../../src/l1/part-gas.js';
import type { Bundle } from '../../src/proof/types.js';
import { SeededRandom } from '../../src/samples/random.js';
import { contentOf, reTabled, withContent } from '../helpers/bundles.js';
import { withCode } from '../helpers/code-samples.js';
import { NativeBench } from '../helpers/native-bench.js';
import { randomBundle } from '../helpers/native-samples.js';
import { fuzzTransactions, plainFields } from '../helpers/transactions.js';

/**
 * What goes into one L1 transaction is planned by an estimate that must never be below what L1 takes, whatever a sequencer posts: an
 * upload that is planned too large is sent by nobody.
 */
const SEED = process.env.FUZZ_SEED ?? `part gas ${Date.now()}`;
console.log(`part gas: seed ${SEED}`);
const random = new SeededRandom(SEED);
const KEY = privateKeyOf('part gas', 0);

let bench: NativeBench;
beforeAll(async () => {
  bench = await NativeBench.start(RULES_V2);
});
afterAll(() => bench?.stop());

/** Gas that L1 takes for the parts, and the estimate. */
async function gasOf(bundle: Bundle): Promise<[taken: number, planned: number]> {
  const [, , gas] = await bench.native(bundleCalldata(bundle));
  return [Number(gas), measureParts(bundle.parts).reduce((sum, part) => sum + part.gas, 0)];
}

const address: Address = `0x${'11'.repeat(20)}`;
const key = toHex(2n ** 256n - 1n, { size: 32 });
const list = (count: number, keys: number) =>
  Array.from({ length: count }, () => ({ address, keys: Array<Hex>(keys).fill(key) }));

/** Items of 30 KB that are as dear as possible. */
const ITEMS: readonly (readonly [name: string, fields: Partial<TransactionFields>, words: number])[] = [
  ['data', { data: `0x${'01'.repeat(30_000)}` }, 900],
  ['data of zeros', { data: `0x${'00'.repeat(30_000)}` }, 900],
  ['an access list of addresses', { accessList: list(1_300, 0) }, 0],
  ['an access list of addresses with a key each', { accessList: list(530, 1) }, 0],
  ['an access list of keys', { accessList: list(1, 900) }, 0],
];

it.each(ITEMS)('an item with %s, read or run', async (_, fields, words) => {
  const raw = await signTransaction(plainFields({ gasLimit: 10_000_000n, ...fields }), KEY);
  const read = randomBundle(random, 'diff', [raw], 0, 0);
  const run = reTabled(read, { runs: [{ item: 1, uses: Array<bigint>(words).fill(5n) }] });
  for (const bundle of [read, run]) {
    const [taken, planned] = await gasOf(bundle);
    expect(planned).toBeGreaterThan(taken);
  }
});

it('the longest code, its bytes or a contract with them, and the longest hash', async () => {
  const code: Hex = `0x${'5b'.repeat(MAX_CODE_BYTES)}`;
  const { address: contract } = await bench.publish(random.hex(20), code);
  const uses = { blobUses: 5n, lenUses: 5n };
  const tables = [
    { codes: [{ kind: 'inline', code, ...uses }] },
    { codes: [{ kind: 'contract', address: contract, hash: keccak256(code), ...uses }] },
    { keccaks: [{ kind: 'general', input: `0x${'5b'.repeat(65_536)}`, uses: 5n }] },
  ] as const;
  for (const over of tables) {
    const [taken, planned] = await gasOf(reTabled(randomBundle(random, 'diff', [], 0, 0), over));
    expect(planned, Object.keys(over)[0]).toBeGreaterThan(taken);
  }
});

it('any tables', async () => {
  const pool = await fuzzTransactions(SEED, 60);
  for (let round = 0; round < 60; round++) {
    const txs = Array.from({ length: random.below(6) }, () => random.pick(pool));
    const most = random.pick([1, 20, 100]);
    const plain = randomBundle(
      random,
      random.pick(['diff', 'root']),
      txs,
      random.below(txs.length + 1),
      random.below(6),
    );
    const bundle = withCode(random, plain, { slots: most, codes: random.below(4), keccaks: random.below(most) });
    const [taken, planned] = await gasOf(withContent(bundle, contentOf(bundle)));
    expect(planned, `round ${round} of seed ${SEED}`).toBeGreaterThan(taken);
  }
});
