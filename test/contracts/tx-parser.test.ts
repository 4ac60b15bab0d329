import { secp256k1 } from '@noble/curves/secp256k1.js';
import { type Address, concat, type Hex, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex } from '../../src/batch/bytes.js';
import { rlpBytes, rlpList, rlpUint } from '../../src/batch/rlp.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import {
  encodeTransaction,
  flipSignature,
  privateKeyOf,
  type Signature,
  signFields,
  signingHash,
  signTransaction,
  type TransactionFields,
} from '../../src/batch/sign.js';
import { parseTransaction } from '../../src/batch/transaction.js';
import type { Rules } from '../../src/batch/types.js';
import { fieldsOf } from '../../src/bus/layout.js';
import { rulesCalldata } from '../../src/l1/deploy-verifier.js';
import { SeededRandom } from '../../src/samples/random.js';
import { itemTerm } from '../../src/statement/execution-terms.js';
import { compileVerifier, MUCH_GAS, outcomeOf, startTestL1, type TestL1 } from '../helpers/test-l1.js';
import { fuzzTransactions, mutateBytes, plainFields } from '../helpers/transactions.js';

const KEY = privateKeyOf('tx parser test', 0);
const TX_FIELDS = fieldsOf('TX');
const N = secp256k1.Point.Fn.ORDER;

let l1: TestL1;
let bench: Address;
const { FormatBench } = compileVerifier();

beforeAll(async () => {
  l1 = await startTestL1();
  bench = await l1.deploy(FormatBench!, []);
});
afterAll(() => l1?.stop());

/** L1's verdict on each item: its use when bad, all values of its TX tuple (idx 0) when good. */
async function parseOnL1(items: readonly Hex[], rules: Rules): Promise<(bigint | readonly bigint[])[]> {
  const verdicts: (bigint | readonly bigint[])[] = [];
  const STEP = 250;
  for (let from = 0; from < items.length; from += STEP) {
    const part = items.slice(from, from + STEP);
    const [ok, values] = (await l1.call(bench, FormatBench!.abi, 'parse', [rulesCalldata(rules), part])) as [
      boolean[],
      bigint[][],
    ];
    for (const [i, good] of ok.entries()) verdicts.push(good ? values[i]! : values[i]![TX_FIELDS.indexOf('use')]!);
  }
  return verdicts;
}

/** The node's verdict in the same form. */
function parseInNode(raw: Hex, rules: Rules): bigint | readonly bigint[] {
  const parsed = parseTransaction(raw, rules);
  return parsed.kind === 'bad' ? parsed.use : itemTerm(parsed, 0n).tuple.values;
}

/** L1 and node agree on every item; returns how many are good. */
async function expectAgreement(items: readonly Hex[], rules: Rules = RULES_V2): Promise<number> {
  const verdicts = await parseOnL1(items, rules);
  for (const [i, raw] of items.entries()) {
    const node = parseInNode(raw, rules);
    const onL1 = verdicts[i]!;
    // Element by element only when they differ: expect on thousands of arrays is slow.
    if (String(node) !== String(onL1)) expect({ raw, verdict: onL1 }).toEqual({ raw, verdict: node });
  }
  return verdicts.filter((verdict) => typeof verdict !== 'bigint').length;
}

const signed = (over: Partial<TransactionFields>) => signTransaction(plainFields(over), KEY);

