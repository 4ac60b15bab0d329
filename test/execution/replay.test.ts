import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address, Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex, word } from '../../src/batch/bytes.js';
import { type Environment, sealBatch, ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { signTransaction } from '../../src/batch/sign.js';
import { parseTransaction, workOfItem } from '../../src/batch/transaction.js';
import type { Batch, Outcome, ParsedTx, Rules } from '../../src/batch/types.js';
import { BatchVm } from '../../src/execution/batch-vm.js';
import { NO_ANCESTORS, replayBatch } from '../../src/execution/replay.js';
import { trieBackedState } from '../../src/execution/trie-backed.js';
import { sampleEnvironment, sampleGenesis } from '../../src/samples/accounts.js';
import { sampleBatch } from '../../src/samples/batch.js';
import { SeededRandom } from '../../src/samples/random.js';
import { FlatState } from '../../src/state/flat-state.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { keccakRoot } from '../helpers/keccak-root.js';
import { plainFields } from '../helpers/transactions.js';

/** Whether a skipped transaction would be invalid as its batch's first, too: the VM counts neither work nor the batch's gas. */
function refusedAlone({ reason, tx }: Outcome & { kind: 'skipped' }, { gasLimit }: Batch['header']): boolean {
  return reason === 'gasLimit' ? tx.gasLimit > gasLimit : reason !== 'work';
}

/** Runs the executed items of a batch in a VM with its own trie, and shows that the VM refuses what the state forbids. */
async function runOnTrie(
  manager: Awaited<ReturnType<typeof trieBackedState>>,
  batch: Batch,
  outcomes: readonly Outcome[],
) {
  const vm = await BatchVm.create(manager, batch.header, NO_ANCESTORS);
  for (const [i, outcome] of outcomes.entries()) {
    const raw = batch.txs[i]!;
    if (outcome.kind === 'executed') {
      expect(await vm.run(raw)).toEqual({ gasUsed: outcome.gasUsed, success: true });
    } else if (outcome.kind === 'skipped' && refusedAlone(outcome, batch.header)) {
      await expect(vm.run(raw), outcome.reason).rejects.toThrow();
    }
  }
  await manager.flush();
  return toHex(await manager.getStateRoot());
}

describe('batches over a genesis of 1,000 accounts', () => {
  const seed = process.env.FUZZ_SEED ?? 'replay 1';
  const genesis = sampleGenesis(seed, 1_000);
  let path: string;
  let state: FlatState;

  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'deltaproof-replay-'));
    state = await FlatState.open(join(path, 'state'), { genesis: genesis.state });
  });
  afterAll(async () => {
    await state.close();
    await rm(path, { recursive: true });
  });

  it('come to the state of a plain trie-backed VM, and every past state can be opened', async () => {
    console.log(`replay: seed ${seed}`);
    const trie = await trieBackedState(genesis.state, RULES_V2.chainId);
    const roots = [toHex(await trie.getStateRoot())];
    expect(await keccakRoot(state.view())).toBe(roots[0]);
    const reasons = new Set<string>();
    const views = [state.view()];
    for (let number = 1n; number <= 8n; number++) {
      const environment = sampleEnvironment(genesis, number, await state.batchHash(number - 1n), RULES_V2);
      const { feeRecipient } = environment;
      const view = state.view();
      const txs = await sampleBatch({ genesis, state: view, number, feeRecipient, rules: RULES_V2, transfers: 18 });
      const batch = sealBatch(environment, txs);
      const applied = await replayBatch(view, batch, RULES_V2);
      const { outcomes } = applied.replay;
      expect(outcomes.filter(({ kind }) => kind === 'executed')).toHaveLength(18);
      expect(outcomes.filter(({ kind }) => kind === 'bad')).toHaveLength(15);
      for (const outcome of outcomes) if (outcome.kind === 'skipped') reasons.add(outcome.reason);
      roots.push(await runOnTrie(trie, batch, outcomes));
      await state.applyBatch(applied);
      views.push(state.view());
    }
    expect([...reasons].sort()).toEqual(['balance', 'gasLimit', 'nonce', 'senderCode']);
    expect(new Set(roots).size).toBe(9);
    for (let n = 8; n >= 0; n--) {
      expect(await keccakRoot(await state.asOf(BigInt(n)))).toBe(roots[n]);
      expect(await keccakRoot(views[n]!), 'a view opened in the past').toBe(roots[n]);
    }
    // A batch replayed from a past state gives the same again.
    const record = await state.batch(5n);
    const again = await replayBatch(await state.asOf(4n), record.batch, RULES_V2);
    expect(again.diffHash).toBe(record.diffHash);
  });
});

