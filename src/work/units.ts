import { MAX_CODE_BYTES } from '../batch/genesis.js';
import type { Rules } from '../batch/types.js';
import { CODE_ROW } from '../chips/code.js';
import { PRICES } from '../evm/gas.js';
import { OPCODES } from '../evm/opcodes.js';
import type { WORK } from '../evm/work.js';
import { MAX_HASH_BYTES } from '../execution/step-tracer.js';
import { GAS } from '../l1/part-gas.js';
import { ACCOUNT_BYTES, SLOT_BYTES } from '../statement/table-accounts.js';
import type { OnL1 } from './l1-gas.js';
import {
  ACCOUNT_PLACES,
  DEEP_ACCOUNT_PLACES,
  DEEP_SLOT_PLACES,
  type Place,
  READ_SLOT_PLACES,
  type Rows,
  SLOT_PLACES,
  together,
} from './places.js';

/** What is charged: an entry of `WORK`, or of the rules (`src/batch/rules.ts`). */
export type Charge = keyof typeof WORK | keyof Pick<Rules, 'w0' | 'w2' | 'wAccess'>;

/** A thing that a batch can be full of, and what pays for it. The units together are everything that makes rows or L1 gas. */
export interface Unit {
  readonly name: string;
  /** Rows that it makes. A part of a row: as many things share it at least. */
  readonly rows: Rows;
  /** What it is charged, each so many times. Nothing: once a batch, beside the budget. */
  readonly work: Readonly<Partial<Record<Charge, number>>>;
  /** Calldata and execution on L1 for its part of the tables and transactions; the proofs of its rows are not in it. */
  readonly l1: OnL1;
  /** L2 gas that pays it at least; undefined when its work is reserved or checked for itself. */
  readonly gas?: number;
  /** For `npm run shapes`: what gas its rows may be worth, where no gas pays it, or gas pays more than its rows. */
  readonly worth?: number;
  /** Opcodes of which it is a step. */
  readonly opcodes?: readonly string[];
}

const NOTHING = { bytes: 0, execution: 0 };
/** Bytes of a word. */
const WORD = 32;

/** A step of an opcode: `chip` its row, `rows` what comes with it. Its gas is the least of all opcodes that can make it. */
function step(chip: string, opcodes: readonly string[], more: Rows = {}, work: Charge = chip as Charge): Unit {
  const gas = Math.min(...opcodes.map((name) => gasOf(name)));
  const what = Object.keys(more).length === 0 ? '' : `, ${Object.keys(more).join(', ')}`;
  const rows = together({ [chip]: 1 }, more);
  return { name: `${named(opcodes)}: ${chip}${what}`, rows, work: { [work]: 1 }, l1: NOTHING, gas, opcodes };
}

function gasOf(name: string): number {
  return Object.values(OPCODES).find((opcode) => opcode!.name === name)!.gas;
}

function named(opcodes: readonly string[]): string {
  return opcodes.length < 3 ? opcodes.join(', ') : `${opcodes[0]} to ${opcodes.at(-1)}`;
}

const numbered = (stem: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `${stem}${from + i}`);
/** An item that is left on the stack when its frame ends: who pushes pays. */
const LEFT: Rows = { drain: 1 };

/** Chips that execute opcodes and are units below: they end a frame, or more than their step is paid. */
const ELSEWHERE = ['stop', 'return', 'badjump', 'badjumpi', 'keccak256', 'keccak64', 'sstore'];

/** A step of each chip of the table, with an item left where all its opcodes make the stack higher. */
function tableSteps(): Unit[] {
  const opcodes = Object.values(OPCODES).map((opcode) => opcode!);
  const chips = new Set(opcodes.flatMap(({ chip, variants }) => [chip, ...variants]));
  return [...chips]
    .filter((chip) => !ELSEWHERE.includes(chip))
    .map((chip) => {
      const mine = opcodes.filter((opcode) => opcode.chip === chip || opcode.variants.includes(chip));
      const left = mine.every(({ pops, pushes }) => pushes > pops) ? LEFT : {};
      return step(
        chip,
        mine.map(({ name }) => name),
        left,
        mine[0]!.chip,
      );
    });
}

