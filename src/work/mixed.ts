import type { ShapeSpec } from '../proof/types.js';
import { fits } from './bulk.js';
import { type ChipCounts, shapeCounts } from './counts.js';
import type { OrdinaryRows } from './ordinary.js';
import type { Rows } from './places.js';

/** What a mixed shape is made of. */
export interface Mixed {
  readonly name: string;
  /** Rows of its domain, a power of two. */
  readonly domain: number;
  /** What it is full of: as many times these rows as its domain holds, one number for all chips. */
  readonly fill: Rows;
  /** Chips with so many rows whatever is left: what a batch has once, or little of. They are in `fill` without effect. */
  readonly fixed: Rows;
}

/** Items that are skipped, and what a trie of accounts with a common prefix needs, in shapes for transfers. */
const FEW_ROWS: Rows = { tables: 1, txbad: 8, txskip: 8, open2: 1, open8: 2, ext: 2, nokey8: 2, void: 1 };

/** Beside what ordinary calls have many rows of: a token's code once, a few rows of each other chip, and what an ERC-721 takes. */
const CALL_ROWS: Rows = {
  ...{ tables: 1, bits: 1, code: 18, pushdata2: 170, pushdata4: 14, pushdata32: 4, expansion: 6, drain: 58 },
  ...{ txbad: 20, txskip: 8, transfer: 13, warm: 4, undo: 8, halt: 3, badjump: 2, badjumpi: 1, memhalt: 1, stop: 5 },
  ...{ register: 4, mul: 2, div: 2, bitwise: 20, not: 15, byte: 2, pow2: 12, unaligned: 10 },
  ...{ mstore8: 1, keccak256: 1, copyword: 8, copybytes: 1, push0: 80, sload: 26 },
  ...{ open2: 1, open4: 2, open8: 1, ext: 4, nokey4: 4, nokey8: 3, void: 1 },
};

/** As much more branches do tries of other keys have. */
const BRANCHIER = 1.07;

/** A large contract's code; and words in every way but those of a token. */
const BYTECODE: Rows = { code: 70, pushdata2: 3_400, pushdata4: 600, pushdata32: 190 };
const WORDS: Rows = {
  ...{ bitwise: 100, shift: 120, pow2: 160, mask: 100, mul: 130, div: 60, byte: 60, not: 60, calldataload: 80 },
  ...{ unaligned: 80, mstore8: 30, env: 150, register: 60, keccak256: 20, copyword: 120, copybytes: 16, log: 30 },
  ...{ memcell: 200 },
};

/** Leaves and branches of tries of 1,000 to 100,000 accounts, in both modes. */
const TRIE: Rows = { cellend: 56, branch: 112, accountleaf: 55, slotleaf: 30 };

/**
 * The mixed shapes of key set `default`, by what ordinary batches have:
 * - `few`: a dozen transfers. `transfers`: two dozen, or the tries of what a `code` has no room for.
 * - `code`: ten calls of a token in either mode, or the sample batch, whole.
 * - `calls`: what calls add to a batch when there are many; nothing that a batch has once.
 * - `bytecode`, `words`: contracts unlike a token.
 */
export function mixedShapes({ transfers, calls, moreCalls, sample }: OrdinaryRows): readonly Mixed[] {
  const more = { open2: 2, open4: 1, open8: 4, ext: 8, nokey4: 2, nokey8: 4 };
  return [
    { name: 'transfers', domain: 2 ** 17, fill: TRIE, fixed: { ...FEW_ROWS, ...more, transfer: 26 } },
    {
      name: 'code',
      domain: 2 ** 18,
      fill: most(calls, sample, { branch: BRANCHIER * calls.branch! }),
      fixed: CALL_ROWS,
    },
    { name: 'calls', domain: 2 ** 18, fill: moreCalls, fixed: {} },
    { name: 'few', domain: 2 ** 16, fill: transfers, fixed: FEW_ROWS },
    { name: 'bytecode', domain: 2 ** 17, fill: BYTECODE, fixed: {} },
    { name: 'words', domain: 2 ** 17, fill: WORDS, fixed: {} },
  ];
}

/** The more of each chip. */
function most(...all: readonly Rows[]): Rows {
  const chips = [...new Set(all.flatMap((rows) => Object.keys(rows)))];
  return Object.fromEntries(chips.map((chip) => [chip, Math.max(...all.map((rows) => rows[chip] ?? 0))]));
}

/**
 * The shape, with as many rows as its domain holds; chips in the order of their names.
 * @throws RangeError when what is fixed, and a row of each other chip, does not fit
 */
export function filled(mixed: Mixed, counts: Readonly<Record<string, ChipCounts>>): ShapeSpec {
  const { name, domain, fill, fixed } = mixed;
  const chips = (times: number): ShapeSpec['chips'] => {
    const grown = Object.entries(fill).map(([chip, rows]) => [chip, Math.max(1, Math.ceil(rows * times))] as const);
    return Object.fromEntries([...new Map([...grown, ...Object.entries(fixed)])].sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  const holds = (times: number) => fits(shapeCounts({ chips: chips(times) }, counts).constraints, domain);
  if (!holds(0)) throw new RangeError(`Shape ${name} does not fit ${domain}.`);
  // Bisection down to far less than a row.
  let [low, high] = [0, domain];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return { name, chips: chips(low) };
}

/** A shape with twice the rows, tables that serve a whole batch excepted. */
export function twice({ chips }: ShapeSpec, name: string): ShapeSpec {
  const doubled = Object.entries(chips).map(([chip, rows]) => [
    chip,
    ['tables', 'bits'].includes(chip) ? rows : 2 * rows,
  ]);
  return { name, chips: Object.fromEntries(doubled) };
}
