import { type Address, concat, encodeFunctionData, type Hex, size, slice, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchHash, txsHash } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { privateKeyOf, signTransaction } from '../../src/batch/sign.js';
import { R } from '../../src/bus/field.js';
import { type BundleCalldata, bundleCalldata, type StatementCalldata } from '../../src/l1/bundle-calldata.js';
import { rulesCalldata } from '../../src/l1/deploy-verifier.js';
import { waitForReceipt } from '../../src/l1/send-call.js';
import { buildKeySet, type KeySet } from '../../src/proof/keyset.js';
import { P } from '../../src/proof/points.js';
import type { Bundle } from '../../src/proof/types.js';
import { fractionOf, verifyProofs } from '../../src/proof/verify.js';
import { wasmEngine } from '../../src/proof/wasm.js';
import { SeededRandom } from '../../src/samples/random.js';
import { ANY_CHIPS, ANY_SHAPES } from '../fixtures/any-tuple.js';
import { type AnyProof, balancingProofs, proveRows } from '../helpers/any-bundle.js';
import { contentOf, l1Origins, proven, reTabled, tablesOf, withBatch, withContent } from '../helpers/bundles.js';
import { outsideSubgroup } from '../helpers/curve-points.js';
import { randomBundle } from '../helpers/native-samples.js';
import { compileVerifier, outcomeOf, startTestL1, type TestL1 } from '../helpers/test-l1.js';
import { plainFields } from '../helpers/transactions.js';

const { ProofVerifier, VerifierBench } = compileVerifier();
const SEED = process.env.FUZZ_SEED ?? `proofs-${Date.now()}`;
console.log(`proof controls: seed ${SEED}`);
const engine = wasmEngine();
const random = new SeededRandom(SEED);
/** Offsets in a proof record. */
const AT = { shape: 0, D: 1, sum: 65, A: 97, B: 161, C: 289 } as const;

let l1: TestL1;
let verifier: Address;
let bench: Address;
let keySet: KeySet;
let txs: Hex[];
/** A bundle over shapes 0 0 1 1 in mode root; `records` are its proofs, `proofs` their rows. */
let bundle: Bundle;
let proofs: AnyProof[];
let records: Hex[];

beforeAll(async () => {
  keySet = await buildKeySet('anytuple', { shapes: ANY_SHAPES, chips: ANY_CHIPS });
  l1 = await startTestL1();
  const args = [keySet.blob, rulesCalldata(RULES_V2), true];
  verifier = await l1.deploy(ProofVerifier!, args);
  bench = await l1.deploy(VerifierBench!, args);
  const key = privateKeyOf('verifier proofs', 0);
  txs = await Promise.all([0n, 1n, 2n].map((nonce) => signTransaction(plainFields({ nonce }), key)));
  bundle = bind(randomBundle(random, 'root', txs, 0, 4));
  proofs = balancingProofs(bundle, [0, 0, 1, 1], keySet);
  records = await proveRows(bundle, proofs, keySet, engine);
});
afterAll(async () => {
  await l1?.stop();
  await engine.close();
});

/** The bundle as one for the deployed verifier. */
function bind(unbound: Bundle): Bundle {
  return { ...unbound, verifier, keySetHash: keySet.hash };
}

const verify = ({ statement, parts }: BundleCalldata, address = verifier) =>
  outcomeOf(l1.call(address, ProofVerifier!.abi, 'verify', [statement, parts]));
/** What L1 says to the bundle with other records, or other fields. */
const withRecords = (list: readonly Hex[], over: Partial<Bundle> = {}) =>
  verify(bundleCalldata(proven({ ...bundle, ...over }, list)));
const put = (hex: Hex, offset: number, part: Hex): Hex =>
  `0x${hex.slice(2, 2 + 2 * offset)}${part.slice(2)}${hex.slice(2 + 2 * (offset + size(part)))}`;
const get = (hex: Hex, offset: number, length: number) => slice(hex, offset, offset + length);
const plus = (hex: Hex, offset: number, d: bigint) =>
  put(hex, offset, toHex(BigInt(get(hex, offset, 32)) + d, { size: 32 }));
const mutate = (i: number, change: (record: Hex) => Hex) =>
  records.map((record, j) => (j === i ? change(record) : record));

