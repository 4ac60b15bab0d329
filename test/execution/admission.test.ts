import type { Address } from 'viem';
import { describe, expect, it } from 'vitest';
import { ZERO_WORD } from '../../src/batch/header.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { signTransaction, type TransactionFields } from '../../src/batch/sign.js';
import { parseTransaction } from '../../src/batch/transaction.js';
import type { ParsedTx } from '../../src/batch/types.js';
import { admissionError } from '../../src/execution/admission.js';
import { buildBatch } from '../../src/execution/build.js';
import { sampleEnvironment, sampleGenesis } from '../../src/samples/accounts.js';
import { MemoryState } from '../../src/state/memory-state.js';
import { plainFields } from '../helpers/transactions.js';

const genesis = sampleGenesis('admission', 8);
const view = new MemoryState(genesis.state);
const [a, b] = genesis.signers as [(typeof genesis.signers)[0], (typeof genesis.signers)[0]];
const start = genesis.state.get(a.address)!.nonce;
const balance = genesis.state.get(a.address)!.balance;
const environment = sampleEnvironment(genesis, 1n, ZERO_WORD, RULES_V2);

const transfer = (over: Partial<TransactionFields> = {}, signer = a) =>
  signTransaction(plainFields({ nonce: start, to: b.address, ...over }), signer.privateKey);

describe('admissionError', () => {
  it.each<[string, Partial<TransactionFields>]>([
    ['EXECUTION_TX_INVALID', { tip: 10n ** 12n }],
    ['EXECUTION_TX_CREATION', { to: '0x', gasLimit: 60_000n }],
    ['EXECUTION_TX_PRECOMPILE', { to: `0x${'00'.repeat(19)}01` }],
    ['EXECUTION_TX_BALANCE', { value: balance }],
    ['EXECUTION_TX_GAS_LIMIT', { gasLimit: RULES_V2.gasLimit + 1n }],
    ['EXECUTION_TX_WORK', { gasLimit: 6_000_000n }],
    ['EXECUTION_TX_BYTES', { data: `0x${'00'.repeat(RULES_V2.maxBytes)}`, gasLimit: 1_000_000n }],
  ])('answers %s', async (code, over) => {
    expect(await admissionError(await transfer(over), view, RULES_V2)).toMatchObject({ code });
  });

  it('answers for used nonces and senders with code, and admits the rest', async () => {
    const moved = new MemoryState(
      new Map([...genesis.state, [a.address, { ...genesis.state.get(a.address)!, nonce: start + 1n }]]),
    );
    expect(await admissionError(await transfer(), moved, RULES_V2)).toMatchObject({ code: 'EXECUTION_TX_NONCE' });
    const nonce = genesis.state.get(genesis.codedSigner.address)!.nonce;
    const coded = await transfer({ nonce }, genesis.codedSigner);
    expect(await admissionError(coded, view, RULES_V2)).toMatchObject({ code: 'EXECUTION_TX_SENDER_CODE' });
    expect(await admissionError(await transfer(), view, RULES_V2)).toBeUndefined();
    expect(await admissionError(await transfer({ nonce: start + 5n }), view, RULES_V2)).toBeUndefined();
  });
});

describe('buildBatch', () => {
  it('takes what is executed in order, leaves what may come later, refuses what never can', async () => {
    const good = [await transfer(), await transfer({ nonce: start + 1n })];
    const later = await transfer({ nonce: start + 3n });
    const never = ['0x', good[0]!, await transfer({ nonce: start + 2n, to: '0x', gasLimit: 60_000n })] as const;
    const built = await buildBatch(view, RULES_V2, [later, ...good, ...never], environment);
    expect(built.replay.batch.txs).toEqual(good);
    expect(built.replay.outcomes.every(({ kind }) => kind === 'executed')).toBe(true);
    expect(built.left).toEqual([later]);
    expect(built.refused.map(({ raw }) => raw)).toEqual(never);
    expect(built.changes.accounts.get(a.address)?.nonce).toBe(start + 2n);
  });

  it('stays within items, bytes, gas and work', async () => {
    const txs = await Promise.all([0n, 1n, 2n].map((i) => transfer({ nonce: start + i })));
    const bytes = (txs[0]!.length - 2) / 2;
    const count = async (rules: Partial<typeof RULES_V2>) => {
      const all = { ...RULES_V2, ...rules };
      const built = await buildBatch(view, all, txs, sampleEnvironment(genesis, 1n, ZERO_WORD, all));
      expect(built.left).toEqual(txs.slice(built.replay.batch.txs.length));
      expect(built.refused).toEqual([]);
      return built.replay.batch.txs.length;
    };
    expect(await count({})).toBe(3);
    expect(await count({ maxItems: 2 })).toBe(2);
    expect(await count({ maxBytes: 3 * bytes - 1 })).toBe(2);
    expect(await count({ gasLimit: 62_999n })).toBe(2);
    const [one, two, three] = txs.map((raw) => parseTransaction(raw, RULES_V2) as ParsedTx);
    const least = one!.use + two!.use + three!.use + three!.reserve;
    expect(await count({ workBudget: least })).toBe(3);
    expect(await count({ workBudget: least - 1n })).toBe(2);
  });

  it('makes an empty batch of nothing', async () => {
    const built = await buildBatch(view, RULES_V2, [], environment);
    expect(built.replay).toMatchObject({
      outcomes: [],
      accessList: [],
      read: 0,
      gasUsed: 0n,
      work: RULES_V2.workBudget,
    });
    expect(built.diffHash).toBe(ZERO_WORD);
  });
});

/** A recipient that the state does not know is no reason to refuse. */
it('admits transfers to new accounts', async () => {
  const to: Address = `0x${'77'.repeat(20)}`;
  expect(await admissionError(await transfer({ to }), view, RULES_V2)).toBeUndefined();
});
