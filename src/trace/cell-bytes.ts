import { R } from '../bus/field.js';
import { TraceError } from '../errors/trace.js';

/**
 * Cells of rows as bytes: a cell below 223 is one byte; a larger one has a byte 222 + n before its n bytes (1 to 32), the most significant
 * one first and not 0. Every cell has one encoding alone, so equal rows have equal bytes.
 */
const FIRST_LENGTH = 223;

/** Bytes that one cell takes at most. */
export const MOST_CELL_BYTES = 33;

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Writes cells to `bytes` from `at` on, which has room for {@link MOST_CELL_BYTES} each. @returns where they end
 * @throws TraceError `TRACE_CELL_RANGE` for a cell that is not in [0, r)
 */
export function writeCells(cells: readonly bigint[], bytes: Buffer, at: number): number {
  let end = at;
  for (const cell of cells)
    end = cell >= 0n && cell <= SAFE ? writeSmall(Number(cell), bytes, end) : writeLarge(cell, bytes, end);
  return end;
}

function writeSmall(cell: number, bytes: Buffer, at: number): number {
  if (cell < FIRST_LENGTH) {
    bytes[at] = cell;
    return at + 1;
  }
  let length = 1;
  for (let rest = cell; rest >= 256; rest = Math.floor(rest / 256)) length++;
  bytes[at] = FIRST_LENGTH - 1 + length;
  let rest = cell;
  for (let i = at + length; i > at; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return at + 1 + length;
}

function writeLarge(cell: bigint, bytes: Buffer, at: number): number {
  if (cell < 0n || cell >= R) {
    throw new TraceError('TRACE_CELL_RANGE', `A row holds ${cell}, which is no element of the field.`, {
      hint: 'This program has a fault: keep the batch and report it.',
    });
  }
  const hex = cell.toString(16);
  const length = Math.ceil(hex.length / 2);
  bytes[at] = FIRST_LENGTH - 1 + length;
  bytes.write(hex.padStart(2 * length, '0'), at + 1, 'hex');
  return at + 1 + length;
}

/** Where the cell that stands at `at` ends. */
export function cellEnd(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  return first < FIRST_LENGTH ? at + 1 : at + 2 + first - FIRST_LENGTH;
}

/**
 * The cells that stand one behind the other in `bytes`.
 * @throws TraceError `TRACE_BAD_ROWS` when the last one is cut short
 */
export function readCells(bytes: Buffer): bigint[] {
  const cells: bigint[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = cellEnd(bytes, at);
    if (end > bytes.length) throw new TraceError('TRACE_BAD_ROWS', 'The bytes of rows end amid a cell.');
    const length = end - at - 1;
    if (length === 0) cells.push(BigInt(bytes[at]!));
    else if (length <= 6) cells.push(BigInt(bytes.readUIntBE(at + 1, length)));
    else cells.push(BigInt(`0x${bytes.toString('hex', at + 1, end)}`));
    at = end;
  }
  return cells;
}
