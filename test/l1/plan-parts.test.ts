import { concat, type Hex, size } from 'viem';
import { describe, expect, it } from 'vitest';
import { BundleError } from '../../src/errors/proof.js';
import { MAX_TRANSACTION_BYTES } from '../../src/l1/limits.js';
import { fitsTransaction, measureParts, sizeOfFeed } from '../../src/l1/part-gas.js';
import { checkPartsFit, fitsOneTransaction, groupParts, planParts } from '../../src/l1/plan-parts.js';
import { decodePart, encodePart, withProofs } from '../../src/proof/parts.js';
import { RECORD_BYTES } from '../../src/proof/record.js';
import { SeededRandom } from '../../src/samples/random.js';
import { type Content, decodeParts, encodeParts } from '../../src/statement/parts.js';
import { NO_CODE, type Tables } from '../../src/statement/tables.js';
import { randomKeccaks, randomSlots } from '../helpers/code-samples.js';
import { randomAccounts } from '../helpers/native-samples.js';

const random = new SeededRandom('plan parts');
const HEAD = { read: 0, ts: 1n, gasUsed: 2n, work: 3n, jrn: 4n, uses: 5n, blockUses: Array<bigint>(7).fill(1n) };
const content = (over: Partial<Tables>): Content => ({
  ...{ mode: 'diff', items: [] },
  tables: { ...HEAD, accounts: [], ...NO_CODE, ...over },
});
const shapes = (count: number) => Array.from({ length: count }, (_, i) => (i < 3 ? 0 : 1));
const record = (shape: number): Hex => `0x0${shape}${'ff'.repeat(RECORD_BYTES - 1)}`;
const kindsOf = (parts: readonly Hex[]) => parts.map((part) => decodePart(part).kind);

describe('the borders of parts', () => {
  it('are one part of each kind when all fits one transaction', () => {
    const accounts = randomAccounts(random, 'diff', 20);
    const small = content({ accounts, keccaks: randomKeccaks(random, 5) });
    const plan = planParts(small, shapes(10));
    expect(plan).toEqual({ parts: encodeParts(small), proofs: [10] });
    expect(kindsOf(plan.parts)).toEqual(['head', 'accounts', 'keccaks']);
    expect(fitsOneTransaction(withProofs(plan, shapes(10).map(record)))).toBe(true);
    expect(planParts(small, shapes(220)).proofs).toEqual([220]);
  });

  it('cut what does not: 240 proofs a part, whole entries, each within a transaction, always the same', () => {
    const hash = { kind: 'general', input: random.hex(65_536), uses: 1n } as const;
    const large = content({ accounts: randomAccounts(random, 'diff', 700), keccaks: Array(8).fill(hash) });
    const plan = planParts(large, shapes(1_000));
    expect(planParts(large, shapes(1_000))).toEqual(plan);
    expect(plan.proofs).toEqual([240, 240, 240, 240, 40]);
    expect(kindsOf(plan.parts).filter((kind) => kind === 'keccaks')).toHaveLength(8);
    expect(kindsOf(plan.parts).filter((kind) => kind === 'accounts').length).toBeGreaterThan(1);
    expect(decodeParts(plan.parts, 'diff')).toEqual(large);
    const parts = withProofs(plan, shapes(1_000).map(record));
    checkPartsFit(parts);
    expect(fitsOneTransaction(parts)).toBe(false);
    for (const part of parts) expect(size(part)).toBeLessThanOrEqual(110_000);
  });

  it('cut an account that touches more slots than a transaction takes: 2,600 cold reads of one contract', () => {
    const account = { ...randomAccounts(random, 'diff', 40).find(({ pre }) => pre.nonce > 0n)! };
    account.post = account.pre;
    account.preHint = 3;
    const slots = randomSlots(random, 'diff', account, 2_600);
    const large = content({ accounts: [{ ...account, slots }] });
    const plan = planParts(large, shapes(1));
    expect(plan.parts.reduce((sum, part) => sum + size(part), 0)).toBeGreaterThan(250_000);
    expect(plan.parts.length).toBeGreaterThan(3);
    checkPartsFit(plan.parts);
    expect(decodeParts(plan.parts, 'diff')).toEqual(large);
  });
});

describe('groups of parts', () => {
  it('hold as many parts as fit a transaction, from wherever L1 stands', () => {
    const large = content({ accounts: randomAccounts(random, 'diff', 700) });
    const plan = planParts(large, shapes(500));
    const parts = withProofs(plan, shapes(500).map(record));
    const measures = measureParts(parts);
    for (let from = 0; from < parts.length; from++) {
      const groups = groupParts(parts, from);
      expect(groups[0]!.from).toBe(from);
      expect(groups.at(-1)!.to).toBe(parts.length);
      for (const [i, group] of groups.entries()) {
        expect(group.from).toBe(groups[i - 1]?.to ?? from);
        expect(fitsTransaction(group.size)).toBe(true);
        expect(group.size).toEqual(sizeOfFeed(measures.slice(group.from, group.to)));
      }
    }
    expect(groupParts(parts).length).toBeLessThan(parts.length);
  });
});

describe('a part that no transaction can take', () => {
  const codeOf = (parts: readonly Hex[]): unknown => {
    try {
      checkPartsFit(parts);
      return 'accepted';
    } catch (error) {
      if (error instanceof BundleError) return { code: error.code, ...error.details };
      throw error;
    }
  };

  it('is refused by name, for its gas and for its bytes', () => {
    const [head] = encodeParts(content({}));
    const proofs = (count: number) => encodePart('proofs', concat(Array<Hex>(count).fill(record(0))));
    expect(codeOf([head!, proofs(240)])).toBe('accepted');
    expect(codeOf([head!, proofs(300)])).toMatchObject({ code: 'BUNDLE_PART_TOO_LARGE', part: 1 });
    const hashes = (count: number) =>
      encodeParts(content({ keccaks: Array(count).fill({ kind: 'general', input: random.hex(60_000), uses: 1n }) }));
    expect(codeOf(hashes(1))).toBe('accepted');
    const refused = codeOf(hashes(3)) as { bytes: number };
    expect(refused).toMatchObject({ code: 'BUNDLE_PART_TOO_LARGE', part: 1 });
    expect(refused.bytes).toBeGreaterThan(MAX_TRANSACTION_BYTES);
  });
});
