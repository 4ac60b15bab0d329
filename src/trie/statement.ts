import type { Hex } from 'viem';
import { type Account, isEmptyAccount } from '../batch/types.js';
import { toLimbs } from '../bus/field.js';
import { type Term, term } from '../bus/tuple.js';
import { TrieError } from '../errors/trie.js';
import type { Mode } from '../proof/types.js';
import { badHint, depthOf, HINT_NONE, type Hint, parseHint } from './hint.js';
import { type Path, pathOfKey, splitKey } from './path.js';

/** A listed slot: the trie's key (keccak of the slot's number), value before and after (0: absent), where it stands. */
export interface SlotStatement {
  readonly key: Hex;
  readonly pre: bigint;
  readonly post: bigint;
  readonly preHint: Hint;
  readonly postHint: Hint;
}

/** A listed account: the trie's key (keccak of the address), before and after, where it stands. */
export interface AccountStatement {
  readonly key: Hex;
  readonly pre: Account;
  readonly post: Account;
  readonly preHint: Hint;
  readonly postHint: Hint;
  readonly slots?: readonly SlotStatement[];
}

/** All that L1 knows of the tries: roots and access list, with the hints and `uses` that the bundle supplies. */
export interface TrieStatement {
  readonly mode: Mode;
  readonly preRoot: bigint;
  /** Mode root only. */
  readonly postRoot?: bigint;
  /** Multiplicity of AT(preRoot, 0, 1, 0). */
  readonly uses: bigint;
  readonly accounts: readonly AccountStatement[];
}

/**
 * What L1 puts on the bus for the tries (FORMATS.md, "L1's tuples" 5), in its order; the i-th account (from 1) owns trie i.
 * With slots: a changed one is -KV(old) + KV(new), zeros left out, a read one -RKV, -AT(0) or -NOKEY in trie i; slots of an
 * account that is absent before are 0 without a tuple; an account with slots may name a postHint though its own fields stay
 * (its leaf moves with the storage root), and each hint of kind value gives one ID.
 * @throws TrieError `TRIE_BAD_HINT` (L1: BadHint), `TRIE_BAD_STATEMENT` (a slot of an absent account that is not 0)
 */
export function trieTerms({ mode, preRoot, postRoot, uses, accounts }: TrieStatement): Term[] {
  return [
    ...rootTerms(mode, 0n, preRoot, postRoot, uses),
    ...accounts.flatMap((account, k) => accountTerms(mode, BigInt(k + 1), account)),
  ];
}

/** L1's tuples for the root of one trie; tests also use them for a storage trie alone. */
export function rootTerms(
  mode: Mode,
  trie: bigint,
  preRoot: bigint,
  postRoot: bigint | undefined,
  uses: bigint,
): Term[] {
  const root = { trie, q: 1n, d: 0n };
  const terms = [term(uses, 'AT', { X: preRoot, ...root })];
  if (mode === 'diff') return terms;
  if (postRoot === undefined) throw new TrieError('TRIE_BAD_STATEMENT', 'Mode root needs a post root.');
  terms.push(term(preRoot, 'REF', { X: preRoot, ...root }), term(-postRoot, 'REF', { X: postRoot, ...root }));
  return terms;
}

function accountTerms(mode: Mode, i: bigint, account: AccountStatement): Term[] {
  const { pre, post, preHint, postHint } = account;
  const slots = account.slots ?? [];
  const key = pathOfKey(account.key);
  const [hadIt, hasIt] = [!isEmptyAccount(pre), !isEmptyAccount(post)];
  const terms: Term[] = [];
  /** One ID for the leaf at the hint's depth. */
  const id = (hint: Hint, what: string) => {
    terms.push(term(1n, 'ID', { i, ...splitKey(key, depthOf(hint, 'value', what)) }));
  };
  if (mode === 'root' && !sameAccount(pre, post)) {
    if (hadIt) terms.push(term(-1n, 'AKV', accountFields(i, pre)));
    if (hadIt) id(preHint, 'an account that changes and was there');
    else mustBeNone(preHint, 'an account that was absent and changes');
    if (hasIt) terms.push(term(1n, 'AKV', accountFields(i, post)));
    if (hasIt) id(postHint, 'an account that changes and stays');
    else mustBeNone(postHint, 'an account that is absent afterwards');
  } else {
    if (hadIt) {
      terms.push(term(-1n, 'RAKV', accountFields(i, pre)));
      id(preHint, 'an account that is read');
    } else {
      terms.push(absence(0n, key, preHint));
    }
    if (mode === 'root' && hadIt && slots.length > 0 && postHint !== HINT_NONE)
      id(postHint, 'an account whose storage changes');
    else mustBeNone(postHint, 'an account that is only read');
  }
  for (const slot of slots) {
    if ((!hadIt && slot.pre !== 0n) || (!hasIt && slot.post !== 0n)) {
      throw new TrieError('TRIE_BAD_STATEMENT', `Slot ${slot.key} of an absent account (key ${account.key}) is not 0.`);
    }
    terms.push(...slotTerms(mode, i, slot, hadIt));
  }
  return terms;
}

/** L1's tuples for one slot of trie `trie`. `exists`: its account is there before the batch. */
export function slotTerms(mode: Mode, trie: bigint, slot: SlotStatement, exists: boolean): Term[] {
  const { pre, post, preHint, postHint } = slot;
  const key = pathOfKey(slot.key);
  const at = (hint: Hint, value: bigint) => {
    const [hi, lo] = toLimbs(value);
    return { trie, ...splitKey(key, depthOf(hint, 'value', 'a slot with a value')), hi, lo };
  };
  if (mode === 'root' && pre !== post) {
    if (pre === 0n) mustBeNone(preHint, 'a slot that was 0 and changes');
    if (post === 0n) mustBeNone(postHint, 'a slot that becomes 0');
    return [
      ...(pre === 0n ? [] : [term(-1n, 'KV', at(preHint, pre))]),
      ...(post === 0n ? [] : [term(1n, 'KV', at(postHint, post))]),
    ];
  }
  mustBeNone(postHint, 'a slot that is only read');
  if (!exists) {
    mustBeNone(preHint, 'a slot of an absent account');
    return [];
  }
  return [pre === 0n ? absence(trie, key, preHint) : term(-1n, 'RKV', at(preHint, pre))];
}

/** The bus fields of listed account i. */
export function accountFields(i: bigint, { nonce, balance, codeHash }: Account) {
  const [balHi, balLo] = toLimbs(balance);
  const [codeHi, codeLo] = toLimbs(BigInt(codeHash));
  return { i, nonce, balHi, balLo, codeHi, codeLo };
}

/** Whether two accounts have the same fields. */
export function sameAccount(a: Account, b: Account): boolean {
  return a.nonce === b.nonce && a.balance === b.balance && a.codeHash === b.codeHash;
}

function absence(trie: bigint, key: Path, hint: Hint): Term {
  const parsed = parseHint(hint);
  if (parsed === 'none' || parsed.kind === 'value') throw badHint(hint, 'absence needs a hint of kind void or nokey');
  const { head, q, d, tail } = splitKey(key, parsed.depth);
  return parsed.kind === 'void'
    ? term(-1n, 'AT', { X: 0n, trie, q, d })
    : term(-1n, 'NOKEY', { head, trie, q, d, tail });
}

function mustBeNone(hint: Hint, what: string): void {
  if (hint !== HINT_NONE) throw badHint(hint, `${what} has no hint (0xff)`);
}
