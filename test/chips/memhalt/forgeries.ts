import { toLimbs } from '../../../src/bus/field.js';
import { expansionFor, growthWork } from '../../../src/chips/lib/expand.js';
import { OP } from '../../../src/evm/opcodes.js';
import { WORK } from '../../../src/evm/work.js';
import {
  abc,
  all,
  C,
  frame,
  hashWork,
  KECCAK256,
  LOG0,
  type MemoryForgery,
  MLOAD,
  MSTORE,
  MSTORE8,
  memoryForgeries,
  RETURN,
  type Step,
  sets,
} from '../../helpers/chips/memory-forgeries.js';
import type { Pretence } from '../../helpers/chips/memory-world.js';
import type { Edit } from '../../helpers/execution-forger.js';

type Lied = Pick<MemoryForgery, 'honest' | 'change'>;

const { STOP } = OP;
const FAR = 1n << 47n;

/** Lets the limbs of gas and margin be what follows from the true gas for this cost, in range or not. */
const costs =
  (cost: bigint): Edit =>
  (row) => {
    const gas = (row.columns.exec as readonly bigint[])[5]!;
    row.limbs('left', gas).limbs('margin', cost - gas - 1n);
  };

/** How far the reason goes beyond its limit, in range or not. */
const margin =
  (value: bigint): Edit =>
  (row) =>
    row.limbs('margin', value);

/** In a frame with this gas, `op` is built as if there were none. */
const poor = (gas: bigint, [op, ...items]: Step, row: Edit, more: Pretence = {}): Lied => ({
  honest: frame({ gas }, [op, ...items]),
  change: { row, exec: { gas: 0n }, ...more },
});

/** MSTORE of word 0, which costs 3 and 3 for memory; the frame has this gas. */
const mstore = (gas: bigint, row: Edit): Lied => poor(gas, [MSTORE, 0n, 5n], row);

/** MSTORE8 of byte 31, which costs 6; of 32 bytes from there it would be 9. The frame has 8. */
const mstore8 = (row: Edit): Lied =>
  poor(8n, [MSTORE8, 31n, 5n], all(sets({ length: { 1: 32n }, expand: { 2: 6n, 3: 1n }, pad: 0n }), row, costs(9n)));

/** `op` is built for other items, and these are in their place. */
const far = ([op, offset, length]: Step, args: readonly bigint[], row: Edit, more: Pretence = {}): Lied => {
  const item = (value: bigint) => ({ 0: toLimbs(value)[0], 1: toLimbs(value)[1] });
  const items = [offset!, ...(length === undefined ? [] : [length])];
  const real = sets({ offset: item(offset!), ...(length === undefined ? {} : { length: item(length) }) });
  return { honest: frame({}, [op, ...items]), change: { row: all(real, row), args, ...more } };
};

/** A hash of two words with exactly the work it needs, built as if there were a unit too little. */
const late = (row: Edit): Lied => {
  const gas = 10_000n;
  const work = hashWork(2n) + growthWork({ grow: 1n, delta: 2n }) + BigInt(WORK.gas) * (gas - 48n);
  return { honest: frame({ gas, work }, [KECCAK256, 0n, 64n]), change: { row, exec: { work: work - 1n } } };
};

/** MSTORE for 6 in a frame with 5, then STOP. */
const unpaid = (row: Edit): Lied => ({
  honest: frame({ gas: 6n }, [MSTORE, 0n, 5n], [STOP]),
  change: [
    { start: { gas: 5n }, step: -2, exec: { gas: 6n } },
    { row, exec: { gas: 0n } },
  ],
});

const LONG = 1n << 40n;

/** RETURN of nothing, built as if it were of 2^40 bytes, which this frame cannot pay. */
const empty = (items: readonly bigint[], row: Edit): Lied =>
  poor(100n, [RETURN, ...items], all(row, costs(expansionFor(0n, 0n, LONG).cost)), { args: [0n, LONG] });

/** LOG0 of a word, for 634 with the memory, where gas has exactly the work that it reserves. */
const logged = (row: Edit): Lied => ({
  honest: frame({ gas: 1_000n, work: 1_000n * BigInt(WORK.gas) }, [LOG0, 0n, 32n]),
  change: { row: all(sets({ late: 1n }), costs(634n), row), exec: { gas: 0n } },
});
/** By how much the work left is more than the gas left reserves. */
const SPARE = 634n * BigInt(WORK.gas) - growthWork({ grow: 1n, delta: 1n });