const STEPS: readonly Unit[] = [
  ...tableSteps(),
  step('sstore', ['SSTORE'], { undo: 1 }),
  step('sstore', ['SSTORE'], { drainjrn: 1 }),
];

/** Steps that have one row together. */
const SEQUENCES: readonly Unit[] = [
  {
    name: 'PUSH1 1, PUSH1 1, PUSH1 160, SHL, SUB: addressmask, drain',
    rows: together({ addressmask: 1 }, LEFT),
    work: { push: 3, shift: 1, add: 1 },
    l1: NOTHING,
    gas: 3 * gasOf('PUSH1') + gasOf('SHL') + gasOf('SUB'),
    opcodes: ['PUSH1', 'SHL', 'SUB'],
  },
];

/** Memory: a word costs 3 gas at least, and who makes it grow adds one word at least. */
const MEMORY: readonly Unit[] = [
  { name: 'new word of memory', rows: { memcell: 1 }, work: { memoryWord: 1 }, l1: NOTHING, gas: PRICES.memoryWord },
  {
    name: 'memory that grows by a word',
    rows: { memcell: 1, expansion: 1 },
    work: { memoryWord: 1, expansion: 1 },
    l1: NOTHING,
    gas: PRICES.memoryWord,
  },
];

/** A slot touched first: 2,000 gas beside a warm SLOAD or SSTORE (EIP-2929). */
const COLD_SLOTS: readonly Unit[] = SLOT_PLACES.map(([place, rows]) => ({
  name: `cold slot: ${place}`,
  rows,
  work: { coldSlot: 1 },
  l1: { bytes: SLOT_BYTES, execution: GAS.slot },
  gas: PRICES.coldSlot - PRICES.warmSlot,
  // The rest of the 2,000 pays L1.
  worth: 1_800,
}));

/** Hashes check their work where they are used. */
const HASHES: readonly Unit[] = [
  {
    name: 'KECCAK256 of two words',
    rows: { keccak64: 1 },
    work: { keccak256: 1, keccakWord: 2 },
    l1: { bytes: 4 + 2 * WORD, execution: GAS.pair },
    worth: 30,
    opcodes: ['KECCAK256'],
  },
  {
    name: 'KECCAK256 of any bytes',
    rows: { keccak256: 1 },
    work: { keccak256: 1 },
    l1: { bytes: 7, execution: GAS.hash },
    worth: 30,
    opcodes: ['KECCAK256'],
  },
  ...['copyword', 'copybytes'].map((chip) => ({
    name: `word of a hash: ${chip}`,
    rows: { [chip]: 1 },
    work: { keccakWord: 1 } as const,
    l1: { bytes: WORD, execution: GAS.hashByte * WORD, entry: 7 + Number(MAX_HASH_BYTES) },
    worth: 30,
    opcodes: ['KECCAK256'],
  })),
];

/** The rows of a code beyond those that its bytes fill. */
const CODE_REST: Rows = { code: 2 };

/** A byte of a code that runs, with the pushes of the code: those of 1, 3 and 5 bytes make most rows a byte. */
const CODE: readonly Unit[] = (
  [
    ['pushdata2', 'PUSH1', 2],
    ['pushdata4', 'PUSH3', 4],
    ['pushdata32', 'PUSH5', 6],
  ] as const
).map(([chip, push, bytes]) => ({
  name: `byte of code, all ${push}`,
  rows: { code: 1 / CODE_ROW, [chip]: 1 / bytes },
  work: { codeByte: 1 },
  l1: { bytes: 1, execution: GAS.codeByte, entry: 10 + MAX_CODE_BYTES },
  worth: 0.9,
  opcodes: numbered('PUSH', 1, 32),
}));

