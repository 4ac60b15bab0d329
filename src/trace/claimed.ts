import type { Address } from 'viem';
import type { DiffItem } from '../batch/diff.js';
import type { AccountAccess, Replay } from '../batch/types.js';
import type { StateView } from '../state/view.js';
import type { Change, Field, Wrong } from './explain.js';

/** What is known of a claimed result of a batch. */
export interface Claimed {
  readonly items: readonly DiffItem[];
  /** Whether these are all: then a change that is not among them is claimed not to happen. */
  readonly whole: boolean;
}

/** What a batch really does, and the state before it. */
export interface TrueBatch {
  readonly replay: Replay;
  readonly changes: readonly Change[];
  readonly before: StateView;
}

/** What is wrong about a claim. */
export interface Judged {
  /** Fields that are not so after the batch, by address. */
  readonly wrong: readonly Wrong[];
  /** True fields that a diff does not list, since the batch does not change them. */
  readonly surplus: readonly { readonly address: Address; readonly field: Field }[];
}

/** Compares a claim with what the batch makes of each field; what the batch does not touch is as before. */
export async function judge({ items, whole }: Claimed, batch: TrueBatch): Promise<Judged> {
  const truth = new Map(batch.replay.accessList.map((access) => [access.address, access]));
  const claimed = new Map(items.map((item) => [item.address, item]));
  const addresses = whole ? new Set([...claimed.keys(), ...truth.keys()]) : claimed.keys();
  const wrong: Wrong[] = [];
  const surplus: Judged['surplus'][number][] = [];
  for (const address of [...addresses].sort()) {
    const access = truth.get(address);
    const named = await fieldsOf(claimed.get(address) ?? { address, slots: [] }, access, batch.before);
    const names = new Set(named.map(({ field }) => field));
    const dropped = whole ? changedFields(access).filter(({ field }) => !names.has(field)) : [];
    for (const { field, claimed, truth, before } of [...named, ...dropped]) {
      if (claimed === truth && truth === before) surplus.push({ address, field });
      if (claimed === truth) continue;
      const changes = batch.changes.filter((change) => change.address === address && change.field === field);
      wrong.push({ address, field, claimed, truth, changes });
    }
  }
  return { wrong, surplus };
}

interface Compared {
  readonly field: Field;
  readonly claimed: bigint;
  readonly truth: bigint;
  readonly before: bigint;
}

async function fieldsOf(item: DiffItem, access: AccountAccess | undefined, view: StateView): Promise<Compared[]> {
  const { address, nonce, balance, codeHash, slots } = item;
  const pre = access?.pre ?? (await view.account(address));
  const post = access?.post ?? pre;
  const compared: Compared[] = [];
  const add = (field: Field, claimed: bigint | undefined, truth: bigint, before: bigint) => {
    if (claimed !== undefined) compared.push({ field, claimed, truth, before });
  };
  add('nonce', nonce, post.nonce, pre.nonce);
  add('balance', balance, post.balance, pre.balance);
  add('codeHash', codeHash === undefined ? undefined : BigInt(codeHash), BigInt(post.codeHash), BigInt(pre.codeHash));
  for (const { key, value } of slots) {
    const before = await view.slot(address, key);
    add(key, value, access?.slots?.find((slot) => slot.key === key)?.post ?? before, before);
  }
  return compared;
}

/** What a batch changes of an account; who drops a change claims the value before it. */
function changedFields(access: AccountAccess | undefined): Compared[] {
  if (access === undefined) return [];
  const { pre, post, slots = [] } = access;
  const change = (field: Field, before: bigint, truth: bigint) => ({ field, claimed: before, truth, before });
  return [
    change('nonce', pre.nonce, post.nonce),
    change('balance', pre.balance, post.balance),
    change('codeHash', BigInt(pre.codeHash), BigInt(post.codeHash)),
    ...slots.map((slot) => change(slot.key, slot.pre, slot.post)),
  ].filter(({ truth, before }) => truth !== before);
}
