import { type Term, type Tuple, tuple } from '../bus/tuple.js';
import { BYTES_OF_CODE, MEMORY_OPCODES, OPCODE_INFO } from '../evm/opcode-tables.js';
import { defineChip } from './chip.js';

const NIBBLES = 16n;

const numbers = (count: number): bigint[] => Array.from({ length: count }, (_, x) => BigInt(x));

/** The entries by column, in the order of the columns' elements. */
const ENTRIES = {
  byte: BYTES_OF_CODE.map((entry) => tuple('BYTE', entry)),
  and4: numbers(256).map((x) => {
    const [a, b] = [x / NIBBLES, x % NIBBLES];
    return tuple('AND4', { a, b, c: a & b });
  }),
  pow2: numbers(128).map((s) => tuple('POW2', { s, p: 1n << s })),
  opinfo: OPCODE_INFO.map((entry) => tuple('OPINFO', entry)),
  memop: MEMORY_OPCODES.map((entry) => tuple('MEMOP', entry)),
} as const satisfies Record<string, readonly Tuple[]>;

const COLUMNS = { byte: 512, and4: 256, pow2: 128, opinfo: 256, memop: MEMORY_OPCODES.length } as const;

const weighted = (entries: readonly Tuple[], m: readonly bigint[]): Term[] =>
  entries.map((entry, i) => ({ weight: m[i]!, tuple: entry }));

/** Supplies BYTE, AND4, POW2, OPINFO and MEMOP: one row is all of them (`circuits/chips/bits.circom`). */
export const bits = defineChip({
  name: 'bits',
  template: 'Bits()',
  outputs: 1,
  columns: COLUMNS,
  terms: ({ byte, and4, pow2, opinfo, memop }) => [
    ...weighted(ENTRIES.byte, byte),
    ...weighted(ENTRIES.and4, and4),
    ...weighted(ENTRIES.pow2, pow2),
    ...weighted(ENTRIES.opinfo, opinfo),
    ...weighted(ENTRIES.memop, memop),
  ],
});
