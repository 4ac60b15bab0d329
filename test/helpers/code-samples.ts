import { type Address, type Hex, keccak256, toHex } from 'viem';
import { diffHash, diffItems } from '../../src/batch/diff.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { parseTransaction } from '../../src/batch/transaction.js';
import { isEmptyAccount } from '../../src/batch/types.js';
import type { Bundle, Mode } from '../../src/proof/types.js';
import type { SeededRandom } from '../../src/samples/random.js';
import type { TableAccount, TableCode, TableKeccak, TableRun, TableSlot, Tables } from '../../src/statement/tables.js';
import { HINT_NONE, hintOf } from '../../src/trie/hint.js';
import { sameAccount } from '../../src/trie/statement.js';
import { contentOf, tablesOf, withContent } from './bundles.js';

const MAX_WORD = 2n ** 256n - 1n;
const EDGE_USES = [0n, 1n, 2n ** 24n - 1n];
const EDGE_VALUES = [0n, 0n, 1n, 127n, 128n, 2n ** 128n - 1n, 2n ** 128n, 2n ** 168n - 1n, 2n ** 168n, MAX_WORD];

/** A code that lies on L1 as the code of a contract. */
export interface Published {
  readonly address: Address;
  readonly code: Hex;
}

/** A multiplicity, often at an edge. */
function randomUses(random: SeededRandom): bigint {
  return random.pick([...EDGE_USES, random.bits(24), random.bits(4)]);
}

/** `count` random slots of an account with the hints that they call for, sorted. */
export function randomSlots(
  random: SeededRandom,
  mode: Mode,
  { pre, post }: Pick<TableAccount, 'pre' | 'post'>,
  count: number,
): TableSlot[] {
  const [had, has] = [!isEmptyAccount(pre), !isEmptyAccount(post)];
  const edges: Hex[] = [toHex(0n, { size: 32 }), toHex(MAX_WORD, { size: 32 })];
  const keys = new Set(Array.from({ length: count }, (_, i) => (random.below(4) === 0 && edges[i]) || random.hex(32)));
  const value = () => random.pick([...EDGE_VALUES, random.bits(256), random.bits(60)]);
  const depth = () => random.pick([0, 1, 5, 61, 62, random.below(63)]);
  return [...keys].sort().map((key) => {
    const before = had ? value() : 0n;
    const after = has ? random.pick([before, value()]) : 0n;
    const place = (present: boolean) => (present ? hintOf('value', depth()) : HINT_NONE);
    const slot = { key, pre: before, post: after };
    if (mode === 'root' && before !== after)
      return { ...slot, preHint: place(before !== 0n), postHint: place(after !== 0n) };
    const absent = hintOf(random.pick(['void', 'nokey']), depth());
    return {
      ...slot,
      preHint: !had ? HINT_NONE : before === 0n ? absent : hintOf('value', depth()),
      postHint: HINT_NONE,
    };
  });
}

/** The account with random slots; its leaf may move with them. */
function withSlots(random: SeededRandom, mode: Mode, account: TableAccount, most: number): TableAccount {
  const slots = randomSlots(random, mode, account, random.below(most + 1));
  const { pre, post } = account;
  const moves = mode === 'root' && sameAccount(pre, post) && !isEmptyAccount(pre) && slots.length > 0;
  const postHint = moves && random.below(2) === 0 ? hintOf('value', random.below(63)) : account.postHint;
  return { ...account, slots, postHint };
}

/** Some of the transactions that parse among the first `read` items, each reading some of its words. */
function randomRuns(random: SeededRandom, txs: readonly Hex[], read: number): TableRun[] {
  return txs.slice(0, read).flatMap((raw, i) => {
    const tx = parseTransaction(raw, RULES_V2);
    if (tx.kind === 'bad' || random.below(4) === 0) return [];
    const words = random.pick([0, wordsOf(tx.dataLen), random.below(wordsOf(tx.dataLen) + 1)]);
    return [{ item: i + 1, uses: Array.from({ length: words }, () => randomUses(random)) }];
  });
}

/** Words of `bytes` bytes. */
function wordsOf(bytes: bigint): number {
  return Math.ceil(Number(bytes) / 32);
}

/** Codes of odd lengths, inline and some of the published ones, sorted by hash. */
function randomCodes(random: SeededRandom, count: number, published: readonly Published[] = []): TableCode[] {
  const uses = () => ({ blobUses: randomUses(random), lenUses: randomUses(random) });
  const inline = Array.from({ length: count }, (): [Hex, TableCode] => {
    const code = random.hex(random.pick([1, 31, 32, 94, 95, 96, 127, 128, 129, 1 + random.below(700)]));
    return [keccak256(code), { kind: 'inline', code, ...uses() }];
  });
  const contracts = published
    .filter(() => random.below(2) === 0)
    .map(({ address, code }): [Hex, TableCode] => {
      const hash = keccak256(code);
      return [hash, { kind: 'contract', address, hash, ...uses() }];
    });
  return [...new Map([...inline, ...contracts])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, code]) => code);
}

/** Hashes of two words and of inputs of odd lengths. */
export function randomKeccaks(random: SeededRandom, count: number): TableKeccak[] {
  return Array.from({ length: count }, () => {
    const uses = randomUses(random);
    if (random.below(2) === 0) return { kind: 'pair', uses, input: random.hex(64) };
    const length = random.pick([0, 1, 31, 32, 33, 63, 64, 65, random.below(500)]);
    return { kind: 'general', uses, input: length === 0 ? '0x' : random.hex(length) };
  });
}

/** The bundle with other tables and, in mode diff, the value that belongs to them. */
export function withTables(bundle: Bundle, over: Partial<Tables>): Bundle {
  const tables = { ...tablesOf(bundle), ...over };
  const value = bundle.mode === 'diff' ? BigInt(diffHash(diffItems(tables.accounts))) : bundle.value;
  return withContent({ ...bundle, value }, { tables });
}

/** The bundle with random slots of its accounts, runs, codes and hashes. */
export function withCode(
  random: SeededRandom,
  bundle: Bundle,
  { slots, codes, keccaks }: Readonly<Record<'slots' | 'codes' | 'keccaks', number>>,
  published: readonly Published[] = [],
): Bundle {
  const { tables, items } = contentOf(bundle);
  const { accounts, read } = tables;
  const txs = items.map((item) => (item.kind === 'read' ? item.raw : '0x'));
  return withTables(bundle, {
    accounts: accounts.map((account) => withSlots(random, bundle.mode, account, slots)),
    runs: randomRuns(random, txs, read),
    codes: randomCodes(random, codes, published),
    keccaks: randomKeccaks(random, keccaks),
  });
}
