import type { StateManagerInterface } from '@ethereumjs/common';
import { Account, createAddressFromString } from '@ethereumjs/util';
import type { Address, Hex } from 'viem';
import { keccak256 } from 'viem';
import { describe, expect, it } from 'vitest';
import { bytesToBigint, fromHex, toHex, word } from '../../src/batch/bytes.js';
import { sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { signTransaction } from '../../src/batch/sign.js';
import { OP } from '../../src/evm/opcodes.js';
import { BatchVm } from '../../src/execution/batch-vm.js';
import { FlatStateManager } from '../../src/execution/flat-state-manager.js';
import { NO_ANCESTORS } from '../../src/execution/replay.js';
import { trieBackedState } from '../../src/execution/trie-backed.js';
import { sampleEnvironment, sampleGenesis } from '../../src/samples/accounts.js';
import { SeededRandom } from '../../src/samples/random.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { keccakRoot } from '../helpers/keccak-root.js';
import { plainFields } from '../helpers/transactions.js';

const genesis = sampleGenesis('manager', 8);

describe('FlatStateManager', () => {
  it('agrees with the trie-backed state manager over random operations and checkpoints', async () => {
    const seed = process.env.FUZZ_SEED ?? 'manager 1';
    console.log(`state manager: seed ${seed}`);
    const random = new SeededRandom(seed);
    const view = new MemoryState(genesis.state);
    const flat = new FlatStateManager(view);
    const trie = await trieBackedState(genesis.state, RULES_V2.chainId);
    const names = [...genesis.state.keys()].slice(0, 5);
    let depth = 0;
    for (let step = 0; step < 600; step++) {
      const address = createAddressFromString(random.pick([...names, genesis.contract]));
      const key = fromHex(word(BigInt(random.below(4))));
      const choice = random.below(8);
      for (const manager of [flat, trie]) {
        if (choice === 0) await manager.checkpoint();
        else if (choice === 1 && depth > 0) await manager.commit();
        else if (choice === 2 && depth > 0) await manager.revert();
        else if (choice === 3) {
          // as the VM does it: an account that was read, with other fields
          const account = (await manager.getAccount(address)) ?? new Account();
          account.nonce = BigInt(step);
          account.balance = BigInt(step * 7 + 1);
          await manager.putAccount(address, account);
        } else if (choice === 4) await manager.modifyAccountFields(address, { balance: BigInt(step) + 1n });
        else if (choice === 5) await manager.putCode(address, Uint8Array.of(OP.PUSH1, step % 256, step >> 8));
        else if (choice === 6 && (await manager.getAccount(address))?.isContract()) {
          await manager.putStorage(
            address,
            key,
            step % 3 === 0 ? new Uint8Array(0) : Uint8Array.of(1 + (step % 255), step % 7),
          );
        }
      }
      if (choice === 0) depth += 1;
      if ((choice === 1 || choice === 2) && depth > 0) depth -= 1;
      const [ours, theirs] = [await flat.getAccount(address), await trie.getAccount(address)];
      expect([ours?.nonce, ours?.balance]).toEqual([theirs?.nonce, theirs?.balance]);
      expect(await flat.getCode(address)).toEqual(await trie.getCode(address));
    }
    for (; depth > 0; depth--) for (const manager of [flat, trie]) await manager.commit();
    const changes = await flat.changes();
    expect(changes.accounts.size).toBeGreaterThan(3);
    for (const [address, account] of changes.accounts) {
      expect((await trie.getAccount(createAddressFromString(address)))?.balance).toBe(account.balance);
    }
    for (const { address, key, value } of changes.slots) {
      expect(bytesToBigint(await trie.getStorage(createAddressFromString(address), fromHex(key)))).toBe(value);
    }
  });

  it('clears storage of an account, its own writes and the view’s, until it is reverted', async () => {
    const manager = new FlatStateManager(new MemoryState(genesis.state));
    const address = createAddressFromString(genesis.contract);
    await manager.putStorage(address, fromHex(word(50n)), Uint8Array.of(9));
    await manager.checkpoint();
    await manager.clearStorage(address);
    expect((await manager.changes()).slots.map(({ value }) => value)).toEqual([0n, 0n, 0n]);
    expect(await manager.getStorage(address, fromHex(word(1n)))).toEqual(new Uint8Array(0));
    expect(await manager.getStorage(address, fromHex(word(50n)))).toEqual(new Uint8Array(0));
    await manager.revert();
    expect((await manager.changes()).slots).toEqual([{ address: genesis.contract, key: word(50n), value: 9n }]);
  });

  it('has no state root, and says so', async () => {
    const manager = new FlatStateManager(new MemoryState());
    for (const ask of [manager.getStateRoot(), manager.setStateRoot(), manager.hasStateRoot()]) {
      await expect(ask).rejects.toMatchObject({ code: 'EXECUTION_NO_TRIE' });
    }
  });
});

describe('BatchVm', () => {
  /** Stores what an opcode yields: PUSH-free so that each program is `<op...> PUSH0 SSTORE STOP`. */
  const contractOf = (program: string): Hex => `0x${program}5f5500`;

  it.each<[string, string, (environment: ReturnType<typeof sampleEnvironment>) => bigint]>([
    ['COINBASE', '41', ({ feeRecipient }) => BigInt(feeRecipient)],
    ['TIMESTAMP', '42', ({ timestamp }) => timestamp],
    ['NUMBER', '43', ({ number }) => number],
    ['PREVRANDAO', '44', ({ originHash }) => BigInt(originHash)],
    ['GASLIMIT', '45', ({ gasLimit }) => gasLimit],
    ['CHAINID', '46', ({ chainId }) => chainId],
    ['BASEFEE', '48', ({ baseFee }) => baseFee],
    ['BLOBBASEFEE', '4a', () => 1n],
  ])('gives %s of the batch, the same on flat state and on a trie', async (_name, program, expected) => {
    const target: Address = `0x${'c0'.repeat(20)}`;
    const code = contractOf(program);
    const state = new Map([...genesis.state, [target, { nonce: 1n, balance: 0n, code, storage: new Map() }]]);
    const [signer] = genesis.signers;
    const environment = sampleEnvironment(genesis, 3n, word(0xabc2n), RULES_V2);
    const nonce = state.get(signer!.address)!.nonce;
    const raw = await signTransaction(
      plainFields({ nonce, to: target, value: 0n, gasLimit: 100_000n }),
      signer!.privateKey,
    );
    const { header } = sealBatch(environment, [raw]);
    const memory = new MemoryState(state);
    const manager = new FlatStateManager(memory);
    const start = { work: 10n ** 9n, w1: 1n, address: target, keys: [] };
    const run = async (on: StateManagerInterface) => (await BatchVm.create(on, header, NO_ANCESTORS)).run(raw, start);
    const flat = await run(manager);
    expect(flat.success).toBe(true);
    expect(flat.run).toMatchObject({ end: 'ok', touched: [{ address: target, key: ZERO_WORD }] });
    const changes = await manager.changes();
    expect(changes.slots).toEqual([{ address: target, key: ZERO_WORD, value: expected(environment) }]);
    const trie = await trieBackedState(state, RULES_V2.chainId);
    expect(await run(trie)).toEqual(flat);
    memory.apply(changes);
    expect(await keccakRoot(memory)).toBe(toHex(await trie.getStateRoot()));
    expect(changes.accounts.get(target)?.codeHash ?? keccak256(code)).toBe(keccak256(code));
    const again = await BatchVm.create(new FlatStateManager(new MemoryState(state)), header, NO_ANCESTORS);
    await expect(again.run(raw)).rejects.toThrow('rules run none');
    await expect(NO_ANCESTORS(2n)).rejects.toMatchObject({ code: 'EXECUTION_ANCESTOR' });
  });
});
