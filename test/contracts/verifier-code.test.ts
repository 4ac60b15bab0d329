import { type Hex, size, slice, toHex, zeroAddress, zeroHash } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inverse, mod, R } from '../../src/bus/field.js';
import { challengeOf, fingerprint, sumOf } from '../../src/bus/tuple.js';
import { VerificationError } from '../../src/errors/proof.js';
import { StatementError } from '../../src/errors/statement.js';
import { bundleCalldata } from '../../src/l1/bundle-calldata.js';
import { codeContract } from '../../src/l1/code-contract.js';
import { recordsOf } from '../../src/proof/parts.js';
import type { Bundle } from '../../src/proof/types.js';
import { SeededRandom } from '../../src/samples/random.js';
import { withCode } from '../helpers/code-samples.js';
import { NativeBench, put } from '../helpers/native-bench.js';
import { randomBundle } from '../helpers/native-samples.js';
import { tablesVectors } from '../helpers/tables-vectors.js';
import { outcomeOf } from '../helpers/test-l1.js';
import { fuzzTransactions } from '../helpers/transactions.js';

const SEED = process.env.FUZZ_SEED ?? `code-${Date.now()}`;
console.log(`tuples of code: seed ${SEED}`);

/** What L1's tuples do not depend on. */
const NO_PROOFS = {
  ...{ l1ChainId: 31_337n, verifier: zeroAddress, beneficiary: zeroAddress, keySetHash: zeroHash },
  rulesHash: zeroHash,
} as const;

let bench: NativeBench;
let pool: Hex[];

beforeAll(async () => {
  bench = await NativeBench.start();
  pool = await fuzzTransactions(SEED, 150);
  const random = new SeededRandom(`${SEED} published`);
  for (const length of [1, 95, 96, 700, 24_576]) {
    const code = `0x01${random.hex(length).slice(4)}` as Hex;
    const address = await bench.l1.deploy({ abi: [], bytecode: codeContract(code), runtimeSize: length }, []);
    expect(await bench.l1.reader.getCode({ address })).toBe(code);
    bench.published.push({ address, code });
  }
});
afterAll(() => bench?.stop());

function randomCodeBundle(random: SeededRandom): Bundle {
  const txs = Array.from({ length: random.below(8) }, () => random.pick(pool));
  const cutOff = random.pick([0, 0, random.below(txs.length + 1)]);
  const bundle = randomBundle(random, random.pick(['diff', 'root']), txs, cutOff, random.below(8));
  const sizes = { slots: random.pick([0, 3, 3, 140]), codes: random.below(4), keccaks: random.below(6) };
  return withCode(random, bundle, sizes, bench.published);
}

describe("L1's tuples of code", () => {
  it('add up to the sum of the mirror for random slots, runs, codes and hashes in both modes', async () => {
    const random = new SeededRandom(SEED);
    for (let round = 0; round < 60; round++) {
      const bundle = randomCodeBundle(random);
      const challenge = challengeOf(random.bits(256) % R, random.bits(256) % R);
      const [num, den] = await bench.native(bundleCalldata(bundle), challenge.alpha, challenge.beta);
      expect(mod(num * inverse(den)), `round ${round} of seed ${SEED}`).toBe(sumOf(bench.terms(bundle), challenge));
    }
  });

  it('have the sums of test/fixtures/tables-vectors.json', async () => {
    for (const { name, bundle, contracts, alpha, beta, sum } of tablesVectors()) {
      for (const { address, code } of contracts) await bench.setCode(address, code);
      const calldata = bundleCalldata({ ...bundle, ...NO_PROOFS });
      const [num, den] = await bench.native(calldata, alpha, beta);
      expect(mod(num * inverse(den)), name).toBe(sum);
    }
  });

  it('refuse a zero fingerprint, wherever it stands', async () => {
    const random = new SeededRandom(`${SEED} zero`);
    const txs = pool.slice(0, 4);
    const sizes = { slots: 3, codes: 2, keccaks: 6 };
    const bundle = withCode(random, randomBundle(random, 'root', txs, 0, 4), sizes, bench.published.slice(0, 2));
    for (const { weight, tuple } of bench.terms(bundle)) {
      if (weight === 0n) continue;
      const alpha = mod(-fingerprint(tuple, challengeOf(0n, 12_345n)));
      expect(await bench.balance(bundle, alpha, 12_345n, 0n), tuple.name).toBe('ZeroFingerprint');
    }
  });

  it('are those of the tables alone: a flipped byte is refused by name, or changes both sums alike', async () => {
    const random = new SeededRandom(`${SEED} flips`);
    const names = new Set(bench.abi.flatMap((item) => (item.type === 'error' ? [item.name] : [])));
    const seen = new Map<string, number>();
    let alike = 0;
    for (let round = 0; round < 200; round++) {
      const bundle = randomCodeBundle(random);
      const n = random.below(bundle.parts.length);
      const part = bundle.parts[n]!;
      const at = random.below(size(part));
      const byte = Number(slice(part, at, at + 1)) ^ (1 << random.below(8));
      const flipped = { ...bundle, parts: bundle.parts.with(n, put(part, at, toHex(byte, { size: 1 }))) };
      const calldata = bundleCalldata(flipped);
      const outcome = await outcomeOf(bench.native(calldata));
      let mirror = 'accepted';
      try {
        recordsOf(flipped.parts); // A part of another kind may pass for proofs.
        const terms = bench.terms(flipped);
        const [num, den] = await bench.native(calldata);
        expect(mod(num * inverse(den))).toBe(sumOf(terms, challengeOf(5n, 7n)));
      } catch (error) {
        if (!(error instanceof StatementError || error instanceof VerificationError)) throw error;
        mirror = error.reason;
      }
      const where = `flip ${round} of seed ${SEED}: ${outcome}, mirror ${mirror}`;
      // Where one byte breaks several rules, L1 and the mirror may meet another one first.
      expect(outcome === 'accepted', where).toBe(mirror === 'accepted');
      if (outcome !== 'accepted') expect(names, where).toContain(outcome);
      if (outcome === mirror) alike++;
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    }
    console.log('byte flips:', Object.fromEntries(seen), `${alike} alike`);
    // Nearly all are: half of them are not by any luck.
    expect(alike).toBeGreaterThan(100);
  });
});