/** The ways in which a frame ends, dearest for its kind: a halting SLOAD or SSTORE lists a cold slot and changes nothing. */
const ENDS: readonly (readonly [name: string, rows: Rows, slot: boolean, opcodes: readonly string[]])[] = [
  ['STOP', { stop: 1 }, false, ['STOP']],
  ['RETURN, REVERT', { return: 1, expansion: 1 }, false, ['RETURN', 'REVERT']],
  ['a halt', { halt: 1 }, false, []],
  [
    'memory too dear',
    { memhalt: 1, expansion: 1 },
    false,
    ['MLOAD', 'MSTORE', 'MSTORE8', 'KECCAK256', ...numbered('LOG', 0, 4), 'RETURN', 'REVERT'],
  ],
  ['a jump to a wrong place', { badjump: 1 }, false, ['JUMP']],
  ['a JUMPI to a wrong place', { badjumpi: 1 }, false, ['JUMPI']],
  ['an SLOAD out of gas', { sload: 1 }, true, ['SLOAD']],
  ['an SSTORE out of gas', { sstore: 1 }, true, ['SSTORE']],
];

/** A transaction that runs code, beside what every item is: 21,000 gas pay it. */
const RUNS: readonly Unit[] = ENDS.flatMap(([end, rows, slot, opcodes]) =>
  (slot ? READ_SLOT_PLACES : [['', {}] as const]).map(([place, placed]) => ({
    name: `run that ends by ${end}${slot ? `: ${place}` : ''}`,
    rows: together({ txbegin: 1, frame: 1, txend: 1 }, CODE_REST, rows, placed),
    work: { run: 1 } as const,
    l1: {
      bytes: 2 + 10 + (slot ? SLOT_BYTES : 0),
      execution: GAS.run + GAS.code + (slot ? GAS.slot : 0),
    },
    gas: PRICES.transaction,
    worth: 5_000,
    opcodes,
  })),
);

/** An item with the accounts of its sender and its recipient, by what becomes of it. */
const ITEMS: readonly Unit[] = [
  {
    name: 'bad item',
    rows: { txbad: 1 },
    work: { w0: 1 },
    l1: { bytes: 5, execution: GAS.item },
    worth: 4_200,
  },
  ...(['txskip', 'transfer'] as const).flatMap((chip) =>
    ACCOUNT_PLACES.map(([place, rows]) => ({
      name: `${chip === 'transfer' ? 'transfer' : 'skipped item'}: ${place}`,
      rows: together({ [chip]: 1 }, [2, rows]),
      work: { w0: 1 } as const,
      l1: { bytes: 5 + 2 * ACCOUNT_BYTES, execution: GAS.item + 2 * GAS.account },
      worth: 4_200,
    })),
  ),
  {
    name: 'byte of an item: data',
    rows: {},
    work: { w2: 1 },
    // Where it runs, a word has three bytes in the run. Data take far less than an access list does for each byte of both readings.
    l1: { bytes: 1 + 3 / WORD, execution: GAS.itemByte + GAS.word / WORD },
    worth: 2,
  },
  {
    name: 'byte of an item: access list',
    rows: {},
    work: { w2: 1 },
    l1: { bytes: 1, execution: GAS.itemByte + GAS.runByte },
    worth: 2,
  },
];

/** Entries of an access list: a key has a slot, an address of a key an account. Their bytes are the item's. */
const ACCESS: readonly Unit[] = [
  ...SLOT_PLACES.map(([place, rows]) => ({
    name: `key of an access list: ${place}`,
    rows: together({ warm: 1 }, rows),
    work: { wAccess: 1 } as const,
    l1: { bytes: SLOT_BYTES, execution: GAS.slot },
    worth: 2_100,
  })),
  ...ACCOUNT_PLACES.map(([place, rows]) => ({
    name: `address of an access list: ${place}`,
    rows,
    work: { wAccess: 1 } as const,
    l1: { bytes: ACCOUNT_BYTES, execution: GAS.account },
    worth: 2_100,
  })),
];

