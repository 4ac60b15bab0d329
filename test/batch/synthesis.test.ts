import type { MerkleStateManager } from '@ethereumjs/statemanager';
import { consumeBAL } from '@ethereumjs/statemanager';
import { createAddressFromString, createBlockLevelAccessListFromRLP } from '@ethereumjs/util';
import { type Address, type Hex, keccak256 } from 'viem';
import { describe, expect, it } from 'vitest';
import { type AccountChanges, encodeAccessList } from '../../src/batch/access-list.js';
import { bigintToBytes, fromHex, toHex, word } from '../../src/batch/bytes.js';
import { compareHex, type DiffItem, diffItems } from '../../src/batch/diff.js';
import type { GenesisState } from '../../src/batch/genesis.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { mergeDiffs, synthesize } from '../../src/batch/synthesis.js';
import { EMPTY_CODE_HASH } from '../../src/batch/types.js';
import { trieBackedState } from '../../src/execution/trie-backed.js';
import { SeededRandom } from '../../src/samples/random.js';
import { randomList, sampleReplay } from '../helpers/access-lists.js';

const seed = process.env.DELTAPROOF_SEED ?? String(Date.now());
const [A, B]: [Address, Address] = [`0x${'0a'.repeat(20)}`, `0x${'0b'.repeat(20)}`];
const NOTHING = { storageChanges: [], storageReads: [], balanceChanges: [], nonceChanges: [], codeChanges: [] };

function account(changes: Partial<AccountChanges>): AccountChanges {
  return { address: A, ...NOTHING, ...changes };
}

function slot(key: bigint, ...values: bigint[]) {
  return { slot: word(key), changes: values.map((value, i) => ({ index: i + 1, value })) };
}

function values<T>(...all: T[]) {
  return all.map((value, i) => ({ index: i + 1, value }));
}

describe('synthesis', () => {
  it.each<[string, AccountChanges[], DiffItem[]]>([
    ['skips an account that is only read', [account({ storageReads: [word(1n)] })], []],
    [
      'leaves every field of a pure slot write absent',
      [account({ storageChanges: [slot(1n, 5n)], storageReads: [word(2n)] })],
      [{ address: A, slots: [{ key: word(1n), value: 5n }] }],
    ],
    ['takes a balance only', [account({ balanceChanges: values(0n) })], [{ address: A, balance: 0n, slots: [] }]],
    ['takes a nonce only', [account({ nonceChanges: values(7n) })], [{ address: A, nonce: 7n, slots: [] }]],
    [
      'takes code by its hash',
      [account({ codeChanges: values<Hex>('0x6001') })],
      [{ address: A, codeHash: keccak256('0x6001'), slots: [] }],
    ],
    [
      'takes code that goes as the hash of nothing',
      [account({ codeChanges: values<Hex>('0x6001', '0x') })],
      [{ address: A, codeHash: EMPTY_CODE_HASH, slots: [] }],
    ],
    [
      'takes the last of each',
      [
        account({
          nonceChanges: values(1n, 2n),
          balanceChanges: values(5n, 0n),
          codeChanges: values<Hex>('0x00', '0x01'),
          storageChanges: [slot(1n, 5n, 6n), slot(2n, 7n, 0n)],
        }),
      ],
      [
        {
          ...{ address: A, nonce: 2n, balance: 0n, codeHash: keccak256('0x01') },
          slots: [
            { key: word(1n), value: 6n },
            { key: word(2n), value: 0n },
          ],
        },
      ],
    ],
    [
      'skips a slot without a change, and keeps its account',
      [account({ nonceChanges: values(1n), storageChanges: [slot(1n)] })],
      [{ address: A, nonce: 1n, slots: [] }],
    ],
    ['skips an account whose only slot has no change', [account({ storageChanges: [slot(1n)] })], []],
    [
      'leaves of what is created and destroyed in one item only what the list says',
      [account({ storageReads: [word(1n)] }), account({ address: B, balanceChanges: values(1n) })],
      [{ address: B, balance: 1n, slots: [] }],
    ],
  ])('%s', (_, list, expected) => expect(synthesize([list])).toEqual(expected));

  it('of a creation sets all', () => {
    const created = { nonceChanges: values(1n), balanceChanges: values(2n), codeChanges: values<Hex>('0x00') };
    const [item] = synthesize([[account({ ...created, storageChanges: [slot(3n, 4n)] })]]);
    expect(Object.keys(item!).sort()).toEqual(['address', 'balance', 'codeHash', 'nonce', 'slots']);
  });

  it('lets a later list win, field by field', () => {
    const first = [account({ nonceChanges: values(1n), storageChanges: [slot(1n, 1n), slot(2n, 2n)] })];
    const second = [account({ balanceChanges: values(9n), storageChanges: [slot(0n, 3n), slot(2n, 0n)] })];
    const slots = [0n, 1n, 2n].map((key, i) => ({ key: word(key), value: [3n, 1n, 0n][i]! }));
    expect(synthesize([first, second])).toEqual([{ address: A, nonce: 1n, balance: 9n, slots }]);
    expect(synthesize([])).toEqual([]);
  });

  it('of many lists is a fold: in order, associative, idempotent, and what a plain map does', () => {
    console.log(`synthesis: seed ${seed}`);
    const random = new SeededRandom(`synthesis ${seed}`);
    for (let i = 0; i < 300; i++) {
      const lists = Array.from({ length: 1 + random.below(5) }, () => randomList(random));
      const cut = random.below(lists.length + 1);
      const whole = synthesize(lists);
      expect(mergeDiffs([synthesize(lists.slice(0, cut)), synthesize(lists.slice(cut))])).toEqual(whole);
      expect(mergeDiffs(lists.map((list) => synthesize([list])))).toEqual(whole);
      expect(mergeDiffs([whole, whole])).toEqual(whole);
      expect(plainly(whole)).toEqual(plainlyByItems(lists));
      expect(whole.map(({ address }) => address)).toEqual(whole.map(({ address }) => address).sort(compareHex));
      for (const { slots } of whole) expect(slots).toEqual([...slots].sort((a, b) => compareHex(a.key, b.key)));
    }
  });

  it('changes a state as consumeBAL of ethereumjs does', async () => {
    const random = new SeededRandom(`consumed lists ${seed}`);
    const addresses = new Set<Address>();
    for (let i = 0; i < 40; i++) for (const { address } of randomList(random)) addresses.add(address);
    // None of them ever gets empty: nonces only grow.
    const genesis: GenesisState = new Map(
      [...addresses].map((address) => [address, { nonce: 1n, balance: 5n, code: '0x', storage: new Map() }]),
    );
    for (let i = 0; i < 30; i++) {
      const lists = Array.from({ length: 1 + random.below(4) }, () => randomList(random));
      const [theirs, ours] = await Promise.all([1, 2].map(() => trieBackedState(genesis, RULES_V2.chainId)));
      for (const list of lists) {
        await consumeBAL(theirs!, createBlockLevelAccessListFromRLP(fromHex(encodeAccessList(list))).toJSON());
      }
      await applyDiff(ours!, synthesize(lists));
      const roots = await Promise.all([theirs!, ours!].map((manager) => rootOf(manager)));
      expect(roots[1]).toBe(roots[0]);
    }
  });

  it('of what an execution made is the diff, beside values that change back', async () => {
    for (let i = 0; i < 4; i++) {
      const { replay } = await sampleReplay(`synthesis of replays ${seed} ${i}`);
      const { accessList, blockAccessList } = replay;
      const before = new Map(accessList.map((access) => [access.address, access]));
      const net = synthesize([blockAccessList]).flatMap(({ address, nonce, balance, slots }) => {
        const { pre, slots: touched = [] } = before.get(address)!;
        const left: DiffItem = {
          address,
          ...(nonce === undefined || nonce === pre.nonce ? {} : { nonce }),
          ...(balance === undefined || balance === pre.balance ? {} : { balance }),
          slots: slots.filter(({ key, value }) => touched.find((s) => s.key === key)!.pre !== value),
        };
        return Object.keys(left).length === 2 && left.slots.length === 0 ? [] : [left];
      });
      expect(net).toEqual(diffItems(accessList));
    }
  });
});