describe("L1's transaction parser", () => {
  it('agrees with the node on seeded valid and malformed transactions, in every field', async () => {
    const seed = process.env.FUZZ_SEED ?? `l1-${Date.now()}`;
    const items = await fuzzTransactions(seed, 6_000);
    const good = await expectAgreement(items);
    console.log(`transaction parser: seed ${seed}, ${good} of ${items.length} good`);
    // Three of ten are not touched, as many are malformed: half of that is beyond any luck.
    expect(Math.min(good, items.length - good)).toBeGreaterThan(900);
  });

  it('agrees on every single-byte truncation and many byte flips of a transaction of each type', async () => {
    const accessList = [{ address: `0x${'11'.repeat(20)}` as Address, keys: [`0x${'22'.repeat(32)}` as Hex] }];
    for (const type of [0, 1, 2] as const) {
      const raw = await signed({ type, data: '0x00ff', gasLimit: 90_000n, accessList: type === 0 ? [] : accessList });
      const bytes = fromHex(raw);
      const cuts = Array.from(bytes, (_, i) => toHex(bytes.slice(0, i)));
      const flips = Array.from(bytes, (byte, i) =>
        [0x00, 0x80, byte ^ 1, byte ^ 0x80, 0xff].map((x) =>
          toHex(Uint8Array.from(bytes, (b, j) => (j === i ? x : b))),
        ),
      ).flat();
      expect(await expectAgreement([raw, ...cuts])).toBe(1);
      await expectAgreement(flips);
    }
  });

  it('agrees on items as long as a batch may have, whose headers have lengths of three bytes', async () => {
    const gasLimit = 20_000_000n;
    const items: Hex[] = [];
    const random = new SeededRandom('long items');
    const bytes = (length: number) => random.hex(length);
    for (const type of [0, 1, 2] as const) {
      // Data, the list of fields, and what is signed pass 2^16 bytes one after the other.
      for (const less of [0, 1, 40, 60, 80, 120, 160, 200]) {
        items.push(await signed({ type, gasLimit, data: bytes(65_536 - less) }));
      }
      const room = RULES_V2.maxBytes - 140;
      items.push(await signed({ type, gasLimit, data: toHex(new Uint8Array(room)) }));
      items.push(await signed({ type, gasLimit, data: bytes(room) }));
    }
    const address: Address = `0x${'11'.repeat(20)}`;
    const keys = Array.from({ length: 2_000 }, () => bytes(32));
    items.push(await signed({ gasLimit, accessList: [{ address, keys }] }));
    items.push(await signed({ gasLimit, accessList: keys.map(() => ({ address, keys: [] })) }));
    const good = items.length;
    for (const raw of [...items]) {
      const long = fromHex(raw);
      // A byte short, one too many, and the outermost length off by 2^16.
      items.push(toHex(long.slice(0, -1)), toHex(Uint8Array.of(...long.slice(0, 65_000), 0, ...long.slice(65_000))));
      const at = long[0]! < 0xc0 ? 2 : 1;
      if (long[at - 1] === 0xfa) items.push(toHex(long.map((byte, i) => (i === at ? byte ^ 1 : byte))));
    }
    let agreed = 0;
    for (let at = 0; at < items.length; at += 8) agreed += await expectAgreement(items.slice(at, at + 8), RULES_V2);
    expect(agreed).toBe(good);
  });

  it('decides every rule of FORMATS.md as the node does, with both sides of each limit', async () => {
    const max64 = 2n ** 64n - 1n;
    const most = { gasLimit: max64, tip: 0n, cap: 2n ** 192n, value: 2n ** 256n - 1n - max64 * 2n ** 192n };
    const zero = `0x${'00'.repeat(19)}`;
    const good: Partial<TransactionFields>[] = [
      {},
      { type: 0 },
      { type: 1 },
      { type: 0, chainId: undefined },
      { nonce: max64 - 1n },
      { tip: 3_000_000_000n },
      { tip: 0n, cap: RULES_V2.baseFee },
      { type: 0, tip: 0n, cap: RULES_V2.baseFee },
      { to: `${zero}00` as Hex },
      { to: `${zero}0b` as Hex },
      { to: `0x${'00'.repeat(18)}0101` },
      { gasLimit: 21_020n, data: '0x0001' },
      {
        gasLimit: 21_000n + 16n * 100n + 4n * 33n,
        data: concat([toHex(new Uint8Array(100).fill(1)), toHex(new Uint8Array(33))]),
      },
      { gasLimit: 23_400n, accessList: [{ address: `${zero}01` as Address, keys: [] }] },
      { gasLimit: 25_300n, accessList: [{ address: `${zero}01` as Address, keys: [toHex(1n, { size: 32 })] }] },
      most,
      { value: 2n ** 256n - 1n - 21_000n * 3_000_000_000n },
      { data: toHex(new Uint8Array(70_000).fill(7)), gasLimit: 2_000_000n },
      { data: toHex(new Uint8Array(70_000)), gasLimit: 301_000n },
    ];
    const bad: Partial<TransactionFields>[] = [
      { chainId: 1n },
      { type: 0, chainId: RULES_V2.chainId + 1n },
      { nonce: max64 },
      { nonce: max64 + 1n },
      { tip: 3_000_000_001n },
      { tip: 0n, cap: RULES_V2.baseFee - 1n },
      { gasLimit: 20_999n },
      { gasLimit: 21_019n, data: '0x0001' },
      { gasLimit: 23_399n, accessList: [{ address: `${zero}01` as Address, keys: [] }] },
      { gasLimit: 25_299n, accessList: [{ address: `${zero}01` as Address, keys: [toHex(1n, { size: 32 })] }] },
      { gasLimit: max64 + 1n },
      { ...most, value: most.value + 1n },
      { gasLimit: 2n ** 63n, cap: 2n ** 193n, tip: 0n },
      { gasLimit: 21_000n, cap: 2n ** 256n - 1n },
      { to: '0x', gasLimit: 100_000n },
      { to: `${zero}01` as Hex },
      { to: `${zero}0a` as Hex },
      { to: `${zero}` as Hex },
      { to: `${zero}0b0b` as Hex },
      { value: 2n ** 256n },
    ];
    expect(await expectAgreement(await Promise.all(good.map(signed)))).toBe(good.length);
    expect(await expectAgreement(await Promise.all(bad.map(signed)))).toBe(0);
  });

  it('decides signatures as ecrecover and EIP-2 do', async () => {
    const fields = plainFields();
    const sound = await signFields(fields, KEY);
    const withSignature = (over: Partial<Signature>) => encodeTransaction(fields, { ...sound, ...over });
    // R = k·G and s = z/k make s·R = z·G: the recovered point is infinity.
    const k = 12_345n;
    const { x, y } = secp256k1.Point.BASE.multiply(k).toAffine();
    const s = secp256k1.Point.Fn.create(BigInt(signingHash(fields)) * secp256k1.Point.Fn.inv(k));
    const infinity = { r: x, s, yParity: y & 1n };
    const low = s > N / 2n ? flipSignature(infinity) : infinity;
    const good = [{}, { s: N / 2n }, { ...low, s: low.s - 1n }];
    const bad = [
      flipSignature(sound),
      low,
      ...[2n, 27n, 2n ** 64n].map((yParity) => ({ yParity })),
      ...[0n, 5n, N, 2n ** 256n - 1n].map((r) => ({ r })),
      ...[0n, N / 2n + 1n, N - 1n, N].map((value) => ({ s: value })),
    ];
    expect(await expectAgreement(good.map(withSignature))).toBe(good.length);
    expect(await expectAgreement(bad.map(withSignature))).toBe(0);
  });

  it('accepts only its own legacy v', async () => {
    const fields = plainFields({ type: 0 });
    const { r, s } = await signFields(fields, KEY);
    const withV = (v: bigint) => {
      const head = [fields.nonce, fields.cap, fields.gasLimit].map(rlpUint);
      const items = [...head, rlpBytes(fromHex(fields.to)), rlpUint(5n), rlpBytes(new Uint8Array(0)), rlpUint(v)];
      return toHex(rlpList([...items, rlpUint(r), rlpUint(s)]));
    };
    const base = 35n + 2n * RULES_V2.chainId;
    const values = [0n, 1n, 26n, 27n, 28n, 29n, 34n, 35n, 36n, base - 1n, base, base + 1n, base + 2n, 2n ** 64n - 1n];
    await expectAgreement([...values, 2n ** 64n, 2n ** 128n].map(withV));
  });

  it('agrees under other rules: chain ids of every width, a base fee of 0, other work', async () => {
    const random = new SeededRandom('other rules');
    for (const chainId of [1n, 127n, 128n, 255n, 256n, 2n ** 32n, 2n ** 63n - 100n, 2n ** 64n - 1n]) {
      const rules = {
        ...RULES_V2,
        chainId,
        baseFee: 0n,
        w0: 7n,
        w1: 3n,
        w2: 2n ** 63n,
        wAccess: 5n,
        wCode: 2n ** 63n + 9n,
      };
      const accessList = [{ address: `0x${'11'.repeat(20)}` as Address, keys: [] }];
      const items = await Promise.all([
        signed({ type: 0, chainId, cap: 0n }),
        signed({ type: 1, chainId, cap: 5n, accessList, gasLimit: 30_000n }),
        signed({ chainId, tip: 1n, cap: 2n ** 100n }),
      ]);
      // EIP-155's v must fit eight bytes, which the largest chain ids leave no room for.
      expect(await expectAgreement(items, rules)).toBe(35n + 2n * chainId + 1n < 2n ** 64n ? 3 : 2);
      await expectAgreement(
        items.flatMap((raw) => Array.from({ length: 20 }, () => mutateBytes(raw, random))),
        rules,
      );
    }
  });

  it('never looks beyond the item: the rest of an item cut anywhere may follow it in calldata', async () => {
    const raw = await signed({ data: '0x0102', gasLimit: 90_000n });
    const length = (raw.length - 2) / 2;
    const verdict = (from: number, size: number, all: Hex) =>
      l1.call(bench, FormatBench!.abi, 'parseWithin', [rulesCalldata(RULES_V2), all, BigInt(from), BigInt(size)]);
    expect(await verdict(0, length, raw)).toBe(true);
    expect(await verdict(3, length, `0xffffff${raw.slice(2)}ffffff`)).toBe(true);
    for (let size = 0; size < length; size += 7) expect(await verdict(0, size, raw), `cut at ${size}`).toBe(false);
    expect(await verdict(0, length + 1, `${raw}00`)).toBe(false);
  });

  it('fails when ecrecover is starved of gas, and never calls a good transaction bad', async () => {
    const raw = await signed({});
    const args = [rulesCalldata(RULES_V2), raw, 0n, BigInt((raw.length - 2) / 2)];
    const call = (gas: bigint) => l1.call(bench, FormatBench!.abi, 'parseWithin', args, gas);
    const outcomes = { accepted: 0, refused: 0 };
    for (let gas = 23_000n; gas < 50_000n; gas += 300n) {
      // Whatever gas there is: the right verdict or a failed call, never the verdict "bad".
      const verdict = await call(gas).catch((error) => outcomeOf(Promise.reject(error)));
      if (verdict === true) outcomes.accepted++;
      else outcomes.refused++;
      expect(verdict, `gas ${gas}`).not.toBe(false);
    }
    expect(outcomes.accepted).toBeGreaterThan(10);
    expect(outcomes.refused).toBeGreaterThan(10);
    expect(await call(MUCH_GAS)).toBe(true);
  });
});
