import { type Address, concat, type Hex, slice, toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../src/batch/random.js';
import { RULES_V1 } from '../../src/batch/rules.js';
import { challengeOf, sumOf } from '../../src/bus/tuple.js';
import { StatementError } from '../../src/errors/statement.js';
import { bundleCalldata } from '../../src/l1/bundle-calldata.js';
import { decodeL1Transactions, encodeL1Transactions, packItems, unpackItems } from '../../src/l1/l1-transactions.js';
import {
  ACCOUNT_BYTES,
  decodeTables,
  encodeTables,
  HEAD_BYTES,
  NO_CODE,
  SLOT_BYTES,
  type Tables,
} from '../../src/l1/tables.js';
import { l1Terms } from '../../src/l1/terms.js';
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
    const bytes = encodeTables({
      ...{ read: 0x01020304, ts: 0x111213141516n, gasUsed: 0x2122232425262728n, work: 0x3132333435363738n },
      ...{ jrn: 0x414243444546n, uses: 0x515253n, blockUses: [1n, 2n, 3n, 4n, 5n, 6n, 0xffffffn] },
      accounts: [account],
      ...NO_CODE,
    });
    expect(bytes).toBe(
      concat([
        ...(['0x01020304', '0x111213141516', '0x2122232425262728', '0x3132333435363738'] as const),
        ...(['0x414243444546', '0x515253', '0x000001000002000003000004000005000006ffffff'] as const),
        ...(['0x0000a8', '0x000000', '0x000000', '0x000000'] as const),
        ...([account.address, '0x43', '0xff', '0x0102030405060708', '0x1112131415161718'] as const),
        ...[toHex(0xb1n, { size: 32 }), toHex(0xb2n, { size: 32 }), account.pre.codeHash, account.post.codeHash],
        '0x0000',
      ]),
    );
    expect((bytes.length - 2) / 2).toBe(HEAD_BYTES + ACCOUNT_BYTES);
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
      runs: [
        { item: 1, uses: [] },
        { item: 0x010203, uses: [0x0a0b0cn, 1n] },
      ],
      codes: [contract, inline],
      keccaks: [
        { kind: 'pair', input: concat([word(8), word(9)]), uses: 0x14n },
        { kind: 'general', input: '0xdead', uses: 0x15n },
        { kind: 'general', input: '0x', uses: 0x16n },
      ],
    };
    const bytes = encodeTables(tables);
    expect(slice(bytes, 56)).toBe(
      concat([
        ...([toHex(ACCOUNT_BYTES + 2 * SLOT_BYTES, { size: 3 }), '0x000012', '0x000047', '0x000054'] as const),
        ...([account.address, '0x01ff', `0x${'0000000000000001'.repeat(2)}`, word(2), word(2)] as const),
        ...([word(3), word(3), '0x0002'] as const),
        ...([word(4), word(5), word(6), '0x02ff', word(7), word(0), word(0), '0x43ff'] as const),
        ...(['0x00000001', '0x0000', '0x00010203', '0x0002', '0x0a0b0c', '0x000001'] as const),
        ...(['0x01', '0x000012', '0x000013', account.address, word(1)] as const),
        ...(['0x00', '0x000010', '0x000011', '0x000002', '0x6001'] as const),
        ...(['0x00', '0x000014', word(8), word(9)] as const),
        ...(['0x01', '0x000015', '0x000002', '0xdead', '0x01', '0x000016', '0x000000'] as const),
      ]),
    );
    expect(decodeTables(bytes)).toEqual(tables);
  });

  it('decode to what was encoded', () => {
    const random = new SeededRandom(SEED);
    for (let round = 0; round < 30; round++) {
      const tables: Tables = {
        ...{ read: random.below(2 ** 31), ts: random.bits(48), gasUsed: random.bits(64), work: random.bits(64) },
        ...{ jrn: random.bits(48), uses: random.bits(24), blockUses: Array.from({ length: 7 }, () => random.bits(24)) },
        accounts: randomAccounts(random, random.pick(['diff', 'root']), random.below(6)),
        ...NO_CODE,
      };
      expect(decodeTables(encodeTables(tables))).toEqual(tables);
    }
    expect(decodeTables(encodeTables(EMPTY))).toEqual(EMPTY);
  });

  it('are those of test/fixtures/tables-vectors.json, and so is the sum of their tuples', () => {
    const vectors = tablesVectors();
    expect(vectors.length).toBeGreaterThan(3);
    for (const { name, bundle, contracts, decoded, alpha, beta, sum } of vectors) {
      expect(decodeTables(bundle.tables), name).toEqual(decoded);
      expect(encodeTables(decoded), name).toBe(bundle.tables);
      const codeOf = (_: Hex, contract: Address) => contracts.find(({ address }) => address === contract)?.code;
      const terms = l1Terms({ ...bundle, rules: RULES_V1, codeOf }).flatMap((origin) => origin.terms);
      expect(sumOf(terms, challengeOf(alpha, beta)), name).toBe(sum);
    }
  });

  it('refuse what does not fit, is not sorted or not whole', () => {
    const accounts = randomAccounts(new SeededRandom(SEED), 'diff', 3);
    const bytes = encodeTables({ ...EMPTY, accounts });
    expect(refusal(() => encodeTables({ ...EMPTY, ts: 2n ** 48n }))).toBe('BadTables');
    expect(() => encodeTables({ ...EMPTY, uses: 2n ** 24n })).toThrow(TOO_MANY_USES);
    const blockUses = EMPTY.blockUses.map((none, i) => (i === 3 ? 2n ** 24n : none));
    expect(() => encodeTables({ ...EMPTY, blockUses })).toThrow(TOO_MANY_USES);
    expect(decodeTables(encodeTables({ ...EMPTY, uses: 2n ** 24n - 1n })).uses).toBe(2n ** 24n - 1n);
    expect(refusal(() => encodeTables({ ...EMPTY, uses: -1n }))).toBe('BadTables');
    expect(refusal(() => encodeTables({ ...EMPTY, blockUses: [] }))).toBe('BadTables');
    expect(refusal(() => encodeTables({ ...EMPTY, accounts: [...accounts].reverse() }))).toBe('NotSorted');
    expect(refusal(() => encodeTables({ ...EMPTY, accounts: [accounts[0]!, accounts[0]!] }))).toBe('NotSorted');
    for (const bad of [
      '0x',
      slice(bytes, 0, HEAD_BYTES - 1),
      slice(bytes, 0, -1),
      `${bytes}00`,
      '0x123',
      `${bytes}0`,
    ] as Hex[]) {
      expect(
        refusal(() => decodeTables(bad)),
        bad.slice(-8),
      ).toBe('BadTables');
    }
    const slots = HEAD_BYTES + 2 * ACCOUNT_BYTES - 1;
    expect(refusal(() => decodeTables(concat([slice(bytes, 0, slots), '0x01', slice(bytes, slots + 1)])))).not.toBe(
      'accepted',
    );
    const second = slice(bytes, HEAD_BYTES, HEAD_BYTES + ACCOUNT_BYTES);
    const twice = concat([slice(bytes, 0, HEAD_BYTES), second, second, second]);
    expect(refusal(() => decodeTables(twice))).toBe('NotSorted');
  });
});

