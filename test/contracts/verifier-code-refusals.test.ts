import { type Address, concat, type Hex, keccak256, size, slice, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../src/batch/random.js';
import { privateKeyOf, signTransaction } from '../../src/batch/sign.js';
import { EMPTY_ACCOUNT } from '../../src/batch/types.js';
import {
  ACCOUNT_BYTES,
  HEAD_BYTES,
  SLOT_BYTES,
  type TableAccount,
  type TableCode,
  type TableSlot,
  type Tables,
} from '../../src/l1/tables.js';
import type { Bundle, Mode } from '../../src/proof/types.js';
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
/** Where the sections of these tables start. */
function sections({ tables }: Bundle): { accounts: number; runs: number; codes: number; keccaks: number } {
  const length = (i: number) => Number(slice(tables, 56 + 3 * i, 59 + 3 * i));
  const runs = HEAD_BYTES + length(0);
  return { accounts: HEAD_BYTES, runs, codes: runs + length(1), keccaks: runs + length(1) + length(2) };
}
/** The bundle's tables with `part` in place of `length` bytes at `offset`, and the length of section `i` put right. */
function splice({ tables }: Bundle, i: number, offset: number, length: number, part: Hex): Hex {
  const at = 56 + 3 * i;
  const now = Number(slice(tables, at, at + 3)) + size(part) - length;
  const after = offset + length === size(tables) ? '0x' : slice(tables, offset + length);
  return put(concat([slice(tables, 0, offset), part, after]), at, toHex(now, { size: 3 }));
}
/** All three code sections. */
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
    const count = HEAD_BYTES + ACCOUNT_BYTES - 2;
    for (const wrong of [3, 0xffff]) {
      expect(await bench.refusal(slots, put(slots.tables, count, toHex(wrong, { size: 2 })))).toBe('BadTables');
    }
    const short = splice(slots, 0, size(slots.tables) - SLOT_BYTES, SLOT_BYTES, `0x${'00'.repeat(SLOT_BYTES - 1)}`);
    expect(await bench.refusal(slots, short)).toBe('BadTables');

    const full = withTables(base(), FULL);
    const at = sections(full);
    const wrong: [string, Hex][] = [
      ['more words than the section holds', put(full.tables, at.runs + 4, '0x0004')],
      ['a code longer than its section', put(full.tables, at.codes + 7, '0x000003')],
      ['an inline code read as a contract', put(full.tables, at.codes, '0x01')],
      ['a kind of code that does not exist', put(full.tables, at.codes, '0x02')],
      ['a hash of kind 2', put(full.tables, at.keccaks, '0x02')],
      ['a pair read as any input', put(full.tables, at.keccaks, '0x01')],
      ['an input longer than its section', put(full.tables, at.keccaks + 68 + 4, toHex(41, { size: 3 }))],
      ['a truncated run', splice(full, 1, at.runs + 12, 3, '0x0000')],
      ['a truncated code', splice(full, 2, at.keccaks - 1, 1, '0x')],
      ['a truncated hash', splice(full, 3, size(full.tables) - 1, 1, '0x')],
      ['a byte more in the codes', splice(full, 2, at.keccaks, 0, '0x00')],
      ['a byte more in the hashes', splice(full, 3, size(full.tables), 0, '0x00')],
    ];
    for (const [what, tables] of wrong) expect(await bench.refusal(full, tables), what).toBe('BadTables');
  });

  it('NotSorted: slots or codes that do not ascend strictly', async () => {
    const bundle = withAccounts('diff', account([slot(), slot({ key: key(8) })]));
    const [first, second] = [HEAD_BYTES + ACCOUNT_BYTES, HEAD_BYTES + ACCOUNT_BYTES + SLOT_BYTES];
    const most: Hex = `0x${'ff'.repeat(32)}`;
    const edges = [
      [key(7), key(7)],
      [key(8), key(7)],
      [key(0), key(0)],
      [most, most],
      [most, key(0)],
    ] as const;
    for (const [a, b] of edges) {
      const tables = put(put(bundle.tables, first, a), second, b);
      expect(await bench.refusal(bundle, tables)).toBe('NotSorted');
    }
    expect(await bench.refusal(bundle, put(put(bundle.tables, first, key(0)), second, most))).toBe('accepted');

    const [low, high] = byHash('0x6001', '0x6002') as [Hex, Hex];
    const codes = withTables(base(), { codes: [code(low), code(high)] });
    const { codes: at } = sections(codes);
    const entry = (bytes: Hex) => concat(['0x00', '0x000001', '0x000001', '0x000002', bytes]);
    expect(await bench.refusal(codes, put(codes.tables, at, concat([entry(low), entry(high)])))).toBe('accepted');
    for (const [a, b] of [
      [high, low],
      [low, low],
      [high, high],
    ] as const) {
      const tables = put(codes.tables, at, concat([entry(a), entry(b)]));
      expect(await bench.refusal(codes, tables)).toBe('NotSorted');
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

  it('BadRun: an item that is not read, is no transaction, or is out of order', async () => {
    const bundle = withTables(base(), { runs: [1, 3].map((item) => ({ item, uses: [] })) });
    const { runs } = sections(bundle);
    const items = (a: number, b: number) =>
      put(put(bundle.tables, runs, toHex(a, { size: 4 })), runs + 6, toHex(b, { size: 4 }));
    expect(await bench.refusal(bundle, items(1, 4))).toBe('accepted');
    for (const [a, b] of [
      [0, 1],
      [1, 0],
      [1, 1],
      [3, 1],
      [1, 2],
      [2, 3],
      [1, 5],
      [1, 2 ** 32 - 1],
      [1, 257],
    ] as const) {
      expect(await bench.refusal(bundle, items(a, b)), `${a} ${b}`).toBe('BadRun');
    }
    const cutOff = withTables(base('diff', 2), { runs: [{ item: 1, uses: [] }] });
    expect(await bench.refusal(cutOff)).toBe('accepted');
    expect(await bench.refusal(cutOff, put(cutOff.tables, sections(cutOff).runs, toHex(3, { size: 4 })))).toBe(
      'BadRun',
    );
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
    const { codes } = sections(full);
    const empty = splice(full, 2, codes, 11, concat(['0x00', '0x000001', '0x000001', '0x000000']));
    expect(await bench.refusal(full, empty)).toBe('EmptyCode');
    await bench.publish(nobody, '0x');
    expect(await bench.refusal(named(nobody, keccak256('0x')))).toBe('EmptyCode');
  });
});
