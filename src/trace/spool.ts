import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellCount, cellsOf, type TraceRow } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import { messageOf } from '../errors/base.js';
import { SpoolError, TraceError } from '../errors/trace.js';
import { cellEnd, MOST_CELL_BYTES, writeCells } from './cell-bytes.js';
import type { RowSink } from './sink.js';

/** Rows of one chip, from (inclusive) to `to` (exclusive), in the order in which they were made. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Bytes kept back before they are written. */
const BUFFER = 1 << 20;

/** Rows between two places that are remembered. */
const MARK_EVERY = 256;

/** Name of every spool's folder, before its machine and the number of its process. */
const PREFIX = 'deltaproof-spool-';

/**
 * The rows of a trace on disk, one file a chip (`cell-bytes.ts`), in a temporary folder of its own: memory holds a buffer a chip and a
 * number for every 256 rows. Whoever opens one closes it, which removes the folder; folders of processes that were killed are removed by
 * the next one that opens a spool in the same place.
 */
export class Spool implements RowSink {
  readonly #folder: string;
  readonly #files = new Map<string, ChipFile>();

  private constructor(folder: string) {
    this.#folder = folder;
    OPEN.add(folder);
  }

  /**
   * @param parent where the folder is made, the system's temporary folder by default
   * @throws SpoolError `TRACE_SPOOL`: it cannot be made
   */
  static open(parent: string = tmpdir()): Spool {
    return new Spool(
      io(parent, () => {
        mkdirSync(parent, { recursive: true });
        removeAbandoned(parent);
        return mkdtempSync(join(parent, `${PREFIX}${hostname()}-${process.pid}-`));
      }),
    );
  }

  /** @throws SpoolError `TRACE_SPOOL` (the disk is full), TraceError `TRACE_CELL_RANGE` */
  push(row: TraceRow): void {
    let file = this.#files.get(row.chip);
    if (file === undefined) {
      file = io(this.#folder, () => new ChipFile(this.#folder, row.chip));
      this.#files.set(row.chip, file);
    }
    file.push(row);
  }

  /** Rows by chip, in the order of the chips' first rows. */
  counts(): Map<string, number> {
    return new Map([...this.#files].map(([chip, { count }]) => [chip, count]));
  }

  /** The bytes of some rows. @throws SpoolError `TRACE_SPOOL` */
  read(chip: string, range: RowRange): Buffer {
    const file = this.#files.get(chip);
    return file === undefined ? Buffer.alloc(0) : io(this.#folder, () => file.read(range));
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
    rmSync(this.#folder, { recursive: true, force: true });
    OPEN.delete(this.#folder);
  }
}

class ChipFile {
  count = 0;
  readonly #folder: string;
  readonly #fd: number;
  readonly #chip: string;
  readonly #cells: number;
  /** Rows still to be written. */
  #buffer: Buffer | undefined;
  #used = 0;
  #written = 0;
  /** Where every {@link MARK_EVERY}th row begins. */
  readonly #marks: number[] = [];

  constructor(folder: string, chip: string) {
    this.#folder = folder;
    this.#chip = chip;
    this.#cells = cellCount(CHIPS[chip]!);
    this.#fd = openSync(join(folder, chip), 'wx+');
  }

  push({ row }: TraceRow): void {
    const most = this.#cells * MOST_CELL_BYTES;
    if (this.#buffer !== undefined && this.#used + most > this.#buffer.length) io(this.#folder, () => this.#flush());
    this.#buffer ??= Buffer.allocUnsafe(most + (this.#written === 0 ? BUFFER / 16 : BUFFER));
    if (this.count % MARK_EVERY === 0) this.#marks.push(this.#written + this.#used);
    this.#used = writeCells(cellsOf(CHIPS[this.#chip]!, row), this.#buffer, this.#used);
    this.count++;
  }

  read({ from, to }: RowRange): Buffer {
    this.#flush();
    const start = this.#marks[Math.floor(from / MARK_EVERY)] ?? this.#written;
    const end = this.#marks[Math.ceil(to / MARK_EVERY)] ?? this.#written;
    const bytes = Buffer.allocUnsafe(end - start);
    for (let done = 0; done < bytes.length; ) {
      const n = readSync(this.#fd, bytes, done, bytes.length - done, start + done);
      if (n === 0) throw new Error(`the file of chip ${this.#chip} is cut short`);
      done += n;
    }
    const first = skip(bytes, 0, (from % MARK_EVERY) * this.#cells);
    return bytes.subarray(first, skip(bytes, first, (to - from) * this.#cells));
  }

  close(): void {
    closeSync(this.#fd);
  }

  #flush(): void {
    if (this.#buffer === undefined) return;
    for (let done = 0; done < this.#used; ) {
      done += writeSync(this.#fd, this.#buffer, done, this.#used - done, this.#written + done);
    }
    this.#written += this.#used;
    this.#used = 0;
    this.#buffer = undefined;
  }
}

/** Where the cell after `cells` others begins. */
function skip(bytes: Uint8Array, at: number, cells: number): number {
  let end = at;
  for (let i = 0; i < cells; i++) end = cellEnd(bytes, end);
  return end;
}

/** Spools of this process that are open. */
const OPEN = new Set<string>();
// Also where nobody could close them any more.
process.on('exit', () => {
  for (const folder of OPEN) rmSync(folder, { recursive: true, force: true });
});

/** What stands behind the name of the machine: the number of the process, and what makes the name its own. */
const OWN = /^(\d+)-[^-]+$/;

/** Removes this machine's spools whose processes are gone. A number used again by this process is known by what it has opened itself. */
function removeAbandoned(parent: string): void {
  const prefix = `${PREFIX}${hostname()}-`;
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(parent, name);
    // Another machine's name may begin like this one's.
    const pid = Number(OWN.exec(name.slice(prefix.length))?.[1]);
    if (!(pid > 0) || (pid === process.pid ? OPEN.has(folder) : isAlive(pid))) continue;
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another user's: it takes room, and is in nobody's way.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function io<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof TraceError) throw cause;
    throw new SpoolError('TRACE_SPOOL', `Cannot keep the rows of the trace in ${folder}: ${messageOf(cause)}.`, {
      hint: 'Make room on that disk, or let TMPDIR name another one: rows take about 100 bytes a step.',
      cause,
    });
  }
}
