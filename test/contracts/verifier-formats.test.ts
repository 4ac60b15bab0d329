import { readFile } from 'node:fs/promises';
import { type Address, concat, type Hex, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES_V2, rulesHash } from '../../src/batch/rules.js';
import type { Account, Header, ParsedTx } from '../../src/batch/types.js';
import { EMPTY_CODE_HASH, isEmptyAccount } from '../../src/batch/types.js';
import { rulesCalldata } from '../../src/l1/deploy-verifier.js';
import { itemTerm } from '../../src/statement/execution-terms.js';
import { encodeItems, l1Items } from '../../src/statement/l1-transactions.js';
import { encodeAccounts } from '../../src/statement/table-accounts.js';
import type { TableAccount, TableSlot } from '../../src/statement/tables.js';
import { HINT_NONE, hintOf } from '../../src/trie/hint.js';
import { compileVerifier, startTestL1, type TestL1 } from '../helpers/test-l1.js';

interface FormatVectors {
  readonly headers: { header: Record<keyof Header, string>; batchHash: Hex }[];
  readonly txs: { txs: Hex[]; txsHash: Hex }[];
  readonly diffs: {
    items: {
      address: Address;
      nonce: string | null;
      balance: string | null;
      codeHash: Hex | null;
      slots: { key: Hex; value: string }[];
    }[];
    diffHash: Hex;
  }[];
  readonly transactions: { raw: Hex; parsed: Record<string, string> }[];
}

interface TranscriptVector {
  readonly name: string;
  readonly mode: 'diff' | 'root';
  readonly parts: Hex[];
  readonly dues: Hex[];
  readonly rhos: string[];
  readonly verifier: Address;
  readonly [field: string]: unknown;
}

async function fixture<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')) as T;
}

const vectors = await fixture<FormatVectors>('format-vectors.json');
const transcripts = await fixture<TranscriptVector[]>('transcript-vectors.json');
const { FormatBench } = compileVerifier();
const abi = FormatBench!.abi;
let l1: TestL1;
let bench: Address;

beforeAll(async () => {
  l1 = await startTestL1();
  bench = await l1.deploy(FormatBench!, []);
});
afterAll(() => l1?.stop());

const call = (name: string, ...args: unknown[]) => l1.call(bench, abi, name, args);

describe('Solidity and the format vectors', () => {
  it('agree on batch hashes', async () => {
    expect(vectors.headers.length).toBeGreaterThan(0);
    for (const { header, batchHash } of vectors.headers) expect(await call('batchHash', header)).toBe(batchHash);
  });

  it('agree on txsHash, however many items are cut off', async () => {
    expect(vectors.txs.length).toBeGreaterThan(0);
    for (const { txs, txsHash } of vectors.txs) {
      for (let read = 0; read <= txs.length; read++) {
        const encoded = concat(['0x', ...encodeItems(l1Items(txs, read), [])]);
        expect(await call('txsHash', rulesCalldata(RULES_V2), encoded, read)).toBe(txsHash);
      }
    }
  });

  it('agree on h(diff), continuation items and unchanged slots between changed ones included', async () => {
    expect(vectors.diffs.some(({ items }) => items.some(({ slots }) => slots.length > 64))).toBe(true);
    for (const { items, diffHash } of vectors.diffs) {
      const accounts = items.map(({ address, nonce, balance, codeHash, slots }): TableAccount => {
        const post = {
          nonce: BigInt(nonce ?? 5),
          balance: BigInt(balance ?? 5),
          codeHash: codeHash ?? EMPTY_CODE_HASH,
        };
        const pre: Account = {
          nonce: nonce === null ? post.nonce : post.nonce ^ 1n,
          balance: balance === null ? post.balance : post.balance ^ 1n,
          codeHash: codeHash === null ? post.codeHash : toHex(BigInt(codeHash) ^ 1n, { size: 32 }),
        };
        const preHint = isEmptyAccount(pre) ? hintOf('void', 1) : hintOf('value', 1);
        return {
          address,
          pre,
          post,
          preHint,
          postHint: HINT_NONE,
          slots: slots.flatMap((slot, i) => changedSlot(slot, slots[i + 1]?.key)),
        };
      });
      // In entries of one slot, too: an account that goes on in many entries has the same diff.
      for (const most of [2 ** 14, 1, 63, 64, 65]) {
        expect(await call('diffHash', concat(['0x', ...encodeAccounts(accounts, 'diff', most)]))).toBe(diffHash);
      }
    }
  });

  it('agree on every transaction', async () => {
    const raws = vectors.transactions.map(({ raw }) => raw);
    expect(raws.length).toBeGreaterThan(0);
    const [ok, values] = (await call('parse', rulesCalldata(RULES_V2), raws)) as [boolean[], bigint[][]];
    for (const [i, { parsed }] of vectors.transactions.entries()) {
      expect(ok[i]).toBe(parsed.kind === 'tx');
      if (parsed.kind !== 'tx') continue;
      const numbers = Object.entries(parsed).map(([k, v]) => [k, /^\d/.test(v) && !v.startsWith('0x') ? BigInt(v) : v]);
      const tx = Object.fromEntries(numbers) as unknown as ParsedTx;
      expect(values[i]).toEqual(itemTerm(tx, 0n).tuple.values);
    }
  });
});

