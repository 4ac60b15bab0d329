import type { RowOf, TraceRow } from '../../chips/chip.js';
import { CODE_ROW, code as codeChip } from '../../chips/code.js';
import { PUSHDATA } from '../../chips/pushdata.js';
import { TraceError } from '../../errors/trace.js';
import { BYTES_OF_CODE, pushBytes } from '../../evm/opcode-tables.js';
import { OP } from '../../evm/opcodes.js';
import { CODE_ZEROS } from '../../statement/code-terms.js';

/** How many tuples of four words L1 sends for a code of `length` bytes: as many as it has rows of chip `code`. */
export function codeRowCount(length: number): number {
  return Math.ceil((length + CODE_ZEROS) / CODE_ROW);
}

/** Whether each byte of a code is an opcode, not push data. */
function opcodes(code: Uint8Array): boolean[] {
  const marks: boolean[] = [];
  for (let pc = 0, next = 0; pc < code.length; pc++) {
    marks.push(pc === next);
    if (pc === next) next += 1 + pushBytes(code[pc]!);
  }
  return marks;
}

const dests = new WeakMap<Uint8Array, ReadonlySet<bigint>>();

/** Where a jump may go. */
export function jumpDests(code: Uint8Array): ReadonlySet<bigint> {
  const known = dests.get(code);
  if (known !== undefined) return known;
  const found = new Set(
    opcodes(code).flatMap((isOpcode, pc) => (isOpcode && code[pc] === OP.JUMPDEST ? [BigInt(pc)] : [])),
  );
  dests.set(code, found);
  return found;
}

/** The rows of chip `code` for a code that L1 numbers `id`; all multiplicities are 0 (`withTables` sets them). */
export function codeRows(id: bigint, code: Uint8Array): TraceRow[] {
  const count = codeRowCount(code.length);
  const padded = new Uint8Array(count * CODE_ROW);
  padded.set(code);
  const isOpcode = opcodes(padded);
  const entries = [...padded].map((byte, pc) => BYTES_OF_CODE[isOpcode[pc] ? byte : 256 + byte]!);
  let skip = 0n;
  return Array.from({ length: count }, (_, at) => {
    const part = entries.slice(at * CODE_ROW, (at + 1) * CODE_ROW);
    const row: RowOf<typeof codeChip.columns> = {
      ...codeChip.padding,
      en: 1n,
      code: id,
      at: BigInt(at),
      skip,
      last: at === count - 1 ? 1n : 0n,
      byte: part.map(({ x }) => x),
      move: part.map(({ move }) => move),
      dest: part.map(({ dest }) => dest),
    };
    skip = part.reduce((left, { move }) => left + move - 1n, skip);
    return {
      chip: codeChip.name,
      row: row as unknown as TraceRow['row'],
      origin: `code ${id}, bytes from ${at * CODE_ROW}`,
    };
  });
}

/** The bytes of data after the push at `pc`, with zeros for those that the code does not have. */
export function pushData(code: Uint8Array, pc: number): Uint8Array {
  const data = new Uint8Array(pushBytes(code[pc] ?? 0));
  data.set(code.subarray(pc + 1, pc + 1 + data.length));
  return data;
}

/**
 * The row that supplies PUSH of the place `pc`, m = 0.
 * @throws TraceError `TRACE_NO_PUSH` when no PUSH1 to PUSH32 stands there
 */
export function pushDataRow(id: bigint, code: Uint8Array, pc: number): TraceRow {
  const data = [...pushData(code, pc)].reverse().map(BigInt);
  if (data.length === 0) throw new TraceError('TRACE_NO_PUSH', `No push with data stands at ${pc} of code ${id}.`);
  const chip = PUSHDATA.find(({ columns }) => data.length <= columns.byte)!;
  const filled = (cell: (j: number) => bigint) => Array.from({ length: chip.columns.byte }, (_, j) => cell(j));
  const row = {
    code: id,
    pc: BigInt(pc),
    has: filled((j) => (j < data.length ? 1n : 0n)),
    byte: filled((j) => data[j] ?? 0n),
    m: 0n,
  };
  return { chip: chip.name, row: row as unknown as TraceRow['row'], origin: `push at ${pc} of code ${id}` };
}
