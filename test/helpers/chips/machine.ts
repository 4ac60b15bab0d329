import { RULES_V2 } from '../../../src/batch/rules.js';
import type { Chip, Columns, RowOf } from '../../../src/chips/chip.js';
import { type Frame, FrameMachine } from '../../../src/trace/execution/machine.js';
import type { SlotCells } from '../../../src/trace/execution/slot-cells.js';
import { STEPS } from '../../../src/trace/steps/index.js';
import { address, headerOf } from '../execution.js';
import type { Random } from './random.js';

/** What a test may fix of a machine; the rest is drawn. */
export interface MachineSample {
  /** Topmost item last. */
  readonly stack: readonly bigint[];
  readonly frame?: Partial<Frame>;
  readonly exec?: Partial<FrameMachine['exec']>;
  /** Words of memory that were written, by number; the others below `exec.mem` are 0. */
  readonly memory?: Readonly<Record<number, bigint>>;
  readonly slots?: SlotCells;
}

/** A machine in the middle of a long batch, every field in use and large; its stack's items were pushed at odd times. */
export function machineOf(
  random: Random,
  { stack, frame = {}, exec = {}, memory = {}, slots }: MachineSample,
): FrameMachine {
  const call = (1n << 20n) + random.bits(20);
  const ts = (1n << 30n) + random.bits(30);
  const below = 3 + random.int(900);
  const machine = new FrameMachine(
    {
      ts,
      call,
      code: 2n + random.bits(8),
      pc: 2n + random.bits(14),
      sp: BigInt(below + stack.length),
      gas: (1n << 40n) + random.bits(40),
      work: (1n << 44n) + random.bits(44),
      mem: 2n + random.bits(8),
      jrn: 2n + random.bits(20),
      refund: 2n + random.bits(20),
      ...exec,
    },
    {
      tx: (1n << 14n) + random.bits(8),
      address: address(2n + random.bits(60)),
      caller: address(2n + random.bits(60)),
      value: (1n << 200n) + random.bits(200),
      price: (1n << 150n) + random.bits(150),
      data: Uint8Array.from({ length: 100 }, () => random.int(256)),
      code: Uint8Array.from({ length: 300 }, () => random.int(256)),
      header: headerOf(RULES_V2, address(2n + random.bits(60))),
      ...frame,
    },
    slots === undefined ? {} : { slots },
  );
  for (const value of stack) machine.stack.push({ ts: machine.exec.ts - 1n - random.bits(29), value });
  machine.memory.expand(machine.exec.mem, machine.exec.ts - (1n << 29n));
  for (const [word, value] of Object.entries(memory))
    machine.memory.access(BigInt(word), machine.exec.ts - 1n - random.bits(28), value);
  return machine;
}

/** The row that `op` makes of a machine with this stack (topmost last). Throws unless it is a row of `chip`. */
export function stepRow<C extends Columns>(chip: Chip<C>, random: Random, op: number, sample: MachineSample): RowOf<C> {
  const machine = machineOf(random, sample);
  STEPS[op]!(machine, op);
  const row = machine.rows.find((candidate) => candidate.chip === chip.name);
  if (row === undefined) throw new Error(`opcode 0x${op.toString(16)} made no row of ${chip.name}`);
  return row.row as unknown as RowOf<C>;
}
