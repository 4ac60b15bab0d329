import { describe, expect, it } from 'vitest';
import { checkGenesis, genesisHash } from '../../src/batch/genesis.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { parseTransaction } from '../../src/batch/transaction.js';
import { sampleGenesis } from '../../src/samples/accounts.js';
import { INVALID_KINDS, sampleBatch, TRANSFER_KINDS } from '../../src/samples/batch.js';
import { MemoryState } from '../../src/state/memory-state.js';

describe('samples', () => {
  it('are the same for the same seed and others for another', async () => {
    const make = async (seed: string) => {
      const genesis = sampleGenesis(seed, 30);
      const state = new MemoryState(genesis.state);
      const feeRecipient = genesis.signers[1]!.address;
      return { genesis, txs: await sampleBatch({ genesis, state, number: 1n, feeRecipient, rules: RULES_V2 }) };
    };
    const [first, again, other] = [await make('a'), await make('a'), await make('b')];
    expect(again).toEqual(first);
    expect(genesisHash(other.genesis.state)).not.toBe(genesisHash(first.genesis.state));
    expect(other.txs).not.toEqual(first.txs);
    expect(first.txs).toHaveLength(12 + INVALID_KINDS.length);
  });

  it('have exactly the accounts asked for, in a valid genesis, and keys for some', () => {
    const genesis = sampleGenesis('many', 5_000, 20);
    expect(genesis.state.size).toBe(5_000);
    expect(genesis.signers).toHaveLength(20);
    checkGenesis(genesis.state);
  });

  it('have every kind of bad item once, each bad for a reason of its own', async () => {
    const genesis = sampleGenesis('kinds', 30);
    const state = new MemoryState(genesis.state);
    const options = {
      genesis,
      state,
      feeRecipient: genesis.contract,
      rules: RULES_V2,
      transfers: TRANSFER_KINDS.length,
    };
    for (let number = 1n; number <= 6n; number++) {
      const parsed = (await sampleBatch({ ...options, number })).map((raw) => parseTransaction(raw, RULES_V2));
      const reasons = parsed.flatMap((item) => (item.kind === 'bad' ? [item.reason] : []));
      expect(reasons).toHaveLength(INVALID_KINDS.filter((kind) => kind.startsWith('bad')).length);
      expect(new Set(reasons).size).toBeGreaterThanOrEqual(reasons.length - 3);
    }
  });

  it('make 100 transfers in a batch', async () => {
    const genesis = sampleGenesis('hundred', 200);
    const state = new MemoryState(genesis.state);
    const options = { genesis, state, number: 1n, feeRecipient: genesis.contract, rules: RULES_V2 };
    expect(await sampleBatch({ ...options, transfers: 100, invalid: false })).toHaveLength(100);
  });
});