/** Every value under its own name. */
function plainly(items: readonly DiffItem[]): Map<string, unknown> {
  return new Map(
    items.flatMap(({ address, slots, ...fields }) => [
      ...Object.entries(fields).map(([field, value]): [string, unknown] => [`${address} ${field}`, value]),
      ...slots.map(({ key, value }): [string, unknown] => [`${address} ${key}`, value]),
    ]),
  );
}

/** The same, written value by value in the order of batches and items. */
function plainlyByItems(lists: readonly (readonly AccountChanges[])[]): Map<string, unknown> {
  const state = new Map<string, unknown>();
  for (const list of lists) {
    for (let index = 1; index <= 1_000; index++) {
      for (const { address, nonceChanges, balanceChanges, codeChanges, storageChanges } of list) {
        const at = <T>(changes: readonly { index: number; value: T }[]) => changes.filter((c) => c.index === index);
        for (const { value } of at(nonceChanges)) state.set(`${address} nonce`, value);
        for (const { value } of at(balanceChanges)) state.set(`${address} balance`, value);
        for (const { value } of at(codeChanges)) state.set(`${address} codeHash`, keccak256(value));
        for (const { slot: key, changes } of storageChanges) {
          for (const { value } of at(changes)) state.set(`${address} ${key}`, value);
        }
      }
    }
  }
  return state;
}

async function applyDiff(manager: MerkleStateManager, items: readonly DiffItem[]): Promise<void> {
  for (const { address, nonce, balance, codeHash, slots } of items) {
    const owner = createAddressFromString(address);
    await manager.modifyAccountFields(owner, {
      ...(nonce === undefined ? {} : { nonce }),
      ...(balance === undefined ? {} : { balance }),
      ...(codeHash === undefined ? {} : { codeHash: fromHex(codeHash) }),
    });
    for (const { key, value } of slots) await manager.putStorage(owner, fromHex(key), bigintToBytes(value, 32));
  }
}

async function rootOf(manager: MerkleStateManager): Promise<Hex> {
  await manager.flush();
  return toHex(await manager.getStateRoot());
}