/** Lies of frames that end though they could go on, or go on though they could not. */
export const FORGERIES = memoryForgeries('memhalt', [
  { name: 'with exactly the gas', caughtBy: 'RANGE12', ...mstore(6n, costs(6n)) },
  { name: 'with the gas, not computed', caughtBy: 'constraint', ...mstore(6n, sets({ left: { 0: 6n } })) },
  {
    name: 'the gas is said to be less',
    caughtBy: 'constraint',
    ...mstore(6n, all(costs(6n), sets({ left: { 0: 5n } }), margin(0n))),
  },
  {
    name: 'the expansion is said to cost more',
    caughtBy: 'EXPANSION',
    ...mstore(6n, all(sets({ expand: { 2: 4n } }), costs(7n))),
  },
  {
    name: 'the expansion is said to be larger',
    caughtBy: 'RANGE12',
    ...mstore(6n, all(sets({ expand: { 2: 6n, 3: 32n } }), costs(9n))),
  },
  {
    name: 'memory that is large enough is said to grow',
    caughtBy: 'EXPANSION',
    honest: abc([MSTORE, 0n, C]),
    change: { row: all(sets({ expand: { 1: 1n, 2: 1n << 40n, 4: 0n } }), costs(3n + (1n << 40n))), exec: { gas: 0n } },
  },
  { name: 'MSTORE8 costs what MSTORE does', caughtBy: 'MEMOP', ...mstore8(() => {}) },
  { name: 'MSTORE8 passes as MSTORE', caughtBy: 'CODE', ...mstore8(sets({ op: BigInt(MSTORE) })) },
  {
    name: 'gas below 0 does not show',
    caughtBy: 'RANGE12',
    honest: frame({ gas: 0n }, [MSTORE, 0n, 5n]),
    change: { start: { gas: -1n }, exec: { gas: 0n }, row: costs(6n) },
  },
  {
    name: 'a near offset is said to be far',
    caughtBy: 'RANGE12',
    ...far([MLOAD, 1n << 40n], [FAR], margin((1n << 40n) - FAR)),
  },
  { name: 'a low offset is said to be high', caughtBy: 'RANGE12', ...far([MLOAD, 5n], [1n << 128n], margin(-1n)) },
  {
    name: 'a near length is said to be far',
    caughtBy: 'RANGE12',
    ...far([RETURN, 0n, 1n << 40n], [0n, FAR], margin((1n << 40n) - FAR)),
  },
  {
    name: 'nothing at all is read from far away',
    caughtBy: 'constraint',
    ...far([RETURN, FAR, 0n], [FAR, 1n], margin(0n)),
  },
  {
    name: 'a hash of 64 KiB is said to be too long',
    caughtBy: 'RANGE12',
    ...far([KECCAK256, 0n, 65_536n], [0n, 65_537n], margin(-1n)),
  },
  {
    name: 'a LOG is said to be too long for a hash',
    caughtBy: 'CODE',
    ...far([LOG0, 0n, 65_537n], [0n, 65_537n], margin(0n), { op: KECCAK256 }),
  },
  { name: 'a hash has exactly the work', caughtBy: 'RANGE12', ...late(margin(-1n)) },
  {
    name: 'a hash is said to have more words',
    caughtBy: 'RANGE12',
    ...late(all(sets({ words: { 0: 3n }, pad: 32n }), margin(BigInt(WORK.keccakWord) - 6n * BigInt(WORK.gas) - 1n))),
  },
  {
    name: 'a hash that can be paid lacks gas',
    caughtBy: 'constraint',
    ...late(sets({ late: 0n, margin: [...Array<bigint>(11).fill(0n)] })),
  },
  { name: 'a LOG is said to lack work', caughtBy: 'constraint', ...poor(100n, [LOG0, 0n, 32n], sets({ late: 1n })) },
  {
    name: 'RETURN passes as a LOG of 83 topics',
    caughtBy: 'MEMOP',
    ...poor(1_000n, [RETURN, 0n, 0n], all(sets({ op: BigInt(RETURN), least: 375n * 84n }), costs(375n * 84n)), {
      op: LOG0,
    }),
  },
  {
    name: 'a LOG without its topics',
    caughtBy: 'CODE',
    ...poor(374n, [LOG0 + 1, 0n, 0n, 7n], all(sets({ op: BigInt(LOG0), least: 375n }), costs(375n))),
  },
  {
    name: 'a step that cannot be paid, then STOP with the gas below 0',
    caughtBy: 'RANGE12',
    ...unpaid((row) => row.limbs('left', -1n)),
  },
  { name: 'a step that cannot be paid, then STOP with gas 0', caughtBy: 'constraint', ...unpaid(() => {}) },
]);

