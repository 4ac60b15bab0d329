import { mkdir } from 'node:fs/promises';
import { Level } from 'level';
import { RESYNC, StateError, StateUnavailableError } from '../errors/state.js';
import type { Bytes } from './codec.js';

/** The part of Level that the store uses. */
export type Database = Level<Bytes, Bytes>;

/** Makes the database object of a directory, not opened yet; tests replace it to inject failures. */
export type DatabaseFactory = (path: string) => Database;

/** One write of an atomic batch; a value without bytes deletes the key. */
export interface Write {
  readonly key: Bytes;
  readonly value: Bytes;
}

const levelAt: DatabaseFactory = (path) => new Level(path, { keyEncoding: 'view', valueEncoding: 'view' });

/**
 * Level with this project's errors, atomic durable writes, and one rule more: after a failed write nothing is written
 * until the store is opened again. A failed write may leave half a record in LevelDB's log; what is appended behind it
 * would be accepted now and dropped at the next recovery. Opening again starts a new log behind the last whole record.
 */
export class Store {
  readonly path: string;
  readonly #db: Database;
  #failure: unknown;

  private constructor(path: string, db: Database) {
    this.path = path;
    this.#db = db;
  }

  /** @throws StateUnavailableError `STATE_LOCKED`, `STATE_DISK_FULL`; StateError `STATE_CORRUPT`, `STATE_OPEN` */
  static async open(path: string, factory: DatabaseFactory = levelAt): Promise<Store> {
    try {
      await mkdir(path, { recursive: true });
      const db = factory(path);
      await db.open();
      return new Store(path, db);
    } catch (error) {
      const details = { path };
      if (isLocked(error)) throw locked(path, error);
      if (isDiskFull(error)) throw diskFull(path, error);
      if (isCorruption(error)) throw corrupt(path, error);
      const message = `The state at ${path} cannot be opened: ${reasonOf(error)}.`;
      throw new StateError('STATE_OPEN', message, { hint: RESYNC, details, cause: error });
    }
  }

  /**
   * Removes the files of a database, readable or not. They are not read: LevelDB might end the process at damaged ones.
   * @throws StateUnavailableError `STATE_LOCKED` while a process has it open
   */
  static async destroy(path: string): Promise<void> {
    try {
      // In Node, `Level` is classic-level's class; its declaration leaves out what browsers have not.
      await (Level as unknown as { destroy(path: string): Promise<void> }).destroy(path);
    } catch (error) {
      throw isLocked(error) ? locked(path, error) : error;
    }
  }

  /** The value of a key, no bytes when absent. */
  async get(key: Bytes): Promise<Bytes> {
    return (await this.#read(() => this.#db.get(key))) ?? new Uint8Array(0);
  }

  /**
   * {@link get} without a break: a tenth of its time where the value is in memory, and the event loop waits where it is not. Whoever reads
   * much gives turns.
   */
  getNow(key: Bytes): Bytes {
    try {
      return this.#db.getSync(key) ?? new Uint8Array(0);
    } catch (error) {
      throw isCorruption(error) ? corrupt(this.path, error) : error;
    }
  }

  async getMany(keys: readonly Bytes[]): Promise<Bytes[]> {
    return (await this.#read(() => this.#db.getMany([...keys]))).map((value) => value ?? new Uint8Array(0));
  }

  /** All entries whose keys start with `prefix`, ascending, as they are at the moment of the call. */
  entries(prefix: Bytes): AsyncIterable<[Bytes, Bytes]> {
    const end = Buffer.concat([prefix, new Uint8Array(64).fill(0xff)]);
    return this.#named(this.#db.iterator({ gte: prefix, lt: end }));
  }

  /** Removes all entries, in steps: what was there may be there in part when the process ends meanwhile. */
  async clear(): Promise<void> {
    await this.#db.clear();
  }

  /**
   * Writes all or nothing, and returns when it is on disk.
   * @throws StateUnavailableError `STATE_DISK_FULL`; StateError `STATE_WRITE`, `STATE_BROKEN` after an earlier failure
   */
  async write(writes: readonly Write[]): Promise<void> {
    if (this.#failure !== undefined) {
      const message = `The state at ${this.path} refuses writes because an earlier one failed: ${reasonOf(this.#failure)}.`;
      throw new StateError('STATE_BROKEN', message, { hint: 'Open it again.', cause: this.#failure });
    }
    try {
      // Chained: an array of operations takes Level three times as long, most of it without a break.
      const batch = this.#db.batch();
      for (const { key, value } of writes) {
        if (value.length === 0) batch.del(key);
        else batch.put(key, value);
      }
      await batch.write({ sync: true });
    } catch (error) {
      this.#failure = error;
      throw this.#writeError(error);
    }
  }

  async close(): Promise<void> {
    await this.#db.close();
  }

  async *#named(entries: AsyncIterable<[Bytes, Bytes]>): AsyncGenerator<[Bytes, Bytes]> {
    try {
      yield* entries;
    } catch (error) {
      throw isCorruption(error) ? corrupt(this.path, error) : error;
    }
  }

  /** @throws StateError `STATE_CORRUPT` when LevelDB itself notices damage */
  async #read<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw isCorruption(error) ? corrupt(this.path, error) : error;
    }
  }

  #writeError(cause: unknown): StateError {
    const details = { path: this.path };
    if (isDiskFull(cause)) return diskFull(this.path, cause);
    if (isCorruption(cause)) return corrupt(this.path, cause);
    const message = `Writing the state at ${this.path} failed: ${reasonOf(cause)}. ${WHOLE_OR_NOT}`;
    return new StateError('STATE_WRITE', message, { hint: 'Repair the cause and open it again.', details, cause });
  }
}

const WHOLE_OR_NOT = 'Nothing stored before is lost, and this write is stored wholly or not at all.';

function isDiskFull(error: unknown): boolean {
  return /ENOSPC|no space left/i.test(reasonOf(error));
}

function diskFull(path: string, cause: unknown): StateError {
  const message = `The disk that holds the state at ${path} is full. ${WHOLE_OR_NOT}`;
  const hint = 'Free some space and open it again.';
  return new StateUnavailableError('STATE_DISK_FULL', message, { hint, details: { path }, cause });
}

/** Whether LevelDB calls its files damaged, or looks behind the end of a table, whose index says so. */
export function isCorruption(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (('code' in at && at.code === 'LEVEL_CORRUPTION') || /^Corruption:|\.ldb: Invalid argument/.test(at.message))
      return true;
  }
  return false;
}

/** The error of a store whose files are damaged. */
export function corrupt(path: string, cause: unknown): StateError {
  const message = `The store at ${path} is damaged: ${reasonOf(cause)}.`;
  return new StateError('STATE_CORRUPT', message, { hint: RESYNC, details: { path }, cause });
}

function locked(path: string, cause: unknown): StateError {
  const message = `The state at ${path} is in use by another process.`;
  const hint = 'Stop that process, or give this one another directory.';
  return new StateUnavailableError('STATE_LOCKED', message, { hint, details: { path }, cause });
}

function isLocked(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if ('code' in at && at.code === 'LEVEL_LOCKED') return true;
  return false;
}

/** The messages and codes of an error and its causes, on one line. */
function reasonOf(error: unknown): string {
  const reasons: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    reasons.push('code' in at && typeof at.code === 'string' ? `${at.message} (${at.code})` : at.message);
  }
  return reasons.length === 0 ? String(error) : reasons.join(': ');
}
