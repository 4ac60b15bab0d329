import { readFile } from 'node:fs/promises';
import { type Address, encodeAbiParameters, type Hex, keccak256, toHex as numberToHex, toRlp } from 'viem';
import { describe, expect, it } from 'vitest';
import { byteLength, word } from '../../src/batch/bytes.js';
import { type DiffItem, diffHash, diffItems, encodeDiff } from '../../src/batch/diff.js';
import { batchHash, domain, sealBatch, txsHash } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { parseTransaction } from '../../src/batch/transaction.js';
import { EMPTY_ACCOUNT, EMPTY_CODE_HASH, type Header } from '../../src/batch/types.js';

interface VectorItem {
  readonly address: Address;
  readonly nonce: string | null;
  readonly balance: string | null;
  readonly codeHash: Hex | null;
  readonly slots: readonly { readonly key: Hex; readonly value: string }[];
}

interface Vectors {
  readonly domains: Record<string, Hex>;
  readonly headers: { header: Record<keyof Header, string>; batchHash: Hex }[];
  readonly txs: { txs: Hex[]; txsHash: Hex }[];
  readonly diffs: { items: VectorItem[]; encoded: Hex[]; diffHash: Hex }[];
  readonly transactions: { raw: Hex; parsed: Record<string, string> }[];
}

const file = new URL('../fixtures/format-vectors.json', import.meta.url);
const vectors = JSON.parse(await readFile(file, 'utf8')) as Vectors;
const ZERO = word(0n);

function headerOf(json: Record<keyof Header, string>): Header {
  const { parent, txsHash: txs, originHash, feeRecipient, ...numbers } = json;
  const bigints = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, BigInt(value)]));
  return { parent, txsHash: txs, originHash, feeRecipient, ...bigints } as unknown as Header;
}

function itemOf({ address, nonce, balance, codeHash, slots }: VectorItem): DiffItem {
  return {
    address,
    ...(nonce === null ? {} : { nonce: BigInt(nonce) }),
    ...(balance === null ? {} : { balance: BigInt(balance) }),
    ...(codeHash === null ? {} : { codeHash }),
    slots: slots.map(({ key, value }) => ({ key, value: BigInt(value) })),
  };
}

/** viem's RLP, with an integer as its shortest bytes. */
const integer = (value: string | null): Hex | [] =>
  value === null ? [] : BigInt(value) === 0n ? '0x' : even(BigInt(value));
const even = (value: bigint): Hex => {
  const hex = value.toString(16);
  return `0x${hex.length % 2 === 0 ? '' : '0'}${hex}`;
};