/** Rows that say of their opcode what no line of MEMOP does, or take the line of another one. */
export const LINES = memoryForgeries('memhalt, lines of MEMOP', [
  {
    name: 'an opcode costs more than its line says',
    caughtBy: 'MEMOP',
    ...mstore(6n, all(sets({ least: 4n }), costs(7n))),
  },
  {
    name: 'an opcode that has no line',
    caughtBy: 'CODE MEMOP',
    ...mstore(6n, all(sets({ op: BigInt(OP.PC) }), costs(7n), sets({ least: 4n }))),
  },
  {
    name: "another opcode's line",
    caughtBy: 'CODE',
    ...poor(20n, [RETURN, 0n, 0n], costs(30n), { op: KECCAK256 }),
  },
  {
    name: 'each byte is paid for, as of LOG',
    caughtBy: 'MEMOP',
    ...poor(100n, [RETURN, 0n, 32n], all(sets({ perByte: 8n }), costs(3n + 8n * 32n))),
  },
  {
    name: 'each word is paid for, as of KECCAK256',
    caughtBy: 'MEMOP',
    ...poor(8n, [RETURN, 0n, 32n], all(sets({ perWord: 6n }), costs(3n + 6n))),
  },
  { name: 'the length is another item', caughtBy: 'MEMOP', ...empty([0n, 0n, LONG], sets({ lengthAt: 3n })) },
  { name: 'the length is no item', caughtBy: 'MEMOP', ...empty([0n, 0n], sets({ sized: 0n })) },
  {
    name: 'the offset is another item',
    caughtBy: 'MEMOP',
    honest: frame({}, [MLOAD, 5n, FAR]),
    change: { row: sets({ offsetAt: 2n }), args: [FAR] },
  },
  {
    name: 'LOG may not be longer than the input of a hash',
    caughtBy: 'MEMOP',
    ...far([LOG0, 0n, 65_537n], [0n, FAR], all(sets({ far: 65_537n }), margin(0n))),
  },
  {
    name: 'a word is too long',
    caughtBy: 'RANGE12',
    ...far([MLOAD, 5n], [FAR], all(sets({ byLength: 1n }), margin(32n - FAR))),
  },
  {
    name: 'a word is longer than any half',
    caughtBy: 'RANGE12',
    ...far([MLOAD, 5n], [FAR], all(sets({ byLength: 1n, high: 1n }), margin(-1n))),
  },
  { name: 'LOG lacks work', caughtBy: 'RANGE12', ...logged(margin(-SPARE - 1n)) },
  {
    // The dearest that there is for its gas: both sides are equal.
    name: 'RETURN lacks work for the word that it adds',
    caughtBy: 'RANGE12',
    honest: frame({ gas: 1_000n, work: 1_000n * BigInt(WORK.gas) }, [RETURN, 0n, 32n]),
    change: { row: all(sets({ late: 1n }), costs(3n), margin(-1n)), exec: { gas: 0n } },
  },
  { name: 'LOG checks work', caughtBy: 'MEMOP', ...logged(all(sets({ use: SPARE + 1n }), margin(0n))) },
  {
    name: 'LOG checks work for each word',
    caughtBy: 'MEMOP',
    ...logged(all(sets({ wordUse: SPARE + 1n }), margin(0n))),
  },
  {
    name: 'a hash takes more work',
    caughtBy: 'MEMOP',
    ...late(all(sets({ wordUse: BigInt(WORK.keccakWord) + 1n }), margin(1n))),
  },
]);
