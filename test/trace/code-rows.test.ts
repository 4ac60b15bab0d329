import { toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { imbalances } from '../../src/bus/balance.js';
import { term } from '../../src/bus/tuple.js';
import { CHIPS } from '../../src/chips/index.js';
import { OP } from '../../src/evm/opcodes.js';
import { codeTerms } from '../../src/statement/code-terms.js';
import { codeRows, jumpDests, pushData, pushDataRow } from '../../src/trace/execution/code-rows.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';

const seed = testSeed();

/** Where a jump may go, by cutting the code into opcodes from its front. */
function dests(code: readonly number[], pc = 0, found: number[] = []): number[] {
  while (pc < code.length) {
    const op = code[pc]!;
    if (op === OP.JUMPDEST) found.push(pc);
    pc += op >= OP.PUSH1 && op <= OP.PUSH32 ? op - OP.PUSH0 + 1 : 1;
  }
  return found;
}

describe(`rows of a code (DELTAPROOF_SEED=${seed})`, () => {
  const random = randomOf(seed, 'code rows');
  const bytes = (length: number) =>
    Array.from({ length }, () => (random.bool() ? random.int(256) : random.pick([OP.JUMPDEST, OP.PUSH1, OP.PUSH32])));

  it.each([1, 31, 94, 95, 96, 128, 222, 223, 224, 500])('take what L1 sends for %i bytes', (length) => {
    const code = Uint8Array.from(bytes(length));
    const rows = codeRows(1n, code);
    const parts = rows.map(({ chip, row, origin }) => ({ origin, terms: CHIPS[chip]!.terms(row) }));
    const left = imbalances([...codeTerms([{ code: toHex(code), blobUses: 0n, lenUses: 0n }]), ...parts]);
    expect(left.filter(({ tuple }) => tuple.name !== 'BYTE' && tuple.name !== 'RANGE12')).toEqual([]);
    // A PUSH32 as the last byte, and the place after its data.
    expect(128 * rows.length).toBeGreaterThanOrEqual(length + 33);
  });

  it('know every jump target', () => {
    for (let i = 0; i < 50; i++) {
      const code = bytes(1 + random.int(300));
      const expected = dests(code);
      expect([...jumpDests(Uint8Array.from(code))].map(Number)).toEqual(expected);
      const marked = codeRows(1n, Uint8Array.from(code)).flatMap(({ row }) => row.dest as unknown as bigint[]);
      expect(marked.flatMap((valid, pc) => (valid === 1n ? [pc] : []))).toEqual(expected);
    }
  });
});

describe('push data', () => {
  const code = Uint8Array.from([OP.PUSH0, OP.PUSH2, 0xab, 0xcd, OP.PUSH3, 1]);

  it('is what follows, filled up with zeros behind the end', () => {
    expect([...pushData(code, 0)]).toEqual([]);
    expect([...pushData(code, 1)]).toEqual([0xab, 0xcd]);
    expect([...pushData(code, 4)]).toEqual([1, 0, 0]);
  });

  it('is supplied as a word', () => {
    const { chip, row } = pushDataRow(7n, code, 4);
    const terms = CHIPS[chip]!.terms({ ...row, m: 1n } as unknown as typeof row);
    expect(terms).toContainEqual(term(1n, 'PUSH', { code: 7n, pc: 4n, hi: 0n, lo: 0x010000n }));
    expect(terms).toContainEqual(term(-1n, 'CODE', { code: 7n, pc: 4n, op: BigInt(OP.PUSH3) }));
  });

  it('of 32 bytes fills both halves', () => {
    const long = Uint8Array.from([OP.PUSH32, ...Array.from({ length: 32 }, (_, i) => i + 1)]);
    const { chip, row } = pushDataRow(7n, long, 0);
    const word = term(1n, 'PUSH', {
      code: 7n,
      pc: 0n,
      hi: 0x0102030405060708090a0b0c0d0e0f10n,
      lo: 0x1112131415161718191a1b1c1d1e1f20n,
    });
    expect(chip).toBe('pushdata32');
    expect(CHIPS[chip]!.terms({ ...row, m: 1n } as unknown as typeof row)).toContainEqual(word);
  });

  it('exists only where a push with data stands', () => {
    expect(() => pushDataRow(7n, code, 0)).toThrow(expect.objectContaining({ code: 'TRACE_NO_PUSH' }));
  });
});
