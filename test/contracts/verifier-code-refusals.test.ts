import { type Address, concat, type Hex, keccak256, size, slice, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { privateKeyOf, signTransaction } from '../../src/batch/sign.js';
import { EMPTY_ACCOUNT } from '../../src/batch/types.js';
import type { Bundle, Mode } from '../../src/proof/types.js';
import { SeededRandom } from '../../src/samples/random.js';
import {
  ACCOUNT_BYTES,
  SLOT_BYTES,
  type TableAccount,
  type TableCode,
  type TableSlot,
  type Tables,
} from '../../src/statement/tables.js';
import { HINT_NONE, hintOf } from '../../src/trie/hint.js';
import { withTables } from '../helpers/code-samples.js';
import { NativeBench, put } from '../helpers/native-bench.js';
import { randomBundle } from '../helpers/native-samples.js';
import { plainFields } from '../helpers/transactions.js';

const random = new SeededRandom('refusals of code');
const contract = { nonce: 1n, balance: 5n, codeHash: keccak256('0x01') };
const key = (n: number): Hex => toHex(n, { size: 32 });
const VALUE = hintOf('value', 3);
const slot = (over: Partial<TableSlot> = {}): TableSlot => ({
  ...{ key: key(7), pre: 5n, post: 5n, preHint: VALUE, postHint: HINT_NONE },
  ...over,
});
const account = (slots: TableSlot[], over: Partial<TableAccount> = {}): TableAccount => ({
  ...{ address: `0x${'0c'.repeat(20)}`, pre: contract, post: contract, preHint: VALUE, postHint: HINT_NONE, slots },
  ...over,
});
const code = (bytes: Hex): TableCode => ({ kind: 'inline', code: bytes, blobUses: 1n, lenUses: 2n });
const byHash = (...codes: Hex[]) => codes.sort((a, b) => (keccak256(a) < keccak256(b) ? -1 : 1));

let bench: NativeBench;
let txs: Hex[];
beforeAll(async () => {
  bench = await NativeBench.start();
  const sign = (over: object) => signTransaction(plainFields(over), privateKeyOf('refusals of code', 0));
  const listed = [{ address: `0x${'0c'.repeat(20)}` as Address, keys: [key(1), key(2), key(1)] }];
  txs = [
    await sign({ nonce: 0n, gasLimit: 90_000n, data: `0x${'11'.repeat(68)}` }),
    '0x1234', // no transaction
    await sign({ nonce: 1n, gasLimit: 90_000n, data: `0x${'22'.repeat(64)}`, accessList: listed }),
    await sign({ nonce: 2n }),
  ];
});
afterAll(() => bench?.stop());

const base = (mode: Mode = 'diff', cutOff = 0) => randomBundle(random, mode, txs, cutOff, 0);
const withAccounts = (mode: Mode, ...accounts: TableAccount[]) => withTables(base(mode), { accounts });
/** The bundle with other bytes in the n-th part's body, from the end where n is negative. */
const withBody = (bundle: Bundle, n: number, change: (body: Hex) => Hex): Bundle => {
  const part = bundle.parts.at(n)!;
  const kind = slice(part, 0, 1);
  return { ...bundle, parts: bundle.parts.with(n, concat([kind, change(`0x${part.slice(4)}`)])) };
};
/** Of {@link FULL} and of bundles with accounts alone. */
const [ITEMS, CODES, HASHES, ACCOUNTS] = [1, -2, -1, -1];
/** All that code needs. */
const FULL: Partial<Tables> = {
  runs: [{ item: 1, uses: [1n, 2n, 3n] }],
  codes: [code('0x6001')],
  keccaks: [
    { kind: 'pair', input: `0x${'33'.repeat(64)}`, uses: 1n },
    { kind: 'general', input: `0x${'44'.repeat(40)}`, uses: 1n },
  ],
};

describe("L1's refusals of tables with code", () => {
  it('accept what the others vary', async () => {
    expect(await bench.refusal(withAccounts('diff', account([slot(), slot({ key: key(8) })])))).toBe('accepted');
    expect(await bench.refusal(withAccounts('root', account([slot(), slot({ key: key(8) })])))).toBe('accepted');
    expect(await bench.refusal(withTables(base(), FULL))).toBe('accepted');
    expect(await bench.refusal(withTables(base('root'), FULL))).toBe('accepted');
  });

  it('BadTables: entries that do not fill their section', async () => {
    const slots = withAccounts('diff', account([slot(), slot({ key: key(8) })]));
    for (const wrong of [3, 0x7fff, 0xffff]) {
      const more = withBody(slots, ACCOUNTS, (body) => put(body, ACCOUNT_BYTES - 2, toHex(wrong, { size: 2 })));
      expect(await bench.refusal(more)).toBe('BadTables');
    }
    const short = withBody(slots, ACCOUNTS, (body) => slice(body, 0, size(body) - 1));
    expect(await bench.refusal(short)).toBe('BadTables');

    const full = withTables(base(), FULL);
    const without = (n: number) => (body: Hex) => slice(body, 0, size(body) - n);
    const wrong: [string, number, (body: Hex) => Hex][] = [
      ['a code longer than its part', CODES, (body) => put(body, 7, '0x000003')],
      ['an inline code read as a contract', CODES, (body) => put(body, 0, '0x01')],
      ['a kind of code that does not exist', CODES, (body) => put(body, 0, '0x02')],
      ['a hash of kind 2', HASHES, (body) => put(body, 0, '0x02')],
      ['a pair read as any input', HASHES, (body) => put(body, 0, '0x01')],
      ['an input longer than its part', HASHES, (body) => put(body, 68 + 4, toHex(41, { size: 3 }))],
      ['a truncated code', CODES, without(1)],
      ['a truncated hash', HASHES, without(1)],
      ['a byte more in the codes', CODES, (body) => `${body}00`],
      ['a byte more in the hashes', HASHES, (body) => `${body}00`],
    ];
    for (const [what, n, change] of wrong) {
      expect(await bench.refusal(withBody(full, n, change)), what).toBe('BadTables');
    }
    // The last item has a run of three words, of which the third is cut short.
    const last = withTables(randomBundle(random, 'diff', txs.slice(0, 1), 0, 0), { runs: FULL.runs! });
    expect(await bench.refusal(last)).toBe('accepted');
    expect(await bench.refusal(withBody(last, -1, without(1)))).toBe('BadTables');
    expect(await bench.refusal(withBody(last, -1, (body) => put(body, 3, '0x0005')))).toBe('BadTables');
  });

  it('NotSorted: slots or codes that do not ascend strictly', async () => {
    const bundle = withAccounts('diff', account([slot(), slot({ key: key(8) })]));
    const keyed = (a: Hex, b: Hex) =>
      withBody(bundle, ACCOUNTS, (body) => put(put(body, ACCOUNT_BYTES, a), ACCOUNT_BYTES + SLOT_BYTES, b));
    const most: Hex = `0x${'ff'.repeat(32)}`;
    const edges = [
      [key(7), key(7)],
      [key(8), key(7)],
      [key(0), key(0)],
      [most, most],
      [most, key(0)],
    ] as const;
    for (const [a, b] of edges) expect(await bench.refusal(keyed(a, b))).toBe('NotSorted');
    expect(await bench.refusal(keyed(key(0), most))).toBe('accepted');

    const [low, high] = byHash('0x6001', '0x6002') as [Hex, Hex];
    const codes = withTables(base(), { codes: [code(low), code(high)] });
    const entry = (bytes: Hex) => concat(['0x00', '0x000001', '0x000001', '0x000002', bytes]);
    const listed = (a: Hex, b: Hex) => withBody(codes, -1, () => concat([entry(a), entry(b)]));
    expect(await bench.refusal(listed(low, high))).toBe('accepted');
    for (const [a, b] of [
      [high, low],
      [low, low],
      [high, high],
    ] as const) {
      expect(await bench.refusal(listed(a, b))).toBe('NotSorted');
      // Nor from one part to the next.
      const parts = [...codes.parts.slice(0, -1), concat(['0x03', entry(a)]), concat(['0x03', entry(b)])];
      expect(await bench.refusal({ ...codes, parts })).toBe('NotSorted');
    }
  });

  it('SlotOfAbsentAccount: a value where there is no account', async () => {
    const absent = { pre: EMPTY_ACCOUNT, preHint: hintOf('void', 2) };
    for (const mode of ['diff', 'root'] as const) {
      const before = { ...absent, post: contract, ...(mode === 'root' ? { preHint: HINT_NONE, postHint: VALUE } : {}) };
      const after = { post: EMPTY_ACCOUNT };
      const none = { preHint: HINT_NONE, postHint: HINT_NONE };
      const made = { ...none, ...(mode === 'root' ? { postHint: VALUE } : {}) };
      const cases: [string, TableAccount][] = [
        ['accepted', account([slot({ pre: 0n, post: 0n, ...none })], { ...absent, post: EMPTY_ACCOUNT })],
        ['accepted', account([slot({ pre: 0n, post: 4n, ...made })], before)],
        ['accepted', account([slot({ pre: 5n, post: 0n })], after)],
        ['SlotOfAbsentAccount', account([slot({ pre: 1n, post: 0n })], { ...absent, post: EMPTY_ACCOUNT })],
        ['SlotOfAbsentAccount', account([slot({ pre: 0n, post: 1n })], { ...absent, post: EMPTY_ACCOUNT })],
        ['SlotOfAbsentAccount', account([slot({ pre: 4n, post: 4n })], before)],
        ['SlotOfAbsentAccount', account([slot({ pre: 5n, post: 5n })], after)],
        ['SlotOfAbsentAccount', account([slot({ pre: 0n, post: 2n ** 255n })], after)],
      ];
      for (const [outcome, listed] of cases) expect(await bench.refusal(withAccounts(mode, listed))).toBe(outcome);
    }
  });

  it('BadHint: every hint that the values of a slot do not call for', async () => {
    const value = [hintOf('value', 0), hintOf('value', 62)];
    const absent = [hintOf('void', 0), hintOf('void', 62), hintOf('nokey', 0), hintOf('nokey', 62)];
    const none = [HINT_NONE];
    const all = [...value, ...absent, 63, 127, 191, 192, 254, ...none];
    // mode, before, after, hints before that are right, hints after that are right
    const cases = [
      ['diff', 5n, 6n, value, none],
      ['diff', 5n, 5n, value, none],
      ['diff', 0n, 6n, absent, none],
      ['diff', 5n, 0n, value, none],
      ['root', 5n, 6n, value, value],
      ['root', 5n, 5n, value, none],
      ['root', 0n, 6n, none, value],
      ['root', 5n, 0n, value, none],
      ['root', 0n, 0n, absent, none],
    ] as const;
    for (const [mode, pre, post, rightPre, rightPost] of cases) {
      const tried = [
        ...all.map((preHint) => ({ preHint, postHint: rightPost[0]! })),
        ...all.map((postHint) => ({ preHint: rightPre[0]!, postHint })),
      ];
      for (const hints of tried) {
        const bundle = withAccounts(mode, account([slot({ pre, post, ...hints })]));
        const right =
          rightPre.some((hint) => hint === hints.preHint) && rightPost.some((hint) => hint === hints.postHint);
        const what = `${mode} ${pre} ${post} ${hints.preHint} ${hints.postHint}`;
        expect(await bench.refusal(bundle), what).toBe(right ? 'accepted' : 'BadHint');
      }
    }
  }, 300_000);

  it('BadHint: a place afterwards for an account whose leaf cannot move', async () => {
    const moved = { postHint: hintOf('value', 9) };
    expect(await bench.refusal(withAccounts('root', account([slot()], moved)))).toBe('accepted');
    expect(await bench.refusal(withAccounts('root', account([slot()])))).toBe('accepted');
    expect(await bench.refusal(withAccounts('root', account([], moved)))).toBe('BadHint');
    expect(await bench.refusal(withAccounts('diff', account([slot()], moved)))).toBe('BadHint');
    for (const postHint of [hintOf('void', 3), hintOf('nokey', 3), 63]) {
      expect(await bench.refusal(withAccounts('root', account([slot()], { postHint })))).toBe('BadHint');
    }
    const nobody = { pre: EMPTY_ACCOUNT, post: EMPTY_ACCOUNT, preHint: hintOf('void', 3) };
    const zero = slot({ pre: 0n, post: 0n, preHint: HINT_NONE });
    expect(await bench.refusal(withAccounts('root', account([zero], nobody)))).toBe('accepted');
    expect(await bench.refusal(withAccounts('root', account([zero], { ...nobody, ...moved })))).toBe('BadHint');
  });

  it('BadRun: an item that is no transaction', async () => {
    const items = (run: number) =>
      // The second item, two bytes that are none, behind the first.
      withBody(base(), ITEMS, (body) => put(body, 5 + size(txs[0]!) + 3, toHex(run, { size: 2 })));
    expect(await bench.refusal(items(0))).toBe('accepted');
    expect(await bench.refusal(items(1))).toBe('BadRun');
    const runs = [1, 3].map((item) => ({ item, uses: [] }));
    expect(await bench.refusal(withTables(base(), { runs }))).toBe('accepted');
  });

  it('WordsBeyondData: more words than the data has', async () => {
    const run = (item: number, words: number) =>
      withTables(base(), { runs: [{ item, uses: Array(words).fill(1n) as bigint[] }] });
    for (const [item, words] of [
      [1, 3],
      [3, 2],
      [4, 0],
    ] as const) {
      expect(await bench.refusal(run(item, words))).toBe('accepted');
      expect(await bench.refusal(run(item, words + 1))).toBe('WordsBeyondData');
      expect(await bench.refusal(run(item, 2_000))).toBe('WordsBeyondData');
    }
  });

  it('EmptyCode and WrongCode', async () => {
    const address = random.hex(20);
    const nobody = random.hex(20);
    await bench.publish(address, '0x600100');
    const named = (contract: Address, hash: Hex) =>
      withTables(base(), { codes: [{ kind: 'contract', address: contract, hash, blobUses: 1n, lenUses: 1n }] });
    expect(await bench.refusal(named(address, keccak256('0x600100')))).toBe('accepted');
    expect(await bench.refusal(named(address, keccak256('0x600101')))).toBe('WrongCode');
    expect(await bench.refusal(named(nobody, keccak256('0x600100')))).toBe('WrongCode');
    const full = withTables(base(), { codes: [code('0x60')] });
    const empty = withBody(full, -1, () => concat(['0x00', '0x000001', '0x000001', '0x000000']));
    expect(await bench.refusal(empty)).toBe('EmptyCode');
    await bench.publish(nobody, '0x');
    expect(await bench.refusal(named(nobody, keccak256('0x')))).toBe('EmptyCode');
  });
});