describe('coinciding parties', () => {
  it('of any kind among four accounts come to the state of a trie-backed VM', async () => {
    const seed = process.env.FUZZ_SEED ?? 'parties 1';
    console.log(`coinciding parties: seed ${seed}`);
    const random = new SeededRandom(seed);
    const genesis = sampleGenesis(seed, 6);
    const [a, b] = genesis.signers as [(typeof genesis.signers)[0], (typeof genesis.signers)[0]];
    const fresh: Address = `0x${'0f'.repeat(20)}`;
    const precompile: Address = `0x${'00'.repeat(19)}04`;
    const parties = [a.address, b.address, fresh, genesis.contract, precompile];
    let executed = 0;
    for (let number = 1n; number <= 60n; number++) {
      const memory = new MemoryState(genesis.state);
      const trie = await trieBackedState(genesis.state, RULES_V2.chainId);
      const environment = {
        ...sampleEnvironment(genesis, number, ZERO_WORD, RULES_V2),
        feeRecipient: random.pick(parties),
      };
      const txs: Hex[] = [];
      const nonces = new Map<Address, bigint>();
      for (let i = 0; i < 4; i++) {
        const signer = random.pick([a, b]);
        const account = await memory.account(signer.address);
        const nonce = nonces.get(signer.address) ?? account.nonce;
        nonces.set(signer.address, nonce + BigInt(random.below(4) === 0 ? 0 : 1));
        const tip = random.pick([0n, 1n]);
        const cost = 21_000n * (RULES_V2.baseFee + tip);
        const all = account.balance > cost ? account.balance - cost : 0n;
        const fields = plainFields({
          nonce,
          tip,
          cap: RULES_V2.baseFee + tip,
          to: random.pick(parties.filter((party) => party !== genesis.contract)), // it only earns fees: its code does not run
          value: random.pick([0n, 1n, all]),
        });
        txs.push(await signTransaction(fields, signer.privateKey));
      }
      const batch = sealBatch(environment, txs);
      const { replay, changes } = await replayBatch(memory, batch, RULES_V2);
      executed += replay.outcomes.filter(({ kind }) => kind === 'executed').length;
      const root = await runOnTrie(trie, batch, replay.outcomes);
      memory.apply(changes);
      expect(await keccakRoot(memory), `batch ${number}`).toBe(root);
    }
    expect(executed).toBeGreaterThan(60);
  });
});

