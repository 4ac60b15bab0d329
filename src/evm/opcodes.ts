import { PRICES } from './gas.js';

/** Bytes of memory that an opcode touches: their price beside its constant gas is that of the memory's growth, and what stands here. */
export interface MemoryRange {
  /** Item of the stack that is the offset; 1: the topmost. */
  readonly offset: number;
  /** Item of the stack that is the length, or the length in bytes. */
  readonly length: { readonly item: number } | { readonly bytes: number };
  /** Gas per word and per byte of the length; none: 0. */
  readonly perWord?: number;
  readonly perByte?: number;
}

/** An opcode that this version covers. */
export interface Opcode {
  readonly name: string;
  /** Gas at least: the constant part (yellow paper, appendix G; EIP-2929, EIP-3529, EIP-3855). */
  readonly gas: number;
  /** Items that it pops, and pushes. DUPn and SWAPn pop and push what they look at. */
  readonly pops: number;
  readonly pushes: number;
  /** The chip whose rows execute it. */
  readonly chip: StepChip;
  /** Units of work of its step (`src/evm/work.ts`): the same for all opcodes of a chip. 0: the run's own work pays it. */
  readonly work: number;
  /** Chips whose rows execute it for some operands, at the same work. `halt` and `memhalt` are for every opcode, and with memory. */
  readonly variants: readonly string[];
  readonly memory?: MemoryRange;
}

/** A line of the table before its name. */
interface Line<N extends number, C extends string> extends Omit<Opcode, 'name' | 'chip'> {
  readonly op: N;
  readonly chip: C;
}

interface More {
  readonly variants?: readonly string[];
  readonly memory?: MemoryRange;
}

function line<const N extends number, const C extends string>(
  op: N,
  gas: number,
  pops: number,
  pushes: number,
  chip: C,
  work: number,
  { variants = [], memory }: More = {},
): Line<N, C> {
  return { op, gas, pops, pushes, chip, work, variants, ...(memory && { memory }) };
}

/** `PUSH1` to `PUSH32` and the like, by their number. */
function family<const S extends string, const N extends number, L>(stem: S, numbers: readonly N[], of: (n: N) => L) {
  return Object.fromEntries(numbers.map((n) => [`${stem}${n}`, of(n)])) as Record<`${S}${N}`, L>;
}

const TO_4 = [0, 1, 2, 3, 4] as const;
const TO_16 = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] as const;
const TO_32 = [...TO_16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32] as const;

const RANGE: MemoryRange = { offset: 1, length: { item: 2 } };
const HASHED: MemoryRange = { ...RANGE, perWord: PRICES.keccakWord };
const LOGGED: MemoryRange = { ...RANGE, perByte: PRICES.logByte };
const WORD: MemoryRange = { offset: 1, length: { bytes: 32 } };
const BYTE: MemoryRange = { offset: 1, length: { bytes: 1 } };

