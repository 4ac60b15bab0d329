import { type Address, concat, type Hex, keccak256, size, slice, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { privateKeyOf, signTransaction } from '../../src/batch/sign.js';
import { EMPTY_ACCOUNT, EMPTY_CODE_HASH } from '../../src/batch/types.js';
import { inverse, mod, R } from '../../src/bus/field.js';
import { challengeOf, fingerprint, sumOf } from '../../src/bus/tuple.js';
import { StatementError } from '../../src/errors/statement.js';
import { type BundleCalldata, bundleCalldata } from '../../src/l1/bundle-calldata.js';
import { rulesCalldata } from '../../src/l1/deploy-verifier.js';
import { encodePart } from '../../src/proof/parts.js';
import type { Bundle } from '../../src/proof/types.js';
import { SeededRandom } from '../../src/samples/random.js';
import { ACCOUNT_BYTES, HEAD_BYTES, type TableAccount } from '../../src/statement/tables.js';
import { HINT_NONE, hintOf } from '../../src/trie/hint.js';
import { l1Origins, reTabled, withTxs } from '../helpers/bundles.js';
import { fakeKeyBlob } from '../helpers/key-blob.js';
import { randomBundle } from '../helpers/native-samples.js';
import { compileVerifier, outcomeOf, startTestL1, type TestL1 } from '../helpers/test-l1.js';
import { fuzzTransactions, plainFields } from '../helpers/transactions.js';

const { VerifierBench } = compileVerifier();
const SEED = process.env.FUZZ_SEED ?? `native-${Date.now()}`;
console.log(`native tuples: seed ${SEED}`);

let l1: TestL1;
let bench: Address;

beforeAll(async () => {
  l1 = await startTestL1();
  bench = await l1.deploy(VerifierBench!, [await fakeKeyBlob(1), rulesCalldata(RULES_V2), true]);
});
afterAll(() => l1?.stop());

const onL1 = (calldata: BundleCalldata, alpha: bigint, beta: bigint) =>
  native(calldata, alpha, beta, 0n, false) as Promise<[bigint, bigint, bigint]>;
const native = ({ statement, parts }: BundleCalldata, ...rest: [bigint, bigint, bigint, boolean]) =>
  l1.call(bench, VerifierBench!.abi, 'native_', [statement, parts, ...rest]);
const termsOf = (bundle: Bundle) => l1Origins(bundle, RULES_V2).flatMap(({ terms }) => terms);

/** Name of L1's error and of the mirror's, which must be the same. */
async function refusalOf(bundle: Bundle): Promise<string> {
  const name = await outcomeOf(onL1(bundleCalldata(bundle), 5n, 7n));
  let mirror = 'accepted';
  try {
    termsOf(bundle);
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    mirror = error.reason;
  }
  expect(mirror).toBe(name);
  return name;
}

describe("L1's own tuples", () => {
  it('add up to the sum of the mirror for random batches and tables in both modes', async () => {
    const random = new SeededRandom(SEED);
    const pool = await fuzzTransactions(SEED, 200);
    for (let round = 0; round < 60; round++) {
      const txs = Array.from({ length: random.below(8) }, () => random.pick(pool));
      const cutOff = random.pick([0, 0, random.below(txs.length + 1)]);
      const bundle = randomBundle(random, random.pick(['diff', 'root']), txs, cutOff, random.below(12));
      const challenge = challengeOf(random.bits(256) % R, random.bits(256) % R);
      const [num, den] = await onL1(bundleCalldata(bundle), challenge.alpha, challenge.beta);
      const sum = sumOf(termsOf(bundle), challenge);
      expect(mod(num * inverse(den)), `round ${round} of seed ${SEED}`).toBe(sum);
    }
  });

  it('refuse a zero fingerprint, wherever it stands, and an unbalanced sum', async () => {
    const random = new SeededRandom(`${SEED} zero`);
    const bundle = randomBundle(random, 'root', [], 0, 4);
    const calldata = bundleCalldata(bundle);
    const terms = termsOf(bundle).filter(({ weight }) => weight !== 0n);
    const balance = (alpha: bigint, beta: bigint, sums: bigint) => outcomeOf(native(calldata, alpha, beta, sums, true));
    for (const { tuple } of terms) {
      // The alpha under which this fingerprint is zero.
      const alpha = mod(-fingerprint(tuple, challengeOf(0n, 12_345n)));
      expect(await balance(alpha, 12_345n, 0n)).toBe('ZeroFingerprint');
    }
    const challenge = challengeOf(99n, 12_345n);
    const sum = sumOf(terms, challenge);
    expect(await balance(99n, 12_345n, mod(-sum))).toBe('accepted');
    expect(await balance(99n, 12_345n, mod(1n - sum))).toBe('BusNotBalanced');
  });
});

describe("L1's refusals", () => {
  const random = new SeededRandom(`${SEED} refusals`);
  const key = privateKeyOf('native refusals', 0);
  let txs: Hex[];
  const base = (mode: 'diff' | 'root' = 'diff') => randomBundle(random, mode, txs, 0, 0);
  const plain = { nonce: 1n, balance: 100n, codeHash: EMPTY_CODE_HASH };
  const [low, high] = [`0x${'04'.repeat(20)}`, `0x${'05'.repeat(20)}`] as [Address, Address];
  const account = (over: Partial<TableAccount> = {}): TableAccount => ({
    ...{ address: low, pre: plain, post: plain, preHint: hintOf('value', 3), postHint: HINT_NONE, slots: [] },
    ...over,
  });
  /** A bundle with these accounts and, in mode diff, the value that belongs to them. */
  const withAccounts = (mode: 'diff' | 'root', accounts: readonly TableAccount[]): Bundle => {
    return reTabled(base(mode), { accounts });
  };
  const put = (hex: Hex, offset: number, part: Hex): Hex => {
    const end = offset + (part.length - 2) / 2;
    const total = (hex.length - 2) / 2;
    return concat([offset === 0 ? '0x' : slice(hex, 0, offset), part, end === total ? '0x' : slice(hex, end)]);
  };
  const check = (bundle: Bundle, parts = bundle.parts) => refusalOf({ ...bundle, parts });

  beforeAll(async () => {
    txs = await Promise.all([0n, 1n, 2n].map((nonce) => signTransaction(plainFields({ nonce }), key)));
  });

  it('accept what the others vary', async () => {
    expect(await check(base())).toBe('accepted');
    expect(await check(base('root'))).toBe('accepted');
    expect(await check(withAccounts('diff', [account(), account({ address: high })]))).toBe('accepted');
  });

  it('BadTables: parts that are not a head and whole accounts', async () => {
    const bundle = withAccounts('diff', [account(), account({ address: high })]);
    const [head, items, accounts] = bundle.parts as [Hex, Hex, Hex];
    for (const bad of ['0x00', slice(head, 0, HEAD_BYTES), `${head}00`] as Hex[]) {
      expect(await check(bundle, [bad, items, accounts])).toBe('BadTables');
    }
    for (const length of [1, ACCOUNT_BYTES - 1, ACCOUNT_BYTES + 1, 2 * ACCOUNT_BYTES - 1]) {
      expect(await check(bundle, [head, items, slice(accounts, 0, 1 + length)])).toBe('BadTables');
      // Not even when the rest follows in another part.
      const rest = concat(['0x02', slice(accounts, 1 + length)]);
      expect(await check(bundle, [head, items, slice(accounts, 0, 1 + length), rest])).toBe('BadTables');
    }
    expect(await check(bundle, [head, items, `${accounts}00`])).toBe('BadTables');
  });

  it('WrongKind: a kind that does not exist, a second head, none, or kinds that fall', async () => {
    const bundle = withAccounts('diff', [account(), account({ address: high })]);
    const [head, items, accounts] = bundle.parts as [Hex, Hex, Hex];
    const cases: Hex[][] = [
      [items, accounts],
      [items, head, accounts],
      [head, head, items, accounts],
      [head, items, head, accounts],
      [head, items, accounts, items],
      [head, items, accounts, '0x06'],
      [head, items, accounts, '0xff00'],
      [head, '0x', items, accounts],
      ['0x', items, accounts],
    ];
    for (const parts of cases)
      expect(await check(bundle, parts), parts.map((part) => part.slice(0, 4)).join(' ')).toBe('WrongKind');
  });

  it('NotSorted: addresses that do not ascend strictly', async () => {
    const bundle = withAccounts('diff', [account(), account({ address: high })]);
    const edges = [
      [low, low],
      [high, low],
      [toHex(0n, { size: 20 }), toHex(0n, { size: 20 })],
      [`0x${'ff'.repeat(20)}`, `0x${'ff'.repeat(20)}`],
      [`0x${'ff'.repeat(20)}`, toHex(0n, { size: 20 })],
    ] as [Address, Address][];
    for (const [first, second] of edges) {
      const accounts = put(put(bundle.parts[2]!, 1, first), 1 + ACCOUNT_BYTES, second);
      expect(await check(bundle, bundle.parts.with(2, accounts))).toBe('NotSorted');
      const two = [slice(accounts, 0, 1 + ACCOUNT_BYTES), encodePart('accounts', slice(accounts, 1 + ACCOUNT_BYTES))];
      expect(await check(bundle, [...bundle.parts.slice(0, 2), ...two])).toBe('NotSorted');
    }
  });

  it('BadHint: every hint that the values do not call for', async () => {
    const richer = { ...plain, balance: 200n };
    const value = [hintOf('value', 0), hintOf('value', 62)];
    const absent = [hintOf('void', 0), hintOf('void', 62), hintOf('nokey', 0), hintOf('nokey', 62)];
    const never = [63, 127, 191, 192, 254];
    const none = [HINT_NONE];
    // mode, before, after, hints before that are right, hints after that are right
    const cases = [
      ['diff', plain, richer, value, none],
      ['diff', plain, plain, value, none],
      ['diff', EMPTY_ACCOUNT, plain, absent, none],
      ['diff', EMPTY_ACCOUNT, EMPTY_ACCOUNT, absent, none],
      ['diff', plain, EMPTY_ACCOUNT, value, none],
      ['root', plain, richer, value, value],
      ['root', plain, plain, value, none],
      ['root', EMPTY_ACCOUNT, plain, none, value],
      ['root', plain, EMPTY_ACCOUNT, value, none],
      ['root', EMPTY_ACCOUNT, EMPTY_ACCOUNT, absent, none],
    ] as const;
    const all = [...value, ...absent, ...never, ...none];
    for (const [mode, pre, post, rightPre, rightPost] of cases) {
      const tried = [
        ...all.map((preHint) => ({ preHint, postHint: rightPost[0]! })),
        ...all.map((postHint) => ({ preHint: rightPre[0]!, postHint })),
      ];
      for (const { preHint, postHint } of tried) {
        const bundle = withAccounts(mode, [account({ pre, post, preHint, postHint })]);
        const right = rightPre.some((hint) => hint === preHint) && rightPost.some((hint) => hint === postHint);
        const changed = mode === 'diff' && pre !== post;
        // In mode diff the bundle's value is that of an empty diff.
        expect(await check(bundle)).toBe(!right ? 'BadHint' : changed ? 'WrongDiff' : 'accepted');
      }
    }
  });

  it('WrongDiff: a value that is not the hash of the listed changes', async () => {
    const bundle = base();
    for (const value of [bundle.value + 1n, 5n, 2n ** 256n - 1n]) {
      expect(await check({ ...bundle, value })).toBe('WrongDiff');
    }
  });

  it('WrongTransactions: other bytes, order, number or framing', async () => {
    const bundle = base();
    const items = bundle.parts[1]!;
    expect(await check(withTxs(bundle, [txs[1]!, txs[0]!, txs[2]!]))).toBe('WrongTransactions');
    expect(await check(withTxs(bundle, txs.slice(0, 2), 2))).toBe('WrongTransactions');
    const wrong: Hex[] = [
      '0x01',
      slice(items, 0, size(items) - 1),
      `${items}00`,
      `${items}0000000000`,
      put(items, 1, '0xffffff'),
      put(items, 1, '0x000000'),
    ];
    for (const other of wrong) expect(await check(bundle, bundle.parts.with(1, other))).toBe('WrongTransactions');
    expect(await check(bundle, bundle.parts.toSpliced(1, 1))).toBe('WrongTransactions');
    for (const read of ['0x00000004', '0xffffffff'] as const) {
      expect(await check(bundle, bundle.parts.with(0, put(bundle.parts[0]!, 1, read)))).toBe('WrongTransactions');
    }
    // An item that begins in one part does not end in the next.
    const first = slice(items, 0, 40);
    const parts = [bundle.parts[0]!, first, encodePart('transactions', slice(items, 40)), ...bundle.parts.slice(2)];
    expect(await check(bundle, parts)).toBe('WrongTransactions');
  });

  it('CutOffTooEarly: the work left suffices for the first item that is cut off', async () => {
    const bundle = randomBundle(random, 'diff', txs, 2, 0);
    const use = RULES_V2.w0 + RULES_V2.w2 * BigInt((txs[1]!.length - 2) / 2);
    const withWork = (work: bigint) => reTabled(bundle, { work });
    for (const cut of [(parts: readonly Hex[]) => parts, oneEach]) {
      const verdict = (work: bigint) => check(bundle, cut(withWork(work).parts));
      expect(await verdict(use - 1n)).toBe('accepted');
      expect(await verdict(use)).toBe('CutOffTooEarly');
      expect(await verdict(2n ** 64n - 1n)).toBe('CutOffTooEarly');
    }
    // A cut-off item is known by length and hash alone: another length or hash is another batch.
    const honest = withWork(0n);
    const items = honest.parts[1]!;
    const at = 1 + 5 + (txs[0]!.length - 2) / 2;
    const call = (over: Hex) => check(honest, honest.parts.with(1, over));
    expect(await call(put(items, at, toHex((txs[1]!.length - 2) / 2 + 1, { size: 3 })))).toBe('WrongTransactions');
    expect(await call(put(items, at + 3, keccak256('0x01')))).toBe('WrongTransactions');
    expect(await call(slice(items, 0, size(items) - 1))).toBe('WrongTransactions');
  });

  /** The parts with a part for each of the three transactions, of which two are cut off. */
  function oneEach(parts: readonly Hex[]): Hex[] {
    const items = parts[1]!;
    const first = 1 + 5 + (txs[0]!.length - 2) / 2;
    const borders = [1, first, first + 35, size(items)];
    const cut = borders.slice(1).map((to, i) => encodePart('transactions', slice(items, borders[i]!, to)));
    return [parts[0]!, ...cut, ...parts.slice(2)];
  }
});
