import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Level } from 'level';
import { type Hex, keccak256 } from 'viem';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { word } from '../../src/batch/bytes.js';
import type { SlotChange } from '../../src/batch/diff.js';
import type { GenesisState } from '../../src/batch/genesis.js';
import { EMPTY_ACCOUNT } from '../../src/batch/types.js';
import { SeededRandom } from '../../src/samples/random.js';
import { FlatState, type FlatStateOptions } from '../../src/state/flat-state.js';
import { MemoryState } from '../../src/state/memory-state.js';
import type { StateView } from '../../src/state/view.js';
import { addressAt, batchWith, plainAccount, plainGenesis } from '../helpers/state-batches.js';

let path: string;
const opened: FlatState[] = [];

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'deltaproof-state-'));
});
afterEach(async () => {
  for (const state of opened.splice(0)) await state.close();
  await rm(path, { recursive: true });
});

async function open(options: FlatStateOptions = {}): Promise<FlatState> {
  const state = await FlatState.open(join(path, 'deep', 'state'), options);
  opened.push(state);
  return state;
}

async function reopen(options: FlatStateOptions = {}): Promise<FlatState> {
  await opened.pop()!.close();
  return open(options);
}

/** Everything a view shows, in its order. */
async function dump(view: StateView) {
  const accounts = [];
  const slots = [];
  for await (const entry of view.accounts()) accounts.push(entry);
  for await (const entry of view.slots()) slots.push(entry);
  return { accounts, slots };
}

const genesis: GenesisState = new Map([
  ...plainGenesis(20),
  [
    addressAt(5),
    {
      nonce: 1n,
      balance: 0n,
      code: '0x6001',
      storage: new Map([
        [word(1n), 7n],
        [word(9n), 8n],
      ]),
    },
  ],
]);

