import { concat, type Hex, slice } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES_V2 } from '../../src/batch/rules.js';
import { mod } from '../../src/bus/field.js';
import { sumOf } from '../../src/bus/tuple.js';
import { verifyBundle } from '../../src/l1/verify-bundle.js';
import type { Bundle, Mode } from '../../src/proof/types.js';
import type { Tables } from '../../src/statement/tables.js';
import { FRAME_ATTACKS } from '../attacks/batches/frames.js';
import { GAS_ATTACKS, OTHER_GAS } from '../attacks/batches/gas.js';
import { STEP_ATTACKS } from '../attacks/batches/steps.js';
import { EVIL, TABLE_ATTACKS } from '../attacks/batches/tables.js';
import { type Attack, amendNth, nth } from '../attacks/batches/world.js';
import { type ForgedBatch, forge } from '../helpers/batch-forger.js';
import { contentOf, l1Origins, reTabled, tablesOf, withTxs } from '../helpers/bundles.js';
import { mixedBatch } from '../helpers/code-batch.js';
import { CodeProver } from '../helpers/code-prover.js';

/**
 * Real proofs of batches of code on a deployed ProofVerifier. Test/attacks/code-batches.test.ts has more forgeries, of the same kind, without
 * their proofs.
 */
let prover: CodeProver;
const honest = new Map<Mode, Bundle>();

beforeAll(async () => {
  prover = await CodeProver.start();
});
afterAll(() => prover?.stop());

describe('an honest batch: a call, a revert, a transfer, a skipped and a bad item', () => {
  it.each<Mode>(['diff', 'root'])('is accepted in mode %s, on L1 and off it', async (mode) => {
    const forged = await forge(await mixedBatch(), mode);
    expect(forged.open).toEqual([]);
    const bundle = await prover.prove(forged);
    honest.set(mode, bundle);
    expect(await prover.verdict(bundle)).toBe('accepted');
    await verifyBundle(bundle, prover.keySet, RULES_V2);
  });
});

/** Each class of lie with a proof that holds: its rows satisfy the circuit, the value that it claims is false. */
describe('a proven lie is refused for what it leaves on the bus', () => {
  const attacks: Attack[] = [
    STEP_ATTACKS.gas,
    STEP_ATTACKS.cold,
    STEP_ATTACKS.original,
    STEP_ATTACKS.unwritten,
    STEP_ATTACKS.sharedMemory,
    STEP_ATTACKS.intoData,
    STEP_ATTACKS.limb,
    FRAME_ATTACKS.kept,
    FRAME_ATTACKS.exchanged,
    FRAME_ATTACKS.refund,
    TABLE_ATTACKS.code,
    TABLE_ATTACKS.before,
    GAS_ATTACKS.memory,
    GAS_ATTACKS.hash,
    GAS_ATTACKS.codesize,
  ];
  it.each(attacks)('$name: $caughtBy', async ({ caughtBy, honest, change }) => {
    const forged = await forge(await honest(), 'diff', change());
    expect([...new Set(forged.open.map(({ tuple }) => tuple.name))].sort().join(' ')).toBe(caughtBy);
    expect(await prover.verdict(await prover.prove(forged))).toBe('BusNotBalanced');
  });

  it('as a state root too', async () => {
    const { honest, change } = FRAME_ATTACKS.kept;
    const forged = await forge(await honest(), 'root', change());
    expect(await prover.verdict(await prover.prove(forged))).toBe('BusNotBalanced');
  });

  it.each<Mode>(['diff', 'root'])('gas below zero, mode %s', async (mode) => {
    const { caughtBy, honest, change } = GAS_ATTACKS.log;
    const forged = await forge(await honest(), mode, change());
    expect([...new Set(forged.open.map(({ tuple }) => tuple.name))].join(' ')).toBe(caughtBy);
    expect(await prover.verdict(await prover.prove(forged))).toBe('BusNotBalanced');
  });
});