/** Once a batch: the tables that every bundle has, and the fee recipient. */
const BATCH: readonly Unit[] = ACCOUNT_PLACES.map(([place, rows]) => ({
  name: `batch with its fee recipient: ${place}`,
  rows: together({ tables: 1, bits: 1 }, rows),
  work: {},
  l1: { bytes: 68 + ACCOUNT_BYTES, execution: GAS.head + GAS.account },
}));

/** What the bulk shapes are solved for. */
export const SOLVED_UNITS: readonly Unit[] = [
  ...STEPS,
  ...SEQUENCES,
  ...MEMORY,
  ...COLD_SLOTS,
  ...HASHES,
  ...CODE,
  ...RUNS,
  ...ITEMS,
  ...ACCESS,
  ...BATCH,
];

/** The same of one kind, of things in a deeper place. */
function deeper(
  units: readonly Unit[],
  begins: string,
  places: readonly Place[],
  ofPlace: (rows: Rows) => Rows,
): Unit[] {
  const { rows: _, ...unit } = units.find(({ name }) => name.startsWith(begins))!;
  return places.map(([place, rows]) => ({ ...unit, name: `${begins}: ${place}`, rows: ofPlace(rows) }));
}

/** Places of an account, one of which is the dearest: which it is changes with the bulk shapes (test/work/units.test.ts). */
export const DEAREST_ACCOUNTS: readonly Place[] = [...ACCOUNT_PLACES, ...DEEP_ACCOUNT_PLACES].filter(([place]) =>
  ['a leaf beside it moves, below branches', 'another leaf is there, deep below stairs'].includes(place),
);

/**
 * Deeper places, which the charges cover too. A run that lists a slot in one of them has an item's accounts there as well: `run` and w0
 * pay it together, as the item has no row of `transfer`.
 */
const DEEP_UNITS: readonly Unit[] = [
  ...deeper(COLD_SLOTS, 'cold slot', DEEP_SLOT_PLACES, (rows) => rows),
  ...deeper(ITEMS, 'skipped item', DEEP_ACCOUNT_PLACES, (rows) => together({ txskip: 1 }, [2, rows])),
  ...deeper(ITEMS, 'transfer', DEEP_ACCOUNT_PLACES, (rows) => together({ transfer: 1 }, [2, rows])),
  ...deeper(ACCESS, 'key of an access list', DEEP_SLOT_PLACES, (rows) => together({ warm: 1 }, rows)),
  ...deeper(ACCESS, 'address of an access list', DEEP_ACCOUNT_PLACES, (rows) => rows),
  ...deeper(BATCH, 'batch with its fee recipient', DEEP_ACCOUNT_PLACES, (rows) =>
    together({ tables: 1, bits: 1 }, rows),
  ),
  ...RUNS.filter(({ name }) => /an S(LOAD|STORE) out of gas: it is there, below stairs/.test(name)).flatMap((run) =>
    DEEP_SLOT_PLACES.flatMap(([place, rows]) =>
      DEAREST_ACCOUNTS.map(([accountPlace, account]): Unit => {
        const [name] = run.name.split(':');
        const halting = name!.includes('SLOAD') ? 'sload' : 'sstore';
        return {
          ...run,
          name: `${name}: ${place}; with its item: ${accountPlace}`,
          rows: together({ txbegin: 1, frame: 1, txend: 1, [halting]: 1 }, CODE_REST, rows, [2, account]),
          work: { w0: 1, run: 1 },
          l1: {
            bytes: run.l1.bytes + 5 + 2 * ACCOUNT_BYTES,
            execution: run.l1.execution + GAS.item + 2 * GAS.account,
          },
        };
      }),
    ),
  ),
];

/** Every unit. */
export const UNITS: readonly Unit[] = [...SOLVED_UNITS, ...DEEP_UNITS];
