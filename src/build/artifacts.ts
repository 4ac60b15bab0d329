import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { ArtifactError, REBUILD_COMMAND } from '../errors/artifact.js';
import { isAccessible } from './accessible.js';
import { exclusively, isRunning } from './lock.js';
import { packageRoot } from './package-root.js';

/** Facts about an artifact that its manifest carries, e.g. `development: true` for a key. */
export type ArtifactInfo = Readonly<Record<string, string | number | boolean>>;

/** A finished artifact: a folder of files that are what their manifest says. */
export interface Artifact {
  readonly folder: string;
  readonly info: ArtifactInfo;
  /** sha256 of each file, lower-case hex. */
  readonly sha256: Readonly<Record<string, string>>;
  /** Size of each file. */
  readonly bytes: Readonly<Record<string, number>>;
}

/** Writes one file whole. The store's only way to write; tests put a failing one in its place. */
export type WriteFile = (path: string, chunks: Iterable<Uint8Array>) => Promise<void>;

/** How an artifact is checked. */
export interface LoadOptions {
  /** Names of the files that are read and compared by their sha256; all by default. Sizes of all are compared. */
  readonly hash?: readonly string[];
}

interface Manifest {
  readonly format: typeof FORMAT;
  readonly kind: string;
  readonly key: string;
  readonly info: ArtifactInfo;
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>>;
}

const FORMAT = 'deltaproof/artifact/1';
const MANIFEST = 'manifest.json';
/** What {@link changed} says of a file with another hash. */
export const NOT_BUILT = 'is not the file that was built (sha256)';
/** What it says of one that is gone. */
const NOT_THERE = 'is not there';

/**
 * The cache folder: `DELTAPROOF_CACHE`, else `.cache/` in a checkout of the project. Of a package that was installed (below `node_modules`) or
 * cannot be written to it is `deltaproof/` in the user's: `XDG_CACHE_HOME`, else `~/.cache`.
 */
export function cacheFolder(root: string = packageRoot()): string {
  const { DELTAPROOF_CACHE: chosen, XDG_CACHE_HOME: ofUser } = process.env;
  if (chosen) return resolve(chosen);
  const installed = root.split(sep).includes('node_modules') || !isAccessible(root, constants.W_OK);
  return installed ? resolve(ofUser || join(homedir(), '.cache'), 'deltaproof') : join(root, '.cache');
}

/** Content address: sha256 over the inputs of a build, each preceded by its length. */
export function contentKey(...inputs: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const bytes = Buffer.from(input);
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex');
}

/**
 * Content-addressed folders `<root>/<kind>/<key>/`. An artifact is made in a folder of its own below `<root>/tmp/` and
 * appears under its name by one rename, complete with a manifest of hashes: a build killed or out of space at any point
 * leaves only rubbish in `tmp/`, which the next build on that machine removes; of two processes one builds and the other waits.
 * What a power failure may leave half written is found by the hashes.
 */
export class ArtifactStore {
  readonly root: string;
  readonly #write: WriteFile;

  constructor(root: string = cacheFolder(), write: WriteFile = writeChunks) {
    this.root = resolve(root);
    this.#write = write;
  }

  /** Where an artifact stands when it is there. */
  folder(kind: string, key: string): string {
    return join(this.root, kind, key);
  }

