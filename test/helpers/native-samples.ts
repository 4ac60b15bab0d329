import { type Address, type Hex, toHex } from 'viem';
import { diffHash, diffItems } from '../../src/batch/diff.js';
import { sealBatch } from '../../src/batch/header.js';
import { RULES_V2, rulesHash } from '../../src/batch/rules.js';
import { workOfItem } from '../../src/batch/transaction.js';
import { type Account, EMPTY_ACCOUNT, EMPTY_CODE_HASH, isEmptyAccount } from '../../src/batch/types.js';
import { R } from '../../src/bus/field.js';
import type { Bundle, Mode } from '../../src/proof/types.js';
import type { SeededRandom } from '../../src/samples/random.js';
import { l1Items } from '../../src/statement/l1-transactions.js';
import { encodeParts } from '../../src/statement/parts.js';
import { NO_CODE, type TableAccount, type Tables } from '../../src/statement/tables.js';
import { HINT_NONE, hintOf } from '../../src/trie/hint.js';
import { sameAccount } from '../../src/trie/statement.js';

/** Hints that an account's values call for, at random depths. */
function randomHints(random: SeededRandom, mode: Mode, pre: Account, post: Account) {
  const value = (account: Account) =>
    isEmptyAccount(account) ? HINT_NONE : hintOf('value', random.pick([0, 1, 5, 61, 62, random.below(63)]));
  if (mode === 'root' && !sameAccount(pre, post)) return { preHint: value(pre), postHint: value(post) };
  const absent = hintOf(random.pick(['void', 'nokey']), random.pick([0, 62, random.below(63)]));
  return { preHint: isEmptyAccount(pre) ? absent : value(pre), postHint: HINT_NONE };
}

/** A random account: absent, plain, or with extreme values. */
function randomAccount(random: SeededRandom): Account {
  if (random.below(4) === 0) return EMPTY_ACCOUNT;
  return {
    nonce: random.pick([0n, 1n, 127n, 128n, 2n ** 64n - 1n, random.bits(20)]),
    balance: random.pick([0n, 1n, 127n, 128n, 2n ** 128n, 2n ** 256n - 1n, random.bits(80)]),
    codeHash: random.pick([EMPTY_CODE_HASH, EMPTY_CODE_HASH, random.hex(32), toHex(0n, { size: 32 })]),
  };
}

/** `count` random accounts with hints, sorted; some unchanged, some changed in single fields. */
export function randomAccounts(random: SeededRandom, mode: Mode, count: number): TableAccount[] {
  const edges: Address[] = [toHex(0n, { size: 20 }), toHex(2n ** 160n - 1n, { size: 20 })];
  const addresses = [...new Set(Array.from({ length: count }, (_, i) => edges[i] ?? random.hex(20)))].sort();
  return addresses.map((address) => {
    const pre = randomAccount(random);
    const other = randomAccount(random);
    const post = random.pick<Account>([
      pre,
      other,
      { ...pre, nonce: other.nonce },
      { ...pre, balance: other.balance },
      { ...pre, codeHash: other.codeHash },
    ]);
    return { address, pre, post, ...randomHints(random, mode, pre, post), slots: [] };
  });
}

/** `count` accounts as transfers leave them: there before, nonce and balance changed. */
function transferAccounts(random: SeededRandom, mode: Mode, count: number): TableAccount[] {
  const addresses = Array.from({ length: count }, () => random.hex(20)).sort();
  return addresses.map((address) => {
    const pre = { nonce: 1n + random.bits(8), balance: random.bits(62), codeHash: EMPTY_CODE_HASH };
    const post = { ...pre, nonce: pre.nonce + 1n, balance: pre.balance / 2n };
    return {
      address,
      pre,
      post,
      preHint: hintOf('value', 5),
      postHint: mode === 'root' ? hintOf('value', 5) : HINT_NONE,
      slots: [],
    };
  });
}

/**
 * A bundle whose native part L1 accepts, without proofs: random header, the given transactions with the last `cutOff` of
 * them cut off, and a random access list. The value is right in mode diff.
 */
export function randomBundle(
  random: SeededRandom,
  mode: Mode,
  txs: readonly Hex[],
  cutOff: number,
  accounts: number,
  kind: 'any' | 'present' = 'any',
): Bundle {
  const list = (kind === 'any' ? randomAccounts : transferAccounts)(random, mode, accounts);
  const first = txs[txs.length - cutOff];
  const limit = first === undefined ? 2n ** 48n : workOfItem((first.length - 2) / 2, RULES_V2);
  const tables: Tables = {
    read: txs.length - cutOff,
    ts: random.bits(48),
    gasUsed: random.bits(64),
    work: random.bits(48) % limit,
    jrn: random.bits(48),
    uses: random.pick([0n, random.bits(24)]),
    blockUses: Array.from({ length: 7 }, () => random.pick([0n, 1n, 2n ** 24n - 1n, random.bits(24)])),
    accounts: list,
    ...NO_CODE,
  };
  const root = () => random.pick([0n, R - 1n, random.bits(256) % R]);
  const environment = {
    ...{ version: RULES_V2.version, gasLimit: RULES_V2.gasLimit, baseFee: RULES_V2.baseFee, chainId: RULES_V2.chainId },
    ...{ number: random.bits(64), timestamp: random.bits(64), originNumber: random.bits(64) },
    ...{ parent: random.hex(32), originHash: random.hex(32), feeRecipient: random.hex(20) },
  };
  return {
    l1ChainId: 31_337n,
    verifier: random.hex(20),
    beneficiary: random.hex(20),
    keySetHash: random.hex(32),
    rulesHash: rulesHash(RULES_V2),
    header: sealBatch(environment, txs).header,
    preRoot: root(),
    mode,
    value: mode === 'diff' ? BigInt(diffHash(diffItems(list))) : root(),
    parts: encodeParts({ mode, tables, items: l1Items(txs, tables.read) }),
  };
}