describe('a bundle with real proofs', () => {
  it('is accepted on L1 and off it, and yields the batch hash', async () => {
    const complete = proven(bundle, records);
    const { statement, parts } = bundleCalldata(complete);
    const hash = await l1.call(verifier, ProofVerifier!.abi, 'verify', [statement, parts]);
    expect(hash).toBe(batchHash(bundle.header));
    const terms = l1Origins(bundle, RULES_V2).flatMap((origin) => origin.terms);
    const native = (challenge: Parameters<typeof fractionOf>[1]) => fractionOf(terms, challenge);
    await verifyProofs({ bundle: complete, batchHash: batchHash(bundle.header), keySet, native });
  });

  it('is accepted in mode diff too', async () => {
    const diff = bind(randomBundle(random, 'diff', txs, 1, 5));
    const made = await proveRows(diff, balancingProofs(diff, [0], keySet), keySet, engine);
    expect(await verify(bundleCalldata(proven(diff, made)))).toBe('accepted');
  });
});

describe('points', () => {
  it.each(['A', 'C', 'D'] as const)('%s off the curve, replaced, at infinity or not canonical', async (name) => {
    for (const i of [0, 3])
      expect(await withRecords(mutate(i, (r) => plus(r, AT[name] + 32, 1n)))).toBe('PointNotOnCurve');
    const another = get(records[2]!, AT.A, 64);
    expect(await withRecords(mutate(1, (r) => put(r, AT[name], another)))).toBe('InvalidProof');
    expect(await withRecords(mutate(1, (r) => put(r, AT[name], toHex(0n, { size: 64 }))))).toBe('InvalidProof');
    expect(await withRecords(mutate(1, (r) => plus(r, AT[name], P)))).toBe('PointNotOnCurve');
  });

  it('B off the curve, in the wrong subgroup, not canonical, replaced, at infinity', async () => {
    for (const i of [0, 3]) expect(await withRecords(mutate(i, (r) => plus(r, AT.B + 32, 1n)))).toBe('BadG2Point');
    expect(await withRecords(mutate(1, (r) => put(r, AT.B, outsideSubgroup())))).toBe('BadG2Point');
    expect(await withRecords(mutate(1, (r) => plus(r, AT.B, P)))).toBe('BadG2Point');
    expect(await withRecords(mutate(1, (r) => put(r, AT.B, get(records[0]!, AT.B, 128))))).toBe('InvalidProof');
    expect(await withRecords(mutate(1, (r) => put(r, AT.B, toHex(0n, { size: 128 }))))).toBe('InvalidProof');
  });
});

describe('sums and shapes', () => {
  it('a sum that is not the proof’s', async () => {
    expect(await withRecords(mutate(1, (r) => plus(r, AT.sum, 1n)))).toBe('InvalidProof');
    expect(await withRecords(mutate(1, (r) => plus(r, AT.sum, R)))).toBe('SumNotCanonical');
    const shifted = [plus(records[0]!, AT.sum, 1n), plus(records[1]!, AT.sum, -1n), records[2]!, records[3]!];
    expect(await withRecords(shifted)).toBe('InvalidProof');
  });

  it('a proof under another shape’s key, unsorted or unknown shapes', async () => {
    expect(await withRecords(mutate(1, (r) => put(r, AT.shape, '0x01')))).toBe('InvalidProof');
    const swapped = [put(records[2]!, 0, '0x00'), records[1]!, put(records[0]!, 0, '0x01'), records[3]!];
    expect(await withRecords(swapped)).toBe('InvalidProof');
    expect(await withRecords([records[2]!, records[3]!, records[0]!, records[1]!])).toBe('ShapesNotSorted');
    for (const shape of ['0x02', '0x09', '0xff'] as const) {
      expect(await withRecords(mutate(3, (r) => put(r, AT.shape, shape)))).toBe('UnknownShape');
    }
  });
});

