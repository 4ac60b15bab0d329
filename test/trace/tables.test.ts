import { describe, expect, it } from 'vitest';
import { imbalances } from '../../src/bus/balance.js';
import { type Term, term } from '../../src/bus/tuple.js';
import { defineChip, type TraceRow } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { MEMORY_OPCODES } from '../../src/evm/opcode-tables.js';
import { OP } from '../../src/evm/opcodes.js';
import { recounted, withTables } from '../../src/trace/tables.js';

const LOOKUPS: Term[] = [
  term(-1n, 'BYTE', { x: 255n, move: 0n, dest: 0n }),
  term(-2n, 'BYTE', { x: 255n, move: 0n, dest: 0n }),
  term(-1n, 'AND4', { a: 12n, b: 10n, c: 8n }),
  term(-1n, 'POW2', { s: 127n, p: 1n << 127n }),
  term(-1n, 'BYTE', { x: BigInt(OP.PUSH1), move: 2n, dest: 0n }),
  term(-1n, 'BYTE', { x: BigInt(OP.PUSH1), move: 0n, dest: 0n }),
  term(-5n, 'OPINFO', { op: 1n, gas: 3n, pops: 2n, grows: 15n, covered: 1n }),
  term(-2n, 'MEMOP', MEMORY_OPCODES[0]!),
  term(-1n, 'RANGE12', { x: 4095n }),
];

/** A chip whose row looks up what the test wants, beside the project's own. */
function traceOf(
  terms: readonly Term[],
  codes?: ReadonlyMap<bigint, Uint8Array>,
): { rows: TraceRow[]; left: () => string[] } {
  const user = defineChip({
    name: 'user',
    file: 'user',
    template: 'User()',
    outputs: 1,
    columns: {},
    padding: {},
    terms: () => [...terms],
  });
  const chips = CHIPS as Record<string, typeof user>;
  chips.user = user;
  const rows = withTables([{ chip: 'user', row: {}, origin: 'user' }], codes);
  const left = () =>
    imbalances(rows.map(({ chip, row, origin }) => ({ origin, terms: CHIPS[chip]!.terms(row) }))).map(
      ({ tuple }) => tuple.name,
    );
  return { rows, left };
}

describe('withTables', () => {
  it('balances every lookup of a fixed table', () => {
    const { rows, left } = traceOf(LOOKUPS);
    expect(left()).toEqual([]);
    expect(rows.map(({ chip }) => chip)).toEqual(['user', 'bits', 'tables']);
  });

  it('adds no table that nobody looks up', () => {
    expect(traceOf([LOOKUPS.at(-1)!]).rows.map(({ chip }) => chip)).toEqual(['user', 'tables']);
  });

  it('leaves what is not in a table to the check of the bus', () => {
    expect(traceOf([...LOOKUPS, term(-1n, 'AND4', { a: 1n, b: 1n, c: 0n })]).left()).toEqual(['AND4']);
  });
});

describe('withTables for a code', () => {
  it('supplies its bytes, jump targets and pushes as often as they are looked up, and an expansion', () => {
    const code = Uint8Array.from([OP.PUSH2, 1, 2, OP.JUMPDEST]);
    const used: Term[] = [
      term(-3n, 'PUSH', { code: 9n, pc: 0n, hi: 0n, lo: 0x102n }),
      term(-1n, 'CODE', { code: 9n, pc: 0n, op: BigInt(OP.PUSH2) }),
      term(-2n, 'DEST', { code: 9n, pc: 3n, valid: 1n }),
      term(-1n, 'CODE', { code: 9n, pc: 36n, op: 0n }),
      term(-2n, 'EXPANSION', { cost: 9n, from: 0n, to: 3n }),
    ];
    const { rows, left } = traceOf(used, new Map([[9n, code]]));
    expect(rows.map(({ chip }) => chip)).toEqual(['user', 'code', 'pushdata2', 'expansion', 'bits', 'tables']);
    // What is left is L1's.
    expect(left().sort()).toEqual(['CODEWALK', 'CODEWORDS']);
    expect(recounted(rows)).toEqual(rows);
  });

  it('leaves a push that no code has to the check of the bus', () => {
    const wrong = term(-1n, 'PUSH', { code: 9n, pc: 1n, hi: 0n, lo: 2n });
    const { left } = traceOf([wrong], new Map([[9n, Uint8Array.from([OP.PUSH1, 2])]]));
    expect(left().sort()).toEqual(['CODEWALK', 'CODEWORDS', 'PUSH']);
  });
});
