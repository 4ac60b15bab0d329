import { type Address, concat, type Hex, keccak256, size, slice, toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { txsHash } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { challengeOf, sumOf } from '../../src/bus/tuple.js';
import { StatementError } from '../../src/errors/statement.js';
import { bundleCalldata } from '../../src/l1/bundle-calldata.js';
import { SeededRandom } from '../../src/samples/random.js';
import {
  decodeItems,
  encodeItems,
  l1Items,
  packItems,
  txsHashOfItems,
  unpackItems,
} from '../../src/statement/l1-transactions.js';
import { decodeParts, encodeParts } from '../../src/statement/parts.js';
import { decodeAccounts, encodeAccounts } from '../../src/statement/table-accounts.js';
import {
  ACCOUNT_BYTES,
  encodeHead,
  HEAD_BYTES,
  NO_CODE,
  type TableAccount,
  type Tables,
} from '../../src/statement/tables.js';
import { l1Terms } from '../../src/statement/terms.js';
import { anyParts, contentOf, l1Origins, tablesOf } from '../helpers/bundles.js';
import { randomSlots, withCode } from '../helpers/code-samples.js';
import { randomAccounts, randomBundle } from '../helpers/native-samples.js';
import { tablesVectors } from '../helpers/tables-vectors.js';

const SEED = process.env.FUZZ_SEED ?? `tables-${Date.now()}`;
console.log(`tables: seed ${SEED}`);

const EMPTY: Tables = {
  ...{ read: 0, ts: 0n, gasUsed: 0n, work: 0n, jrn: 0n, uses: 0n, blockUses: Array<bigint>(7).fill(0n) },
  accounts: [],
  ...NO_CODE,
};

const TOO_MANY_USES = expect.objectContaining({ code: 'BUS_TOO_MANY_USES' });

/** L1's word for why `action` is refused. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof StatementError) return error.reason;
    throw error;
  }
  return 'accepted';
}

describe('tables', () => {
  it('stand byte by byte where FORMATS.md says', () => {
    const account = {
      address: `0x${'a1'.repeat(20)}` as Address,
      pre: { nonce: 0x0102030405060708n, balance: 0xb1n, codeHash: `0x${'c1'.repeat(32)}` as Hex },
      post: { nonce: 0x1112131415161718n, balance: 0xb2n, codeHash: `0x${'c2'.repeat(32)}` as Hex },
      ...{ preHint: 0x43, postHint: 0xff, slots: [] },
    };
    const head = encodeHead({
      ...{ read: 0x01020304, ts: 0x111213141516n, gasUsed: 0x2122232425262728n, work: 0x3132333435363738n },
      ...{ jrn: 0x414243444546n, uses: 0x515253n, blockUses: [1n, 2n, 3n, 4n, 5n, 6n, 0xffffffn] },
    });
    expect(head).toBe(
      concat([
        ...(['0x01020304', '0x111213141516', '0x2122232425262728', '0x3132333435363738'] as const),
        ...(['0x414243444546', '0x515253', '0x000001000002000003000004000005000006ffffff'] as const),
      ]),
    );
    expect(size(head)).toBe(HEAD_BYTES);
    const [bytes] = encodeAccounts([account], 'diff');
    expect(bytes).toBe(
      concat([
        ...([account.address, '0x43', '0xff', '0x0102030405060708', '0x1112131415161718'] as const),
        ...[toHex(0xb1n, { size: 32 }), toHex(0xb2n, { size: 32 }), account.pre.codeHash, account.post.codeHash],
        '0x0000',
      ]),
    );
    expect(size(bytes!)).toBe(ACCOUNT_BYTES);
  });

  it('have slots, runs, codes and hashes where FORMATS.md says', () => {
    const word = (n: number) => toHex(n, { size: 32 });
    const account = {
      address: `0x${'a1'.repeat(20)}` as Address,
      pre: { nonce: 1n, balance: 2n, codeHash: word(3) },
      post: { nonce: 1n, balance: 2n, codeHash: word(3) },
      ...{ preHint: 0x01, postHint: 0xff },
      slots: [
        { key: word(4), pre: 5n, post: 6n, preHint: 0x02, postHint: 0xff },
        { key: word(7), pre: 0n, post: 0n, preHint: 0x43, postHint: 0xff },
      ],
    };
    const inline = { kind: 'inline', code: '0x6001', blobUses: 0x10n, lenUses: 0x11n } as const;
    const contract = {
      kind: 'contract',
      address: account.address,
      hash: word(1),
      blobUses: 0x12n,
      lenUses: 0x13n,
    } as const;
    const tables: Tables = {
      ...EMPTY,
      accounts: [account],
      read: 3,
      runs: [
        { item: 1, uses: [] },
        { item: 3, uses: [0x0a0b0cn, 1n] },
      ],
      codes: [contract, inline],
      keccaks: [
        { kind: 'pair', input: concat([word(8), word(9)]), uses: 0x14n },
        { kind: 'general', input: '0xdead', uses: 0x15n },
        { kind: 'general', input: '0x', uses: 0x16n },
      ],
    };
    const content = { mode: 'diff', tables, items: l1Items(['0x01', '0x', '0x0203', '0xffff'], 3) } as const;
    const parts = encodeParts(content);
    expect(parts.slice(1)).toEqual([
      concat([
        ...(['0x01', '0x000001', '0x0001', '0x01', '0x000000', '0x0000'] as const),
        ...(['0x000002', '0x0003', '0x0203', '0x0a0b0c', '0x000001', '0x000002', keccak256('0xffff')] as const),
      ]),
      concat([
        ...(['0x02', account.address, '0x01ff', `0x${'0000000000000001'.repeat(2)}`, word(2), word(2)] as const),
        ...([word(3), word(3), '0x0002'] as const),
        ...([word(4), word(5), word(6), '0x02ff', word(7), word(0), word(0), '0x43ff'] as const),
      ]),
      concat([
        ...(['0x03', '0x01', '0x000012', '0x000013', account.address, word(1)] as const),
        ...(['0x00', '0x000010', '0x000011', '0x000002', '0x6001'] as const),
      ]),
      concat([
        ...(['0x04', '0x00', '0x000014', word(8), word(9)] as const),
        ...(['0x01', '0x000015', '0x000002', '0xdead', '0x01', '0x000016', '0x000000'] as const),
      ]),
    ]);
    expect(decodeParts(parts, 'diff')).toEqual(content);
  });

  it('have an account with many slots in several entries where FORMATS.md says', () => {
    const word = (n: number) => toHex(n, { size: 32 });
    const slots = [1, 2, 3].map((n) => ({
      key: word(n),
      pre: 0n,
      post: n === 2 ? 0n : 9n,
      preHint: 0x41,
      postHint: 0xff,
    }));
    const account: TableAccount = {
      address: `0x${'a1'.repeat(20)}`,
      pre: { nonce: 1n, balance: 2n, codeHash: word(3) },
      post: { nonce: 1n, balance: 4n, codeHash: word(3) },
      ...{ preHint: 0x01, postHint: 0xff, slots },
    };
    const [first, second, third] = encodeAccounts([account], 'diff', 1) as [Hex, Hex, Hex];
    const fields = slice(first, 0, ACCOUNT_BYTES - 2);
    expect(slice(first, ACCOUNT_BYTES - 2)).toBe(concat(['0x8001', word(1), word(0), word(9), '0x41ff']));
    // The item so far: [key 1, 9], RLP; it states the fields, and has room for 63 slots.
    const item: Hex = `0xe2a0${word(1).slice(2)}09`;
    const state = concat([word(1), '0x01', '0x3f', '0x0023', item]);
    expect(second).toBe(concat([fields, '0x8001', state, word(2), word(0), word(0), '0x41ff']));
    const after = concat([word(2), '0x01', '0x3f', '0x0023', item]);
    expect(third).toBe(concat([fields, '0x0001', after, word(3), word(0), word(9), '0x41ff']));
    // In mode root there is no item.
    expect(slice(encodeAccounts([account], 'root', 2)[1]!, ACCOUNT_BYTES, ACCOUNT_BYTES + 36)).toBe(
      concat([word(2), '0x01', '0x40', '0x0000']),
    );
  });

  it('decode to what was encoded, wherever parts and entries end', () => {
    const random = new SeededRandom(SEED);
    for (let round = 0; round < 60; round++) {
      const mode = random.pick(['diff', 'root'] as const);
      const txs = Array.from({ length: random.below(5) }, () => random.hex(1 + random.below(60)));
      const cutOff = random.below(txs.length + 1);
      const sizes = { slots: random.pick([0, 5, 200]), codes: random.below(4), keccaks: random.below(5) };
      const bundle = withCode(random, randomBundle(random, mode, txs, cutOff, random.below(6)), sizes);
      const content = contentOf(bundle);
      expect(encodeParts(content)).toEqual(bundle.parts);
      const parts = anyParts(random, content);
      expect(decodeParts(parts, mode), `round ${round} of seed ${SEED}`).toEqual(content);
    }
  });

  it('are those of test/fixtures/tables-vectors.json, and so is the sum of their tuples', () => {
    const vectors = tablesVectors();
    expect(vectors.length).toBeGreaterThan(3);
    for (const { name, bundle, contracts, decoded, alpha, beta, sum } of vectors) {
      const { header, preRoot, value, parts, mode } = bundle;
      expect(decodeParts(parts, mode), name).toEqual(decoded);
      expect(encodeParts(decoded), name).toEqual(parts);
      const codeOf = (_: Hex, contract: Address) => contracts.find(({ address }) => address === contract)?.code;
      const terms = l1Terms({ ...decoded, header, preRoot, value, rules: RULES_V2, codeOf }).flatMap(
        (origin) => origin.terms,
      );
      expect(sumOf(terms, challengeOf(alpha, beta)), name).toBe(sum);
    }
  });

  it('refuse what does not fit, is not sorted or not whole', () => {
    const accounts = randomAccounts(new SeededRandom(SEED), 'diff', 3);
    const encode = (tables: Partial<Tables>) =>
      encodeParts({ mode: 'diff', tables: { ...EMPTY, ...tables }, items: [] });
    expect(refusal(() => encode({ ts: 2n ** 48n }))).toBe('BadTables');
    expect(() => encode({ uses: 2n ** 24n })).toThrow(TOO_MANY_USES);
    const blockUses = EMPTY.blockUses.map((none, i) => (i === 3 ? 2n ** 24n : none));
    expect(() => encode({ blockUses })).toThrow(TOO_MANY_USES);
    expect(refusal(() => encode({ uses: -1n }))).toBe('BadTables');
    expect(refusal(() => encode({ blockUses: [] }))).toBe('BadTables');
    expect(refusal(() => encode({ accounts: [...accounts].reverse() }))).toBe('NotSorted');
    expect(refusal(() => encode({ accounts: [accounts[0]!, accounts[0]!] }))).toBe('NotSorted');
    const [head, list] = encode({ accounts }) as [Hex, Hex];
    const cases: [string, Hex[]][] = [
      ['WrongKind', []],
      ['WrongKind', ['0x']],
      ['WrongKind', [list]],
      ['WrongKind', [head, head]],
      ['WrongKind', [head, list, head]],
      ['WrongKind', [head, '0x06']],
      ['BadTables', [slice(head, 0, HEAD_BYTES)]],
      ['BadTables', [`${head}00`]],
      ['BadTables', [head, `${list}00`]],
      ['BadTables', [head, slice(list, 0, size(list) - 1)]],
      ['BadTables', [head, `${list}0`]],
      ['BadTables', [head, slice(list, 0, 100), concat(['0x02', slice(list, 100)])]],
      ['NotSorted', [head, list, concat(['0x02', slice(list, 1)])]],
    ];
    for (const [reason, parts] of cases) expect(refusal(() => decodeParts(parts, 'diff'))).toBe(reason);
  });

  it('refuse an account that does not go on as it stood', () => {
    const random = new SeededRandom(`${SEED} further`);
    const base = tablesOf(randomBundle(random, 'diff', [], 0, 1, 'present')).accounts[0]!;
    const slots = randomSlots(random, 'diff', base, 200);
    const entries = encodeAccounts([{ ...base, slots }], 'diff', 70);
    expect(entries.length).toBeGreaterThan(2);
    expect(decodeAccounts(entries, 'diff')).toEqual([{ ...base, slots }]);
    const flipped = (entry: Hex, at: number) =>
      concat([slice(entry, 0, at), toHex(Number(slice(entry, at, at + 1)) ^ 1, { size: 1 }), slice(entry, at + 1)]);
    // Its fields, the last key, whether the item states the fields, its room.
    for (const at of [20, 40, 165, ACCOUNT_BYTES + 31, ACCOUNT_BYTES + 32, ACCOUNT_BYTES + 33]) {
      expect(
        refusal(() => decodeAccounts(entries.with(1, flipped(entries[1]!, at)), 'diff')),
        String(at),
      ).toBe('WrongAccount');
    }
    expect(refusal(() => decodeAccounts(entries.slice(0, -1), 'diff'))).toBe('BadTables');
    expect(refusal(() => decodeAccounts(entries.toSpliced(1, 1), 'diff'))).toBe('WrongAccount');
    expect(refusal(() => decodeAccounts(entries.toSpliced(1, 0, entries[0]!), 'diff'))).toBe('WrongAccount');
  });
});

describe('transactions on L1', () => {
  const txs: Hex[] = ['0x0102', '0x', `0x${'ff'.repeat(300)}`];

  it('carry read items whole and cut-off ones by hash', () => {
    expect(encodeItems(l1Items(txs.slice(0, 1), 1), [])).toEqual(['0x00000200000102']);
    expect(encodeItems([], [])).toEqual([]);
    for (let read = 0; read <= txs.length; read++) {
      const items = l1Items(txs, read);
      expect(decodeItems(encodeItems(items, []), read)).toEqual({ items, runs: [] });
      expect(items.map(({ kind }) => kind)).toEqual(txs.map((_, i) => (i < read ? 'read' : 'cutOff')));
      expect(items.map(({ length }) => length)).toEqual([2, 0, 300]);
      for (const [i, item] of items.entries()) if (item.kind === 'read') expect(item.raw).toBe(txs[i]);
      expect(txsHashOfItems(items)).toBe(txsHash(txs));
    }
  });

  it('refuse other framing', () => {
    const entries = encodeItems(l1Items(txs, 2), []);
    const bytes = concat(entries);
    expect(refusal(() => l1Items(txs, 4))).toBe('WrongTransactions');
    expect(refusal(() => decodeItems([slice(bytes, 0, size(bytes) - 1)], 2))).toBe('WrongTransactions');
    expect(refusal(() => decodeItems([`${bytes}00`], 2))).toBe('WrongTransactions');
    expect(refusal(() => decodeItems(encodeItems(l1Items(txs, 3), []), 4))).toBe('WrongTransactions');
    expect(refusal(() => decodeItems(entries, 4))).toBe('WrongTransactions');
    expect(refusal(() => encodeItems(l1Items(txs, 2), [{ item: 3, uses: [] }]))).toBe('BadRun');
    expect(
      refusal(() =>
        encodeItems(
          l1Items(txs, 2),
          [2, 1].map((item) => ({ item, uses: [] })),
        ),
      ),
    ).toBe('BadRun');
    expect(refusal(() => encodeItems(l1Items(txs, 2), [{ item: 1, uses: Array(2 ** 16).fill(0n) }]))).toBe('BadTables');
  });

  it('are posted whole', () => {
    expect(packItems(txs)).toBe(`0x0000020102000000${'00012c'}${'ff'.repeat(300)}`);
    for (const some of [txs, [], ['0x']] as Hex[][]) expect(unpackItems(packItems(some))).toEqual(some);
    expect(refusal(() => unpackItems(slice(packItems(txs), 0, -1)))).toBe('WrongTransactions');
    expect(refusal(() => unpackItems(`${packItems(txs)}0000`))).toBe('WrongTransactions');
  });
});

describe("L1's terms and calldata", () => {
  it('name where every tuple comes from, and follow the tables', () => {
    const bundle = randomBundle(new SeededRandom(SEED), 'diff', ['0x01', '0x02'], 1, 3);
    const origins = l1Origins(bundle, RULES_V2);
    const addresses = tablesOf(bundle).accounts.map(({ address }) => `L1: account ${address}`);
    expect(origins.map(({ origin }) => origin)).toEqual([
      ...['L1: start of the batch', 'L1: end of the batch', 'L1: block', 'L1: transaction 1'],
      ...addresses,
      'L1: state trie',
    ]);
    const { header, preRoot, value, beneficiary, parts } = bundle;
    expect(bundleCalldata(bundle)).toEqual({ statement: { header, preRoot, mode: 0, value, beneficiary }, parts });
    expect(bundleCalldata({ ...bundle, mode: 'root' }).statement.mode).toBe(1);
  });
});