describe('records and transcript', () => {
  it('another order, number or length of records', async () => {
    const [a, b, c, d] = records as [Hex, Hex, Hex, Hex];
    expect(await withRecords([b, a, c, d])).toBe('InvalidProof');
    expect(await withRecords([b, c, d])).toBe('InvalidProof');
    expect(await withRecords([a, a, b, c, d])).toBe('InvalidProof');
    expect(await withRecords([concat(records).slice(0, -2) as Hex])).toBe('BadLength');
    expect(await withRecords([concat(records), '0x00'])).toBe('BadLength');
    expect(await withRecords([])).toBe('NoProofs');
  });

  it('a replay for another statement, payee, verifier or with other tables', async () => {
    const tables = tablesOf(bundle);
    const others: [string, Partial<Bundle>][] = [
      ['beneficiary', { beneficiary: random.hex(20) }],
      ['number', { header: { ...bundle.header, number: bundle.header.number ^ 1n } }],
      ['parent', { header: { ...bundle.header, parent: random.hex(32) } }],
      ['timestamp', { header: { ...bundle.header, timestamp: bundle.header.timestamp ^ 1n } }],
      ['preRoot', { preRoot: bundle.preRoot === 0n ? 1n : bundle.preRoot - 1n }],
      ['value', { value: bundle.value === 0n ? 1n : bundle.value - 1n }],
      ['ts', reTabled(bundle, { ts: tables.ts ^ 1n })],
      ['uses', reTabled(bundle, { uses: tables.uses ^ 1n })],
      ['account dropped', reTabled(bundle, { accounts: tables.accounts.slice(1) })],
      ['depth', reTabled(bundle, { accounts: tables.accounts.map(deeper) })],
      ['transactions', withBatch(bundle, [txs[1]!, txs[0]!, txs[2]!])],
    ];
    for (const [name, over] of others) expect(await withRecords(records, over), name).toBe('InvalidProof');
    const twin = await l1.deploy(ProofVerifier!, [keySet.blob, rulesCalldata(RULES_V2), true]);
    expect(await verify(bundleCalldata(proven(bundle, records)), twin)).toBe('InvalidProof');
  });

  it('the same cheats proven anew: only the bus is left to catch them', async () => {
    const anew = async (over: Partial<Bundle>, which: readonly number[] = [0, 1, 2, 3]) => {
      const cheated = { ...bundle, ...over };
      const list = which.map((i) => proofs[i]!);
      return withRecords(await proveRows(cheated, list, keySet, engine), over);
    };
    const tables = tablesOf(bundle);
    const blockUses = tables.blockUses.with(0, tables.blockUses[0]! ^ 1n);
    expect(await anew({})).toBe('accepted');
    expect(await anew({}, [1, 2, 3])).toBe('BusNotBalanced');
    expect(await anew({}, [0, 0, 1, 2, 3])).toBe('BusNotBalanced');
    expect(await anew(reTabled(bundle, { accounts: tables.accounts.slice(1) }))).toBe('BusNotBalanced');
    expect(await anew(reTabled(bundle, { blockUses }))).toBe('BusNotBalanced');
    expect(await anew(reTabled(bundle, { gasUsed: tables.gasUsed ^ 1n }))).toBe('BusNotBalanced');
    expect(await anew({ value: bundle.value === 0n ? 1n : bundle.value - 1n })).toBe('BusNotBalanced');
    expect(await anew(withBatch(bundle, [txs[1]!, txs[0]!, txs[2]!]))).toBe('BusNotBalanced');
  });
});

describe('header and roots', () => {
  it('rules that are not the verifier’s, and roots with a second name', async () => {
    const { header } = bundle;
    const wrong = (over: Partial<Bundle['header']>) => withRecords(records, { header: { ...header, ...over } });
    expect(await wrong({ version: 3n })).toBe('WrongVersion');
    expect(await wrong({ chainId: 1n })).toBe('WrongChainId');
    expect(await wrong({ gasLimit: header.gasLimit + 1n })).toBe('WrongGasLimit');
    expect(await wrong({ baseFee: 0n })).toBe('WrongBaseFee');
    for (const root of [R, bundle.preRoot + R, 2n ** 256n - 1n]) {
      expect(await withRecords(records, { preRoot: root })).toBe('RootNotCanonical');
      expect(await withRecords(records, { value: root })).toBe('RootNotCanonical');
    }
  });
});

describe('500 seeded byte flips', () => {
  // Which bit decides which error; that each of them is met is for the tests above.
  it('are all refused, each by a named error', async () => {
    const names = new Set(ProofVerifier!.abi.flatMap((item) => (item.type === 'error' ? [item.name] : [])));
    const { statement, parts } = bundleCalldata(proven(bundle, records));
    const seen = new Map<string, number>();
    const flip = (hex: Hex): Hex => {
      const offset = random.below(size(hex));
      return put(hex, offset, toHex(Number(get(hex, offset, 1)) ^ (1 << random.below(8)), { size: 1 }));
    };
    const flipNumber = (x: bigint) => x ^ (1n << BigInt(random.below(64)));
    for (let i = 0; i < 500; i++) {
      const { header } = statement;
      const flipPart = (at: number) => ({ statement, parts: parts.with(at, flip(parts.at(at)!)) });
      const state = (over: Partial<StatementCalldata>) => ({ statement: { ...statement, ...over }, parts });
      const flips: readonly (() => BundleCalldata)[] = [
        () => flipPart(-1),
        () => flipPart(-1),
        () => flipPart(random.below(3)),
        () => flipPart(random.below(3)),
        () => state({ preRoot: flipNumber(statement.preRoot) }),
        () => state({ value: flipNumber(statement.value) }),
        () => state({ mode: 1 - statement.mode }),
        () => state({ beneficiary: flip(statement.beneficiary) }),
        () =>
          state({
            header: { ...header, originHash: flip(header.originHash), feeRecipient: flip(header.feeRecipient) },
          }),
        () => state({ header: { ...header, [random.pick(['number', 'timestamp', 'gasLimit'])]: random.bits(64) } }),
        () => state({ header: { ...header, txsHash: flip(header.txsHash) } }),
      ];
      const outcome = await verify(flips[i % flips.length]!());
      expect(names, `flip ${i} of seed ${SEED}: ${outcome}`).toContain(outcome);
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    }
    console.log('byte flips:', Object.fromEntries(seen));
  });
});