describe('a lie that only a constraint refuses', () => {
  const gasOf = (rows: ForgedBatch['rows']) => (nth(rows, 'register', 0).row.exec as readonly bigint[])[5]!;
  it.each<[chip: string, column: string, truth: (rows: ForgedBatch['rows']) => bigint, attack: Attack]>([
    ['add', 'cLo', () => 8n, STEP_ATTACKS.result],
    ['register', 'value', (rows) => gasOf(rows) - 2n, OTHER_GAS],
  ])(
    'of %s: it balances, and its forced proof is none: InvalidProof',
    async (chip, column, truth, { honest, change }) => {
      const forged = await forge(await honest(), 'diff', change());
      expect(forged.open).toEqual([]);
      // The same rows, but the word is the true one.
      const rows = amendNth(forged.rows, chip, 0, (row) => row.limbs(column, truth(forged.rows)));
      const terms = l1Origins(forged.bundle, RULES_V2).flatMap((origin) => origin.terms);
      const bundle = await prover.force(forged, { rows }, (challenge) => mod(-sumOf(terms, challenge)));
      expect(await prover.verdict(bundle)).toBe('InvalidProof');
    },
  );
});

describe('what is changed after proving', () => {
  const bundleOf = (mode: Mode) => honest.get(mode)!;

  it('tables: the challenge is another one', async () => {
    const bundle = bundleOf('diff');
    const tables = tablesOf(bundle);
    const { runs, codes, keccaks, accounts } = tables;
    const contract = accounts.findIndex(({ slots }) => slots.length > 0);
    const withSlot = (over: object) =>
      accounts.with(contract, {
        ...accounts[contract]!,
        slots: accounts[contract]!.slots.with(0, { ...accounts[contract]!.slots[0]!, ...over }),
      });
    const changes: [string, Partial<Tables>][] = [
      ['time', { ts: tables.ts + 1n }],
      ['gas', { gasUsed: tables.gasUsed - 1n }],
      ['work', { work: tables.work + 1n }],
      ['journal', { jrn: 0n }],
      ['look-ups of the root', { uses: tables.uses + 1n }],
      ['look-ups of the block', { blockUses: tables.blockUses.with(0, 9n) }],
      ['a slot’s value before', { accounts: withSlot({ pre: 6n }) }],
      ['a slot’s place', { accounts: withSlot({ preHint: 5 }) }],
      ['a run less', { runs: runs.slice(1) }],
      ['a run for the transfer', { runs: [...runs, { item: 3, uses: [] }] }],
      ['other code', { codes: [{ ...codes[0]!, kind: 'inline', code: EVIL }] }],
      ['look-ups of the code', { codes: [{ ...codes[0]!, blobUses: 3n }] }],
      ['another hash', { keccaks: [{ ...keccaks[0]!, input: concat(['0x01', slice(keccaks[0]!.input, 1)]) }] }],
      ['a hash that is not used', { keccaks: [...keccaks, { kind: 'general', input: '0x', uses: 1n }] }],
    ];
    for (const [what, over] of changes) {
      expect(await prover.verdict(reTabled(bundle, over)), what).toBe('InvalidProof');
    }
    const { post } = accounts[contract]!;
    const richer = accounts.with(contract, { ...accounts[contract]!, post: { ...post, balance: post.balance + 1n } });
    for (const list of [richer, withSlot({ post: 9n })]) {
      expect(await prover.verdict(reTabled(bundle, { accounts: list }))).toBe('InvalidProof');
    }
  });

  it('statement, mode, beneficiary, header, transactions', async () => {
    const [diff, root] = [bundleOf('diff'), bundleOf('root')];
    expect(await prover.verdict({ ...root, value: root.value + 1n })).toBe('InvalidProof');
    expect(await prover.verdict({ ...diff, value: diff.value + 1n })).toBe('InvalidProof');
    expect(await prover.verdict({ ...diff, preRoot: diff.preRoot + 1n })).toBe('InvalidProof');
    expect(await prover.verdict({ ...diff, beneficiary: prover.verifier })).toBe('InvalidProof');
    expect(await prover.verdict({ ...diff, header: { ...diff.header, timestamp: 1n } })).toBe('InvalidProof');
    const txs = contentOf(diff).items.map((item) => (item as { readonly raw: Hex }).raw);
    const [first, second, third, ...others] = txs;
    const swapped = [first!, second!, others[0]!, third!, ...others.slice(1)];
    expect(await prover.verdict(withTxs(diff, swapped))).toBe('InvalidProof');
    expect(await prover.verdict({ ...diff, parts: diff.parts.with(-1, root.parts.at(-1)!) })).toBe('InvalidProof');
    expect(await prover.verdict({ ...root, mode: 'diff' })).toBe('BadHint');
  });
});
