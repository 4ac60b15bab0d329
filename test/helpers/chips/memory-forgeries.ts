import { mod } from '../../../src/bus/field.js';
import { limbsOf } from '../../../src/chips/lib/range.js';
import type { Exec } from '../../../src/chips/lib/step.js';
import { OP } from '../../../src/evm/opcodes.js';
import { WORK } from '../../../src/evm/work.js';
import type { KeccakTable } from '../../../src/trace/execution/keccak-table.js';
import type { Edit } from '../execution-forger.js';
import { Forgeries, type Forgery } from '../forgery.js';
import { stoppedBy } from './broken.js';
import { type EditRows, MemoryWorld, type Pretence } from './memory-world.js';

/** An opcode and its items, topmost first. */
export type Step = readonly [op: number, ...items: bigint[]];

/** What a frame executes. */
interface Program {
  readonly start: Partial<Exec>;
  readonly steps: readonly Step[];
  /** What L1 hashes beside. */
  readonly hashes?: (table: KeccakTable) => unknown;
}

/** A lie of one step, counted from the end (-1, the last one): an edit of one of its rows, and what is pretended while they are built. */
interface Lie extends Pretence {
  readonly step?: number;
  /** Which row, by default the first one. */
  readonly at?: number;
  readonly row?: Edit;
  /** Edits rows of `memcell` at the end. */
  readonly ends?: EditRows;
  /** Goes on when all is done. */
  readonly after?: (world: MemoryWorld) => unknown;
  /** How the machine is when the frame begins. */
  readonly start?: Partial<Exec>;
}

/** An edit alone is one of the last step's first row. */
export type MemoryChange = Edit | Lie | readonly Lie[];

/** A lie in one place of a frame; everything else is consistent with it. */
export type MemoryForgery = Forgery<Program, MemoryChange>;

export const KECCAK256 = OP.KECCAK256;
export const MLOAD = OP.MLOAD;
export const MSTORE = OP.MSTORE;
export const MSTORE8 = OP.MSTORE8;
export const LOG0 = OP.LOG0;
export const RETURN = OP.RETURN;

/** Work of hashing an input of so many words. */
export function hashWork(words: bigint): bigint {
  return BigInt(WORK.keccak256) + BigInt(WORK.keccakWord) * words;
}

/** Words with bytes that all differ. */
export const A = 0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20n;
export const B = 0xa1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0n;
export const C = 0xd1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeefe1n;

/** A frame that begins so and executes these steps. */
export function frame(start: Partial<Exec>, ...steps: Step[]): Program {
  return { start, steps };
}

/** A frame that executes these steps with A, B, C in the first words of its memory. */
export function abc(...steps: Step[]): Program {
  return frame({}, [MSTORE, 0n, A], [MSTORE, 32n, B], [MSTORE, 64n, C], ...steps);
}

/** Lies about memory. */
export function memoryForgeries(chip: string, list: readonly MemoryForgery[]): Forgeries<Program, MemoryChange> {
  return new Forgeries(chip, caughtBy, list);
}

async function caughtBy({ start, steps, hashes }: Program, change: MemoryChange | undefined): Promise<string> {
  const lies: readonly Lie[] = (change === undefined ? [] : [change].flat()).map((one) =>
    typeof one === 'function' ? { row: one } : one,
  );
  const world = new MemoryWorld({ ...start, ...lies.find((lie) => lie.start)?.start });
  hashes?.(world.machine.keccaks);
  for (const [i, [op, ...items]] of steps.entries()) {
    const own = lies.filter(({ step = -1 }) => step === i - steps.length);
    world.do(op, items, (row, k) => own.find(({ at = 0 }) => at === k)?.row?.(row), Object.assign({}, ...own));
  }
  world.finish(lies.find((lie) => lie.ends)?.ends);
  for (const { after } of lies) after?.(world);
  return stoppedBy(world.rows, world.open());
}

/** Replaces columns; elements of lists by number. */
export const sets =
  (values: Readonly<Record<string, bigint | readonly bigint[] | Readonly<Record<number, bigint>>>>): Edit =>
  (row) => {
    for (const [name, value] of Object.entries(values)) {
      if (typeof value === 'bigint') row.set(name, mod(value));
      else if (Array.isArray(value)) row.set(name, value.map(mod));
      else row.put(name, Object.fromEntries(Object.entries(value).map(([i, x]) => [i, mod(x)])));
    }
  };

/** Edits in order. */
export const all =
  (...edits: Edit[]): Edit =>
  (row) => {
    for (const edit of edits) edit(row);
  };

/** Three limbs of an age; a negative one in the lowest limb. */
export function age(value: bigint): bigint[] {
  return value < 0n ? [mod(value), 0n, 0n] : limbsOf(value, 3);
}

/** Moves limbs `from` and after of a column by an amount, as an age. */
export const ages =
  (column: string, from: number, by: bigint): Edit =>
  (row) => {
    const cells = row.columns[column] as readonly bigint[];
    const old = cells[from]! + (cells[from + 1]! << 12n) + (cells[from + 2]! << 24n);
    const [x, y, z] = age(old + by) as [bigint, bigint, bigint];
    row.put(column, { [from]: x, [from + 1]: y, [from + 2]: z });
  };

/** Moves 256 from one byte to the one below it. */
export const carries =
  (column: string, i: number): Edit =>
  (row) => {
    const cells = row.columns[column] as readonly bigint[];
    row.put(column, { [i]: cells[i]! + 256n, [i + 1]: cells[i + 1]! - 1n });
  };

/** The shift of `count` bytes, 1 to 15. */
export const shiftOf = (count: number): bigint[] => Array.from({ length: 15 }, (_, i) => (i === count - 1 ? 1n : 0n));
