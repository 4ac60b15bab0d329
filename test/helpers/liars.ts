import { SECP256K1_ORDER } from '@ethereumjs/util';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import {
  type AccountChanges,
  accessListRlp,
  type BlockAccessList,
  type SlotChanges,
} from '../../src/batch/access-list.js';
import { type AnnouncementSigner, sealAnnouncement, signAnnouncement } from '../../src/batch/announcement.js';
import { fromHex, toHex, word } from '../../src/batch/bytes.js';
import { compareHex } from '../../src/batch/diff.js';
import { rlpBytes, rlpList, rlpUint } from '../../src/batch/rlp.js';
import { privateKeyOf } from '../../src/batch/sign.js';
import type { AccessListErrorCode, AnnouncementErrorCode } from '../../src/errors/announcement.js';

/** A true announcement before it is signed. */
export interface Truth {
  readonly batchHash: Hex;
  /** With a changed slot that another slot follows, a read slot, and an account with two nonces. */
  readonly list: BlockAccessList;
}

/** Says something false about a batch. */
export interface Liar {
  readonly name: string;
  /** How it is found out: by `openAnnouncement`, or only since execution produces another list. */
  readonly reason: AnnouncementErrorCode | AccessListErrorCode | 'differs';
  /** @param signer the sequencer */
  lie(truth: Truth, signer: AnnouncementSigner): Promise<Hex>;
}

