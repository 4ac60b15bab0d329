import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, contentHash } from '../../prover/queue/json.js';

describe('canonicalJson', () => {
  it('has one text per value, and the value in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // JSON itself has no -0.
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(plain);
        expect(canonicalJson(reversed(plain))).toBe(canonicalJson(plain));
      }),
    );
  });

  it('refuses what JSON would change silently', () => {
    for (const bad of [undefined, [undefined], { a: undefined }, Number.NaN, 1n, new Date(), new Map(), Buffer.of(1)]) {
      expect(() => canonicalJson(bad)).toThrow(TypeError);
    }
    const loop: unknown[] = [];
    loop.push(loop);
    expect(() => canonicalJson(loop)).toThrow('$[0] contains itself');
  });

  it('takes a value twice that is no cycle', () => {
    const shared = { a: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });
});

describe('contentHash', () => {
  it('is sha256 of the text', () => {
    expect(contentHash('')).toBe('12ae32cb1ec02d01eda3581b127c1fee3b0dc53572ed6baf239721a03d82e126');
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
