import { concat, type Hex, keccak256, size, slice, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toLimbs } from '../../src/bus/field.js';
import { runTerms } from '../../src/statement/code-terms.js';
import { tablesOf } from '../helpers/bundles.js';
import { put } from '../helpers/native-bench.js';
import { changed, DATA, encodingRefusal, KEY, OTHER, TablesForger, withFields } from '../helpers/tables-forger.js';

/**
 * Forged runs and hashes in the tables from which L1 makes tuples of code.
 * Either L1 refuses the tables by name, or its tuples are not those that the forger's rows need: then nothing balances, and the
 * test says which tuples are left over.
 */
let forger: TablesForger;
beforeAll(async () => {
  forger = await TablesForger.start();
});
afterAll(() => forger?.stop());

describe('runs', () => {
  it('calldata behind the data: WordsBeyondData', async () => {
    const four = forger.honest({ runs: [{ item: 1, uses: [1n, 1n, 1n, 1n] }] });
    expect(await forger.bench.refusal(four)).toBe('WordsBeyondData');
  });

  it('the bytes of the transaction behind its data, in the last word', async () => {
    const bundle = forger.honest();
    const terms = forger.terms(bundle);
    const at = forger.raw.indexOf(DATA.slice(2)) + 2 * 64;
    const [hi, lo] = toLimbs(BigInt(`0x${forger.raw.slice(at, at + 64)}`));
    const last = terms.filter(({ tuple }) => tuple.name === 'TXDATA')[2]!;
    expect(last.tuple.values).toContain(toLimbs(BigInt(`0x${'11'.repeat(4)}${'00'.repeat(28)}`))[0]);
    expect(lo).not.toBe(0n);
    const wanted = changed(terms, 'TXDATA', (old, i) => (i === 2 ? withFields(old, { hi, lo }) : old));
    expect(await forger.leftOver(bundle, wanted)).toEqual(['TXDATA']);
  });

  it('a word read more often than the tables say, or one that they leave out', async () => {
    const terms = forger.terms(forger.honest());
    const fewer = forger.honest({ runs: [{ item: 1, uses: [1n, 0n, 1n] }] });
    expect(await forger.leftOver(fewer, terms)).toEqual(['TXDATA']);
    expect(await forger.leftOver(forger.honest({ runs: [{ item: 1, uses: [1n, 1n] }] }), terms)).toEqual(['TXDATA']);
  });

  it('another number of keys to warm, another key, or their order', async () => {
    const bundle = forger.honest();
    const terms = forger.terms(bundle);
    for (const count of [0n, 1n, 3n]) {
      const wanted = changed(terms, 'KEYS', (old) => withFields(old, { count }));
      expect(await forger.leftOver(bundle, wanted)).toEqual(['KEYS']);
    }
    const other = changed(terms, 'WARM', (old, i) => (i === 0 ? withFields(old, { keyLo: 8n }) : old));
    expect(await forger.leftOver(bundle, other)).toEqual(['WARM']);
    const swapped = changed(terms, 'WARM', (old, i) => withFields(old, { n: i === 0 ? 2n : 1n }));
    expect(await forger.leftOver(bundle, swapped)).toEqual(['WARM']);
    const foreign = changed(terms, 'WARM', (old) => withFields(old, { addr: BigInt(OTHER) }));
    expect(await forger.leftOver(bundle, foreign)).toEqual(['WARM']);
  });

  it('a transaction that runs without a run, or one run for two: BadRun', async () => {
    const terms = forger.terms(forger.honest());
    expect(await forger.leftOver(forger.honest({ runs: [] }), terms)).toEqual(['KEYS', 'TXDATA', 'WARM']);
    const bundle = forger.honest();
    const again = runTerms(1n, { data: DATA, keys: [] }, [1n]);
    expect(await forger.leftOver(bundle, [...terms, ...again])).toEqual(['KEYS', 'TXDATA']);
    const runs = [
      { item: 1, uses: [] },
      { item: 1, uses: [] },
    ];
    expect(encodingRefusal({ ...tablesOf(bundle), runs })).toBe('BadRun');
  });
});

describe('hashes', () => {
  it('another length for an input: words and digest are L1’s', async () => {
    const bundle = forger.honest();
    const terms = forger.terms(bundle);
    const input: Hex = `0x${'44'.repeat(40)}`;
    for (const len of [39n, 41n, 64n, 0n]) {
      expect(
        await forger.leftOver(
          bundle,
          changed(terms, 'KECCAK', (old) => withFields(old, { len })),
        ),
      ).toEqual(['KECCAK']);
    }
    const [hi, lo] = toLimbs(BigInt(keccak256(concat([input, '0x00']))));
    // As long as it is, with the digest of the zero-padded input.
    const padded = changed(terms, 'KECCAK', (old) => withFields(old, { len: 41n, hi, lo }));
    expect(await forger.leftOver(bundle, padded)).toEqual(['KECCAK']);
    const shorter = forger.honest({
      keccaks: [
        { kind: 'pair', input: concat([KEY, KEY]), uses: 1n },
        { kind: 'general', input: slice(input, 0, 39), uses: 2n },
      ],
    });
    expect(await forger.leftOver(shorter, terms)).toEqual(['KECCAK', 'KWORD']);
  });

  it('a length that reaches into what follows the part: BadTables', async () => {
    const bundle = forger.honest();
    const hashes = bundle.parts.at(-1)!;
    const at = size(hashes) - 43;
    expect(slice(hashes, at, at + 3)).toBe(toHex(40, { size: 3 }));
    for (const length of [41, 1_000, 0xffffff]) {
      const parts = bundle.parts.with(-1, put(hashes, at, toHex(length, { size: 3 })));
      expect(await forger.bench.refusal({ ...bundle, parts })).toBe('BadTables');
    }
  });

  it('a digest of the forger’s own, or of the words the other way round', async () => {
    const bundle = forger.honest();
    const terms = forger.terms(bundle);
    for (const name of ['KECCAK64', 'KECCAK'] as const) {
      const wanted = changed(terms, name, (old) => withFields(old, { lo: 1n }));
      expect(await forger.leftOver(bundle, wanted)).toEqual([name]);
    }
    const words = changed(terms, 'KWORD', (old, i) => withFields(old, { word: BigInt(1 - i) }));
    expect(await forger.leftOver(bundle, words)).toEqual(['KWORD']);
  });
});
