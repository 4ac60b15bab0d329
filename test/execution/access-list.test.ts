import type { Common } from '@ethereumjs/common';
import { createVM, runTx } from '@ethereumjs/vm';
import type { Hex } from 'viem';
import { describe, expect, it } from 'vitest';
import { encodeAccessList } from '../../src/batch/access-list.js';
import { accessListLimits } from '../../src/batch/access-list-limits.js';
import { fromHex, word } from '../../src/batch/bytes.js';
import { decodeAccessList } from '../../src/batch/decode-access-list.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { synthesize } from '../../src/batch/synthesis.js';
import { commonOf, decodeForVm } from '../../src/execution/batch-vm.js';
import { trieBackedState } from '../../src/execution/trie-backed.js';
import { sampleReplay } from '../helpers/access-lists.js';
import { CALLER, CONTRACT, callCode, callOf, NONCE, replayOn, stateWith } from '../helpers/code-world.js';
import { ordinaryBlock } from '../helpers/ordinary-block.js';

const seed = process.env.DELTAPROOF_SEED ?? String(Date.now());

const byte = (value: number) => value.toString(16).padStart(2, '0');

/** Cancun with EIP-7928, which ethereumjs itself turns on for later forks only, that price calldata otherwise. */
function withAccessLists(): Common {
  const common = commonOf(RULES_V2.chainId).copy();
  const isActivated = common.isActivatedEIP.bind(common);
  common.isActivatedEIP = (eip) => eip === 7928 || isActivated(eip);
  return common;
}

describe('the block access list of a replay', () => {
  it('is canonical, has the touched accounts and slots, and ends where they end', async () => {
    console.log(`block access lists: seed ${seed}`);
    for (let i = 0; i < 6; i++) {
      const { replay } = await sampleReplay(`lists ${seed} ${i}`);
      const { blockAccessList, accessList } = replay;
      expect(await decodeAccessList(fromHex(encodeAccessList(blockAccessList)), accessListLimits(RULES_V2))).toEqual(
        blockAccessList,
      );
      expect(blockAccessList.map(({ address }) => address)).toEqual(accessList.map(({ address }) => address));
      for (const [at, { pre, post, slots = [] }] of accessList.entries()) {
        const { storageChanges, storageReads, balanceChanges, nonceChanges, codeChanges } = blockAccessList[at]!;
        expect(balanceChanges.at(-1)?.value ?? pre.balance).toBe(post.balance);
        expect(nonceChanges.at(-1)?.value ?? pre.nonce).toBe(post.nonce);
        expect(codeChanges).toEqual([]);
        const keys = [...storageChanges.map(({ slot }) => slot), ...storageReads].sort();
        expect(keys).toEqual(slots.map(({ key }) => key));
        for (const slot of slots) {
          const changes = storageChanges.find((change) => change.slot === slot.key)?.changes;
          expect(changes?.at(-1)?.value ?? slot.pre).toBe(slot.post);
          if (changes !== undefined) expect(changes[0]!.value, 'a first change changes').not.toBe(slot.pre);
        }
        if (balanceChanges.length > 0) expect(balanceChanges[0]!.value).not.toBe(pre.balance);
      }
    }
  });

  it('is what ethereumjs makes of the executed items by EIP-7928', async () => {
    for (let i = 0; i < 4; i++) {
      const { replay, genesis, environment } = await sampleReplay(`by ethereumjs ${seed} ${i}`);
      const common = withAccessLists();
      const stateManager = await trieBackedState(genesis.state, RULES_V2.chainId);
      const vm = await createVM({ common, stateManager });
      const block = ordinaryBlock(environment, common);
      const theirs = vm.evm.blockLevelAccessList!;
      for (const [at, outcome] of replay.outcomes.entries()) {
        if (outcome.kind !== 'executed') continue;
        theirs.blockAccessIndex = at + 1;
        await runTx(vm, { tx: decodeForVm(replay.batch.txs[at]!, RULES_V2.chainId), block });
      }
      const limits = accessListLimits(RULES_V2);
      const read = await decodeAccessList(theirs.serialize(), limits);
      expect(read.length).toBeGreaterThan(20);
      const ours = new Map(replay.blockAccessList.map((account) => [account.address, account]));
      for (const account of read) expect(ours.get(account.address), account.address).toEqual(account);
      // Beside these the rules look at the parties of skipped items.
      const listed = new Set(read.map(({ address }) => address));
      const skipped = new Set(replay.outcomes.flatMap((o) => (o.kind === 'skipped' ? [o.tx.sender, o.tx.to] : [])));
      for (const { address, ...changes } of replay.blockAccessList.filter((account) => !listed.has(account.address))) {
        expect(skipped).toContain(address);
        expect(Object.values(changes)).toEqual([[], [], [], [], []]);
      }
    }
  });

  it('names a slot that ends an item as it began as read', async () => {
    const write = (slot: number, value: number) => `60${byte(value)}60${byte(slot)}55`;
    const code: Hex = `0x${write(1, 7)}${write(2, 8)}${write(2, 5)}${write(3, 9)}600054${write(4, 1)}`;
    const storage = { 1: 7n, 2: 5n, 3: 8n };
    const { replay } = await callCode(code, {}, storage);
    const contract = replay.blockAccessList.find(({ address }) => address === CONTRACT)!;
    expect(contract.storageReads).toEqual([0n, 1n, 2n].map(word));
    expect(contract.storageChanges).toEqual([
      { slot: word(3n), changes: [{ index: 1, value: 9n }] },
      { slot: word(4n), changes: [{ index: 1, value: 1n }] },
    ]);
    const reverted = await callCode(`${code}60006000fd`, {}, storage);
    const read = reverted.replay.blockAccessList.find(({ address }) => address === CONTRACT)!;
    expect(read).toMatchObject({
      storageChanges: [],
      storageReads: [0n, 1n, 2n, 3n, 4n].map(word),
      balanceChanges: [],
    });
  });

  it('names a value that one item changes and another one changes back with both', async () => {
    // the slot takes the calldata's first word
    const raws = [5n, 5n, 0n, 0n].map((value, i) =>
      callOf({ data: word(value), nonce: NONCE + BigInt(i), gasLimit: 100_000n }),
    );
    const { replay } = await replayOn(stateWith('0x6000355f55'), ['0x', ...(await Promise.all(raws))]);
    const { storageChanges } = replay.blockAccessList.find(({ address }) => address === CONTRACT)!;
    const changes = [
      { index: 2, value: 5n },
      { index: 4, value: 0n },
    ];
    expect(storageChanges).toEqual([{ slot: word(0n), changes }]);
    const caller = replay.blockAccessList.find(({ address }) => address === CALLER.address)!;
    expect(caller.nonceChanges).toEqual([2, 3, 4, 5].map((index) => ({ index, value: NONCE + BigInt(index) - 1n })));
    expect(synthesize([replay.blockAccessList]).find(({ address }) => address === CONTRACT)).toEqual({
      address: CONTRACT,
      slots: [{ key: word(0n), value: 0n }],
    });
  });
});
