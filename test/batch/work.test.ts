import { describe, expect, it } from 'vitest';
import { MAX_CODE_BYTES } from '../../src/batch/genesis.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import type { TupleName } from '../../src/bus/layout.js';
import { CHIPS } from '../../src/chips/index.js';
import { PRICES as GAS } from '../../src/evm/gas.js';
import { OP, OPCODES } from '../../src/evm/opcodes.js';
import { WORK } from '../../src/evm/work.js';
import { ampleWork } from '../../src/execution/decision.js';

/** Opcodes that end a frame: what every run takes pays for them. */
const ENDS = ['STOP', 'RETURN', 'REVERT'];
const MIN_INTRINSIC = 21_000;

describe('the work of version 2', () => {
  // A hash checks the work that is left in its own row.
  const covered = Object.values(OPCODES).filter((opcode) => ![...ENDS, 'KECCAK256'].includes(opcode!.name));

  it.each(covered.map((opcode) => [opcode!.name, opcode!] as const))('%s takes what its gas reserves', (_, opcode) => {
    const { chip, gas, work, variants } = opcode;
    for (const name of [chip, ...variants]) expect(Object.keys(CHIPS)).toContain(name);
    expect(work, 'one work for all opcodes of a chip').toBe(WORK[chip]);
    expect(work).toBeGreaterThan(0);
    expect(work).toBeLessThanOrEqual(WORK.gas * gas);
  });

  it('of everything but hashes is covered by gas', () => {
    // d new words cost 3 d gas at least, and the step that adds them is one.
    expect(WORK.memoryWord).toBeLessThanOrEqual(3 * WORK.gas);
    expect(WORK.memoryWord + WORK.expansion).toBeLessThanOrEqual(3 * WORK.gas);
    // SLOAD costs 2,000 more on a cold slot, SSTORE 2,100.
    expect(WORK.coldSlot).toBeLessThanOrEqual(2_000 * WORK.gas);
    expect(WORK.run).toBeLessThanOrEqual(MIN_INTRINSIC * WORK.gas);
  });

  it('is bought for the least gas by words that are hashed', () => {
    const dearest = WORK.keccakWord / GAS.keccakWord;
    expect(WORK.keccak256).toBeLessThanOrEqual(dearest * OPCODES[OP.KECCAK256]!.gas);
    expect(WORK.gas).toBeLessThanOrEqual(dearest);
    expect(ampleWork(7n, RULES_V2.w1)).toBe(BigInt(7 * dearest));
    expect(ampleWork(7n, 10_000n)).toBe(70_000n);
  });

  it('is what the rules reserve', () => {
    expect(RULES_V2.w1).toBe(BigInt(WORK.gas));
    expect(RULES_V2.wCode).toBe(BigInt(WORK.codeByte * MAX_CODE_BYTES));
  });

  it('lets one transaction have 5.5M gas, and a batch 110,000 bytes and 1,000 items', () => {
    const { w0, w1, w2, wCode, workBudget, maxBytes, maxItems, gasLimit } = RULES_V2;
    expect(w0 + 2_000n * w2 + 5_500_000n * w1 + wCode).toBeLessThanOrEqual(workBudget);
    expect(5_500_000n).toBeLessThanOrEqual(gasLimit);
    expect(maxBytes).toBeGreaterThanOrEqual(110_000);
    expect(maxItems).toBe(1_000);
    expect(BigInt(maxItems) * w0 + BigInt(maxBytes) * w2).toBeLessThanOrEqual(workBudget);
  });
});

// What circuits supply (`tables`, `bits`, `code`, `pushdata`, `expansion`, `frame`) has multiplicities in the whole field; L1 reads 24 bits of its own.

/** Work that a row of a chip which looks up what L1 supplies stands for, at least. */
const PRICES: Readonly<Record<string, number>> = {
  ...WORK,
  txskip: Number(RULES_V2.w0),
  transfer: Number(RULES_V2.w0),
  // At most one of each in a transaction that runs code.
  txbegin: WORK.run,
  txend: WORK.run,
  badjump: WORK.run,
  badjumpi: WORK.run,
  keccak64: WORK.keccak256,
  copyword: WORK.keccakWord,
  copybytes: WORK.keccakWord,
};

/** Chips of the trie: no row takes less than so many constraints, and so much work. */
const TRIE = ['branch', 'slotleaf', 'accountleaf', 'ext', 'nokey4', 'nokey8', 'void'];
const TRIE_ROW = 100;

describe('a batch within its work', () => {
  const budget = Number(RULES_V2.workBudget);

  /** Times that L1's tuples of a kind can be looked up: of all rows those that do it for the least work. */
  function mostLookups(kind: TupleName): number {
    const rates = Object.values(CHIPS).flatMap(({ name, terms, padding }) => {
      const count = terms(padding).filter(({ tuple }) => tuple.name === kind).length;
      if (count === 0) return [];
      const price = TRIE.includes(name) ? TRIE_ROW : PRICES[name];
      expect(price, `a row of ${name} has no price`).toBeDefined();
      return [kind === 'AT' ? 1 / price! : count / price!];
    });
    expect(rates, kind).not.toEqual([]);
    return Math.floor(budget * Math.max(...rates));
  }

  it.each<TupleName>(['AT', 'BLOCK', 'TXDATA', 'CODEBLOB', 'CODELEN', 'KECCAK64', 'KECCAK', 'KWORD'])(
    'has multiplicities of 24 bits: %s',
    (kind) => expect(mostLookups(kind)).toBeLessThan(2 ** 24),
  );

  it('has tables whose sections are lengths of 24 bits', () => {
    const items = RULES_V2.maxItems;
    const slots = budget / Math.min(WORK.coldSlot, Number(RULES_V2.wAccess));
    expect(168 * (2 * items + 1 + slots) + 98 * (slots + items)).toBeLessThan(2 ** 24);
    expect((budget / (WORK.run + MAX_CODE_BYTES * WORK.codeByte)) * (10 + MAX_CODE_BYTES)).toBeLessThan(2 ** 24);
    expect(6 * items + 3 * (RULES_V2.maxBytes / 32 + items)).toBeLessThan(2 ** 24);
    // Whole words take the most bytes for their work; 68 of an entry of two words, 7 of any other.
    expect(budget * Math.max(32 / WORK.keccakWord, 68 / (WORK.keccak256 + 2 * WORK.keccakWord))).toBeLessThan(2 ** 24);
    expect((budget / WORK.keccak256) * 7).toBeLessThan(2 ** 24);
  });

  it('has times below 2^36, work below 2^48', () => {
    // A unit of time is a step, a hashed word, a key of the access list, an undone write, or one of at most eight of a transaction.
    const least = Math.min(...Object.values(OPCODES).flatMap((opcode) => (opcode!.work > 0 ? [opcode!.work] : [])));
    expect(budget / least + 8 * RULES_V2.maxItems).toBeLessThan(2 ** 36);
    expect(RULES_V2.workBudget).toBeLessThan(2n ** 48n);
  });
});
