/** An opcode that this version covers. */
export interface Opcode {
  readonly name: string;
  /** Gas at least: the constant part (yellow paper, appendix G; EIP-2929, EIP-3529, EIP-3855). */
  readonly gas: number;
  /** Items that it pops, and pushes. DUPn and SWAPn pop and push what they look at. */
  readonly pops: number;
  readonly pushes: number;
  /** The chip whose rows execute it; of some operands others do, at the same work (`WORK`). */
  readonly chip: string;
}

type Line = readonly [op: number, name: string, gas: number, pops: number, pushes: number, chip: string];

const range = (count: number, line: (i: number) => Line): Line[] => Array.from({ length: count }, (_, i) => line(i));

const LINES: readonly Line[] = [
  [0x00, 'STOP', 0, 0, 0, 'stop'],
  [0x01, 'ADD', 3, 2, 1, 'add'],
  [0x02, 'MUL', 5, 2, 1, 'mul'],
  [0x03, 'SUB', 3, 2, 1, 'add'],
  [0x04, 'DIV', 5, 2, 1, 'div'],
  [0x05, 'SDIV', 5, 2, 1, 'div'],
  [0x06, 'MOD', 5, 2, 1, 'div'],
  [0x07, 'SMOD', 5, 2, 1, 'div'],
  [0x0b, 'SIGNEXTEND', 5, 2, 1, 'byte'],
  [0x10, 'LT', 3, 2, 1, 'compare'],
  [0x11, 'GT', 3, 2, 1, 'compare'],
  [0x12, 'SLT', 3, 2, 1, 'compare'],
  [0x13, 'SGT', 3, 2, 1, 'compare'],
  [0x14, 'EQ', 3, 2, 1, 'compare'],
  [0x15, 'ISZERO', 3, 1, 1, 'compare'],
  [0x16, 'AND', 3, 2, 1, 'bitwise'],
  [0x17, 'OR', 3, 2, 1, 'bitwise'],
  [0x18, 'XOR', 3, 2, 1, 'bitwise'],
  [0x19, 'NOT', 3, 1, 1, 'not'],
  [0x1a, 'BYTE', 3, 2, 1, 'byte'],
  [0x1b, 'SHL', 3, 2, 1, 'shift'],
  [0x1c, 'SHR', 3, 2, 1, 'shift'],
  [0x1d, 'SAR', 3, 2, 1, 'shift'],
  [0x20, 'KECCAK256', 30, 2, 1, 'keccak256'],
  [0x30, 'ADDRESS', 2, 0, 1, 'env'],
  [0x32, 'ORIGIN', 2, 0, 1, 'env'],
  [0x33, 'CALLER', 2, 0, 1, 'env'],
  [0x34, 'CALLVALUE', 2, 0, 1, 'env'],
  [0x35, 'CALLDATALOAD', 3, 1, 1, 'calldataload'],
  [0x36, 'CALLDATASIZE', 2, 0, 1, 'env'],
  [0x38, 'CODESIZE', 2, 0, 1, 'env'],
  [0x3a, 'GASPRICE', 2, 0, 1, 'env'],
  [0x3d, 'RETURNDATASIZE', 2, 0, 1, 'env'],
  [0x41, 'COINBASE', 2, 0, 1, 'env'],
  [0x42, 'TIMESTAMP', 2, 0, 1, 'env'],
  [0x43, 'NUMBER', 2, 0, 1, 'env'],
  [0x44, 'PREVRANDAO', 2, 0, 1, 'env'],
  [0x45, 'GASLIMIT', 2, 0, 1, 'env'],
  [0x46, 'CHAINID', 2, 0, 1, 'env'],
  [0x48, 'BASEFEE', 2, 0, 1, 'env'],
  [0x4a, 'BLOBBASEFEE', 2, 0, 1, 'env'],
  [0x50, 'POP', 2, 1, 0, 'pop'],
  [0x51, 'MLOAD', 3, 1, 1, 'memory'],
  [0x52, 'MSTORE', 3, 2, 0, 'memory'],
  [0x53, 'MSTORE8', 3, 2, 0, 'mstore8'],
  [0x54, 'SLOAD', 100, 1, 1, 'sload'],
  [0x55, 'SSTORE', 100, 2, 0, 'sstore'],
  [0x56, 'JUMP', 8, 1, 0, 'jump'],
  [0x57, 'JUMPI', 10, 2, 0, 'jumpi'],
  [0x58, 'PC', 2, 0, 1, 'register'],
  [0x59, 'MSIZE', 2, 0, 1, 'register'],
  [0x5a, 'GAS', 2, 0, 1, 'register'],
  [0x5b, 'JUMPDEST', 1, 0, 0, 'jumpdest'],
  [0x5f, 'PUSH0', 2, 0, 1, 'push0'],
  ...range(32, (i): Line => [0x60 + i, `PUSH${i + 1}`, 3, 0, 1, 'push']),
  ...range(16, (i): Line => [0x80 + i, `DUP${i + 1}`, 3, i + 1, i + 2, 'dup']),
  ...range(16, (i): Line => [0x90 + i, `SWAP${i + 1}`, 3, i + 2, i + 2, 'swap']),
  ...range(5, (i): Line => [0xa0 + i, `LOG${i}`, 375 * (i + 1), 2 + i, 0, 'log']),
  [0xf3, 'RETURN', 0, 2, 0, 'return'],
  [0xfd, 'REVERT', 0, 2, 0, 'return'],
];

/**
 * The opcodes of this version, by number. Any other halts its frame like INVALID, by rule of the version (FORMATS.md): node, replay
 * and circuits take it from here.
 */
export const OPCODES: Readonly<Partial<Record<number, Opcode>>> = Object.fromEntries(
  LINES.map(([op, name, gas, pops, pushes, chip]) => [op, { name, gas, pops, pushes, chip }]),
);

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
