import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { fromHex, toHex } from '../../src/batch/bytes.js';
import { AnnouncementFileError } from '../../src/errors/announcement.js';

/** Batches whose announcements are kept, when nobody says otherwise: at most 0.5 MB each. */
const KEPT = 256;
const NAME = /^(\d{20})-(0x[0-9a-f]{64})(\.new)?$/;

/**
 * A folder with the announcements of the newest batches, a file each, by number and hash. Every file appears whole. What is lost here, or
 * damaged, costs followers time and nothing else: they open what they are given.
 */
export class AnnouncementFolder {
  readonly #folder: string;
  readonly #keep: bigint;
  /** Names of files by the batch's hash. */
  readonly #names: Map<Hex, string>;

  private constructor(folder: string, keep: bigint, names: Map<Hex, string>) {
    this.#folder = folder;
    this.#keep = keep;
    this.#names = names;
  }

  /** @param keep batches, by number below the newest @throws AnnouncementFileError `ANNOUNCEMENT_UNWRITABLE` */
  static async open(folder: string, keep = KEPT): Promise<AnnouncementFolder> {
    return orUnwritable(folder, async () => {
      await mkdir(folder, { recursive: true });
      const names = new Map<Hex, string>();
      for (const name of await readdir(folder)) {
        const [, , hash, unfinished] = NAME.exec(name) ?? [];
        // What is not an announcement's is somebody else's: a folder may be named by mistake.
        if (hash === undefined) continue;
        if (unfinished === undefined) names.set(hash as Hex, name);
        else await rm(join(folder, name), { force: true });
      }
      return new AnnouncementFolder(folder, BigInt(keep), names);
    });
  }

  /** Keeps the announcement of a batch, and forgets those too far below it. @throws AnnouncementFileError `ANNOUNCEMENT_UNWRITABLE` */
  async put(number: bigint, batchHash: Hex, announcement: Hex): Promise<void> {
    await orUnwritable(this.#folder, async () => {
      const name = `${String(number).padStart(20, '0')}-${batchHash}`;
      const temporary = join(this.#folder, `${name}.new`);
      await writeFile(temporary, fromHex(announcement));
      await rename(temporary, join(this.#folder, name));
      this.#names.set(batchHash, name);
      for (const [hash, old] of this.#names) {
        if (BigInt(old.slice(0, 20)) > number - this.#keep) continue;
        this.#names.delete(hash);
        await rm(join(this.#folder, old), { force: true });
      }
    });
  }

  /** The announcement of the batch with this hash, if it is kept. */
  async get(batchHash: Hex): Promise<Hex | undefined> {
    const name = this.#names.get(batchHash);
    if (name === undefined) return undefined;
    return readFile(join(this.#folder, name)).then(toHex, () => undefined);
  }
}

async function orUnwritable<T>(folder: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const message = `Announcements cannot be kept in ${folder}: ${cause instanceof Error ? cause.message : cause}.`;
    throw new AnnouncementFileError('ANNOUNCEMENT_UNWRITABLE', message, { details: { folder }, cause });
  }
}