  /**
   * A finished artifact, its files checked against the manifest: by size, and by hash those that `hash` names.
   * @throws ArtifactError `ARTIFACT_MISSING`, `ARTIFACT_CHANGED`
   */
  async load(kind: string, key: string, { hash }: LoadOptions = {}): Promise<Artifact> {
    const folder = this.folder(kind, key);
    const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined);
    if (text === undefined) {
      if (await exists(folder)) throw changed(join(folder, MANIFEST), NOT_THERE);
      throw new ArtifactError('ARTIFACT_MISSING', `No ${kind} ${key.slice(0, 12)} in ${this.root}.`, {
        hint: `It was never built or its sources changed: run \`${REBUILD_COMMAND}\`.`,
        details: { kind, key },
      });
    }
    const manifest = parseManifest(text);
    if (manifest?.kind !== kind || manifest.key !== key) throw changed(join(folder, MANIFEST), 'is not its manifest');
    const sha256: Record<string, string> = {};
    const sizes: Record<string, number> = {};
    for (const [name, { sha256: expected, bytes }] of Object.entries(manifest.files)) {
      const path = join(folder, name);
      const size = (await stat(path).catch(() => undefined))?.size;
      if (size === undefined) throw changed(path, NOT_THERE);
      if (size !== bytes) throw changed(path, `has ${size} bytes instead of ${bytes}`);
      if (hash?.includes(name) !== false && (await hashFile(path)) !== expected) throw changed(path, NOT_BUILT);
      sha256[name] = expected;
      sizes[name] = bytes;
    }
    return { folder, info: manifest.info, sha256, bytes: sizes };
  }

  /**
   * The artifact, made by `make` unless a sound one is there. `make` gets an empty folder and the store's write function;
   * every file it leaves there becomes part of the artifact, and what it returns its info.
   */
  async build(
    kind: string,
    key: string,
    make: (folder: string, write: WriteFile) => Promise<ArtifactInfo>,
  ): Promise<Artifact> {
    const lock = join(this.root, 'locks', `${kind}-${key}`);
    return (await this.#loadSound(kind, key)) ?? exclusively(lock, () => this.#build(kind, key, make));
  }

  async #build(
    kind: string,
    key: string,
    make: (folder: string, write: WriteFile) => Promise<ArtifactInfo>,
  ): Promise<Artifact> {
    const ready = await this.#loadSound(kind, key);
    if (ready !== undefined) return ready;
    await this.#sweep();
    const made = await this.#temporary(`${kind}-${key.slice(0, 12)}`);
    try {
      const info = await make(made, this.#write);
      const files: Record<string, { sha256: string; bytes: number }> = {};
      for (const name of (await readdir(made)).sort()) {
        const path = join(made, name);
        files[name] = { sha256: await hashFile(path), bytes: (await stat(path)).size };
      }
      const manifest: Manifest = { format: FORMAT, kind, key, info, files };
      await this.#write(join(made, MANIFEST), [Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)]);
      return await this.#publish(kind, key, made);
    } finally {
      await rm(made, { recursive: true, force: true });
    }
  }

  /**
   * Gives a finished folder its name. When the name is taken, an artifact that another process published meanwhile (its lock was
   * taken for abandoned) is as good; a damaged one is repaired file by file, so that it is never absent and simultaneous repairs do not disturb each
   * other (builds are deterministic).
   */
  async #publish(kind: string, key: string, made: string): Promise<Artifact> {
    const folder = this.folder(kind, key);
    await mkdir(join(this.root, kind), { recursive: true });
    try {
      await rename(made, folder);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
      const ready = await this.#loadSound(kind, key);
      if (ready !== undefined) return ready;
      const names = (await readdir(made)).filter((name) => name !== MANIFEST);
      for (const name of [...names, MANIFEST]) await rename(join(made, name), join(folder, name));
    }
    return this.load(kind, key);
  }

  async #loadSound(kind: string, key: string): Promise<Artifact | undefined> {
    try {
      return await this.load(kind, key);
    } catch (error) {
      if (error instanceof ArtifactError) return undefined;
      throw error;
    }
  }

  /** A new folder whose name says which process on which machine may still be using it. */
  async #temporary(what: string): Promise<string> {
    const folder = join(this.root, 'tmp', `${what}-${randomBytes(6).toString('hex')}@${process.pid}@${hostname()}`);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** Removes what processes of this machine left behind when they were killed. */
  async #sweep(): Promise<void> {
    const names = await readdir(join(this.root, 'tmp')).catch(() => []);
    for (const name of names) {
      const [, pid, host] = name.split('@');
      if (host !== hostname() || isRunning(Number(pid))) continue;
      // A child of a killed build may still be writing for a moment.
      await rm(join(this.root, 'tmp', name), { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

/** Writes a file through a handle that is closed even when a write fails. */
export const writeChunks: WriteFile = async (path, chunks) => {
  const file = await open(path, 'w');
  try {
    for (const chunk of chunks) await file.writeFile(chunk);
  } finally {
    await file.close();
  }
};

/** Writes a file so that readers see the old content or the new, never a part. */
export async function writeAtomically(path: string, content: string, write: WriteFile = writeChunks): Promise<void> {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await write(temporary, [Buffer.from(content)]);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Opens a file that was built, to read it. @throws ArtifactError `ARTIFACT_CHANGED` when it is not there */
export function openBuilt(path: string): Promise<FileHandle> {
  return open(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? changed(path, NOT_THERE) : error;
  });
}

/** For a program that opens the file itself. @throws as {@link openBuilt} */
export async function assertThere(path: string): Promise<void> {
  await (await openBuilt(path)).close();
}

/** sha256 of a file that was built, lower-case hex. @throws ArtifactError `ARTIFACT_CHANGED` when it is not there */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await openBuilt(path);
  for await (const chunk of file.createReadStream({ highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

function parseManifest(text: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(text) as Partial<Manifest> | null;
    return manifest?.format === FORMAT && manifest.files !== undefined ? (manifest as Manifest) : undefined;
  } catch {
    return undefined;
  }
}

/** An artifact's file that is not what was built. */
export function changed(path: string, what: string): ArtifactError {
  return new ArtifactError('ARTIFACT_CHANGED', `${path} ${what}.`, {
    hint: `Run \`${REBUILD_COMMAND}\` to build it again.`,
    details: { path },
  });
}
