import type { Chip, Columns, RowOf } from '../../src/chips/chip.js';
import { OP } from '../../src/evm/opcodes.js';
import { STEPS } from '../../src/trace/steps/index.js';
import { machineOf } from './chips/machine.js';
import type { Random } from './chips/random.js';

const { KECCAK256 } = OP;

/** The rows of `chip` for the words of a hash's input, `length` random bytes from `offset` on. */
export function wordRows<C extends Columns>(chip: Chip<C>, random: Random, offset: bigint, length: bigint): RowOf<C>[] {
  const exec = { mem: 20n, gas: 1_000_000n };
  const memory = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [i, random.bits(256)]));
  const machine = machineOf(random, { stack: [length, offset], exec, memory });
  STEPS[KECCAK256]!(machine, KECCAK256);
  return machine.rows.filter((row) => row.chip === chip.name).map(({ row }) => row as unknown as RowOf<C>);
}