describe('test/fixtures/format-vectors.json', () => {
  it('has our domains', () => {
    expect(Object.keys(vectors.domains).sort()).toEqual(['batch', 'statement', 'transcript']);
    for (const [name, hash] of Object.entries(vectors.domains)) {
      expect(domain(name)).toBe(hash);
      expect(keccak256(new TextEncoder().encode(`deltaproof/${name}/1`))).toBe(hash);
    }
  });

  it('has our batch hashes, which are those of abi.encode', () => {
    expect(vectors.headers.length).toBeGreaterThan(2);
    const types = 'bytes32 uint64 uint64 bytes32 bytes32 uint64 uint64 bytes32 address uint64 uint64 uint64'.split(' ');
    for (const { header: json, batchHash: expected } of vectors.headers) {
      const header = headerOf(json);
      expect(batchHash(header)).toBe(expected);
      const {
        version,
        number,
        parent,
        txsHash: txs,
        timestamp,
        originNumber,
        originHash,
        feeRecipient,
        gasLimit,
        baseFee,
        chainId,
      } = header;
      const values = [
        domain('batch'),
        version,
        number,
        parent,
        txs,
        timestamp,
        originNumber,
        originHash,
        feeRecipient,
        gasLimit,
        baseFee,
        chainId,
      ];
      const abi = encodeAbiParameters(
        types.map((type) => ({ type })),
        values,
      );
      expect(keccak256(abi)).toBe(expected);
    }
  });

  it('has our txsHashes', () => {
    for (const { txs, txsHash: expected } of vectors.txs) {
      expect(txsHash(txs)).toBe(expected);
      let h = ZERO;
      for (const tx of txs)
        h = keccak256(`${h}${numberToHex(byteLength(tx), { size: 32 }).slice(2)}${keccak256(tx).slice(2)}`);
      expect(h).toBe(expected);
      const environment = headerOf(vectors.headers[0]!.header);
      expect(sealBatch(environment, txs).header).toEqual({ ...environment, txsHash: expected });
    }
  });

  it('has our diffs, which are RLP as viem writes it', () => {
    for (const { items, encoded, diffHash: expected } of vectors.diffs) {
      expect(encodeDiff(items.map(itemOf))).toEqual(encoded);
      expect(diffHash(items.map(itemOf))).toBe(expected);
      const rlp = items.flatMap(({ address, nonce, balance, codeHash, slots }) => {
        const parts = [slots.slice(0, 64), slots.slice(64, 128), slots.slice(128, 192)].filter(
          (part, i) => i === 0 || part.length > 0,
        );
        return parts.map((part, i) => {
          const fields = i === 0 ? [integer(nonce), integer(balance), codeHash ?? []] : [[], [], []];
          return toRlp([address, ...fields, part.map(({ key, value }) => [key, integer(value) as Hex])]);
        });
      });
      expect(encoded).toEqual(rlp);
      expect(rlp.reduce((h, item) => keccak256(`${h}${keccak256(item).slice(2)}`), ZERO)).toBe(expected);
    }
    expect(vectors.diffs.some(({ items, encoded }) => encoded.length > items.length)).toBe(true);
  });

  it('has our transactions', () => {
    for (const { raw, parsed } of vectors.transactions) {
      const ours = Object.entries(parseTransaction(raw, RULES_V2)).filter(
        ([name]) => !['reason', 'data', 'keys'].includes(name), // no fields of TX: L1 puts them into tuples of their own
      );
      expect(Object.fromEntries(ours.map(([name, value]) => [name, String(value)]))).toEqual(parsed);
    }
    expect(new Set(vectors.transactions.map(({ parsed }) => parsed.kind))).toEqual(new Set(['tx', 'bad']));
  });
});

describe('diffItems', () => {
  const a: Address = `0x${'0a'.repeat(20)}`;
  const b: Address = `0x${'0b'.repeat(20)}`;
  const rich = { nonce: 1n, balance: 5n, codeHash: EMPTY_CODE_HASH };

  it('lists changed fields alone, sorted by address, and nothing for an unchanged account', () => {
    const unchanged = { address: `0x${'0c'.repeat(20)}` as Address, pre: rich, post: rich };
    const items = diffItems([
      { address: b, pre: rich, post: { ...rich, balance: 0n } },
      unchanged,
      { address: a, pre: EMPTY_ACCOUNT, post: rich },
    ]);
    expect(items).toEqual([
      { address: a, nonce: 1n, balance: 5n, slots: [] },
      { address: b, balance: 0n, slots: [] },
    ]);
  });

  it('lists a deleted account with the fields that changed', () => {
    const coded = { ...rich, codeHash: keccak256('0x00') };
    expect(diffItems([{ address: a, pre: coded, post: EMPTY_ACCOUNT }])).toEqual([
      { address: a, nonce: 0n, balance: 0n, codeHash: EMPTY_CODE_HASH, slots: [] },
    ]);
  });

  it('sorts slots, also of accounts without a changed field', () => {
    const slots = [3n, 1n, 2n].map((key) => ({ address: a, key: word(key), value: key - 1n }));
    const [item] = diffItems([{ address: a, pre: rich, post: rich }], slots);
    expect(item).toEqual({ address: a, slots: [1n, 2n, 3n].map((key) => ({ key: word(key), value: key - 1n })) });
  });
});
