import { toLimbs } from '../../../src/bus/field.js';
import { growthWork } from '../../../src/chips/lib/expand.js';
import { hashWork } from '../../../src/chips/memhalt.js';
import { WORK } from '../../../src/evm/work.js';
import {
  abc,
  all,
  C,
  KECCAK256,
  LOG0,
  type MemoryForgery,
  MLOAD,
  MSTORE,
  MSTORE8,
  RETURN,
  sets,
} from '../../helpers/chips/memory.js';
import { MemoryWorld, type Pretence } from '../../helpers/chips/memory-world.js';
import type { Edit } from '../../helpers/execution-forger.js';

const STOP = 0x00;
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
const poor = (gas: bigint, op: number, items: readonly bigint[], edit: Edit, more: Pretence = {}): MemoryWorld =>
  new MemoryWorld({ gas }).do(op, items, edit, { exec: { gas: 0n }, ...more }).finish();

/** MSTORE of word 0, which costs 3 and 3 for memory; the frame has this gas. */
const mstore = (gas: bigint, edit: Edit): MemoryWorld => poor(gas, MSTORE, [0n, 5n], edit);

/** MSTORE8 of byte 31, which costs 6; of 32 bytes from there it would be 9. The frame has 8. */
const mstore8 = (edit: Edit): MemoryWorld =>
  poor(8n, MSTORE8, [31n, 5n], all(sets({ length: { 1: 32n }, expand: { 2: 6n, 3: 1n } }), edit, costs(9n)));

/** `op` is built for other items, and these are in their place. */
const far = (
  op: number,
  items: readonly bigint[],
  args: readonly bigint[],
  edit: Edit,
  more: Pretence = {},
): MemoryWorld => {
  const item = (value: bigint) => ({ 0: toLimbs(value)[0], 1: toLimbs(value)[1] });
  const [offset, length] = items;
  const real = sets({ offset: item(offset!), ...(length === undefined ? {} : { length: item(length) }) });
  return new MemoryWorld().do(op, items, all(real, edit), { args, ...more }).finish();
};

/** A hash of two words with this much less work than it needs, built as if there were a unit too little. */
const late = (missing: bigint, edit: Edit): MemoryWorld => {
  const gas = 10_000n;
  const work = hashWork(2n) + growthWork({ grow: 1n, delta: 2n }) + BigInt(WORK.gas) * (gas - 48n);
  return new MemoryWorld({ gas, work: work - missing })
    .do(KECCAK256, [0n, 64n], edit, { exec: { work: work - 1n } })
    .finish();
};

/** Frames that end though they could go on, or go on though they could not. */
export const HALTS: readonly MemoryForgery[] = [
  ['with exactly the gas', 'RANGE12', () => mstore(6n, costs(6n))],
  ['with the gas, not computed', 'constraint', () => mstore(6n, sets({ left: { 0: 6n } }))],
  ['the gas is said to be less', 'constraint', () => mstore(6n, all(costs(6n), sets({ left: { 0: 5n } }), margin(0n)))],
  ['the expansion is said to cost more', 'EXPANSION', () => mstore(6n, all(sets({ expand: { 2: 4n } }), costs(7n)))],
  [
    'the expansion is said to be larger',
    'RANGE12',
    () => mstore(6n, all(sets({ expand: { 2: 6n, 3: 32n } }), costs(9n))),
  ],
  [
    'memory that is large enough is said to grow',
    'EXPANSION',
    () => {
      const grows = sets({ expand: { 1: 1n, 2: 1n << 40n, 4: 0n } });
      return abc()
        .do(MSTORE, [0n, C], all(grows, costs(3n + (1n << 40n))), { exec: { gas: 0n } })
        .finish();
    },
  ],
  ['MSTORE8 costs what MSTORE does', 'constraint', () => mstore8(() => {})],
  ['MSTORE8 passes as MSTORE', 'CODE', () => mstore8(sets({ kind: { 0: 1n, 1: 0n } }))],
  ['two kinds of opcode at once', 'constraint CODE', () => mstore(5n, sets({ kind: { 1: 1n } }))],
  ['gas below 0 does not show', 'RANGE12', () => mstore(-1n, costs(6n))],
  ['a near offset is said to be far', 'RANGE12', () => far(MLOAD, [1n << 40n], [FAR], margin((1n << 40n) - FAR))],
  ['a low offset is said to be high', 'RANGE12', () => far(MLOAD, [5n], [1n << 128n], margin(-1n))],
  [
    'a near length is said to be far',
    'RANGE12',
    () => far(RETURN, [0n, 1n << 40n], [0n, FAR], margin((1n << 40n) - FAR)),
  ],
  ['nothing at all is read from far away', 'constraint', () => far(RETURN, [FAR, 0n], [FAR, 1n], margin(0n))],
  [
    'a hash of 64 KiB is said to be too long',
    'RANGE12',
    () => far(KECCAK256, [0n, 65_536n], [0n, 65_537n], margin(-1n)),
  ],
  [
    'a LOG is said to be too long for a hash',
    'CODE',
    () => far(LOG0, [0n, 65_537n], [0n, 65_537n], margin(0n), { op: KECCAK256 }),
  ],
  ['a hash has exactly the work', 'RANGE12', () => late(0n, margin(-1n))],
  [
    'a hash is said to have more words',
    'RANGE12',
    () => late(0n, all(sets({ words: 3n, pad: 32n }), margin(BigInt(WORK.keccakWord) - 6n * BigInt(WORK.gas) - 1n))),
  ],
  [
    'a hash that can be paid lacks gas',
    'constraint',
    () => late(0n, sets({ late: 0n, margin: [...Array<bigint>(11).fill(0n)] })),
  ],
  ['a LOG is said to lack work', 'constraint', () => poor(100n, LOG0, [0n, 32n], sets({ late: 1n }))],
  [
    'RETURN passes as a LOG of 83 topics',
    'RANGE12',
    () => poor(1_000n, RETURN, [0n, 0n], all(sets({ topics: 83n }), costs(375n * 84n)), { op: LOG0 }),
  ],
  [
    'a LOG without its topics',
    'CODE',
    () => poor(374n, LOG0 + 1, [0n, 0n, 7n], all(sets({ topics: 0n }), costs(375n))),
  ],
  [
    'a step that cannot be paid, then STOP with the gas below 0',
    'RANGE12',
    () => unpaid((row) => row.limbs('left', -1n)),
  ],
  ['a step that cannot be paid, then STOP with gas 0', 'constraint', () => unpaid(() => {})],
];

/** MSTORE for 6 in a frame with 5. */
function unpaid(edit: Edit): MemoryWorld {
  const w = new MemoryWorld({ gas: 5n }).do(MSTORE, [0n, 5n], undefined, { exec: { gas: 6n } });
  return w.do(STOP, [], edit, { exec: { gas: 0n } }).finish();
}