describe('Solidity and the transcript vectors', () => {
  it('agree on chain, statement, seed and challenges', async () => {
    expect(transcripts.length).toBeGreaterThan(0);
    const code = await l1.reader.getCode({ address: bench });
    for (const vector of transcripts) {
      const { name, parts, dues } = vector;
      const statement = await call(
        'statement',
        ...[vector.batchHash, BigInt(vector.preRoot as string), vector.mode === 'diff' ? 0 : 1],
        BigInt(vector.value as string),
      );
      expect(statement, name).toBe(vector.statement);
      expect(await call('chain', parts, dues.at(-1)), name).toEqual(dues.slice(0, -1));
      // The links to the first parts from the link behind them: what `feed` sees.
      for (let to = 1; to < parts.length; to++) {
        expect(await call('chain', parts.slice(0, to), dues[to]), name).toEqual(dues.slice(0, to));
      }
      // The seed names chain and verifier: the same code at the vector's address, on an anvil with its chain id.
      const chain = await startTestL1(['--chain-id', String(vector.l1ChainId)]);
      try {
        await chain.reader.request({ method: 'anvil_setCode', params: [vector.verifier, code] } as never);
        const { beneficiary, keySetHash, rulesHash: rules } = vector;
        const seed = await chain.call(vector.verifier, abi, 'seed', [
          ...[beneficiary, keySetHash, rules, statement, dues[0]],
        ]);
        expect(seed, name).toBe(vector.seed);
      } finally {
        await chain.stop();
      }
      const ofProofs = parts.flatMap((part, i) => (part.startsWith('0x05') ? [i] : []));
      expect(ofProofs.length).toBe(vector.rhos.length);
      for (const [n, i] of ofProofs.entries()) {
        const challenges = await call('challenges', vector.seed, dues[i], `0x${parts[i]!.slice(4)}`);
        expect(challenges).toEqual([vector.alpha, vector.beta, vector.rhos[n]].map((x) => BigInt(x as string)));
      }
    }
  });

  it('agree on the hash of rules', async () => {
    expect(await call('rulesHash', rulesCalldata(RULES_V2))).toBe(rulesHash(RULES_V2));
  });
});

/** The slot of a diff, and one behind it that does not change where its key leaves room. */
function changedSlot({ key, value }: { key: Hex; value: string }, next: Hex | undefined): TableSlot[] {
  const post = BigInt(value);
  const slot = (at: bigint, before: bigint, after: bigint) => {
    const preHint = before === 0n ? hintOf('void', 1) : hintOf('value', 1);
    return { key: toHex(at, { size: 32 }), pre: before, post: after, preHint, postHint: HINT_NONE };
  };
  const changed = slot(BigInt(key), post ^ 1n, post);
  const behind = BigInt(key) + 1n;
  return behind < BigInt(next ?? 2n ** 256n) ? [changed, slot(behind, 9n, 9n)] : [changed];
}