describe('replayBatch', () => {
  const genesis = sampleGenesis('rules', 12);
  const view = new MemoryState(genesis.state);
  const [a, b] = genesis.signers as [(typeof genesis.signers)[0], (typeof genesis.signers)[0]];
  const nonceOf = (address: Address) => genesis.state.get(address)!.nonce;
  const transfer = (over: Parameters<typeof plainFields>[0] = {}) =>
    signTransaction(plainFields({ nonce: nonceOf(a.address), to: b.address, ...over }), a.privateKey);

  function batchOf(txs: readonly Hex[], rules: Rules = RULES_V2, over: Partial<Environment> = {}) {
    return sealBatch({ ...sampleEnvironment(genesis, 1n, ZERO_WORD, rules), ...over }, txs);
  }

  it('cuts off the first item that the work does not suffice for, and all later ones, unread', async () => {
    const first = await transfer();
    const second = await transfer({ nonce: nonceOf(a.address) + 1n });
    // Small reserves, so that what is left stays below the next item's use.
    const small = { ...RULES_V2, w1: 1n, wCode: 0n };
    const use = workOfItem((first.length - 2) / 2, small);
    const budget = use + workOfItem((second.length - 2) / 2, small) - 1n;
    const rules = { ...small, workBudget: budget };
    const { replay } = await replayBatch(view, batchOf([first, second, '0x'], rules), rules);
    expect(replay.outcomes.map(({ kind }) => kind)).toEqual(['executed', 'cutOff', 'cutOff']);
    expect(replay.read).toBe(1);
    expect(replay.work).toBe(budget - use);
    const more = { ...rules, workBudget: budget + 1n };
    const kinds = (await replayBatch(view, batchOf([first, second], more), more)).replay.outcomes;
    expect(kinds.map((outcome) => (outcome.kind === 'skipped' ? outcome.reason : outcome.kind))).toEqual([
      'executed',
      'work',
    ]);
  });

  it('decides each limit exactly', async () => {
    const reasonOf = async (raw: Hex, rules: Rules = RULES_V2) => {
      const [outcome] = (await replayBatch(view, batchOf([raw], rules), rules)).replay.outcomes;
      return outcome?.kind === 'skipped' ? outcome.reason : outcome?.kind;
    };
    const { balance } = genesis.state.get(a.address)!;
    const all = balance - 21_000n * 3_000_000_000n;
    expect(await reasonOf(await transfer({ value: all }))).toBe('executed');
    expect(await reasonOf(await transfer({ value: all + 1n }))).toBe('balance');
    const raw = await transfer({ gasLimit: 50_000n });
    const tight = { ...RULES_V2, gasLimit: 50_000n };
    expect(await reasonOf(raw, tight)).toBe('executed');
    expect(await reasonOf(raw, { ...tight, gasLimit: 49_999n })).toBe('gasLimit');
    const { use, reserve } = parseTransaction(raw, RULES_V2) as ParsedTx;
    expect(await reasonOf(raw, { ...RULES_V2, workBudget: use + reserve })).toBe('executed');
    expect(await reasonOf(raw, { ...RULES_V2, workBudget: use + reserve - 1n })).toBe('work');
  });

  it('lists exactly what FORMATS.md says: parties of parsed items, the fee recipient only when one is executed', async () => {
    const fee: Address = `0x${'fe'.repeat(20)}`;
    const skipped = await transfer({ nonce: 99n });
    const addressesOf = async (txs: readonly Hex[]) =>
      (await replayBatch(view, batchOf(txs, RULES_V2, { feeRecipient: fee }), RULES_V2)).replay.accessList.map(
        ({ address }) => address,
      );
    expect(await addressesOf([skipped, '0x'])).toEqual([a.address, b.address].sort());
    expect(await addressesOf([await transfer()])).toEqual([a.address, b.address, fee].sort());
    expect(await addressesOf([])).toEqual([]);
    // a zero tip and a zero value touch, and create nothing
    const nobody: Address = `0x${'0e'.repeat(20)}`;
    const txs = [await transfer({ tip: 0n, cap: RULES_V2.baseFee, value: 0n, to: nobody })];
    const { replay, changes } = await replayBatch(view, batchOf(txs, RULES_V2, { feeRecipient: fee }), RULES_V2);
    expect(replay.accessList).toHaveLength(3);
    expect([...changes.accounts.keys()]).toEqual([a.address]);
  });

  it('refuses batches that L1 would not accept', async () => {
    const good = batchOf([await transfer()]);
    const replay = (over: Partial<Batch['header']>, txs = good.txs) =>
      replayBatch(view, { header: { ...good.header, ...over }, txs }, RULES_V2);
    await expect(replay({ chainId: 1n })).rejects.toMatchObject({ code: 'BATCH_WRONG_CHAIN' });
    await expect(replay({ baseFee: 7n })).rejects.toMatchObject({ code: 'BATCH_RULES' });
    await expect(replay({ txsHash: word(1n) })).rejects.toMatchObject({ code: 'BATCH_TXS_HASH' });
    await expect(replayBatch(view, batchOf(Array(1_001).fill('0x')), RULES_V2)).rejects.toMatchObject({
      code: 'BATCH_RULES',
    });
    const long: Hex = `0x${'00'.repeat(RULES_V2.maxBytes + 1)}`;
    await expect(replayBatch(view, batchOf([long]), RULES_V2)).rejects.toMatchObject({ code: 'BATCH_RULES' });
  });

  it('names a disagreement between rules and VM instead of yielding a state', async () => {
    // A view that tells the rules a balance and the VM another one.
    let reads = 0;
    const lying = Object.assign(Object.create(view) as MemoryState, {
      account: async (address: Address) => {
        const account = await view.account(address);
        return address === a.address && reads++ === 0 ? { ...account, balance: account.balance + 1n } : account;
      },
    });
    await expect(replayBatch(lying, batchOf([await transfer()]), RULES_V2)).rejects.toMatchObject({
      code: 'EXECUTION_VM_DISAGREES',
    });
  });
});
