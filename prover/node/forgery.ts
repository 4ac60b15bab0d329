import type { Address } from 'viem';
import { diffHash, diffItems } from '../../src/batch/diff.js';
import { SeededRandom } from '../../src/batch/random.js';
import { type Account, type AccountAccess, EMPTY_CODE_HASH } from '../../src/batch/types.js';
import type { AppliedBatch } from '../../src/state/flat-state.js';
import type { StateView } from '../../src/state/view.js';
import type { Tamper } from './node.js';

/** What is forged about a batch's result. */
export const FORGERIES = ['balance', 'nonce', 'droppedChange', 'addedChange'] as const;

/** One of {@link FORGERIES}. */
export type ForgedField = (typeof FORGERIES)[number];

/** A forgery that was carried out. */
export interface Forgery {
  readonly number: bigint;
  readonly field: ForgedField;
  readonly address: Address;
  /** What f says, and what is claimed instead; in words. */
  readonly truth: string;
  readonly claimed: string;
}

/** A cheat that forges one batch as the seed says, and tells what it did. All other batches are executed truly. */
export function forgeBatch(number: bigint, seed: string, tell: (forgery: Forgery) => void = () => {}): Tamper {
  return async (applied, before) => {
    if (applied.replay.batch.header.number !== number) return applied;
    const random = new SeededRandom(`forgery ${seed} ${number}`);
    const { field, access, truth, claimed } = await draw(random, applied, before);
    tell({ number, field, address: access.address, truth, claimed });
    return withAccess(applied, access);
  };
}

interface Drawn {
  readonly field: ForgedField;
  readonly access: AccountAccess;
  readonly truth: string;
  readonly claimed: string;
}

async function draw(random: SeededRandom, { replay }: AppliedBatch, before: StateView): Promise<Drawn> {
  const field = FORGERIES[random.below(FORGERIES.length)]!;
  const listed = replay.accessList;
  const pick = (list: readonly AccountAccess[]) => list[random.below(list.length)];
  const more = random.bits(64) + 1n;
  const nonces = pick(listed.filter(({ pre, post }) => pre.nonce !== post.nonce));
  const balances = pick(listed.filter(({ pre, post }) => pre.balance !== post.balance));
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
    changes: { ...applied.changes, accounts },
    diffHash: diffHash(diffItems(accessList, applied.changes.slots)),
  };
}
