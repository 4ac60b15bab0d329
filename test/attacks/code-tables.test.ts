import { concat, type Hex, keccak256, slice, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toLimbs } from '../../src/bus/field.js';
import { term } from '../../src/bus/tuple.js';
import type { Bundle } from '../../src/proof/types.js';
import type { Tables } from '../../src/statement/tables.js';
import { reTabled, tablesOf } from '../helpers/bundles.js';
import {
  account,
  CODE,
  changed,
  EVIL,
  encodingRefusal,
  inline,
  KEY,
  OTHER,
  slot,
  TablesForger,
  TOKEN,
  withFields,
} from '../helpers/tables-forger.js';

/**
 * Forged codes, slots and multiplicities in the tables from which L1 makes tuples of code.
 * Either L1 refuses the tables by name, or its tuples are not those that the forger's rows need: then nothing balances, and the
 * test says which tuples are left over.
 */
let forger: TablesForger;
beforeAll(async () => {
  forger = await TablesForger.start();
});
afterAll(() => forger?.stop());

/** The bundle with other bytes in place of some of its parts' bytes. */
function replaced(bundle: Bundle, bytes: Hex, other: Hex): Bundle {
  return { ...bundle, parts: bundle.parts.map((part) => part.replaceAll(bytes.slice(2), other.slice(2)) as Hex) };
}

it('nothing is left over of an honest bundle', async () => {
  const bundle = forger.honest();
  expect(await forger.leftOver(bundle, forger.terms(bundle))).toEqual([]);
});

describe('codes', () => {
  it('one code under two ids: NotSorted', async () => {
    const [low, high] = [CODE, EVIL].sort((a, b) => (keccak256(a) < keccak256(b) ? -1 : 1)) as [Hex, Hex];
    const two = forger.honest({ codes: [inline(low), inline(high)] });
    expect(await forger.bench.refusal(two)).toBe('accepted');
    expect(await forger.bench.refusal(replaced(two, high, low))).toBe('NotSorted');
    // Once as a contract's and once inline.
    const address = forger.random.hex(20);
    await forger.bench.publish(address, low);
    const contract = { kind: 'contract', address, hash: keccak256(low), blobUses: 1n, lenUses: 1n } as const;
    const both = forger.honest({ codes: [contract, inline(high)] });
    expect(await forger.bench.refusal(both)).toBe('accepted');
    expect(await forger.bench.refusal(replaced(both, high, low))).toBe('NotSorted');
  });

  it('other bytes for the hash of the account: the CODEBLOB that txbegin looks up is not there', async () => {
    const bundle = forger.honest();
    const forged = forger.honest({ codes: [inline(EVIL)] });
    // Rows that run EVIL while the token's cell says keccak(CODE).
    const [hashHi, hashLo] = toLimbs(BigInt(keccak256(CODE)));
    const wanted = changed(forger.terms(forged), 'CODEBLOB', ({ weight }) =>
      term(weight, 'CODEBLOB', { len: 6n, code: 1n, hashHi, hashLo }),
    );
    expect(await forger.leftOver(forged, wanted)).toEqual(['CODEBLOB']);
    expect(await forger.leftOver(bundle, wanted)).toEqual(['CODEWORDS']);
  });

  it('another length for a code: CODELEN and CODEBLOB are L1’s count', async () => {
    const bundle = forger.honest();
    for (const name of ['CODELEN', 'CODEBLOB'] as const) {
      const wanted = changed(forger.terms(bundle), name, (old) => withFields(old, { len: 5n }));
      expect(await forger.leftOver(bundle, wanted)).toEqual([name]);
    }
  });

  it('a code that leaves out its last words, or repeats some', async () => {
    const long: Hex = `0x${'5b'.repeat(300)}`;
    const bundle = forger.honest({ codes: [inline(long)] });
    const terms = forger.terms(bundle);
    const rows = terms.filter(({ tuple }) => tuple.name === 'CODEWORDS');
    expect(rows.length).toBe(3);
    expect(
      await forger.leftOver(
        bundle,
        terms.filter((row) => row !== rows[2]),
      ),
    ).toEqual(['CODEWORDS']);
    expect(await forger.leftOver(bundle, [...terms, rows[1]!])).toEqual(['CODEWORDS']);
  });

  it('a contract whose code changes after the challenge is drawn: WrongCode', async () => {
    const address = forger.random.hex(20);
    await forger.bench.publish(address, CODE);
    const entry = { kind: 'contract', address, hash: keccak256(CODE), blobUses: 1n, lenUses: 1n } as const;
    const bundle = forger.honest({ codes: [entry] });
    const terms = forger.terms(bundle);
    expect(await forger.leftOver(bundle, terms)).toEqual([]);
    for (const code of [
      EVIL,
      '0x',
      concat([CODE, '0x00']),
      slice(CODE, 0, 5),
      concat(['0xef0100', address]),
    ] as Hex[]) {
      await forger.bench.setCode(address, code);
      expect(await forger.balance(bundle)).toBe('WrongCode');
    }
    await forger.bench.setCode(address, CODE);
    expect(await forger.leftOver(bundle, terms)).toEqual([]);
  });

  it('the empty code, to run a transfer as code: EmptyCode', async () => {
    expect(encodingRefusal({ ...tablesOf(forger.honest()), codes: [inline('0x')] })).toBe('EmptyCode');
  });
});

