import { describe, expect, test } from 'vitest';
import { assertBalanced, imbalances } from '../../src/bus/balance.js';
import { fromLimbs, inverse, mod, R, toLimbs } from '../../src/bus/field.js';
import { challengeOf, describe as describeTuple, fingerprint, sumOf, term, tuple } from '../../src/bus/tuple.js';

const challenge = challengeOf(7n ** 70n, 5n ** 90n);

describe('field', () => {
  test('inverse', () => {
    expect(mod(inverse(123n) * 123n)).toBe(1n);
    expect(mod(inverse(R - 1n) * (R - 1n))).toBe(1n);
    expect(() => inverse(R)).toThrow(RangeError);
  });

  test('limbs of a word', () => {
    const word = (1n << 255n) + 5n;
    expect(toLimbs(word)).toEqual([1n << 127n, 5n]);
    expect(fromLimbs(...toLimbs(word))).toBe(word);
  });
});

describe('fingerprint', () => {
  test('is the written-out formula', () => {
    const { alpha, beta } = challenge;
    const expected = alpha + 5n + beta * 2n + beta ** 2n * 3n + beta ** 3n * 4n + beta ** 31n * 1n;
    expect(fingerprint(tuple('REF', { X: 5n, trie: 2n, q: 3n, d: 4n }), challenge)).toBe(mod(expected));
  });

  test('values equal mod r are one tuple', () => {
    expect(tuple('BRANCH', { X: R + 3n })).toEqual(tuple('BRANCH', { X: 3n }));
  });

  test('kinds with the same values differ', () => {
    const fields = { X: 5n, trie: 0n, q: 1n, d: 0n };
    expect(fingerprint(tuple('REF', fields), challenge)).not.toBe(fingerprint(tuple('AT', fields), challenge));
  });
});

describe('balance', () => {
  const sent = term(1n, 'TXBAD', { use: 9n, idx: 1n });
  const received = term(-1n, 'TXBAD', { use: 9n, idx: 1n });

  test('sent and received add up to nothing', () => {
    expect(sumOf([sent, received], challenge)).toBe(0n);
    expect(
      imbalances([
        { origin: 'L1', terms: [sent] },
        { origin: 'row', terms: [received] },
      ]),
    ).toEqual([]);
  });

  test('weights of formal tuples add up in the field', () => {
    const ref = (weight: bigint) => term(weight, 'REF', { X: 1n, trie: 0n, q: 1n, d: 0n });
    expect(imbalances([{ origin: 'a', terms: [ref(R - 5n), ref(2n), ref(3n)] }])).toEqual([]);
  });

  test('a tuple that does not balance is named with its origins', () => {
    const parts = [{ origin: 'transaction 1 (txbad)', terms: [received] }];
    expect(() => assertBalanced(parts)).toThrow(
      /TXBAD use=9 idx=1: received but never sent \(-1\) by transaction 1 \(txbad\)/,
    );
    expect(imbalances(parts)[0]?.surplus).toBe(-1n);
  });

  test('a description names every field', () => {
    expect(describeTuple(tuple('BLOCK', { lo: 1n, hi: 2n, field: 0x41n }))).toBe('BLOCK lo=1 hi=2 field=65');
  });
});