describe('FlatState', () => {
  it('opens with a genesis, reads it, and knows it again', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'STATE_NO_GENESIS' });
    let state = await open({ genesis });
    expect(state.head).toBe(0n);
    expect(await dump(state.view())).toEqual(await dump(new MemoryState(genesis)));
    const { codeHash } = await state.view().account(addressAt(5));
    expect(await state.view().code(codeHash)).toBe('0x6001');
    await expect(state.view().code(word(3n))).rejects.toMatchObject({ code: 'STATE_CORRUPT' });
    expect(await state.view().account(addressAt(99))).toEqual(EMPTY_ACCOUNT);
    expect(await state.view().slot(addressAt(5), word(9n))).toBe(8n);
    state = await reopen();
    expect(await dump(state.view())).toEqual(await dump(new MemoryState(genesis)));
    await opened.pop()!.close();
    await expect(open({ genesis: plainGenesis(3) })).rejects.toMatchObject({ code: 'STATE_OTHER_GENESIS' });
    await open({ genesis });
  });

  it('refuses a bad genesis, and a store of something else', async () => {
    const empty = new Map([[addressAt(1), { nonce: 0n, balance: 0n, code: '0x', storage: new Map() }]]) as GenesisState;
    await expect(open({ genesis: empty })).rejects.toMatchObject({ code: 'BATCH_GENESIS' });
    const level = new Level(join(path, 'other'));
    await level.put('x', 'y');
    await level.close();
    await expect(FlatState.open(join(path, 'other'), { genesis })).rejects.toMatchObject({ code: 'STATE_FOREIGN' });
  });

  it('takes only the batch that follows its head, replayed on its own state', async () => {
    const state = await open({ genesis });
    const parent = await state.batchHash(0n);
    const changes = new Map([[addressAt(1), plainAccount(1n)]]);
    const good = batchWith(1n, parent, changes);
    await expect(state.applyBatch(batchWith(2n, parent, changes))).rejects.toMatchObject({ code: 'STATE_NOT_NEXT' });
    await expect(state.applyBatch(batchWith(1n, word(1n), changes))).rejects.toMatchObject({ code: 'STATE_NOT_NEXT' });
    const pre = plainAccount(4n);
    const other = {
      ...good,
      replay: { ...good.replay, accessList: [{ address: addressAt(1), pre, post: plainAccount(1n) }] },
    };
    await expect(state.applyBatch(other)).rejects.toMatchObject({ code: 'STATE_NOT_NEXT' });
    const [address, key] = [addressAt(1), word(7n)];
    const writing = batchWith(1n, parent, new Map(), [{ address, key, value: 5n }]);
    const access = { address, pre: plainAccount(0n), post: plainAccount(0n), slots: [{ key, pre: 4n, post: 5n }] };
    const otherSlot = { ...writing, replay: { ...writing.replay, accessList: [access] } };
    await expect(state.applyBatch(otherSlot)).rejects.toMatchObject({ code: 'STATE_NOT_NEXT' });
    // Two at once: one is stored, the other refused.
    const results = await Promise.allSettled([state.applyBatch(good), state.applyBatch(good)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(state.head).toBe(1n);
    await expect(state.asOf(2n)).rejects.toMatchObject({ code: 'STATE_UNKNOWN_BATCH' });
    await expect(state.batch(2n)).rejects.toMatchObject({ code: 'STATE_UNKNOWN_BATCH' });
    expect(await state.changes(1n)).toEqual({
      accounts: [{ address: addressAt(1), pre: plainAccount(0n), post: plainAccount(1n) }],
      slots: [],
    });
  });

  it('opens every past state as it was, over random batches, with views that stay open', async () => {
    const seed = process.env.FUZZ_SEED ?? 'state 1';
    console.log(`flat state: seed ${seed}`);
    const random = new SeededRandom(seed);
    let state = await open({ genesis });
    const model = new MemoryState(genesis);
    const dumps = [await dump(model)];
    const views = [state.view()];
    for (let number = 1n; number <= 25n; number++) {
      const code: Hex = `0x60${random.hex(2).slice(2)}`;
      const accounts = new Map(
        Array.from({ length: random.below(6) }, () => [
          addressAt(1 + random.below(30)),
          random.pick([
            EMPTY_ACCOUNT,
            plainAccount(number, random.bits(200)),
            { ...plainAccount(1n), codeHash: keccak256(code) },
          ]),
        ]),
      );
      const slots = new Map<string, SlotChange>();
      for (let i = random.below(6); i > 0; i--) {
        const slot = { address: addressAt(random.pick([5, 6])), key: word(BigInt(random.below(12))) };
        slots.set(JSON.stringify(slot), { ...slot, value: random.pick([0n, random.bits(256)]) });
      }
      const batch = batchWith(
        number,
        await state.batchHash(number - 1n),
        accounts,
        [...slots.values()],
        new Map([[keccak256(code), code]]),
      );
      // A reader of an older state runs while the batch is written.
      const old = random.below(Number(number));
      const [seen] = await Promise.all([dump(views[old]!), state.applyBatch(batch)]);
      expect(seen).toEqual(dumps[old]);
      model.apply(batch.changes);
      dumps.push(await dump(model));
      views.push(state.view());
    }
    for (const [n, expected] of dumps.entries()) {
      expect(await dump(views[n]!)).toEqual(expected);
      expect(await dump(await state.asOf(BigInt(n)))).toEqual(expected);
    }
    const past = await state.asOf(3n);
    for (const [address, account] of dumps[3]!.accounts) expect(await past.account(address)).toEqual(account);
    const ofOne = [];
    for await (const slot of past.slots(addressAt(5))) ofOne.push(slot);
    expect(ofOne).toEqual(dumps[3]!.slots.filter(({ address }) => address === addressAt(5)));
    // Taking batches back restores the state, and a store keeps no more than it is told to.
    await state.revertTo(12n);
    expect(state.head).toBe(12n);
    expect(await dump(state.view())).toEqual(dumps[12]);
    await expect(views[5]!.account(addressAt(1))).rejects.toMatchObject({ code: 'STATE_REVERTED' });
    await expect(state.batch(13n)).rejects.toMatchObject({ code: 'STATE_UNKNOWN_BATCH' });
    state = await reopen({ keep: 4 });
    const early = await state.asOf(2n);
    const lazy = await state.asOf(12n);
    for (let number = 13n; number <= 18n; number++) {
      await state.applyBatch(
        batchWith(number, await state.batchHash(number - 1n), new Map([[addressAt(1), plainAccount(number)]])),
      );
    }
    expect(state.oldest).toBe(14n);
    await expect(state.asOf(13n)).rejects.toMatchObject({ code: 'STATE_PRUNED' });
    await expect(early.account(addressAt(1))).rejects.toMatchObject({ code: 'STATE_PRUNED' });
    await expect(lazy.account(addressAt(1))).rejects.toMatchObject({ code: 'STATE_PRUNED' });
    await expect(state.revertTo(13n)).rejects.toMatchObject({ code: 'STATE_PRUNED' });
    for (let n = 14n; n <= 18n; n++) expect(await (await state.asOf(n)).account(addressAt(1))).toEqual(plainAccount(n));
    state = await reopen({ keep: 4 });
    expect(state.oldest).toBe(14n);
  });
});
