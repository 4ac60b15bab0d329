import { describe, expect, it } from 'vitest';
import { type Account, EMPTY_ACCOUNT, EMPTY_CODE_HASH } from '../../src/batch/types.js';
import { describe as nameOf } from '../../src/bus/tuple.js';
import { HINT_NONE, type Hint, hintOf, parseHint } from '../../src/trie/hint.js';
import { type AccountStatement, type SlotStatement, trieTerms } from '../../src/trie/statement.js';

const key = `0x12${'3'.repeat(58)}4567` as const;
const account = (nonce: bigint): Account => ({ nonce, balance: (5n << 128n) + 6n, codeHash: EMPTY_CODE_HASH });
const VALUE = hintOf('value', 1);
const listed = (pre: Account, post: Account, preHint: Hint, postHint: Hint, slots?: SlotStatement[]) =>
  ({ key, pre, post, preHint, postHint, ...(slots === undefined ? {} : { slots }) }) satisfies AccountStatement;
const root = (...accounts: AccountStatement[]) =>
  trieTerms({ mode: 'root', preRoot: 7n, postRoot: 8n, uses: 2n, accounts });
const diff = (...accounts: AccountStatement[]) => trieTerms({ mode: 'diff', preRoot: 7n, uses: 2n, accounts });
const slot = (pre: bigint, post: bigint, preHint: Hint, postHint: Hint): SlotStatement => ({
  key,
  pre,
  post,
  preHint,
  postHint,
});
const kinds = (terms: ReturnType<typeof root>) => terms.map(({ weight, tuple }) => `${weight} ${tuple.name}`);

describe('trieTerms (FORMATS.md, "L1\'s tuples" 5)', () => {
  it('roots', () => {
    expect(kinds(root())).toEqual(['2 AT', '7 REF', '-8 REF']);
    expect(kinds(diff())).toEqual(['2 AT']);
  });

  it('splits keys at the named depth', () => {
    const [, , , akv, id] = root(listed(account(1n), EMPTY_ACCOUNT, VALUE, HINT_NONE));
    expect(nameOf(id!.tuple)).toBe(`ID head=${BigInt(`0x12${'3'.repeat(58)}45`)} i=1 q=${0x11} d=1 tail=${0x67}`);
    expect(nameOf(akv!.tuple)).toMatch(/^AKV nonce=1 i=1 balHi=5 balLo=6 codeHi=/);
  });

  const absent = EMPTY_ACCOUNT;
  it.each([
    ['updated', root(listed(account(1n), account(2n), VALUE, VALUE)), ['-1 AKV', '1 ID', '1 AKV', '1 ID']],
    ['created', root(listed(absent, account(2n), HINT_NONE, VALUE)), ['1 AKV', '1 ID']],
    ['removed', root(listed(account(1n), absent, VALUE, HINT_NONE)), ['-1 AKV', '1 ID']],
    ['read', root(listed(account(1n), account(1n), VALUE, HINT_NONE)), ['-1 RAKV', '1 ID']],
    ['absent, void', root(listed(absent, absent, hintOf('void', 3), HINT_NONE)), ['-1 AT']],
    ['absent, nokey', root(listed(absent, absent, hintOf('nokey', 62), HINT_NONE)), ['-1 NOKEY']],
    ['mode diff reads what changes', diff(listed(account(1n), account(2n), VALUE, HINT_NONE)), ['-1 RAKV', '1 ID']],
    [
      'only storage changes',
      root(listed(account(1n), account(1n), VALUE, VALUE, [slot(1n, 2n, VALUE, VALUE)])),
      ['-1 RAKV', '1 ID', '1 ID', '-1 KV', '1 KV'],
    ],
    [
      'slots read',
      diff(
        listed(account(1n), account(1n), VALUE, HINT_NONE, [
          slot(1n, 2n, VALUE, HINT_NONE),
          slot(0n, 0n, hintOf('void', 0), HINT_NONE),
          slot(0n, 9n, hintOf('nokey', 0), HINT_NONE),
        ]),
      ),
      ['-1 RAKV', '1 ID', '-1 RKV', '-1 AT', '-1 NOKEY'],
    ],
    [
      'slots of an account that is created',
      root(
        listed(absent, account(1n), HINT_NONE, VALUE, [
          slot(0n, 2n, HINT_NONE, VALUE),
          slot(0n, 0n, HINT_NONE, HINT_NONE),
        ]),
      ),
      ['1 AKV', '1 ID', '1 KV'],
    ],
  ])('%s', (_, terms, expected) => {
    expect(kinds(terms).slice(terms[1]?.tuple.name === 'REF' ? 3 : 1)).toEqual(expected);
  });

  const bad = 'TRIE_BAD_HINT';
  it.each([
    ['updated without a pre hint', bad, () => root(listed(account(1n), account(2n), HINT_NONE, VALUE))],
    ['updated without a post hint', bad, () => root(listed(account(1n), account(2n), VALUE, HINT_NONE))],
    ['created with a pre hint', bad, () => root(listed(absent, account(2n), VALUE, VALUE))],
    ['removed with a post hint', bad, () => root(listed(account(1n), absent, VALUE, VALUE))],
    ['read with a post hint', bad, () => root(listed(account(1n), account(1n), VALUE, VALUE))],
    ['mode diff with a post hint', bad, () => diff(listed(account(1n), account(2n), VALUE, VALUE))],
    ['present read as void', bad, () => root(listed(account(1n), account(1n), hintOf('void', 1), HINT_NONE))],
    ['absent read as value', bad, () => root(listed(absent, absent, VALUE, HINT_NONE))],
    ['absent without a hint', bad, () => root(listed(absent, absent, HINT_NONE, HINT_NONE))],
    ['depth 63', bad, () => root(listed(account(1n), account(1n), 63, HINT_NONE))],
    ['kind 3', bad, () => root(listed(account(1n), account(1n), 3 * 64 + 1, HINT_NONE))],
    ['not a byte', bad, () => root(listed(account(1n), account(1n), 256, HINT_NONE))],
    [
      'a slot that becomes 0 with a post hint',
      bad,
      () => root(listed(account(1n), account(1n), VALUE, VALUE, [slot(1n, 0n, VALUE, VALUE)])),
    ],
    [
      'a slot of an absent account with a value',
      'TRIE_BAD_STATEMENT',
      () => root(listed(absent, absent, hintOf('void', 1), HINT_NONE, [slot(1n, 1n, VALUE, HINT_NONE)])),
    ],
    [
      'a slot of a removed account that stays',
      'TRIE_BAD_STATEMENT',
      () => root(listed(account(1n), absent, VALUE, HINT_NONE, [slot(1n, 1n, VALUE, HINT_NONE)])),
    ],
    ['no post root', 'TRIE_BAD_STATEMENT', () => trieTerms({ mode: 'root', preRoot: 7n, uses: 0n, accounts: [] })],
  ])('refuses: %s', (_, code, make) => {
    expect(make).toThrow(expect.objectContaining({ code }));
  });

  it('reads every hint that it writes, and no other byte', () => {
    const written = new Set<number>([HINT_NONE]);
    for (const kind of ['value', 'void', 'nokey'] as const) {
      for (let depth = 0; depth <= 62; depth++) {
        const hint = hintOf(kind, depth);
        expect(parseHint(hint)).toEqual({ kind, depth });
        written.add(hint);
      }
    }
    for (let hint = 0; hint < 256; hint++) {
      if (!written.has(hint)) expect(() => parseHint(hint)).toThrow(expect.objectContaining({ code: bad }));
    }
    expect(parseHint(HINT_NONE)).toBe('none');
  });
});