describe('transactions on L1', () => {
  const txs: Hex[] = ['0x0102', '0x', `0x${'ff'.repeat(300)}`];

  it('carry read items whole and cut-off ones by hash', () => {
    expect(encodeL1Transactions(txs.slice(0, 1), 1)).toBe('0x0000020102');
    expect(encodeL1Transactions([], 0)).toBe('0x');
    for (let read = 0; read <= txs.length; read++) {
      const items = decodeL1Transactions(encodeL1Transactions(txs, read), read);
      expect(items.map(({ kind }) => kind)).toEqual(txs.map((_, i) => (i < read ? 'read' : 'cutOff')));
      expect(items.map(({ length }) => length)).toEqual([2, 0, 300]);
      for (const [i, item] of items.entries()) if (item.kind === 'read') expect(item.raw).toBe(txs[i]);
    }
  });

  it('refuse other framing', () => {
    const bytes = encodeL1Transactions(txs, 2);
    expect(refusal(() => encodeL1Transactions(txs, 4))).toBe('WrongTransactions');
    expect(refusal(() => decodeL1Transactions(slice(bytes, 0, -1), 2))).toBe('WrongTransactions');
    expect(refusal(() => decodeL1Transactions(`${bytes}00`, 2))).toBe('WrongTransactions');
    expect(refusal(() => decodeL1Transactions(encodeL1Transactions(txs, 3), 4))).toBe('WrongTransactions');
    expect(refusal(() => decodeL1Transactions(bytes, 4))).toBe('WrongTransactions');
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
    const origins = l1Terms({ ...bundle, rules: RULES_V1 });
    const addresses = decodeTables(bundle.tables).accounts.map(({ address }) => `L1: account ${address}`);
    expect(origins.map(({ origin }) => origin)).toEqual([
      ...['L1: start of the batch', 'L1: end of the batch', 'L1: block', 'L1: transaction 1'],
      ...addresses,
      'L1: state trie',
    ]);
    expect(bundleCalldata(bundle)).toMatchObject({ mode: 0, txs: encodeL1Transactions(bundle.txs, 1) });
    expect(bundleCalldata({ ...bundle, mode: 'root' })).toMatchObject({ mode: 1 });
  });
});