describe('gas', () => {
  it('of a batch of 10 transfers with 21 accounts stays below 600,000 with two proofs, below 535,000 with one', async () => {
    const keys = Array.from({ length: 10 }, (_, i) => privateKeyOf('verifier gas', i));
    const transfers = await Promise.all(keys.map((key) => signTransaction(plainFields({ to: random.hex(20) }), key)));
    for (const [mode, shapes] of [
      ['diff', [0]],
      ['root', [0, 0]],
      ['root', [0, 0, 0, 0]],
    ] as const) {
      const sample = bind(transfersBundle(mode, transfers));
      const made = await proveRows(sample, balancingProofs(sample, shapes, keySet), keySet, engine);
      const { statement, parts } = bundleCalldata(proven(sample, made));
      const data = encodeFunctionData({ abi: ProofVerifier!.abi, functionName: 'verify', args: [statement, parts] });
      const hash = await l1.wallet.sendTransaction({ to: verifier, data, gas: 16_000_000n });
      const { gasUsed, status } = await waitForReceipt(l1.reader, hash);
      expect(status).toBe('success');
      console.log(`gas, N=${shapes.length} ${mode}: ${gasUsed}`);
      if (shapes.length <= 2) expect(gasUsed).toBeLessThan(shapes.length === 1 ? 535_000n : 600_000n);
    }
    const empty = await nativeGas(transfersBundle('diff', transfers), { transactions: 0, accounts: 0 });
    const tenMore = await nativeGas(transfersBundle('diff', transfers), { transactions: 10, accounts: 0 });
    const accounts = await nativeGas(transfersBundle('diff', transfers), { transactions: 0, accounts: 21 });
    const root = await nativeGas(transfersBundle('root', transfers), { transactions: 0, accounts: 21 });
    console.log('gas of the native part:', {
      ...{ fixed: empty, transaction: (tenMore - empty) / 10n },
      ...{ accountDiff: (accounts - empty) / 21n, accountRoot: (root - empty) / 21n },
    });
  });

  /** Every account is there before and changes, as senders, recipients and fee recipient do. */
  function transfersBundle(mode: 'diff' | 'root', transfers: readonly Hex[]): Bundle {
    const sample = randomBundle(new SeededRandom('gas'), mode, transfers, 0, 21, 'present');
    return reTabled(sample, { blockUses: [10n, 0n, 0n, 0n, 10n, 0n, 0n] });
  }

  async function nativeGas(sample: Bundle, take: { transactions: number; accounts: number }): Promise<bigint> {
    const { tables, items } = contentOf(sample);
    const txs = items.slice(0, take.transactions).map((item) => (item as { readonly raw: Hex }).raw);
    const over = { read: take.transactions, accounts: tables.accounts.slice(0, take.accounts) };
    const part = withContent(
      {
        ...sample,
        header: { ...sample.header, txsHash: txsHash(txs) },
        value: take.accounts === 0 ? 0n : sample.value,
      },
      { tables: { ...tables, ...over }, items: items.slice(0, take.transactions) },
    );
    const { statement, parts } = bundleCalldata(part);
    const args = [statement, parts, 5n, 7n, 0n, false];
    const [, , gas] = (await l1.call(bench, VerifierBench!.abi, 'native_', args)) as bigint[];
    return gas!;
  }
});

/** Another depth for a hint of kind value. */
function deeper<T extends { readonly preHint: number }>(account: T): T {
  return account.preHint < 64 ? { ...account, preHint: (account.preHint + 1) % 63 } : account;
}
