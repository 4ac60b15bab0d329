import { toLimbs } from '../../../src/bus/field.js';
import type { TupleName } from '../../../src/bus/layout.js';
import { keyOf, type Tuple, tuple } from '../../../src/bus/tuple.js';
import { memoryCost } from '../../../src/chips/lib/expand.js';
import { BYTES_OF_CODE, MEMORY_OPCODES } from '../../../src/evm/opcode-tables.js';

const ENTRIES: ReadonlySet<string> = new Set(
  [...MEMORY_OPCODES.map((line) => tuple('MEMOP', line)), ...BYTES_OF_CODE.map((byte) => tuple('BYTE', byte))].map(
    keyOf,
  ),
);

/** Whether a tuple is an entry of a table that is the same in every batch. */
export function isInTable(one: Tuple): boolean {
  const { name, values } = one;
  const [x, y, z] = values as [bigint, bigint, bigint];
  const tables: Partial<Record<TupleName, () => boolean>> = {
    RANGE12: () => x < 4096n,
    BYTE: () => ENTRIES.has(keyOf(one)),
    AND4: () => x < 16n && y < 16n && z === (x & y),
    POW2: () => x < 128n && y === 1n << x,
    MEMOP: () => ENTRIES.has(keyOf(one)),
    EXPANSION: () => y < z && z <= 1n << 44n && x === memoryCost(z) - memoryCost(y),
  };
  return tables[name]?.() ?? false;
}

/** A word as fields of a tuple. */
export function halves(value: bigint): { hi: bigint; lo: bigint } {
  const [hi, lo] = toLimbs(value);
  return { hi, lo };
}
