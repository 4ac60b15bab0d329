import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32c } from './crc32c.js';
import { snappyDecoded } from './snappy.js';
import { corrupt } from './store.js';

/**
 * The checksums of LevelDB's tables, which LevelDB itself does not look at: of a damaged block it reads what it can, and where that
 * makes no sense it ends the process (SIGABRT). A table is its blocks one behind another, each with its checksum, and a footer that
 * names the index of them (LevelDB's "table format").
 */

const FOOTER_BYTES = 48;
/** Behind each block: how it is compressed, and the checksum of both. */
const TRAILER_BYTES = 5;
const MAGIC = 0xdb4775248b80fb57n;

/** Where a block stands, without its trailer. */
interface Handle {
  readonly offset: number;
  readonly size: number;
}

/**
 * Reads all whole tables of a store that no process has open. One without an end is what a process that was killed has left, and LevelDB
 * removes it; where it is one of the store's, LevelDB says so by itself.
 * @returns how many there are
 * @throws StateError `STATE_CORRUPT`, naming the table and where it is damaged
 */
export async function checkTables(path: string): Promise<number> {
  let count = 0;
  for (const name of await readdir(path)) {
    if (!/\.(ldb|sst)$/.test(name)) continue;
    const table = await readFile(join(path, name)).catch(goneIsEmpty);
    if (table.length < FOOTER_BYTES || table.readBigUInt64LE(table.length - 8) !== MAGIC) continue;
    const damage = damageOf(table);
    if (damage !== undefined) throw corrupt(path, new Error(`in its table ${name}, ${damage}`));
    count++;
  }
  return count;
}

/** A process that does have the store open may have joined it to another one meanwhile. */
function goneIsEmpty(error: NodeJS.ErrnoException): Buffer {
  if (error.code !== 'ENOENT') throw error;
  return Buffer.alloc(0);
}

/** What is wrong with a table; nothing when it is sound. */
function damageOf(table: Buffer): string | undefined {
  const end = table.length - FOOTER_BYTES;
  const footer = new Reader(table.subarray(end, table.length - 8));
  const [meta, index] = [footer.handle(), footer.handle()];
  if (!footer.isRestZero()) return 'the footer is damaged';
  let bytes = FOOTER_BYTES;
  const damaged = ({ offset, size }: Handle): string | undefined => {
    const trailer = offset + size;
    if (!(trailer + TRAILER_BYTES <= end)) return `a block at ${offset} ends behind the others`;
    bytes += size + TRAILER_BYTES;
    const matches = masked(crc32c(table.subarray(offset, trailer + 1))) === table.readUInt32LE(trailer + 1);
    return matches ? undefined : `the block at ${offset} has another checksum`;
  };
  for (const list of [meta, index]) {
    const damage = damaged(list);
    if (damage !== undefined) return damage;
    for (const block of handlesIn(contentOf(table, list))) {
      const inside = damaged(block);
      if (inside !== undefined) return inside;
    }
  }
  return bytes === table.length ? undefined : `${bytes} of ${table.length} bytes belong to blocks`;
}

/** LevelDB's form of a checksum that is stored beside what it is of. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** What stands in a block whose checksum is right. */
function contentOf(table: Buffer, { offset, size }: Handle): Uint8Array {
  const block = table.subarray(offset, offset + size);
  return table[offset + size] === 0 ? block : snappyDecoded(block);
}

/** The places that the entries of an index name. */
function handlesIn(block: Uint8Array): Handle[] {
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  const restarts = view.getUint32(block.length - 4, true);
  const entries = new Reader(block.subarray(0, block.length - 4 - 4 * restarts));
  const handles: Handle[] = [];
  while (!entries.isAtEnd()) {
    entries.number(); // bytes of the key that the entry before has as well
    const own = entries.number();
    entries.number(); // bytes of the value
    entries.skip(own);
    handles.push(entries.handle());
  }
  return handles;
}

/** LevelDB's varints, one after another. */
class Reader {
  #at = 0;

  constructor(readonly bytes: Uint8Array) {}

  /** NaN when it goes on behind the end. */
  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.#at++] ?? Number.NaN;
      value += (byte % 128) * scale;
      if (!(byte >= 128)) return value;
    }
  }

  handle(): Handle {
    return { offset: this.number(), size: this.number() };
  }

  skip(count: number): void {
    this.#at += count;
  }

  isAtEnd(): boolean {
    return !(this.#at < this.bytes.length);
  }

  isRestZero(): boolean {
    return this.bytes.subarray(this.#at).every((byte) => byte === 0);
  }
}
