import type { Address, Hex } from 'viem';
import { changedSlots, diffHash, diffItems } from '../../src/batch/diff.js';
import { type Account, type AccountAccess, EMPTY_CODE_HASH } from '../../src/batch/types.js';
import { SeededRandom } from '../../src/samples/random.js';
import type { AppliedBatch, StateView } from '../../src/state/view.js';
import type { Tamper } from './node.js';

/** What is forged about a batch's result. */
export const FORGERIES = ['balance', 'nonce', 'slot', 'droppedSlot', 'droppedChange', 'addedChange'] as const;

/** Those that a plain transfer to the forged account shows in a later batch. */
export const ACCOUNT_FORGERIES: readonly ForgedField[] = ['balance', 'nonce', 'droppedChange', 'addedChange'];

/** One of {@link FORGERIES}. */
export type ForgedField = (typeof FORGERIES)[number];

/** A forgery that was carried out. */
export interface Forgery {
  readonly number: bigint;
  readonly field: ForgedField;
  readonly address: Address;
  /** The slot, when one is forged. */
  readonly slot?: Hex;
  /** What f says, and what is claimed instead; in words. */
  readonly truth: string;
  readonly claimed: string;
}

/** What the forged field is called where changes are explained (`Field`). */
export function forgedField({ field, slot }: Pick<Forgery, 'field' | 'slot'>): string {
  return slot ?? (field === 'nonce' ? 'nonce' : 'balance');
}

/** A cheat that forges one field of one batch as the seed says, and tells what it did. All other batches are executed truly. */
export function forgeBatch(
  number: bigint,
  seed: string,
  tell: (forgery: Forgery) => void = () => {},
  fields: readonly ForgedField[] = FORGERIES,
): Tamper {
  return async (applied, before) => {
    if (applied.replay.batch.header.number !== number) return applied;
    const random = new SeededRandom(`forgery ${seed} ${number}`);
    const { access, ...drawn } = await draw(random, fields, applied, before);
    tell({ number, address: access.address, ...drawn });
    return withAccess(applied, access);
  };
}

interface Drawn {
  readonly field: ForgedField;
  readonly access: AccountAccess;
  readonly slot?: Hex;
  readonly truth: string;
  readonly claimed: string;
}

async function draw(
  random: SeededRandom,
  fields: readonly ForgedField[],
  { replay }: AppliedBatch,
  before: StateView,
): Promise<Drawn> {
  const field = fields[random.below(fields.length)]!;
  const listed = replay.accessList;
  const pick = (list: readonly AccountAccess[]) => list[random.below(list.length)];
  const more = random.bits(64) + 1n;
  const nonces = pick(listed.filter(({ pre, post }) => pre.nonce !== post.nonce));
  const balances = pick(listed.filter(({ pre, post }) => pre.balance !== post.balance));
  const storages = pick(listed.filter(({ slots = [] }) => slots.some(({ pre, post }) => pre !== post)));
  if ((field === 'slot' || field === 'droppedSlot') && storages !== undefined) {
    const slots = storages.slots ?? [];
    const { key, pre, post } = slots.filter((slot) => slot.pre !== slot.post)[random.below(changedIn(storages))]!;
    const claimed = field === 'slot' ? BigInt.asUintN(256, post + more) : pre;
    const forged = slots.map((slot) => (slot.key === key ? { ...slot, post: claimed } : slot));
    return {
      field,
      access: { ...storages, slots: forged },
      slot: key,
      truth: `slot ${key} = ${post}`,
      claimed: field === 'slot' ? `slot ${key} = ${claimed}` : `slot ${key} unchanged`,
    };
  }
  if (field === 'nonce' && nonces !== undefined) {
    const nonce = nonces.post.nonce + 1n + (more % 1_000n);
    return {
      field,
      access: changed(nonces, { nonce }),
      truth: `nonce ${nonces.post.nonce}`,
      claimed: `nonce ${nonce}`,
    };
  }
  if (field === 'droppedChange' && balances !== undefined) {
    const truth = `balance ${balances.post.balance}`;
    return { field, access: { ...balances, post: balances.pre }, truth, claimed: 'no change' };
  }
  if (field === 'balance' && balances !== undefined) {
    const balance = balances.post.balance + more;
    const truth = `balance ${balances.post.balance}`;
    return { field, access: changed(balances, { balance }), truth, claimed: `balance ${balance}` };
  }
  const bystander = await unlisted(random, listed, before);
  const balance = bystander.post.balance + more;
  return {
    field: 'addedChange',
    access: changed(bystander, { balance }),
    truth: 'no change',
    claimed: `balance ${balance}`,
  };
}

function changedIn({ slots = [] }: AccountAccess): number {
  return slots.filter(({ pre, post }) => pre !== post).length;
}

function changed(access: AccountAccess, fields: Partial<Account>): AccountAccess {
  return { ...access, post: { ...access.post, ...fields } };
}

/** An account of the state, without code, that the batch does not touch. */
async function unlisted(
  random: SeededRandom,
  listed: readonly AccountAccess[],
  before: StateView,
): Promise<AccountAccess> {
  const touched = new Set(listed.map(({ address }) => address));
  let skip = random.below(500);
  let last: AccountAccess | undefined;
  for await (const [address, account] of before.accounts()) {
    if (touched.has(address) || account.codeHash !== EMPTY_CODE_HASH) continue;
    last = { address, pre: account, post: account };
    if (skip-- === 0) break;
  }
  return last!;
}

/** The same batch with another result for one account. */
function withAccess(applied: AppliedBatch, access: AccountAccess): AppliedBatch {
  const others = applied.replay.accessList.filter(({ address }) => address !== access.address);
  const accessList = [...others, access].sort((a, b) => (a.address < b.address ? -1 : 1));
  const accounts = new Map(applied.changes.accounts);
  accounts.set(access.address, access.post);
  return {
    replay: { ...applied.replay, accessList },
    changes: { ...applied.changes, accounts, slots: changedSlots(accessList) },
    diffHash: diffHash(diffItems(accessList)),
  };
}