/** The table: number, gas, pops, pushes, chip, work, and what else there is. Everything about opcodes elsewhere is made from it. */
const LINES = {
  STOP: line(0x00, 0, 0, 0, 'stop', 0),
  ADD: line(0x01, 3, 2, 1, 'add', 312),
  MUL: line(0x02, 5, 2, 1, 'mul', 520),
  SUB: line(0x03, 3, 2, 1, 'add', 312),
  DIV: line(0x04, 5, 2, 1, 'div', 520),
  SDIV: line(0x05, 5, 2, 1, 'div', 520),
  MOD: line(0x06, 5, 2, 1, 'div', 520),
  SMOD: line(0x07, 5, 2, 1, 'div', 520),
  SIGNEXTEND: line(0x0b, 5, 2, 1, 'byte', 312),
  LT: line(0x10, 3, 2, 1, 'compare', 312),
  GT: line(0x11, 3, 2, 1, 'compare', 312),
  SLT: line(0x12, 3, 2, 1, 'compare', 312),
  SGT: line(0x13, 3, 2, 1, 'compare', 312),
  EQ: line(0x14, 3, 2, 1, 'compare', 312),
  ISZERO: line(0x15, 3, 1, 1, 'compare', 312),
  AND: line(0x16, 3, 2, 1, 'bitwise', 312, { variants: ['mask'] }),
  OR: line(0x17, 3, 2, 1, 'bitwise', 312),
  XOR: line(0x18, 3, 2, 1, 'bitwise', 312),
  NOT: line(0x19, 3, 1, 1, 'not', 312),
  BYTE: line(0x1a, 3, 2, 1, 'byte', 312),
  SHL: line(0x1b, 3, 2, 1, 'shift', 312, { variants: ['pow2'] }),
  SHR: line(0x1c, 3, 2, 1, 'shift', 312),
  SAR: line(0x1d, 3, 2, 1, 'shift', 312),
  KECCAK256: line(0x20, 30, 2, 1, 'keccak256', 10_500, { variants: ['keccak64'], memory: HASHED }),
  ADDRESS: line(0x30, 2, 0, 1, 'env', 208),
  ORIGIN: line(0x32, 2, 0, 1, 'env', 208),
  CALLER: line(0x33, 2, 0, 1, 'env', 208),
  CALLVALUE: line(0x34, 2, 0, 1, 'env', 208),
  CALLDATALOAD: line(0x35, 3, 1, 1, 'calldataload', 312),
  CALLDATASIZE: line(0x36, 2, 0, 1, 'env', 208),
  CODESIZE: line(0x38, 2, 0, 1, 'env', 208),
  GASPRICE: line(0x3a, 2, 0, 1, 'env', 208),
  RETURNDATASIZE: line(0x3d, 2, 0, 1, 'env', 208),
  COINBASE: line(0x41, 2, 0, 1, 'env', 208),
  TIMESTAMP: line(0x42, 2, 0, 1, 'env', 208),
  NUMBER: line(0x43, 2, 0, 1, 'env', 208),
  PREVRANDAO: line(0x44, 2, 0, 1, 'env', 208),
  GASLIMIT: line(0x45, 2, 0, 1, 'env', 208),
  CHAINID: line(0x46, 2, 0, 1, 'env', 208),
  BASEFEE: line(0x48, 2, 0, 1, 'env', 208),
  BLOBBASEFEE: line(0x4a, 2, 0, 1, 'env', 208),
  POP: line(0x50, 2, 1, 0, 'pop', 208),
  MLOAD: line(0x51, 3, 1, 1, 'memory', 312, { variants: ['unaligned'], memory: WORD }),
  MSTORE: line(0x52, 3, 2, 0, 'memory', 312, { variants: ['unaligned'], memory: WORD }),
  MSTORE8: line(0x53, 3, 2, 0, 'mstore8', 312, { memory: BYTE }),
  SLOAD: line(0x54, PRICES.warmSlot, 1, 1, 'sload', 10_400),
  SSTORE: line(0x55, PRICES.warmSlot, 2, 0, 'sstore', 10_400),
  JUMP: line(0x56, 8, 1, 0, 'jump', 832, { variants: ['badjump'] }),
  JUMPI: line(0x57, 10, 2, 0, 'jumpi', 1_040, { variants: ['badjumpi'] }),
  PC: line(0x58, 2, 0, 1, 'register', 208),
  MSIZE: line(0x59, 2, 0, 1, 'register', 208),
  GAS: line(0x5a, 2, 0, 1, 'register', 208),
  JUMPDEST: line(0x5b, 1, 0, 0, 'jumpdest', 104),
  PUSH0: line(0x5f, 2, 0, 1, 'push0', 208),
  ...family('PUSH', TO_32, (n) => line(0x5f + n, 3, 0, 1, 'push', 312)),
  ...family('DUP', TO_16, (n) => line(0x7f + n, 3, n, n + 1, 'dup', 312)),
  ...family('SWAP', TO_16, (n) => line(0x8f + n, 3, n + 1, n + 1, 'swap', 312)),
  ...family('LOG', TO_4, (n) =>
    line(0xa0 + n, PRICES.log + PRICES.logTopic * n, 2 + n, 0, 'log', 39_000, { memory: LOGGED }),
  ),
  RETURN: line(0xf3, 0, 2, 0, 'return', 0, { memory: RANGE }),
  REVERT: line(0xfd, 0, 2, 0, 'return', 0, { memory: RANGE }),
};

/** Name of a covered opcode. */
export type OpcodeName = keyof typeof LINES;

/** A chip whose rows execute opcodes; each has a builder in `src/trace/steps`. */
export type StepChip = (typeof LINES)[OpcodeName]['chip'];

const NAMED = Object.entries(LINES) as [OpcodeName, Line<number, StepChip>][];

/** The number of each covered opcode. */
export const OP = Object.fromEntries(NAMED.map(([name, { op }]) => [name, op])) as {
  readonly [N in OpcodeName]: (typeof LINES)[N]['op'];
};

/** Work of a step by its chip. */
export const STEP_WORK = Object.fromEntries(NAMED.map(([, { chip, work }]) => [chip, work])) as {
  readonly [C in StepChip]: number;
};

/**
 * The opcodes of this version, by number. Any other halts its frame like INVALID, by rule of the version (FORMATS.md): node, replay
 * and circuits take it from here.
 */
export const OPCODES: Readonly<Partial<Record<number, Opcode>>> = Object.fromEntries(
  NAMED.map(([name, { op, ...opcode }]) => [op, { name, ...opcode }]),
);

/** A covered opcode. */
export function opcodeOf(name: OpcodeName): Opcode {
  return OPCODES[OP[name]]!;
}

/** Cancun's opcodes that this version does not cover. Any other number without a line in {@link OPCODES} is no opcode at all. */
export const UNCOVERED_OPCODES: Readonly<Partial<Record<number, string>>> = {
  8: 'ADDMOD',
  9: 'MULMOD',
  10: 'EXP',
  49: 'BALANCE',
  55: 'CALLDATACOPY',
  57: 'CODECOPY',
  59: 'EXTCODESIZE',
  60: 'EXTCODECOPY',
  62: 'RETURNDATACOPY',
  63: 'EXTCODEHASH',
  64: 'BLOCKHASH',
  71: 'SELFBALANCE',
  73: 'BLOBHASH',
  92: 'TLOAD',
  93: 'TSTORE',
  94: 'MCOPY',
  240: 'CREATE',
  241: 'CALL',
  242: 'CALLCODE',
  244: 'DELEGATECALL',
  245: 'CREATE2',
  250: 'STATICCALL',
  255: 'SELFDESTRUCT',
};

/** An opcode for people: `ADD`, `CALL`, or `0x0c` when the number is none. */
export function opcodeName(op: number): string {
  return OPCODES[op]?.name ?? UNCOVERED_OPCODES[op] ?? `0x${op.toString(16).padStart(2, '0')}`;
}