describe('slots', () => {
  it('one slot twice: NotSorted', async () => {
    const two = forger.honest({ accounts: [account(TOKEN, [slot(), slot({ key: toHex(8n, { size: 32 }) })])] });
    const twice = replaced(two, toHex(8n, { size: 32 }), KEY);
    expect(twice.parts).not.toEqual(two.parts);
    expect(await forger.bench.refusal(twice)).toBe('NotSorted');
  });

  it('a slot under another account: cells and trie tuples carry the account’s address and number', async () => {
    const bundle = forger.honest();
    const moved = forger.honest({ accounts: [account(TOKEN, []), account(OTHER, [slot()])] });
    expect(await forger.leftOver(moved, forger.terms(bundle))).toEqual(['RKV', 'SLOT', 'SLOTEND']);
    // Even with the value that belongs to it, the diff is another one.
    expect(moved.value).not.toBe(bundle.value);
    expect(await forger.balance({ ...moved, value: bundle.value })).toBe('WrongDiff');
  });

  it('another value before or after, or a slot left out', async () => {
    const bundle = forger.honest();
    const terms = forger.terms(bundle);
    const before = forger.honest({ accounts: [account(TOKEN, [slot({ pre: 4n })]), account(OTHER, [])] });
    expect(await forger.leftOver(before, terms)).toEqual(['RKV', 'SLOT']);
    const after = forger.honest({ accounts: [account(TOKEN, [slot({ post: 7n })]), account(OTHER, [])] });
    expect(await forger.leftOver(after, terms)).toEqual(['SLOTEND']);
    expect(await forger.balance({ ...after, value: bundle.value })).toBe('WrongDiff');
    const none = forger.honest({ accounts: [account(TOKEN, []), account(OTHER, [])] });
    expect(await forger.leftOver(none, terms)).toEqual(['RKV', 'SLOT', 'SLOTEND']);
    expect(await forger.balance({ ...none, value: bundle.value })).toBe('WrongDiff');
  });

  it('a slot that starts warm, touched, or with another original value', async () => {
    const bundle = forger.honest();
    for (const fields of [{ warm: 1n }, { tx: 1n }, { origLo: 6n }, { origHi: 1n }, { ts: 1n }]) {
      const wanted = changed(forger.terms(bundle), 'SLOT', (old) => withFields(old, fields));
      expect(await forger.leftOver(bundle, wanted)).toEqual(['SLOT']);
    }
  });
});

describe('multiplicities', () => {
  it('beyond three bytes do not fit the tables: BUS_TOO_MANY_USES', () => {
    const tables = tablesOf(forger.honest());
    const most = 2n ** 24n;
    const cases: Partial<Tables>[] = [
      { runs: [{ item: 1, uses: [most] }] },
      { codes: [{ ...inline(CODE), blobUses: most }] },
      { codes: [{ ...inline(CODE), lenUses: most }] },
      { keccaks: [{ kind: 'pair', input: concat([KEY, KEY]), uses: most }] },
      { keccaks: [{ kind: 'general', input: '0x', uses: most }] },
      { uses: most },
    ];
    for (const over of cases) {
      expect(() => reTabled(forger.honest(), over)).toThrow(expect.objectContaining({ code: 'BUS_TOO_MANY_USES' }));
    }
    expect(encodingRefusal({ ...tables, runs: [{ item: 1, uses: [-1n] }] })).toBe('BadTables');
  });

  it('one that would wrap in three bytes is another number', async () => {
    const [most, none] = [2n ** 24n - 1n, 0n];
    const pair = (uses: bigint) => forger.honest({ keccaks: [{ kind: 'pair', input: concat([KEY, KEY]), uses }] });
    expect(await forger.leftOver(pair(none), forger.terms(pair(most)))).toEqual(['KECCAK64']);
    const terms = changed(forger.terms(pair(most)), 'KECCAK64', (old) => ({ ...old, weight: old.weight + 1n }));
    expect(await forger.leftOver(pair(most), terms)).toEqual(['KECCAK64']);
    expect(await forger.leftOver(pair(none), terms)).toEqual(['KECCAK64']);
  });
});
