import type { Hex } from 'viem';
import { describe, expect, it } from 'vitest';
import { BundleError } from '../../src/errors/proof.js';
import { encodeBundle, parseBundle } from '../../src/proof/bundle-file.js';
import { decodeRecords, encodeRecord, encodeRecords, RECORD_BYTES } from '../../src/proof/record.js';
import type { Bundle, ProofRecord } from '../../src/proof/types.js';
import { draft, seeded, testSeed } from '../fixtures/proof/pipeline.js';

const bundle: Bundle = {
  ...draft({ hash: `0x${'9a'.repeat(32)}`, rulesHash: `0x${'9b'.repeat(32)}` }),
  parts: ['0x0001', '0x0102', `0x05${'5b'.repeat(RECORD_BYTES)}`],
};
const text = encodeBundle(bundle);
const json = () => JSON.parse(text) as Record<string, unknown> & { header: Record<string, unknown> };
const write = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const codeOf = (file: string | Uint8Array): string => {
  try {
    parseBundle(file);
    return 'accepted';
  } catch (error) {
    if (error instanceof BundleError) return error.code;
    throw error;
  }
};

describe('bundle file', () => {
  it('reads what it writes, from text and from bytes', () => {
    expect(parseBundle(text)).toEqual(bundle);
    expect(parseBundle(Buffer.from(text))).toEqual(bundle);
    expect(codeOf(text)).toBe('accepted');
  });

  it('has its keys in the order of FORMATS.md', () => {
    const keys = 'format l1ChainId verifier beneficiary keySetHash rulesHash header preRoot mode value parts';
    expect(Object.keys(json()).join(' ')).toBe(keys);
    expect(Object.keys(json().header).join(' ')).toBe(
      'version number parent txsHash timestamp originNumber originHash feeRecipient gasLimit baseFee chainId',
    );
  });

  it('writes addresses in lower case', () => {
    const mixed = { ...bundle, verifier: `0x${'aB'.repeat(20)}` as Hex };
    expect(parseBundle(encodeBundle(mixed)).verifier).toBe(`0x${'ab'.repeat(20)}`);
  });

  it.each([
    ['other spacing', JSON.stringify(json())],
    ['no line feed at the end', text.slice(0, -1)],
    ['another order', write({ l1ChainId: 1, ...json() }).replace('"l1ChainId": 1,', '"l1ChainId": "31337",')],
    ['a key too many', write({ ...json(), extra: 1 })],
    ['a key too many in the header', write({ ...json(), header: { ...json().header, extra: 1 } })],
    ['a key twice', text.replace('"mode": "diff"', '"mode": "root",\n  "mode": "diff"')],
    ['an escaped letter', text.replace('"mode"', '"\\u006dode"')],
  ])('refuses %s', (_what, file) => {
    expect(file).not.toBe(text);
    expect(codeOf(file)).toBe('BUNDLE_NOT_CANONICAL');
  });

  const fields: [string, Record<string, unknown>][] = [
    ['another format', { format: 'deltaproof/bundle/1' }],
    ['a number that is no string', { preRoot: 5 }],
    ['a negative number', { value: '-1' }],
    ['a leading zero', { value: '01' }],
    ['a hex number', { value: '0x1' }],
    ['2^256', { value: (1n << 256n).toString() }],
    ['an unknown mode', { mode: 'both' }],
    ['a short address', { verifier: '0x11' }],
    ['an upper-case digit', { verifier: `0x${'AA'.repeat(20)}` }],
    ['half a byte', { parts: ['0x123'] }],
    ['no prefix', { parts: ['1234'] }],
    ['no header', { header: undefined }],
    ['a header that is a list', { header: [] }],
    ['a header that is null', { header: null }],
    ['parts that are no list', { parts: '0x' }],
    ['a part that is a number', { parts: [1] }],
    ['2^64 in the header', { header: { ...json().header, number: (1n << 64n).toString() } }],
    ['an inherited field', { mode: undefined, __proto__: { mode: 'diff' } }],
  ];
  it.each(fields)('refuses %s', (_what, change) => {
    expect(codeOf(write({ ...json(), ...change }))).toBe('BUNDLE_FIELD');
  });

  it.each([
    ['nothing', ''],
    ['text', 'deltaproof'],
    ['a file cut short', text.slice(0, 200)],
    ['a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('refuses %s', (_what, file) => {
    expect(codeOf(file)).toBe('BUNDLE_NOT_JSON');
  });

  it.each(['null', '[]', '"text"', '1'])('refuses %s', (file) => {
    expect(codeOf(file)).toBe('BUNDLE_FIELD');
  });

  it('refuses by name, or reads as another bundle, whatever byte is flipped', () => {
    const seed = testSeed();
    const random = seeded(seed);
    const seen = new Set<string>();
    for (let k = 0; k < 500; k++) {
      const bytes = Buffer.from(text);
      bytes[random(bytes.length)]! ^= 1 << random(8);
      const code = codeOf(bytes);
      seen.add(code);
      if (code === 'accepted') expect(parseBundle(bytes), `seed ${seed}`).not.toEqual(bundle);
    }
    expect([...seen], `seed ${seed}`).toEqual(expect.arrayContaining(['BUNDLE_FIELD', 'BUNDLE_NOT_JSON', 'accepted']));
  });
});

describe('proof records', () => {
  const bytes = (n: number, byte: string) => `0x${byte.repeat(n)}` as Hex;
  const record: ProofRecord = {
    ...{ shape: 7, D: bytes(64, '0d'), sum: 0xabcn, A: bytes(64, '0a'), B: bytes(128, '0b'), C: bytes(64, '0c') },
  };

  it('are 353 bytes in the order of FORMATS.md', () => {
    const sum = 'abc'.padStart(64, '0');
    const hex = `0x07${'0d'.repeat(64)}${sum}${'0a'.repeat(64)}${'0b'.repeat(128)}${'0c'.repeat(64)}`;
    expect(encodeRecord(record)).toBe(hex);
    expect(hex).toHaveLength(2 + 2 * RECORD_BYTES);
  });

  it('decode to what was encoded', () => {
    const records = [record, { ...record, shape: 255, sum: (1n << 256n) - 1n }];
    expect(decodeRecords(encodeRecords(records))).toEqual(records);
  });
});
