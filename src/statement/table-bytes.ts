import { type Hex, isHex, toHex } from 'viem';
import { byteLength } from '../batch/bytes.js';
import { BusError } from '../errors/bus.js';
import { StatementError } from '../errors/statement.js';

/**
 * `value` as exactly `size` bytes.
 * @throws StatementError `BadTables` when it does not fit
 */
export function field(value: bigint, size: number, name: string): Hex {
  if (value < 0n || value >> BigInt(8 * size) !== 0n) {
    throw new StatementError('BadTables', `${name} is ${value}, which does not fit ${size} bytes.`);
  }
  return toHex(value, { size });
}

/** Most uses of one entry that the tables can count. */
export const MOST_USES = 2n ** 24n - 1n;

/**
 * A multiplicity as the tables hold it.
 * @throws BusError `BUS_TOO_MANY_USES` when it does not fit: a batch within the rules has no row left for so many uses
 */
export function usesField(uses: bigint, name: string): Hex {
  if (uses <= MOST_USES) return field(uses, 3, name);
  throw new BusError(
    'BUS_TOO_MANY_USES',
    `${name} is ${uses}; the tables count at most ${MOST_USES} uses of an entry.`,
    {
      hint: 'The batch needs more rows than the work budget of its rules allows.',
    },
  );
}

/**
 * `value` as it is.
 * @throws StatementError `BadTables` when it has not `size` bytes
 */
export function bytesField(value: Hex, size: number, name: string): Hex {
  if (!isHex(value) || byteLength(value) !== size || value.length % 2 !== 0) {
    throw new StatementError('BadTables', `${name} has not ${size} bytes.`);
  }
  return value;
}

/** The entries of bodies that are whole entries each. Throws what `entry` throws, and StatementError `BadTables`. */
export function entriesOf<T>(bodies: readonly Hex[], entry: (reader: TableReader) => T): T[] {
  return bodies.flatMap((body) => {
    const reader = new TableReader(body);
    const entries: T[] = [];
    while (reader.left > 0) entries.push(entry(reader));
    return entries;
  });
}

/** Reads big-endian integers and byte strings one after the other; throws StatementError `BadTables` at the end. */
export class TableReader {
  readonly #bytes: Hex;
  #at = 2;

  constructor(bytes: Hex) {
    if (!isHex(bytes) || bytes.length % 2 !== 0)
      throw new StatementError('BadTables', 'The tables are not whole bytes.');
    this.#bytes = bytes;
  }

  /** Bytes that are left. */
  get left(): number {
    return (this.#bytes.length - this.#at) / 2;
  }

  /** The next `size` bytes. */
  bytes(size: number): Hex {
    if (size > this.left) throw new StatementError('BadTables', `${size} bytes are read where ${this.left} are left.`);
    const from = this.#at;
    this.#at += 2 * size;
    return `0x${this.#bytes.slice(from, this.#at)}`;
  }

  /** The next `size` bytes as an integer. */
  integer(size: number): bigint {
    return BigInt(this.bytes(size));
  }

  /** The next `size` bytes as an integer of at most 48 bits. */
  number(size: number): number {
    return Number(this.integer(size));
  }
}