/** Every kind of false announcement. Each is signed by the sequencer unless its signature is the lie. */
export const LIARS: readonly Liar[] = [
  ...lists('differs', {
    'wrong nonce': on(nonces, (account) => ({ nonceChanges: last(account.nonceChanges, (nonce) => nonce + 1n) })),
    'wrong balance': on(balances, (account) => ({ balanceChanges: last(account.balanceChanges, (b) => b + 1n) })),
    'wrong slot value': onSlot((slot) => [
      { ...slot, changes: last(slot.changes, (value) => value ^ 1n ^ (2n ** 200n)) },
    ]),
    'slot deleted': onSlot((slot) => [{ ...slot, changes: last(slot.changes, (value) => (value === 0n ? 1n : 0n)) }]),
    'nonce missing': on(nonces, () => ({ nonceChanges: [] })),
    'balance missing': on(balances, () => ({ balanceChanges: [] })),
    'slot missing': onSlot(() => []),
    'account missing': (list) => list.slice(1),
    'everything missing': () => [],
    'slot too many': on(changed, ({ storageChanges }) => ({
      storageChanges: sortedSlots([...storageChanges, { slot: UNUSED, changes: [{ index: 1, value: 5n }] }]),
    })),
    'balance too many': on(
      ({ balanceChanges }) => balanceChanges.length === 0,
      () => ({
        balanceChanges: [{ index: 1, value: 7n }],
      }),
    ),
    'account too many': (list) => sortedAccounts([...list, { ...NOTHING, address: `0x${'ba'.repeat(20)}` }]),
    'account created': (list) =>
      sortedAccounts([
        ...list,
        { ...NOTHING, address: `0x${'ba'.repeat(20)}`, balanceChanges: [{ index: 1, value: 10n ** 18n }] },
      ]),
    'change of another item': on(balances, ({ balanceChanges: [first, ...others] }) => ({
      balanceChanges: first!.index > 1 ? [{ ...first!, index: first!.index - 1 }, ...others] : others,
    })),
    'write declared as read': on(changed, ({ storageChanges: [slot, ...others], storageReads }) => ({
      storageChanges: others,
      storageReads: [...storageReads, slot!.slot].sort(compareHex),
    })),
    'read declared as write': on(reads, ({ storageChanges, storageReads: [slot, ...others] }) => ({
      storageChanges: sortedSlots([...storageChanges, { slot: slot!, changes: [{ index: 1, value: 5n }] }]),
      storageReads: others,
    })),
    'phantom read': on(changed, ({ storageReads }) => ({ storageReads: [...storageReads, UNUSED].sort(compareHex) })),
    'read missing': on(reads, ({ storageReads }) => ({ storageReads: storageReads.slice(1) })),
  }),
  ...lists('ACCESS_LIST_ORDER', {
    'unsorted accounts': ([first, second, ...others]) => [second!, first!, ...others],
    'unsorted slots': on(
      ({ storageChanges }) => storageChanges.length > 1,
      ({ storageChanges }) => ({ storageChanges: [...storageChanges].reverse() }),
    ),
    'unsorted items': on(
      ({ balanceChanges }) => balanceChanges.length > 1,
      ({ balanceChanges }) => ({ balanceChanges: [...balanceChanges].reverse() }),
    ),
  }),
  ...lists('ACCESS_LIST_TWICE', {
    'account twice': ([first, ...others]) => [first!, first!, ...others],
    'slot twice': onSlot((slot) => [slot, slot]),
    'item twice': on(balances, ({ balanceChanges: [first, ...others] }) => ({
      balanceChanges: [first!, { ...first!, value: first!.value + 1n }, ...others],
    })),
    'read twice': on(reads, ({ storageReads: [first, ...others] }) => ({ storageReads: [first!, first!, ...others] })),
    'slot changed and read': on(changed, ({ storageChanges, storageReads }) => ({
      storageReads: [...storageReads, storageChanges[0]!.slot].sort(compareHex),
    })),
  }),
  ...lists('ACCESS_LIST_NO_CHANGE', {
    'value as before': onSlot((slot) => [
      {
        ...slot,
        changes: [...slot.changes, { index: slot.changes.at(-1)!.index + 1, value: slot.changes.at(-1)!.value }],
      },
    ]),
    'slot without value': onSlot((slot) => [{ ...slot, changes: [] }]),
  }),
  ...lists('ACCESS_LIST_RANGE', {
    'item that no batch has': on(balances, ({ balanceChanges }) => ({
      balanceChanges: [...balanceChanges, { index: 1_001, value: 1n }],
    })),
    'item 0': on(balances, ({ balanceChanges }) => ({ balanceChanges: [{ index: 0, value: 1n }, ...balanceChanges] })),
    'nonce that falls': on(nonces, ({ nonceChanges }) => ({
      nonceChanges: [...nonceChanges, { index: nonceChanges.at(-1)!.index + 1, value: 0n }],
    })),
  }),
  ...lists('ACCESS_LIST_FORM', {
    'balance of 33 bytes': on(balances, ({ balanceChanges }) => ({
      balanceChanges: last(balanceChanges, () => 2n ** 256n),
    })),
    'short address': ([first, ...others]) => [{ ...first!, address: `0x${first!.address.slice(4)}` }, ...others],
  }),
  ...lists('ACCESS_LIST_TOO_LARGE', {
    'code, which no batch creates': on(balances, () => ({ codeChanges: [{ index: 1, value: '0x00' }] })),
    'more accounts than a batch touches': () =>
      Array.from({ length: 5_000 }, (_, i) => ({
        ...NOTHING,
        address: `0x${i.toString(16).padStart(40, '0')}` as Hex,
      })),
    'more reads than a batch pays for': on(changed, () => ({
      storageChanges: [],
      storageReads: Array.from({ length: 4_000 }, (_, i) => word(BigInt(i))),
    })),
  }),
  {
    name: 'oversize',
    reason: 'ANNOUNCEMENT_TOO_LARGE',
    lie: async (truth, signer) => `${await sealAnnouncement(truth, signer)}${'00'.repeat(2_000_000)}`,
  },
  {
    name: 'other batch',
    reason: 'ANNOUNCEMENT_OTHER_BATCH',
    lie: (truth, signer) => sealAnnouncement({ ...truth, batchHash: word(BigInt(truth.batchHash) ^ 1n) }, signer),
  },
  {
    name: 'wrong signature',
    reason: 'ANNOUNCEMENT_SIGNATURE',
    lie: (truth) => sealAnnouncement(truth, privateKeyToAccount(privateKeyOf('liar', 0))),
  },
  {
    name: 'signature of another list',
    reason: 'ANNOUNCEMENT_SIGNATURE',
    lie: async (truth, signer) => {
      const other = await sealAnnouncement({ ...truth, list: truth.list.slice(1) }, signer);
      return `${other.slice(0, -130)}${(await sealAnnouncement(truth, signer)).slice(-130)}` as Hex;
    },
  },
  {
    name: 'the other signature of the same key',
    reason: 'ANNOUNCEMENT_SIGNATURE',
    lie: async (truth, signer) => {
      const bytes = fromHex(await sealAnnouncement(truth, signer));
      const s = SECP256K1_ORDER - BigInt(toHex(bytes.subarray(-33, -1)));
      bytes.set(fromHex(word(s)), bytes.length - 33);
      bytes[bytes.length - 1] = 1 - bytes.at(-1)!;
      return toHex(bytes);
    },
  },
  {
    name: 'of a later version',
    reason: 'ANNOUNCEMENT_VERSION',
    lie: ({ batchHash, list }, signer) =>
      signAnnouncement(rlpList([rlpUint(2n), rlpBytes(fromHex(batchHash)), accessListRlp(list)]), signer),
  },
  {
    name: 'with a field too many',
    reason: 'ANNOUNCEMENT_FORM',
    lie: ({ batchHash, list }, signer) =>
      signAnnouncement(rlpList([rlpUint(1n), rlpBytes(fromHex(batchHash)), accessListRlp(list), rlpUint(0n)]), signer),
  },
  { name: 'without a version', reason: 'ANNOUNCEMENT_FORM', lie: (_, signer) => signAnnouncement(rlpList([]), signer) },
  {
    name: 'cut short',
    reason: 'ANNOUNCEMENT_FORM',
    lie: async (truth, signer) => (await sealAnnouncement(truth, signer)).slice(0, -2) as Hex,
  },
  { name: 'empty', reason: 'ANNOUNCEMENT_FORM', lie: async () => '0x' },
];

type ListLie = (list: BlockAccessList) => BlockAccessList;

const UNUSED = word(2n ** 255n - 19n);
const NOTHING = { storageChanges: [], storageReads: [], balanceChanges: [], nonceChanges: [], codeChanges: [] };

function lists(reason: Liar['reason'], lies: Readonly<Record<string, ListLie>>): Liar[] {
  return Object.entries(lies).map(([name, lie]) => ({
    name,
    reason,
    lie: ({ batchHash, list }, signer) => sealAnnouncement({ batchHash, list: lie(list) }, signer),
  }));
}

/** Changes the first account that fits, of which there must be one. */
function on(
  fits: (account: AccountChanges) => boolean,
  change: (account: AccountChanges) => Partial<AccountChanges>,
): ListLie {
  return (list) => {
    const at = list.findIndex(fits);
    if (at < 0) throw new Error('the true list has nothing to tell this lie about');
    return list.map((account, i) => (i === at ? { ...account, ...change(account) } : account));
  };
}

/** Replaces the first changed slot. */
function onSlot(change: (slot: SlotChanges) => readonly SlotChanges[]): ListLie {
  return on(changed, ({ storageChanges: [first, ...others] }) => ({ storageChanges: [...change(first!), ...others] }));
}

function last<T>(changes: readonly { index: number; value: T }[], change: (value: T) => T) {
  return changes.map((entry, i) => (i === changes.length - 1 ? { ...entry, value: change(entry.value) } : entry));
}

function nonces({ nonceChanges }: AccountChanges): boolean {
  return nonceChanges.length > 0;
}

function balances({ balanceChanges }: AccountChanges): boolean {
  return balanceChanges.length > 0;
}

function changed({ storageChanges }: AccountChanges): boolean {
  return storageChanges.length > 0;
}

function reads({ storageReads }: AccountChanges): boolean {
  return storageReads.length > 0;
}

function sortedAccounts(list: readonly AccountChanges[]): BlockAccessList {
  return [...list].sort((a, b) => compareHex(a.address, b.address));
}

function sortedSlots(slots: readonly SlotChanges[]): SlotChanges[] {
  return [...slots].sort((a, b) => compareHex(a.slot, b.slot));
}
